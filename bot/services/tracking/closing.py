"""Closing timers: the span is cut at its owner's midnights and kept, with its history."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.entries.entries import Action, Entry, EntryChange, StopReason
from bot.domain.ids import TeamId, TimeEntryId
from bot.domain.tracking.spans import split_at_midnights
from bot.domain.values import dataclass
from storage.entries import time_entries
from storage.unit_of_work import Tx

_UNSAVED = TimeEntryId(0)


@dataclass(frozen=True, slots=True)
class Closing:
    """A running timer and the moment at which it ends."""

    timer: Entry
    end: datetime
    zone: ZoneInfo
    """Its owner's."""
    note: str = ""
    """Replaces the timer's where there is one."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of a timer."""

    parts: tuple[Entry, ...]
    """One a local day, in order; none where less than a second had passed."""
    changes: tuple[EntryChange, ...]

    @property
    def seconds(self) -> int:
        """What was kept in all."""
        return sum(part.seconds or 0 for part in self.parts)


def close_timers(
    tx: Tx,
    team_id: TeamId,
    closings: Sequence[Closing],
    *,
    now: datetime,
    new_marker: Callable[[], str],
    because: StopReason | None = None,
) -> list[Closed]:
    """Ends running timers, in the order given; the caller writes their history down.

    The timer's own row becomes the first day's part, and every further day's part continues the
    one before. A timer of less than a second leaves nothing to keep and is deleted.
    """
    plans = [_parts(closing, now, because) for closing in closings]
    time_entries.rewrite(tx, team_id, [plan[0] for plan in plans])
    kept = [list(plan) for plan in plans]
    for day in range(1, max((len(plan) for plan in plans), default=0)):
        late = [index for index, plan in enumerate(plans) if len(plan) > day]
        parts = [replace(kept[i][day], continues_id=kept[i][day - 1].id) for i in late]
        ids = time_entries.add(tx, team_id, parts, [new_marker() for _ in parts], now)
        for index, part, entry_id in zip(late, parts, ids, strict=True):
            kept[index][day] = replace(part, id=entry_id)
    return [_closed(c.timer, parts) for c, parts in zip(closings, kept, strict=True)]


def _parts(closing: Closing, now: datetime, because: StopReason | None) -> tuple[Entry, ...]:
    timer = replace(closing.timer, note=closing.note or closing.timer.note, stopped_because=because)
    start = timer.started_at
    if start is None:
        raise ValueError("a timer has a start")
    spans = [
        s for s in split_at_midnights(start, max(start, closing.end), closing.zone) if s.seconds
    ]
    if not spans:
        return (replace(timer, deleted_at=now),)
    return tuple(
        replace(
            timer,
            id=_UNSAVED if number else timer.id,
            started_at=span.start,
            ended_at=span.end,
            seconds=span.seconds,
            work_date=span.work_date,
        )
        for number, span in enumerate(spans)
    )


def _closed(timer: Entry, parts: Sequence[Entry]) -> Closed:
    first, *later = parts
    changes = (
        EntryChange(Action.STOPPED, timer, first),
        *(EntryChange(Action.SPLIT, None, part) for part in later),
    )
    return Closed(() if first.deleted_at else tuple(parts), changes)
