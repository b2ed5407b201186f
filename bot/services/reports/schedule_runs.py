"""Sending scheduled reports: exactly one for each time that comes, as far as rights go (M4).

When the next one is due stands with the schedule, and moves in the transaction that owes this one:
two workers, or one that starts again, owe it once. What was missed while nothing ran is one report.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import ScheduleId, SlackUserId, TeamId
from bot.domain.input_errors import PeriodNotUnderstood
from bot.domain.people.people import Member
from bot.domain.period_words import period_words
from bot.domain.periods import Unit, resolve_period
from bot.domain.preferences import MoneySeenBy
from bot.domain.reports.reports import Group, suited
from bot.domain.reports.schedules import Occurrence, Paused, Schedule, ScheduleView, next_run
from bot.domain.reports.team_reports import Reach, TeamChoice
from bot.services.reports.reach import reach_of
from bot.services.reports.schedules import view_of
from bot.services.reports.team import Maker
from storage import members, outbox, teams
from storage.projects import managers
from storage.reports import schedules
from storage.reports.report_sums import Seen
from storage.unit_of_work import Tx, UnitOfWork

SEND = "schedule.send"
"""Outbox kind of one report; its payload names the schedule and the moment it was due."""

PAUSED = "schedule.paused"
"""Outbox kind of telling its owner that it sends nothing any more, and why."""

_AT_ONCE = 200
_FAR = timedelta(days=40)
"""Longer than between any two times of a schedule."""
_REACHES = (Reach.OWN, Reach.MANAGED, Reach.ALL)


class RightLost(Exception):
    """Its owner may not see any more what it tells."""


class ScheduleRuns:
    """What the time of day brings about."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def due(self, now: datetime) -> list[tuple[TeamId, ScheduleId]]:
        """Those to send now, some of them where there are many."""
        with self._uow.read() as tx:
            return schedules.due(tx, now, _AT_ONCE)

    def run(self, team_id: TeamId, schedule_id: ScheduleId, now: datetime) -> None:
        """Owes a report and moves to the next time; a second call changes nothing."""
        with self._uow.begin() as tx:
            found = schedules.find(tx, team_id, schedule_id, lock=True)
            if found is None or found.due_at is None or found.due_at > now:
                return
            owner = members.by_id(tx, team_id, found.owner_id)
            if owner is None or not owner.is_active:
                schedules.save(tx, replace(found, due_at=None, paused=Paused.RIGHTS))
                return
            at = _latest(found, owner, now)
            following = next_run(found.rhythm, zone_of(owner.zone), now)
            schedules.save(tx, replace(found, due_at=following))
            moment = int(at.timestamp())
            outbox.add_once(
                tx,
                team_id,
                kind=SEND,
                subject=f"schedule:{schedule_id}",
                payload={"schedule_id": schedule_id, "at": moment},
                marker=f"schedule-{schedule_id}-{moment}",
                now=now,
            )

    def occurrence(self, team_id: TeamId, schedule_id: ScheduleId, at: int) -> Occurrence | None:
        """What is sent; None where it was deleted or paused meanwhile.

        Raises:
            RightLost: its owner may not see any more what it tells.
            Vanished: what it is about, or who gets it, is not there any more.
        """
        with self._uow.snapshot() as tx:
            found = schedules.find(tx, team_id, schedule_id)
            if found is None or found.paused is not None:
                return None
            owner = members.by_id(tx, team_id, found.owner_id)
            if owner is None or not owner.is_active:
                raise RightLost
            return _made(tx, found, owner, datetime.fromtimestamp(at, UTC))

    def target(self, team_id: TeamId, schedule_id: ScheduleId) -> str | None:
        """The channel that it goes to, as long as it does."""
        with self._uow.read() as tx:
            found = schedules.find(tx, team_id, schedule_id)
            return None if found is None or found.paused is not None else found.channel_id

    def stop(
        self, team_id: TeamId, schedule_id: ScheduleId, because: Paused, now: datetime
    ) -> None:
        """Sends nothing any more and owes its owner a word; a second call changes nothing."""
        with self._uow.begin() as tx:
            found = schedules.find(tx, team_id, schedule_id, lock=True)
            if found is None or found.paused is not None:
                return
            schedules.save(tx, replace(found, due_at=None, paused=because))
            outbox.add(
                tx,
                team_id,
                kind=PAUSED,
                subject=f"schedule:{schedule_id}",
                payload={"schedule_id": schedule_id},
                marker=self._new_marker(),
                now=now,
            )

    def unwanted(self, *, who: Member, schedule_id: ScheduleId, now: datetime) -> None:
        """Who gets it from somebody else does not want it.

        Raises:
            Vanished: it does not go to them.
        """
        with self._uow.read() as tx:
            found = schedules.find(tx, who.team_id, schedule_id)
        if found is None or found.member_id != who.id:
            raise Vanished("schedule")
        self.stop(who.team_id, schedule_id, Paused.UNWANTED, now)

    def stopped(
        self, team_id: TeamId, schedule_id: ScheduleId
    ) -> tuple[SlackUserId, ScheduleView] | None:
        """Whom to tell what; None where it goes on already, or its owner left."""
        with self._uow.read() as tx:
            found = schedules.find(tx, team_id, schedule_id)
            owner = None if found is None else members.by_id(tx, team_id, found.owner_id)
            if found is None or found.paused is None or owner is None or not owner.is_active:
                return None
            return owner.slack_user_id, view_of(tx, found)


def _latest(found: Schedule, owner: Member, now: datetime) -> datetime:
    """The last time it was due: what was missed before that is not made up for."""
    zone, due = zone_of(owner.zone), found.due_at or now
    at = max(due, now - _FAR)
    while (following := next_run(found.rhythm, zone, at)) <= now:
        at = following
    return at


def _made(tx: Tx, found: Schedule, owner: Member, at: datetime) -> Occurrence:
    team_id = owner.team_id
    reach, seen = _reach(tx, found, owner)
    to, shows_money = _reader(tx, found, owner, seen)
    settings = teams.settings(tx, team_id)
    today = work_date(at, zone_of(owner.zone))
    period = resolve_period(found.told.period, today, settings.week_start)
    if period is None:
        raise PeriodNotUnderstood(period_words(found.told.period))
    filters = found.told.filters
    group = suited(found.told.group, period, filters.about)
    if found.told.group is None and period.unit is Unit.DAY and not filters.about:
        group = Group.PROJECT
    choice = TeamChoice(period, group, filters, found.told.for_team)
    maker = Maker(tx, owner, reach, seen, today, shows_money=shows_money)
    report = maker.report(choice, 0)
    every = report if report.number <= len(report.rows) else maker.report(choice, 0, shown=None)
    return Occurrence(found, report, every, to, owner)


def _reach(tx: Tx, found: Schedule, owner: Member) -> tuple[Reach, Seen]:
    """No more than what its owner could see when it was made, and no more than they can now.

    Raises:
        RightLost: that is less than it was made for.
    """
    for_team = found.told.for_team and found.reach is not Reach.OWN
    reach, seen = reach_of(tx, owner, for_team=for_team)
    if _REACHES.index(reach) < _REACHES.index(found.reach):
        raise RightLost
    if reach is Reach.ALL and found.reach is Reach.MANAGED:
        theirs = managers.managed_by(tx, owner.team_id, owner.id)
        if not theirs:
            raise RightLost
        return Reach.MANAGED, Seen(owner.team_id, projects=theirs)
    return reach, seen


def _reader(tx: Tx, found: Schedule, owner: Member, seen: Seen) -> tuple[str, bool]:
    """Where it goes, and whether amounts of money may go there.

    Raises:
        Vanished: who got it is not here any more.
    """
    settings = teams.settings(tx, owner.team_id)
    if found.channel_id is not None:
        return found.channel_id, settings.money_in_channels
    if found.member_id is None:
        return owner.slack_user_id, True
    reader = members.by_id(tx, owner.team_id, found.member_id)
    if reader is None or not reader.is_active:
        raise Vanished("reader")
    manages = (
        settings.money_seen_by is MoneySeenBy.MANAGERS
        and seen.projects is not None
        and set(seen.projects) <= set(managers.managed_by(tx, owner.team_id, reader.id))
    )
    return reader.slack_user_id, settings.money_seen_by.lets(
        is_admin=reader.is_admin, manages=manages
    )
