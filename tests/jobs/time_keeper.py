"""A tool that keeps time records, and does wrong where a test wants it."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.errors import ProviderRefused

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Kept:
    """One record, as somebody looking into the tool would see it."""

    marker: str
    task: str
    seconds: int
    day: date
    text: str
    person: str | None
    """The account it is booked on; None for the credentials' own."""
    key: str | None
    """The key with which it was made."""
    edits: int = 0

    @property
    def version(self) -> str:
        """Another for every change."""
        return f"v{self.edits}"


class TimeKeeper:
    """Takes the place of the adapters."""

    def __init__(self) -> None:
        self.records: dict[str, Kept] = {}
        self.calls: Counter[str] = Counter()
        self.before: list[Exception] = []
        """Raised one after another by what changes something, before anything is changed."""
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens here while it is being asked to change something."""
        self.after: list[Exception] = []
        """Raised although it was changed."""
        self.looking: list[Exception] = []
        """Raised by looking."""
        self.own_name_only = False
        """It books no time on other people."""
        self.makes_anew = False
        """A record cannot change its task: another is made, and then the old one goes."""
        self.reduces = False
        """What is written moves estimates."""
        self.opened: list[str | None] = []
        self._key: str | None = None
        self._made = 0

    def open(self, provider: str, sealed: str | None, own: str | None = None) -> "TimeKeeper":
        """An adapter: this one, with a key."""
        assert provider
        assert sealed
        self.opened.append(own)
        self._key = own
        self.reduces = False
        return self

    async def reduce_estimates(self) -> None:
        """From here on."""
        self.reduces = True

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """A new record, whatever is there."""
        self._called("write")
        if self.own_name_only and worklog.account_id is not None and self._key is None:
            raise ProviderRefused("board", reason="Nobody logs time for others here.")
        self._made += 1
        external_id = f"r{self._made}"
        self.records[external_id] = self._kept(worklog)
        return self._answered(external_id)

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes one."""
        self._called("update")
        if external_id not in self.records:
            raise ProviderRefused("board", status=404, reason="It is gone.")
        old = self.records[external_id]
        new = self._kept(worklog)
        if self.makes_anew and new.task != old.task:
            made = await self.write_time(worklog)
            await self.delete_time(external_id)
            return made
        self.records[external_id] = replace(
            new, person=old.person, key=old.key, edits=old.edits + 1
        )
        return self._answered(external_id)

    async def delete_time(self, external_id: str) -> None:
        """Removes one."""
        self._called("delete")
        self.records.pop(external_id, None)
        if self.after:
            raise self.after.pop(0)

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """By the marker."""
        self.calls["find"] += 1
        if self.looking:
            raise self.looking.pop(0)
        for external_id, kept in self.records.items():
            is_here = kept.task == worklog.task_id or not self.makes_anew
            if kept.marker == worklog.marker and is_here:
                return self._record(external_id)
        return None

    def change(self, external_id: str, **values: object) -> None:
        """Somebody changes a record in the tool."""
        old = self.records[external_id]
        self.records[external_id] = replace(old, edits=old.edits + 1, **values)  # type: ignore[arg-type]

    @property
    def only(self) -> Kept:
        """The one record that there is."""
        (one,) = self.records.values()
        return one

    def _called(self, call: str) -> None:
        self.calls[call] += 1
        self.meanwhile()
        if self.before:
            raise self.before.pop(0)

    def _answered(self, external_id: str) -> WorklogRecord:
        if self.after:
            raise self.after.pop(0)
        return self._record(external_id)

    def _kept(self, worklog: Worklog) -> Kept:
        named = "" if worklog.account_id else f"{worklog.member_name}: "
        return Kept(
            worklog.marker,
            worklog.task_id,
            max(60, (worklog.seconds + 30) // 60 * 60),
            worklog.day,
            f"{named}{worklog.note}",
            worklog.account_id,
            self._key,
        )

    def _record(self, external_id: str) -> WorklogRecord:
        kept = self.records[external_id]
        return WorklogRecord(external_id, kept.seconds, kept.day, kept.version)
