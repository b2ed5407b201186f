"""The time entries of a ClickUp stand-in: numbers are texts in one place and numbers in another."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.http_server import Seen
from tests.providers.clickup.words import GUEST, refusal

if TYPE_CHECKING:
    from tests.providers.clickup.stand_in import ClickUpStandIn

_ADMIN = 2


class TimeEntries:
    """All of them, the newest last."""

    def __init__(self, clickup: "ClickUpStandIn") -> None:
        self._clickup = clickup
        self.kept: dict[str, dict[str, Any]] = {}
        self.tells_flat = False
        """Answers a new entry as the description has it: without an id."""
        self.drops_assignee = False
        """Books everything on whoever asks, in silence."""

    def write(self, asked: Mapping[str, Any]) -> object:
        """A new one, for whoever asks, or for another if they may."""
        asking = self._clickup.people[self._clickup.asking]
        person = str(asked.get("assignee", asking.id))
        if person != asking.id and asking.role > _ADMIN:
            raise refusal(403, "You are not allowed to track time for others", "TIMEENTRY_040")
        if self._clickup.people[person].role == GUEST:
            raise refusal(400, "Guests do not track time", "TIMEENTRY_041")
        entry_id = self._clickup.new_id()
        owner = self._clickup.people[asking.id if self.drops_assignee else person]
        self.kept[entry_id] = {
            "id": entry_id,
            "wid": next(iter(self._clickup.teams)),
            "user": self._clickup.person_json(owner),
            "billable": False,
            "tags": [],
            "source": "clickup",
            "at": "1795176000000",
            "is_locked": False,
            "task_location": {
                "list_id": 1,
                "folder_id": 1,
                "space_id": 1,
                "list_name": "",
                "folder_name": "",
                "space_name": "",
            },
            "task_tags": [],
            "task_url": "",
        }
        self._fill(entry_id, {**asked, "end": asked["start"] + asked["duration"]})
        if self.tells_flat:
            return {**asked, "tags": [], "billable": False, "assignee": int(person)}
        return {"data": {**self.kept[entry_id], "id": int(entry_id)}}

    def change(self, entry_id: str, asked: Mapping[str, Any]) -> object:
        """Another task, start, length or description; start and end only together."""
        entry = self.found(entry_id)
        if entry["is_locked"]:
            raise refusal(403, "Time entry is locked", "TIMEENTRY_029")
        if "tid" not in asked or "tags" not in asked or ("start" in asked) != ("end" in asked):
            raise refusal(400, "Missing fields", "TIMEENTRY_011")
        self._fill(entry_id, asked)
        entry["tags"] = asked["tags"]
        return {}

    def listed(self, seen: Seen) -> list[dict[str, Any]]:
        """Somebody's of some days, on one task or any."""
        asked = seen.query
        wanted = asked.get("assignee", self._clickup.asking)
        if wanted != self._clickup.asking:
            asking = self._clickup.people[self._clickup.asking]
            if asking.role > _ADMIN:
                raise refusal(403, "You are not allowed to see others' time", "TIMEENTRY_042")
        return [
            one
            for one in self.kept.values()
            if str(one["user"]["id"]) == wanted
            and int(asked["start_date"]) <= int(one["start"]) <= int(asked["end_date"])
            and asked.get("task_id", one["task"]["id"]) == one["task"]["id"]
        ]

    def found(self, entry_id: str) -> dict[str, Any]:
        """One entry, or ClickUp's refusal."""
        if entry_id not in self.kept:
            raise refusal(401, "Oauth token not found", "OAUTH_018")
        return self.kept[entry_id]

    def _fill(self, entry_id: str, asked: Mapping[str, Any]) -> None:
        row = self._clickup.found_task(asked["tid"])
        task = self._clickup.task_json(row)
        self.kept[entry_id] |= {
            "task": {
                "id": row.id,
                "custom_id": "",
                "name": row.title,
                "status": task["status"],
                "custom_type": None,
            },
            "start": str(asked["start"]),
            "end": str(asked["end"]),
            "duration": str(asked["end"] - asked["start"]),
            "description": asked["description"],
        }
