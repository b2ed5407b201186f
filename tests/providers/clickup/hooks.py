"""The webhooks of a ClickUp stand-in, whose secrets it makes and shows again."""

import hmac
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.providers.clickup.words import TEAM, refusal
from tests.providers.stand_in import Row

if TYPE_CHECKING:
    from tests.providers.clickup.stand_in import ClickUpStandIn


class Hooks:
    """All webhooks, by id."""

    def __init__(self, clickup: "ClickUpStandIn") -> None:
        self._clickup = clickup
        self.kept: dict[str, dict[str, Any]] = {}
        self.refused: set[int | None] = set()
        """Lists for which nobody may have one; None for the Workspace."""

    def addresses(self) -> list[str]:
        """Where they send."""
        return [one["endpoint"] for one in self.kept.values()]

    def shown(self) -> list[dict[str, Any]]:
        """Those of whoever asks."""
        return [one for one in self.kept.values() if str(one["userid"]) == self._clickup.asking]

    def stand(self, endpoint: str) -> None:
        """Another program of the same person has one."""
        self._keep(endpoint, ["taskCreated"], None, next(iter(self._clickup.people)))

    def make(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A new one."""
        list_id = asked.get("list_id")
        if list_id in self.refused:
            raise refusal(401, "Webhook not allowed", "OAUTH_171")
        made = self._keep(asked["endpoint"], asked["events"], list_id, self._clickup.asking)
        return {"id": made["id"], "webhook": made}

    def remove(self, hook_id: str) -> dict[str, Any]:
        """Removes one."""
        if hook_id not in self.kept:
            raise refusal(404, "Webhook not found", "WEBHOOK_003")
        del self.kept[hook_id]
        return {}

    async def tell(self, event: str, row: Row | None) -> None:
        """Sends an event to every webhook that wants to hear of this list."""
        for one in list(self.kept.values()):
            is_there = row is None or one["list_id"] in {None, row.project}
            if event in one["events"] and is_there and one["endpoint"].startswith("http://127."):
                body = self.body(event, row, one["id"])
                await self._clickup.post(one["endpoint"], body, headers(body, one["secret"]))

    def body(self, event: str, row: Row | None, hook_id: str = "4b67ac88") -> bytes:
        """What an event says; nothing about a task that was deleted."""
        told: dict[str, Any] = {"event": event, "webhook_id": hook_id}
        if row is not None:
            told["task_id"] = row.id
            moment = int(self._clickup.clock().timestamp() * 1000)
            told["history_items"] = [{"id": "1", "date": str(moment), "field": "name"}]
        return json.dumps(told).encode()

    def _keep(
        self, endpoint: str, events: list[str], list_id: int | None, owner: str
    ) -> dict[str, Any]:
        number = self._clickup.new_id()
        self.kept[number] = {
            "id": number,
            "userid": int(owner),
            "team_id": int(TEAM),
            "endpoint": endpoint,
            "client_id": "",
            "events": events,
            "task_id": None,
            "list_id": None if list_id is None else str(list_id),
            "folder_id": None,
            "space_id": None,
            "health": {"status": "active", "fail_count": 0},
            "secret": f"SECRET{number}",
        }
        return self.kept[number]


def headers(body: bytes, secret: str) -> dict[str, str]:
    """What ClickUp sends along."""
    signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
    return {"Content-Type": "application/json", "X-Signature": signature}
