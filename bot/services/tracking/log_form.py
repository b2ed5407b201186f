"""The form *Log time*: what it begins with, offers and would save."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.clock_times import ClockRange, resolve_range
from bot.domain.days import CalendarDay, Day, resolve_day, resolve_worked
from bot.domain.durations import in_range
from bot.domain.entries.entries import Action, Target, TaskLabel
from bot.domain.errors import HourlinkError
from bot.domain.people.people import Member
from bot.domain.tasks.finding import Found, Offer
from bot.domain.tasks.task_refs import TaskRef
from bot.domain.tracking.log_form import Begins, WouldLog
from bot.domain.tracking.spans import split_at_midnights
from bot.services.tracking.desk import AtDesk, Desk
from bot.services.tracking.overlaps import shared
from storage import labels
from storage.entries import entry_history, time_entries

_REMEMBERED = timedelta(days=90)


class LogForm(AtDesk):
    """For one's own time."""

    def begins(self, *, who: Member, now: datetime, target: Target | None = None) -> Begins:
        """The last choice: its task or project, its length, or that it was from and to.

        From and to are the time since today's last entry ended. A ``target`` takes the place of
        the last task.

        Raises:
            HourlinkError: the target cannot be tracked, and why.
            AccountNotConnected: there is nothing to choose from before an account is connected.
            NothingToTrackOn: this member is on no project.
        """
        with self._desk(who, now) as desk:
            last = entry_history.last_made(
                desk.tx, desk.team_id, who.id, Action.LOGGED, now - _REMEMBERED
            )
            if last is None:
                tracked = time_entries.last(desk.tx, desk.team_id, who.id)
                on = None if tracked is None else tracked.on
            else:
                on = labels.of(desk.tx, desk.team_id, last.project_id, last.task_id)
            if target is not None:
                possible: TaskLabel | None = desk.finder.by_target(target, may_log=True).on
            else:
                possible = _if_possible(desk, on)
            if possible is None:
                desk.finder.check_reach(may_log=True)
            since, until = _last_end(desk), desk.local(desk.now).replace(second=0)
            return Begins(
                desk.today,
                possible,
                last.seconds if last is not None and last.started_at is None else None,
                by_clock=last is not None and last.started_at is not None,
                start=None if since is None or since >= until else since.time(),
                end=until.time(),
            )

    def begins_with(
        self,
        *,
        who: Member,
        now: datetime,
        ref: TaskRef | None,
        day: Day | None,
        note: str,
        channel_id: str | None,
    ) -> Begins | None:
        """The same for what was typed without a length; None where that names no one task.

        Raises:
            BadInput: the day is still to come.
            HourlinkError: the task cannot be tracked, and why.
        """
        target = None
        with self._desk(who, now) as desk:
            worked = desk.today if day is None else resolve_worked(day, desk.today)
            if ref is not None:
                found = desk.finder.find(ref, may_log=True, channel_id=channel_id)
                if not isinstance(found, Found):
                    return None
                target = found.candidate.on.target
        return replace(self.begins(who=who, now=now, target=target), day=worked, note=note)

    def offers(self, *, who: Member, text: str, now: datetime) -> Offer:
        """What time can be put on, likeliest first."""
        with self._desk(who, now) as desk:
            return desk.finder.offer(text)

    def would_log(
        self, *, who: Member, amount: int | ClockRange, day: date, now: datetime
    ) -> WouldLog:
        """What the form as it stands would save.

        Raises:
            BadInput: it could not be saved.
        """
        with self._desk(who, now) as desk:
            named = resolve_day(CalendarDay(day.month, day.day, day.year), desk.today)
            before = desk.total(named, desk.running())
            if isinstance(amount, int):
                days: tuple[tuple[date, int], ...] = ((named, in_range(amount)),)
                now = desk.local(desk.now)
                return WouldLog(days, before + amount, now)
            start, end = resolve_range(amount, named, desk.now, desk.zone)
            days = tuple(
                (part.work_date, part.seconds) for part in split_at_midnights(start, end, desk.zone)
            )
            taken, refused = shared(desk, start, end)
            return WouldLog(
                days,
                before + days[0][1],
                desk.local(desk.now),
                desk.local(start),
                desk.local(end),
                taken,
                refused=refused,
            )

    @contextmanager
    def _desk(self, who: Member, now: datetime) -> Iterator[Desk]:
        with self._uow.read() as tx:
            yield self._looking(tx, who, now)


def _if_possible(desk: Desk, on: TaskLabel | None) -> TaskLabel | None:
    """The same, while time can be logged on it."""
    if on is None:
        return None
    try:
        return desk.finder.by_target(on.target, may_log=True).on
    except HourlinkError:
        return None


def _last_end(desk: Desk) -> datetime | None:
    found = time_entries.on_days(
        desk.tx, desk.team_id, desk.who.id, desk.today, desk.today + timedelta(days=1)
    )
    ends = [one.entry.ended_at for one in found if one.entry.ended_at is not None]
    return desk.local(max(ends)) if ends else None
