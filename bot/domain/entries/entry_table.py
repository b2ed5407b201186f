"""Time entries as rows of a table, for files that people open elsewhere.

A running timer is a row for each day that it touches, up to now. So the rows of any days add up to
what a report of those days says.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.entries.entries import Entry, LabelledEntry, TaskLabel
from bot.domain.periods import Period
from bot.domain.tracking.spans import split_at_midnights
from bot.domain.values import dataclass

HEAD = (
    *("date", "start", "end", "zone", "project", "task", "title", "note"),
    *("seconds", "hours", "h:mm", "written to", "remark"),
)
RUNNING = "running"
AFTER_MIDNIGHT = "goes on from the day before"
STOPPED = "stopped by Hourlink"


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One row."""

    day: date
    start: datetime | None
    """In the owner's zone; None for a length without clock times."""
    end: datetime | None
    zone: str
    on: TaskLabel
    note: str
    seconds: int
    remarks: tuple[str, ...] = ()
    written: str = ""
    """The tool that has it; in brackets what is not as it should be there."""

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands under ``HEAD``, spelled as spreadsheets read moments and numbers."""
        minutes = self.seconds // 60
        return (
            self.day.isoformat(),
            _moment(self.start),
            _moment(self.end),
            self.zone,
            self.on.project_name,
            self.on.key,
            self.on.title,
            self.note,
            str(self.seconds),
            f"{self.seconds / 3600:.4f}",
            f"{minutes // 60}:{minutes % 60:02}",
            self.written,
            ", ".join(self.remarks),
        )


def entry_line(found: LabelledEntry, zone: ZoneInfo, written: str = "") -> EntryLine:
    """A finished entry as its row."""
    entry = found.entry
    return EntryLine(
        entry.work_date,
        None if entry.started_at is None else entry.started_at.astimezone(zone),
        None if entry.ended_at is None else entry.ended_at.astimezone(zone),
        zone.key,
        found.on,
        entry.note,
        entry.seconds or 0,
        tuple(_remarks(entry)),
        written,
    )


def timer_lines(
    found: LabelledEntry, period: Period, now: datetime, zone: ZoneInfo
) -> Iterator[EntryLine]:
    """What a running timer has on each day of a period, up to now."""
    entry = found.entry
    if entry.started_at is None:
        return
    for part in split_at_midnights(entry.started_at, max(entry.started_at, now), zone):
        if period.first <= part.work_date < period.after_last and part.seconds:
            is_first = part.start == entry.started_at
            yield EntryLine(
                part.work_date,
                part.start.astimezone(zone),
                part.end.astimezone(zone) if part.end < now else None,
                zone.key,
                found.on,
                entry.note,
                part.seconds,
                (RUNNING,) if is_first else (RUNNING, AFTER_MIDNIGHT),
            )


def in_order(finished: Iterable[EntryLine], running: Iterable[EntryLine]) -> Iterator[EntryLine]:
    """Both together by day, a running timer last on each; both are in order already."""
    waiting = list(running)
    for line in finished:
        while waiting and waiting[0].day < line.day:
            yield waiting.pop(0)
        yield line
    yield from waiting


def _remarks(entry: Entry) -> Iterator[str]:
    if entry.continues_id is not None:
        yield AFTER_MIDNIGHT
    if entry.stopped_because is not None:
        yield STOPPED


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
