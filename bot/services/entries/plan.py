"""What an edit makes of an entry's rows: cut at midnights, the first row first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.days import work_date
from bot.domain.entries.editing import Edit
from bot.domain.entries.entries import Action, Entry, EntryChange, TaskLabel
from bot.domain.entries.respan import Span, length, span, timer_start
from bot.domain.ids import TimeEntryId
from bot.domain.tracking.spans import split_at_midnights
from bot.domain.values import dataclass

_UNSAVED = TimeEntryId(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts as they will be, those without a row yet among them, and the rows that go."""

    parts: tuple[Entry, ...]
    dropped: tuple[Entry, ...]

    @property
    def start(self) -> datetime | None:
        """Where it begins; None for a length without clock times."""
        return self.parts[0].started_at

    @property
    def end(self) -> datetime | None:
        """Where it ends; None while it runs, and for a length."""
        return self.parts[-1].ended_at


def plan(
    rows: Sequence[Entry], edit: Edit, on: TaskLabel, *, now: datetime, today: date, zone: ZoneInfo
) -> Plan:
    """The rows after an edit.

    Raises:
        BadInput: the day, the clock times or the length are not possible ones.
    """
    first = rows[0]
    noted = edit.note != first.note
    same = [
        replace(
            row,
            project_id=on.project_id,
            task_id=on.task_id,
            note=edit.note if noted else row.note,
        )
        for row in rows
    ]
    if first.started_at is None:
        seconds = length(edit, first.seconds or 0, today)
        return Plan((replace(same[0], seconds=seconds, work_date=edit.day),), ())
    if rows[-1].is_running:
        start = timer_start(edit, first.started_at, now, zone)
        day = first.work_date if start == first.started_at else work_date(start, zone)
        return Plan((replace(same[0], started_at=start, work_date=day),), ())
    kept = Span(first.started_at, rows[-1].ended_at or first.started_at)
    asked = span(edit, kept, now, zone)
    # What is left as it was keeps its days, wherever its owner has moved since.
    return Plan(tuple(same), ()) if asked == kept else _cut(same, rows, asked, zone)


def _cut(same: Sequence[Entry], rows: Sequence[Entry], asked: Span, zone: ZoneInfo) -> Plan:
    pieces = [one for one in split_at_midnights(asked.start, asked.end, zone) if one.seconds]
    parts = [
        replace(
            same[number] if number < len(same) else replace(same[-1], id=_UNSAVED),
            started_at=piece.start,
            ended_at=piece.end,
            seconds=piece.seconds,
            work_date=piece.work_date,
        )
        for number, piece in enumerate(pieces)
    ]
    return Plan(tuple(parts), tuple(rows[len(pieces) :]))


def touched(rows: Sequence[Entry], planned: Plan) -> list[Entry]:
    """The time that an edit changes, as it is and as it will be; a note on a timer is not time."""
    found: list[Entry] = [*planned.dropped, *planned.parts[len(rows) :]]
    for old, new in zip(rows, planned.parts, strict=False):
        if old != new and not (old.is_running and replace(old, note=new.note) == new):
            found += (old, new)
    return found


def changes(rows: Sequence[Entry], saved: Plan, now: datetime) -> list[EntryChange]:
    """What an edit did, for the history: only what it changed."""
    kept = zip(rows, saved.parts, strict=False)
    changed = [EntryChange(Action.EDITED, old, new) for old, new in kept if old != new]
    gone = [EntryChange(Action.EDITED, old, replace(old, deleted_at=now)) for old in saved.dropped]
    made = [EntryChange(Action.SPLIT, None, new) for new in saved.parts[len(rows) :]]
    return [*changed, *gone, *made]
