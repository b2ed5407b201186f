"""Ending one's own timer, in whatever way that was asked for."""

from datetime import datetime

from bot.domain.entries.entries import EntryChange, LabelledEntry
from bot.domain.errors import HourlinkError
from bot.domain.tasks.finding import Found, Several
from bot.domain.tasks.task_refs import KeyRef, TaskRef
from bot.domain.tracking.tracking import Stopped, TimerEnd
from bot.domain.tracking.tracking_errors import OtherTimerRuns, StopsBeforeStart
from bot.services.tracking.closing import Closing, close_timers
from bot.services.tracking.desk import Desk, began, fitting


def stop_own(desk: Desk, running: LabelledEntry, at: datetime | None, note: str = "") -> Stopped:
    """Stops the member's timer, now or at an earlier moment, and writes that down.

    Args:
        desk: The member.
        running: Their timer.
        at: The moment it ends at; None for now.
        note: Added to the timer's own.

    Raises:
        StopsBeforeStart: it began later than that.
    """
    if at is not None and at <= began(running):
        raise StopsBeforeStart(desk.timer(running), desk.local(at))
    notes = "; ".join(filter(None, (running.entry.note, note)))
    changes, end = end_own(desk, running, at or desk.now, notes)
    step = desk.new_marker()
    desk.record(step, changes)
    return Stopped(end, desk.local(desk.now), desk.total(desk.today, None), step)


def end_own(
    desk: Desk, running: LabelledEntry, end: datetime, note: str = ""
) -> tuple[tuple[EntryChange, ...], TimerEnd]:
    """Ends the member's timer; the caller writes the changes down.

    Args:
        desk: The member.
        running: Their timer.
        end: The moment it ends at.
        note: Replaces the timer's where there is one.
    """
    closing = Closing(running.entry, end, desk.zone, fitting(note))
    (closed,) = close_timers(
        desk.tx, desk.team_id, [closing], now=desk.now, new_marker=desk.new_marker
    )
    since = began(running)
    return closed.changes, TimerEnd(
        running.entry.id,
        running.on,
        desk.local(since),
        desk.local(max(since, end)),
        closed.seconds,
        closed.parts[0].note if closed.parts else running.entry.note,
        tuple((part.work_date, part.seconds or 0) for part in closed.parts),
    )


def is_on(desk: Desk, ref: TaskRef, running: LabelledEntry) -> bool:
    """The reference means what runs; False where it means no task at all.

    Raises:
        OtherTimerRuns: it means another task.
    """
    if isinstance(ref, KeyRef) and ref.key == running.on.key.upper():
        return True
    try:
        found = desk.finder.find(ref)
    except HourlinkError:
        return False
    match found:
        case Found(candidate):
            meant = [candidate.on]
        case Several(candidates):
            meant = [one.on for one in candidates]
        case _:
            return False
    if any(one.target == running.on.target for one in meant):
        return True
    raise OtherTimerRuns(meant[0], desk.timer(running))
