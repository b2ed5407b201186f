"""Taking back a change of one's own time entries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.entries import (
    Action,
    Entry,
    EntryChange,
    LabelledEntry,
    OnProject,
    OnTask,
    TaskLabel,
)
from bot.domain.people import Member
from bot.domain.tracking import DayLine, Undone
from bot.domain.tracking_errors import (
    AnotherTimerRuns,
    ChangedSince,
    NothingToUndo,
    TargetUnknown,
)
from bot.services.desk import Desk, began
from bot.services.finding import ProviderName
from bot.services.locks import require_open
from bot.services.overlaps import overlaps
from storage import entry_history, time_entries
from storage.unit_of_work import UnitOfWork

_LATELY = timedelta(hours=12)


class Undoing:
    """What one command did is taken back as a whole, or not at all."""

    def __init__(
        self, uow: UnitOfWork, new_marker: Callable[[], str], provider_name: ProviderName
    ) -> None:
        self._uow = uow
        self._new_marker = new_marker
        self._provider_name = provider_name

    def undo(self, *, who: Member, step: str, now: datetime) -> Undone:
        """Takes back the member's own step, while everything is still as it left it.

        Raises:
            TargetUnknown: nobody took that step, or somebody else did.
            ChangedSince: it was taken back, or something else was changed after it.
            AnotherTimerRuns: its timer cannot run again beside another one.
            EntryOverlaps: its timer cannot run again over entries made since.
            TimeLocked: its day can no longer be changed.
            HourlinkError: its timer's task can no longer be tracked.
        """
        with self._uow.begin() as tx:
            desk = Desk(
                tx, who, now, new_marker=self._new_marker, provider_name=self._provider_name
            ).lock()
            return _undo(desk, step)

    def undo_last(self, *, who: Member, now: datetime) -> Undone:
        """Takes back what the member did last, if that was within half a day.

        Raises:
            NothingToUndo: nothing, or it was taken back.
            HourlinkError: as ``undo``.
        """
        with self._uow.begin() as tx:
            desk = Desk(
                tx, who, now, new_marker=self._new_marker, provider_name=self._provider_name
            ).lock()
            last = entry_history.last_step_of(tx, desk.team_id, desk.who.id, now - _LATELY)
            if last is None or last[1] is Action.UNDONE:
                raise NothingToUndo
            return _undo(desk, last[0])


def _undo(desk: Desk, step: str) -> Undone:
    taken = entry_history.of_step(desk.tx, desk.team_id, step)
    if not taken or any(actor != desk.who.id for actor, _ in taken):
        raise TargetUnknown
    changes = [change for _, change in taken]
    ids = [one.after.id for one in changes]
    last = entry_history.last_steps(desk.tx, desk.team_id, ids)
    if any(latest != step for latest in last.values()):
        raise ChangedSince
    return _taken_back(desk, changes)


def _taken_back(desk: Desk, changes: list[EntryChange]) -> Undone:
    targets = [one.before or replace(one.after, deleted_at=desk.now) for one in changes]
    require_open(desk.tx, desk.who, _touched(changes, targets), desk.now)
    again = next((target for target in targets if target.is_running), None)
    shared = () if again is None else _check_runs_again(desk, again, targets)
    # What goes, goes first: the database never sees two running timers.
    time_entries.rewrite(
        desk.tx, desk.team_id, sorted(targets, key=lambda target: target.is_running)
    )
    undone = [
        EntryChange(Action.UNDONE, one.after, target)
        for one, target in zip(changes, targets, strict=True)
    ]
    desk.record(desk.new_marker(), undone)
    running = desk.running()
    main = changes[-1]
    return Undone(
        main.action if main.action is not Action.SPLIT else changes[0].action,
        _label(desk, main.after, running),
        desk.timer(running) if running else None,
        desk.total(desk.today, running),
        desk.local(desk.now),
        shared,
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


def _check_runs_again(desk: Desk, again: Entry, targets: list[Entry]) -> tuple[DayLine, ...]:
    own = {target.id for target in targets}
    running = desk.running()
    if running is not None and running.entry.id not in own:
        raise AnotherTimerRuns(desk.timer(running))
    target = OnTask(again.task_id) if again.task_id else OnProject(again.project_id)
    on = desk.finder.by_target(target).on
    since = began(LabelledEntry(again, on))
    return overlaps(desk, since, None, leaving_out=own)


def _label(desk: Desk, entry: Entry, running: LabelledEntry | None) -> TaskLabel:
    if running is not None and running.entry.id == entry.id:
        return running.on
    return time_entries.label(desk.tx, desk.team_id, entry.project_id, entry.task_id)
