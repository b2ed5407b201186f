"""Time already worked: a length on a day, or from one clock time to another."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.clock_times import Amount, ClockLength, resolve_length, resolve_range
from bot.domain.days import Day, resolve_worked
from bot.domain.entries.entries import Action, Entry, EntryChange, PendingEntry, Target, TaskLabel
from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Found
from bot.domain.tasks.task_refs import TaskRef
from bot.domain.tracking.spans import split_at_midnights
from bot.domain.tracking.tracking import Logged, WhichTask
from bot.domain.tracking.tracking_errors import AlreadyLogged
from bot.services.approval.locks import require_open
from bot.services.tracking.desk import AtDesk, Desk, fitting, is_quick, with_words
from bot.services.tracking.kept import kept_if_refused
from bot.services.tracking.overlaps import overlaps
from storage import requests
from storage.entries import time_entries


class TimeLog(AtDesk):
    """Entries made by hand."""

    def log(
        self,
        *,
        who: Member,
        ref: TaskRef | None,
        amount: Amount,
        day: Day | None,
        note: str,
        now: datetime,
        request_id: str,
        channel_id: str | None = None,
    ) -> Logged | WhichTask:
        """Saves time already worked; the same request a second time changes nothing.

        In a channel the project that it prefers comes first (T12). Where no task is named, likely
        ones are offered.

        Raises:
            BadInput: the day or the clock times are not possible ones.
            AlreadyLogged: the same request came before.
            HourlinkError: the task cannot be tracked, or the time is taken.
        """
        brief = is_quick(ref)
        with kept_if_refused(self._uow, who, now) as wish, self._uow.begin(brief=brief) as tx:
            desk = self._looking(tx, who, now).lock()
            if not requests.take_on(tx, desk.team_id, request_id, now):
                raise AlreadyLogged
            wish.entry, wish.ref = resolved(desk, amount, day, fitting(note)), ref
            found = desk.finder.find(ref, may_log=True, channel_id=channel_id)
            kept = with_words(wish.entry, found)
            if isinstance(found, Found):
                return save_log(desk, found.candidate.on, kept)
            return desk.ask(found, ref, kept)

    def log_on(
        self,
        *,
        who: Member,
        target: Target,
        amount: Amount,
        day: Day,
        note: str,
        now: datetime,
        request_id: str,
    ) -> Logged:
        """The same for a form, which names what it is on.

        Raises:
            BadInput: the day or the clock times are not possible ones.
            AlreadyLogged: the same request came before.
            HourlinkError: the task cannot be tracked, or the time is taken or locked.
        """
        with self._uow.begin(brief=True) as tx:
            desk = self._looking(tx, who, now).lock()
            if not requests.take_on(tx, desk.team_id, request_id, now):
                raise AlreadyLogged
            kept = resolved(desk, amount, day, fitting(note))
            return save_log(desk, desk.finder.by_target(target, may_log=True).on, kept)


def save_log(desk: Desk, on: TaskLabel, kept: PendingEntry) -> Logged:
    """Saves what was asked to log, now that its task is known.

    Raises:
        EntryOverlaps: other entries have the same time.
        TimeLocked: the day can no longer be changed.
    """
    drafts = _drafts(desk, on, kept)
    require_open(desk.tx, desk.who, drafts, desk.now)
    start, end = kept.started_at, kept.ended_at
    shared = overlaps(desk, start, end) if start and end else ()
    saved: list[Entry] = []
    for draft in drafts:
        before = saved[-1].id if saved else None
        part = replace(draft, continues_id=before)
        (entry_id,) = time_entries.add(desk.tx, desk.team_id, [part], [desk.new_marker()], desk.now)
        saved.append(replace(part, id=entry_id))
    step = desk.new_marker()
    first, *later = saved
    changes = [EntryChange(Action.LOGGED, None, first)]
    desk.record(step, [*changes, *(EntryChange(Action.SPLIT, None, part) for part in later)])
    day = first.work_date
    return Logged(
        on,
        sum(part.seconds or 0 for part in saved),
        day,
        None if start is None else desk.local(start),
        None if end is None else desk.local(end),
        desk.total(day, desk.running()),
        kept.note,
        desk.local(desk.now),
        step,
        first.id,
        shared,
    )


def resolved(desk: Desk, amount: Amount, day: Day | None, note: str) -> PendingEntry:
    """What was asked to log, with its moments.

    Raises:
        BadInput: the day or the clock times are not possible ones.
    """
    named = None if day is None else resolve_worked(day, desk.today)
    if isinstance(amount, int):
        return PendingEntry(is_log=True, seconds=amount, work_date=named or desk.today, note=note)
    if isinstance(amount, ClockLength):
        start, end = resolve_length(amount, named, desk.now, desk.zone)
    else:
        start, end = resolve_range(amount, named, desk.now, desk.zone)
    return PendingEntry(is_log=True, started_at=start, ended_at=end, note=note)


def _drafts(desk: Desk, on: TaskLabel, kept: PendingEntry) -> list[Entry]:
    start, end = kept.started_at, kept.ended_at
    if start is None or end is None:
        return [_entry(desk, on, kept, kept.work_date or desk.today, kept.seconds or 0)]
    return [
        replace(
            _entry(desk, on, kept, part.work_date, part.seconds),
            started_at=part.start,
            ended_at=part.end,
        )
        for part in split_at_midnights(start, end, desk.zone)
    ]


def _entry(desk: Desk, on: TaskLabel, kept: PendingEntry, day: date, seconds: int) -> Entry:
    return Entry(
        id=TimeEntryId(0),
        team_id=desk.team_id,
        member_id=desk.who.id,
        project_id=on.project_id,
        task_id=on.task_id,
        started_at=None,
        ended_at=None,
        seconds=seconds,
        work_date=day,
        note=kept.note,
        permalink=kept.permalink,
    )
