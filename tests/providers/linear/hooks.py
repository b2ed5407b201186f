"""The webhooks of a Linear stand-in: kept for admins, and sent when something happens."""

import hmac
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.providers.linear.schema import Wrong, connection, missing
from tests.providers.linear.world import identity

if TYPE_CHECKING:
    from tests.providers.linear.stand_in import LinearStandIn


class Hooks:
    """Webhooks by id."""

    def __init__(self, linear: "LinearStandIn") -> None:
        self._linear = linear
        self.kept: dict[str, dict[str, Any]] = {}
        self._count = 0
        self.is_full = False

    def addresses(self) -> list[str]:
        """Where they send."""
        return [one["url"] for one in self.kept.values()]

    def listed(self, _: object, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        """All of them."""
        self._admins_only()
        page = {name: asked[name] for name in ("first", "after") if asked.get(name)}
        return connection(list(self.kept.values()), lambda one: one, **page)

    def stand(self, url: str, **more: Any) -> str:  # noqa: ANN401
        """Somebody has one."""
        self._count += 1
        made = identity(self._count, "6")
        plain = {"id": made, "url": url, "enabled": True, "secret": None, "teamId": None}
        self.kept[made] = {**plain, "resourceTypes": ["Issue"], **more}
        return made

    def create(self, _: object, input: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002
        """One more, of a team that is there."""
        self._admins_only()
        if self.is_full:
            raise Wrong("usage limit exceeded", "Too many", "No more webhooks.")
        if input["url"] in self.addresses():
            raise Wrong("invalid input", "url not unique", "There is a webhook with this URL.")
        team = self._linear.found_team(input["teamId"])
        kinds, secret = input["resourceTypes"], input.get("secret")
        made = self.stand(input["url"], teamId=team.id, secret=secret, resourceTypes=kinds)
        return {"success": True, "webhook": self.kept[made]}

    def update(self, _: object, id: str, input: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002
        """The same one, changed."""
        self.kept[self._found(id)] |= input
        return {"success": True, "webhook": self.kept[id]}

    def delete(self, _: object, id: str) -> dict[str, Any]:  # noqa: A002
        """One less."""
        del self.kept[self._found(id)]
        return {"success": True, "entityId": id}

    async def tell(self, action: str, issue: str, **before: object) -> None:
        """Sends what happened to an issue to its team's webhooks."""
        row = self._linear.tasks[issue]
        told = body(action, {"id": issue, "teamId": row.project, "title": row.title}, before)
        for one in list(self.kept.values()):
            if one["enabled"] and one["teamId"] == row.project:
                await self._linear.post(one["url"], told, headers(told, one["secret"] or ""))

    def _found(self, number: str) -> str:
        self._admins_only()
        if number not in self.kept:
            raise missing("Webhook")
        return number

    def _admins_only(self) -> None:
        if not self._linear.people[self._linear.asking].is_admin:
            raise Wrong("forbidden", "Forbidden", "You need to be an admin.")


def body(action: str, data: object, before: object = None, *, kind: str = "Issue") -> bytes:
    """What a webhook says."""
    told = {"action": action, "type": kind, "data": data, "webhookTimestamp": 1795176000000}
    return json.dumps({**told, "updatedFrom": before} if before else told).encode()


def headers(told: bytes, secret: str) -> dict[str, str]:
    """What Linear sends along."""
    signature = hmac.new(secret.encode(), told, "sha256").hexdigest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Linear-Delivery": "234d1a4e-b617-4388-90fe-adc3633d6b72",
        "Linear-Event": "Issue",
        "Linear-Signature": signature,
    }
