"""How a timer begins, in a transaction that is open already."""

from dataclasses import replace
from datetime import datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import Action, Entry, EntryChange, LabelledEntry, TaskLabel
from bot.domain.ids import TimeEntryId
from bot.domain.tasks.finding import Candidate
from bot.domain.tracking.tracking import Started
from bot.domain.tracking.tracking_errors import AlreadyOn, StartsBeforeTimer
from bot.services.approval.locks import require_open
from bot.services.money.budgets import require_budget
from bot.services.tracking.desk import Desk, began, fitting
from bot.services.tracking.ending import end_own
from bot.services.tracking.overlaps import overlaps
from storage.entries import time_entries


def begin(
    desk: Desk, chosen: Candidate, at: datetime | None, note: str, permalink: str = ""
) -> Started:
    """Starts a timer in an open transaction; a running one ends at that moment.

    Raises:
        AlreadyOn: the same task is running.
        OverBudget: the project's budget is used up, and the team starts no timer then.
        HourlinkError: the time is taken or locked, or before the running timer's own.
    """
    on, running = chosen.on, desk.running()
    if running is not None:
        if _same(running.on, on):
            is_more = at is not None or fitting(note) not in {"", running.entry.note}
            raise AlreadyOn(desk.timer(running), is_more)
        if at is not None and at <= began(running):
            raise StartsBeforeTimer(desk.timer(running), desk.local(at))
    # A request that waited for another of the same person may carry the earlier moment.
    moment = at or (max(desk.now, began(running)) if running else desk.now)
    entry = Entry(
        id=TimeEntryId(0),
        team_id=desk.team_id,
        member_id=desk.who.id,
        project_id=on.project_id,
        task_id=on.task_id,
        started_at=moment,
        ended_at=None,
        seconds=None,
        work_date=work_date(moment, desk.zone),
        note=fitting(note),
        permalink=permalink,
    )
    team = require_open(desk.tx, desk.who, [entry], desk.now)
    if team is not None:
        require_budget(desk.tx, desk.who, on, entry.work_date, team)
    shared = () if at is None else overlaps(desk, at, None)
    changes: list[EntryChange] = []
    stopped = None
    if running is not None:
        ended, stopped = end_own(desk, running, moment)
        changes += ended
    entry_id, done = time_entries.start(
        desk.tx, desk.team_id, entry, marker=desk.new_marker(), now=desk.now, today=desk.today
    )
    started = LabelledEntry(replace(entry, id=entry_id), on)
    total = done + desk.part_of(started, desk.today)
    step = desk.new_marker()
    desk.record(step, [*changes, EntryChange(Action.STARTED, None, started.entry)])
    timer, is_done = desk.timer(started), chosen.is_done
    return Started(timer, stopped, total, step, shared, is_done=is_done)


def _same(running: TaskLabel, wanted: TaskLabel) -> bool:
    # A task that moved to another project is the same task.
    if running.task_id or wanted.task_id:
        return running.task_id == wanted.task_id
    return running.project_id == wanted.project_id
