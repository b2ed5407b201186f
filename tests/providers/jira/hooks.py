"""The webhooks of a Jira stand-in: kept for administrators, and sent when something changes."""

import hmac
import json
import re
from typing import TYPE_CHECKING, Any

from tests.http_server import Say
from tests.providers.stand_in import Refusal, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.providers.jira.base import JiraStandIn


class Hooks:
    """Webhooks as Jira shows them, and their secrets."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira
        self._kept: dict[str, tuple[dict[str, Any], str | None]] = {}
        self._count = 0
        self.reach: Callable[[str], str] = str
        """How an address is reached from here."""

    def addresses(self) -> list[str]:
        """Where they send."""
        return [shown["url"] for shown, _ in self._kept.values()]

    def shown(self) -> list[dict[str, Any]]:
        """All of them, without their secrets."""
        self._administrators_only()
        return [shown for shown, _ in self._kept.values()]

    def stand(self, address: str) -> None:
        """Somebody else has one."""
        self._count += 1
        path = f"{self._jira.url}/rest/webhooks/1.0/webhook/{self._count}"
        self._kept[str(self._count)] = ({"url": address, "self": path, "events": []}, None)

    def keep(self, asked: dict[str, Any], secret: str | None, number: str = "") -> dict[str, Any]:
        """Makes one, or changes it; without a secret the old one stays."""
        self._administrators_only()
        if not number:
            self._count += 1
            number = str(self._count)
        hidden = {"secret", "configuration"}
        shown = {name: value for name, value in asked.items() if name not in hidden}
        shown["self"] = f"{self._jira.url}/rest/webhooks/1.0/webhook/{number}"
        before = self._kept.get(number, ({}, None))[1]
        self._kept[number] = (shown, secret or before)
        return shown

    def remove(self, number: str) -> Say:
        """Removes one."""
        self._administrators_only()
        del self._kept[number]
        return Say(204, "")

    async def tell(self, event: str, row: Row, *changed: str) -> None:
        """Sends an event to every webhook whose filter holds the issue's project."""
        for shown, secret in list(self._kept.values()):
            jql = shown.get("filters", {}).get("issue-related-events-section", row.project)
            if event in shown["events"] and re.search(rf"\b{row.project}\b", jql):
                body = self.body(event, row, *changed)
                await self._jira.post(self.reach(shown["url"]), body, headers(body, secret))

    def body(self, event: str, row: Row, *changed: str) -> bytes:
        """What an event says."""
        told = {
            "timestamp": int(self._jira.clock().timestamp() * 1000),
            "webhookEvent": event,
            "issue": self._jira.issue_json(row, ["*all"]),
            "changelog": {"id": "1", "items": [{"field": field} for field in changed]},
        }
        return json.dumps(told).encode()

    def _administrators_only(self) -> None:
        if not self._jira.asks_as_admin:
            raise Refusal(403, {"errorMessages": ["Only administrators may."], "errors": {}})


def headers(body: bytes, secret: str | None) -> dict[str, str]:
    """What Jira sends along."""
    sent = {"Content-Type": "application/json", "X-Atlassian-Webhook-Identifier": "1f2e"}
    if secret:
        signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
        sent["X-Hub-Signature"] = f"sha256={signature}"
    return sent
