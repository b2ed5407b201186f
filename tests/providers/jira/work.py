"""Worklogs and workflow of a Jira stand-in."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.http_server import Say, Seen
from tests.providers.stand_in import Refusal, Row, window

if TYPE_CHECKING:
    from tests.providers.jira.base import JiraStandIn

STATUSES = {
    "To Do": ("10000", "new"),
    "In Progress": ("10001", "indeterminate"),
    "Done": ("10002", "done"),
}

WORKFLOW = {
    "To Do": {"11": "In Progress", "21": "Done"},
    "In Progress": {"21": "Done", "31": "To Do"},
    "Done": {"41": "In Progress"},
}
"""Transitions by status: their ids and where they lead."""

_SHORTEST = 60


class Worklogs:
    """All worklogs, newest last."""

    def __init__(self, jira: "JiraStandIn") -> None:
        self._jira = jira
        self.kept: dict[str, dict[str, Any]] = {}
        self._count = 20_000

    def listed(self, seen: Seen, row: Row) -> dict[str, Any]:
        """A page of an issue's worklogs."""
        found = [one for one in self.kept.values() if one["issueId"] == row.id]
        start = int(seen.query.get("startAt", 0))
        size = min(int(seen.query.get("maxResults", 5000)), 5000)
        shown = [self._shown(one, seen) for one in window(found, start, size)]
        return {"startAt": start, "maxResults": size, "total": len(found), "worklogs": shown}

    def write(self, seen: Seen, row: Row) -> Say:
        """A new one, in the name of whoever asks."""
        self._count += 1
        made = self._checked(seen.body) | {
            "id": str(self._count),
            "issueId": row.id,
            "author": self._jira.person_json(self._jira.asking_person),
        }
        self.kept[made["id"]] = made
        return Say(201, self._shown(made, seen))

    def change(self, seen: Seen, row: Row, number: str) -> dict[str, Any]:
        """The same one with other fields."""
        self.kept[self.found(row, number)["id"]] |= self._checked(seen.body)
        return self._shown(self.kept[number], seen)

    def remove(self, row: Row, number: str) -> Say:
        """Gone."""
        del self.kept[self.found(row, number)["id"]]
        return Say(204, "")

    def found(self, row: Row, number: str) -> dict[str, Any]:
        """The worklog, or Jira's 404."""
        one = self.kept.get(number)
        if one is None or one["issueId"] != row.id:
            raise Refusal(404, {"errorMessages": [f"Cannot find worklog with id: {number}."]})
        return one

    def one(self, seen: Seen, row: Row, number: str) -> dict[str, Any]:
        """One worklog."""
        return self._shown(self.found(row, number), seen)

    def of_ids(self, seen: Seen) -> list[dict[str, Any]]:
        """Those that are asked for, of any issue."""
        wanted = {str(number) for number in seen.body["ids"]}
        return [self._shown(one, seen) for one in self.kept.values() if one["id"] in wanted]

    def updated(self, seen: Seen) -> dict[str, Any]:
        """Ids of what was written since a moment."""
        since = int(seen.query["since"])
        found = [one for one in self.kept.values() if one["written"] >= since]
        until = max((one["written"] for one in found), default=since)
        values = [
            {"worklogId": int(one["id"]), "updatedTime": one["written"], "properties": []}
            for one in found
        ]
        return {"values": values, "since": since, "until": until, "lastPage": True}

    def _checked(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What is written. Jira answers 500 to a moment in another form than its own."""
        try:
            datetime.strptime(body["started"], "%Y-%m-%dT%H:%M:%S.%f%z")
        except ValueError:
            raise Refusal(500, "") from None
        if body["started"].endswith("Z") or body["started"][-3] == ":":
            raise Refusal(500, "")
        if body["timeSpentSeconds"] < _SHORTEST:
            said = "You must indicate the time spent working."
            raise Refusal(400, {"errorMessages": [], "errors": {"timeLogged": said}})
        return {**body, "written": int(self._jira.clock().timestamp() * 1000)}

    def _shown(self, one: dict[str, Any], seen: Seen) -> dict[str, Any]:
        hidden = (
            {"written"}
            if "properties" in seen.query.get("expand", "")
            else {
                "written",
                "properties",
            }
        )
        return {name: value for name, value in one.items() if name not in hidden}


def transitions(row: Row, *, asks: Mapping[str, str]) -> dict[str, Any]:
    """What may become of an issue, with the fields that a transition asks for."""
    found = []
    for number, status in WORKFLOW[row.more["status"]].items():
        status_id, category = STATUSES[status]
        fields = {}
        if number in asks:
            fields[asks[number]] = {
                "required": True,
                "hasDefaultValue": False,
                "name": asks[number].title(),
                "key": asks[number],
                "operations": ["set"],
                "schema": {"type": "string"},
            }
        found.append(
            {
                "id": number,
                "name": status,
                "isAvailable": True,
                "fields": fields,
                "to": {
                    "id": status_id,
                    "name": status,
                    "statusCategory": {"id": 2, "key": category, "name": category},
                },
            }
        )
    return {"transitions": found}
