"""The time entries of an Asana stand-in."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.providers.asana.words import named, refusal, stamp
from tests.providers.stand_in import Row

if TYPE_CHECKING:
    from tests.providers.asana.stand_in import AsanaStandIn


class TimeEntries:
    """All of them, the newest last."""

    def __init__(self, asana: "AsanaStandIn") -> None:
        self._asana = asana
        self.kept: dict[str, dict[str, Any]] = {}
        self.are_lists_short = False
        """Lists keep descriptions to themselves, as Asana's own description would have it."""

    def listed(self, wanted: Callable[[Mapping[str, Any]], bool]) -> list[dict[str, Any]]:
        """Some of them."""
        self._of_the_plan()
        found = [one for one in self.kept.values() if wanted(one)]
        hidden = {"description"} if self.are_lists_short else set()
        return [{name: one[name] for name in one.keys() - hidden} for one in found]

    def write(self, task: Row, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A new one."""
        self._of_the_plan()
        person = self._asana.people[self._asana.asking]
        gid = self._asana.new_id()
        self.kept[gid] = {
            "gid": gid,
            "resource_type": "time_tracking_entry",
            "task": named("task", task.id, task.title),
            "created_by": named("user", person.id, person.name),
            "created_at": stamp(self._asana.clock()),
            "approval_status": "DRAFT",
        }
        return self.change(gid, asked)

    def change(self, gid: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What is said replaces what was; the rest stays."""
        one = self.found(gid)
        if one["approval_status"] == "APPROVED":
            raise refusal(403, "This time tracking entry is approved.")
        if not isinstance(asked.get("duration_minutes", 1), int) or asked["duration_minutes"] < 1:
            raise refusal(400, "duration_minutes: Must be greater than 0")
        one |= asked
        return one

    def found(self, gid: str) -> dict[str, Any]:
        """One entry, or Asana's refusal."""
        if gid not in self.kept:
            raise refusal(404, f"time_tracking_entry: Unknown object: {gid}")
        return self.kept[gid]

    def _of_the_plan(self) -> None:
        if not self._asana.is_paid:
            raise refusal(402, "Time tracking is not available on this plan.")
