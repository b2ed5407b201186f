"""Taking back a change of one's own time entries."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.entries.entries import Action, Entry, EntryChange, LabelledEntry, TaskLabel
from bot.domain.people.people import Member
from bot.domain.tracking.tracking import DayLine, Undone
from bot.domain.tracking.tracking_errors import (
    AnotherTimerRuns,
    ChangedSince,
    NothingToUndo,
    TargetUnknown,
)
from bot.services import rights
from bot.services.approval.locks import require_open
from bot.services.entries.access import AtFiles, Files, check_reach
from bot.services.entries.telling import tell_owner
from bot.services.tracking.desk import Desk, began
from bot.services.tracking.overlaps import overlaps
from storage import labels
from storage.entries import entry_history, time_entries

LATELY = timedelta(hours=12)
"""How long what was done last can be taken back without naming it."""

_EDITS = frozenset({Action.EDITED, Action.DELETED})
_WHOLE = _EDITS | {Action.SPLIT}
"""What changes several parts of one entry, the first part first."""


class Undoing(AtFiles):
    """What one command did is taken back as a whole, or not at all."""

    def undo(self, *, who: Member, step: str, now: datetime) -> Undone:
        """Takes back the member's own step, while everything is still as it left it.

        Raises:
            TargetUnknown: nobody took that step, or somebody else did.
            ChangedSince: it was taken back, or something else was changed after it.
            AnotherTimerRuns: its timer cannot run again beside another one.
            EntryOverlaps: other entries were made since where its own would be again.
            TimeLocked: its day can no longer be changed.
            HourlinkError: what it was about can no longer be tracked or changed.
        """
        with self._uow.begin() as tx:
            return self._undo(self._files(tx, who, now), step)

    def undo_last(self, *, who: Member, now: datetime) -> Undone:
        """Takes back what the member did last, if that was within half a day.

        Raises:
            NothingToUndo: nothing, or it was taken back.
            HourlinkError: as ``undo``.
        """
        with self._uow.begin() as tx:
            files = self._files(tx, who, now)
            last = entry_history.last_step_of(tx, who.team_id, who.id, now - LATELY)
            if last is None or last[1] is Action.UNDONE:
                raise NothingToUndo
            return self._undo(files, last[0])

    def _undo(self, files: Files, step: str) -> Undone:
        actor = files.actor
        known = entry_history.of_step(files.tx, actor.team_id, step)
        if not known or any(by != actor.id for by, _ in known):
            raise TargetUnknown
        desk = files.desk_of(known[0][1].after.member_id, lock=True)
        changes = [change for _, change in known]
        ids = [one.after.id for one in changes]
        last = entry_history.last_steps(desk.tx, desk.team_id, ids)
        if any(latest != step for latest in last.values()):
            raise ChangedSince
        return _taken_back(files, desk, changes)


def _taken_back(files: Files, desk: Desk, changes: list[EntryChange]) -> Undone:
    targets = [one.before or replace(one.after, deleted_at=desk.now) for one in changes]
    if not desk.is_own:
        files.check_manages(targets[0].project_id)
    touched = _touched(changes, targets)
    require_open(desk.tx, files.actor, touched, desk.now)
    for on in {(one.project_id, one.task_id) for one in touched}:
        rights.change_time(desk.tx, files.actor, *on)
    main = changes[0] if changes[-1].action in _WHOLE else changes[-1]
    shared = _check_edit(files, desk, targets) if main.action in _EDITS else ()
    again = next((target for target in targets if target.is_running), None)
    if again is not None:
        shared = _check_runs_again(desk, again, targets)
    # What goes, goes first: the database never sees two running timers.
    time_entries.rewrite(
        desk.tx, desk.team_id, sorted(targets, key=lambda target: target.is_running)
    )
    undone = [
        EntryChange(Action.UNDONE, one.after, target)
        for one, target in zip(changes, targets, strict=True)
    ]
    step = desk.new_marker()
    desk.record(step, undone)
    tell_owner(desk, step)
    running = desk.running()
    entry = main.before if main.before is not None and main.action in _EDITS else main.after
    return Undone(
        main.action,
        _label(desk, entry, running),
        desk.timer(running) if running else None,
        sum(one.after.seconds or 0 for one in changes),
        tuple((day, desk.total(day, running)) for day in _days(changes, desk.today)),
        desk.local(desk.now),
        shared,
        owner="" if desk.is_own else desk.who.name,
    )


def _touched(changes: list[EntryChange], targets: list[Entry]) -> list[Entry]:
    """The time that changes; a timer that runs now only vanishes or loses its note."""
    states = (
        state
        for change, target in zip(changes, targets, strict=True)
        if not change.after.is_running
        for state in (change.after, target)
    )
    return [state for state in states if state.deleted_at is None]


def _days(changes: list[EntryChange], today: date) -> list[date]:
    """The local days whose totals are told."""
    states = [state for one in changes for state in (one.before, one.after) if state]
    return sorted({state.work_date for state in states if not state.is_running}) or [today]


def _check_edit(files: Files, desk: Desk, targets: list[Entry]) -> tuple[DayLine, ...]:
    """An entry comes back only where it could still be changed, and where its time is free."""
    first = targets[0]
    on = labels.of(desk.tx, desk.team_id, first.project_id, first.task_id)
    check_reach(desk, files.actor, LabelledEntry(first, on))
    back = [one for one in targets if one.deleted_at is None and one.started_at and one.ended_at]
    if not back or back[0].started_at is None:
        return ()
    own = {target.id for target in targets}
    return overlaps(desk, back[0].started_at, back[-1].ended_at, leaving_out=own)


def _check_runs_again(desk: Desk, again: Entry, targets: list[Entry]) -> tuple[DayLine, ...]:
    own = {target.id for target in targets}
    running = desk.running()
    if running is not None and running.entry.id not in own:
        raise AnotherTimerRuns(desk.timer(running))
    on = labels.of(desk.tx, desk.team_id, again.project_id, again.task_id)
    desk.finder.by_target(on.target)
    return overlaps(desk, began(LabelledEntry(again, on)), None, leaving_out=own)


def _label(desk: Desk, entry: Entry, running: LabelledEntry | None) -> TaskLabel:
    if running is not None and running.entry.id == entry.id:
        return running.on
    return labels.of(desk.tx, desk.team_id, entry.project_id, entry.task_id)
