"""The webhooks of an Asana stand-in: each begins with a handshake."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.providers.asana.words import named, refusal, stamp
from tests.providers.stand_in import Row

if TYPE_CHECKING:
    from tests.providers.asana.stand_in import AsanaStandIn


@dataclass
class Hook:
    """One of them, as it was asked for."""

    gid: str
    owner: str
    """Whose token asked for it; nobody else sees it."""
    resource: str
    target: str
    filters: list[dict[str, Any]]
    secret: str
    is_active: bool = True


class Hooks:
    """All webhooks."""

    def __init__(self, asana: "AsanaStandIn") -> None:
        self._asana = asana
        self.kept: dict[str, Hook] = {}
        self.refused: set[str] = set()
        """Projects for which nobody may have one."""
        self.reach: Callable[[str], str] = str
        """How an address is reached from here."""

    def addresses(self) -> list[str]:
        """Where they send."""
        return [hook.target for hook in self.kept.values()]

    def shown(self) -> list[dict[str, Any]]:
        """Those of whoever asks."""
        return [self._json(one) for one in self.kept.values() if one.owner == self._asana.asking]

    def stand(self, target: str) -> None:
        """Another program of the same person has one."""
        made = Hook(
            self._asana.new_id(), next(iter(self._asana.people)), "1", target, [], "another"
        )
        self.kept[made.gid] = made

    async def make(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Makes one, if its target gives the secret back while it is being made."""
        gid, resource = self._asana.new_id(), asked["resource"]
        if resource in self.refused:
            raise refusal(403, "You do not have access to create webhooks on this resource.")
        if resource in self._asana.workspaces and not asked.get("filters"):
            raise refusal(400, "filters: Missing input")
        secret = f"{int(gid):064x}"
        made = Hook(
            gid, self._asana.asking, resource, asked["target"], asked.get("filters", []), secret
        )
        if not await self._shakes_hands(made):
            raise refusal(400, "The remote server did not respond with the handshake secret.")
        self.kept[gid] = made
        return {"data": self._json(made), "X-Hook-Secret": secret}

    async def _shakes_hands(self, hook: Hook) -> bool:
        place = self.reach(hook.target)
        if urlsplit(place).hostname != "127.0.0.1":
            return False
        answer = await self._asana.post(place, b"", {"X-Hook-Secret": hook.secret})
        return answer.is_success and answer.headers.get("x-hook-secret") == hook.secret

    def remove(self, gid: str) -> dict[str, Any]:
        """Removes one."""
        if self.kept.get(gid) is None or self.kept[gid].owner != self._asana.asking:
            raise refusal(403, "You do not have access to this webhook.")
        del self.kept[gid]
        return {"data": {}}

    async def tell(self, action: str, row: Row, field: str | None = None) -> None:
        """Sends an event about a task to every webhook of its projects that wants to hear it."""
        for hook in list(self.kept.values()):
            places = [project for project, _ in row.more["places"]]
            if hook.resource in places and any(
                one["resource_type"] == "task"
                and one["action"] == action
                and (field is None or field in one.get("fields", [field]))
                for one in hook.filters
            ):
                body = json.dumps({"events": [self.event(action, row, field)]}).encode()
                await self._asana.post(self.reach(hook.target), body, headers(body, hook.secret))

    def event(self, action: str, row: Row, field: str | None = None) -> dict[str, Any]:
        """What an event says: never a value."""
        told: dict[str, Any] = {
            "user": named("user", next(iter(self._asana.people)), "Ana Ruiz"),
            "created_at": stamp(self._asana.clock()),
            "action": action,
            "resource": named("task", row.id, row.title),
            "parent": None,
        }
        return {**told, "change": {"field": field, "action": "changed"}} if field else told

    def _json(self, hook: Hook) -> dict[str, Any]:
        kind = "workspace" if hook.resource in self._asana.workspaces else "project"
        return {
            "gid": hook.gid,
            "resource_type": "webhook",
            "active": hook.is_active,
            "resource": named(kind, hook.resource, "Resource"),
            "target": hook.target,
            "filters": hook.filters,
        }


def headers(body: bytes, secret: str) -> dict[str, str]:
    """What Asana sends along."""
    signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return {"Content-Type": "application/json", "X-Hook-Signature": signature}
