"""Reports that are sent again and again: made, listed, changed, paused (M4).

Each belongs to who made it. Admins see and end everybody's: what goes to a channel is the team's
affair.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import ScheduleId, TeamId
from bot.domain.input_errors import PeriodNotUnderstood
from bot.domain.people.people import Member
from bot.domain.period_words import period_words
from bot.domain.periods import resolve_period
from bot.domain.reports.reports import Narrowed, ReportWish
from bot.domain.reports.schedules import (
    MOST,
    SHOWN,
    FilesForOthers,
    Paused,
    Rhythm,
    Schedule,
    ScheduleList,
    ScheduleView,
    Told,
    TooManySchedules,
    next_run,
    period_suited,
)
from bot.domain.reports.team_reports import Filters, Reach
from bot.services.reports.meaning import about_meant, filters_meant, person_meant
from bot.services.reports.reach import reach_of
from bot.services.reports.team import names_of
from storage import members, outbox, teams
from storage.operating import audit
from storage.reports import schedules
from storage.unit_of_work import Tx, UnitOfWork

CHECK = "schedule.check"
"""Outbox kind of looking at the channel before anything is sent there."""

_FILES = {"csv", "xlsx"}


class Schedules:
    """What people decide about them."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def add(
        self, *, who: Member, now: datetime, wish: ReportWish, rhythm: Rhythm, to: str
    ) -> ScheduleView:
        """Schedules a report; ``to`` is ``me``, ``@name`` or a channel's id.

        Raises:
            TooManySchedules: they have as many as one person may.
            FilesForOthers: entries go to oneself alone.
            PeriodNotUnderstood, NothingTrackedOn, TooManyMeant, PersonNotFound, ClientUnknown: as
                with a report.
        """
        with self._uow.begin() as tx:
            members.by_id(tx, who.team_id, who.id, lock=True)
            if schedules.number(tx, who.team_id, who.id) >= MOST:
                raise TooManySchedules(MOST)
            told, reach = _meant(tx, who, now, wish, rhythm)
            person = person_meant(tx, who, to[1:]).id if to.startswith("@") else None
            made = Schedule(
                id=ScheduleId(0),
                team_id=who.team_id,
                owner_id=who.id,
                rhythm=rhythm,
                told=told,
                reach=reach,
                channel_id=to if to[0] in "CG" else None,
                member_id=None if person == who.id else person,
                due_at=next_run(rhythm, zone_of(who.zone), now),
            )
            if not made.is_for_owner and _FILES & set(told.forms):
                raise FilesForOthers
            made = replace(made, id=schedules.add(tx, made, now))
            if made.channel_id is not None:
                self._check(tx, made, now)
            _record(tx, who, "schedule.add", None, made, now=now)
            return view_of(tx, made)

    def _check(self, tx: Tx, made: Schedule, now: datetime) -> None:
        outbox.add(
            tx,
            made.team_id,
            kind=CHECK,
            subject=f"schedule:{made.id}",
            payload={"schedule_id": made.id},
            marker=self._new_marker(),
            now=now,
        )

    def listed(self, *, who: Member, page: int = 0, everybody: bool = False) -> ScheduleList:
        """One's own; for admins, everybody's where they ask."""
        with self._uow.read() as tx:
            now = members.by_id(tx, who.team_id, who.id)
            everybody = everybody and now is not None and now.is_admin
            whose = None if everybody else who.id
            number = schedules.number(tx, who.team_id, whose)
            page = max(0, min(page, (number - 1) // SHOWN))
            found = schedules.page(tx, who.team_id, whose, limit=SHOWN, offset=page * SHOWN)
            views = tuple(_views(tx, who.team_id, found))
            return ScheduleList(views, page, number, everybody)

    def one(self, *, who: Member, schedule_id: ScheduleId) -> ScheduleView:
        """To be changed.

        Raises:
            Vanished: it is gone, or not theirs.
        """
        with self._uow.read() as tx:
            return view_of(tx, _theirs(tx, who, schedule_id))

    def change(
        self,
        *,
        who: Member,
        now: datetime,
        schedule_id: ScheduleId,
        wish: ReportWish | None,
        rhythm: Rhythm,
    ) -> ScheduleView:
        """Another report (None: the same), at another time; it goes to where it went.

        Raises:
            Vanished: it is gone, or not one's own.
            FilesForOthers and others: as ``add``.
        """
        with self._uow.begin() as tx:
            before = _theirs(tx, who, schedule_id, lock=True)
            if before.owner_id != who.id:
                raise Vanished("schedule")
            told, reach = before.told, before.reach
            if wish is not None:
                told, reach = _meant(tx, who, now, wish, rhythm)
            if not before.is_for_owner and _FILES & set(told.forms):
                raise FilesForOthers
            is_on = before.due_at is not None
            due = next_run(rhythm, zone_of(who.zone), now) if is_on else None
            after = replace(before, told=told, reach=reach, rhythm=rhythm, due_at=due)
            schedules.save(tx, after)
            _record(tx, who, "schedule.change", before, after, now=now)
            return view_of(tx, after)

    def pause(self, *, who: Member, now: datetime, schedule_id: ScheduleId) -> ScheduleView:
        """Nothing is sent until somebody resumes it.

        Raises:
            Vanished: it is gone, or not theirs.
        """
        with self._uow.begin() as tx:
            found = _theirs(tx, who, schedule_id, lock=True)
            if found.due_at is None:
                return view_of(tx, found)
            after = replace(found, due_at=None, paused=Paused.ASKED)
            schedules.save(tx, after)
            _record(tx, who, "schedule.pause", found, after, now=now)
            return view_of(tx, after)

    def resume(self, *, who: Member, now: datetime, schedule_id: ScheduleId) -> ScheduleView:
        """It goes on; whose time it may tell is what its owner may see today.

        Raises:
            Vanished: it is gone, or not one's own.
        """
        with self._uow.begin() as tx:
            found = _theirs(tx, who, schedule_id, lock=True)
            if found.owner_id != who.id:
                raise Vanished("schedule")
            if found.due_at is not None:
                return view_of(tx, found)
            reach, _ = reach_of(tx, who, for_team=found.told.for_team)
            due = next_run(found.rhythm, zone_of(who.zone), now)
            after = replace(found, due_at=due, paused=None, reach=reach)
            schedules.save(tx, after)
            if after.channel_id is not None:
                self._check(tx, after, now)
            _record(tx, who, "schedule.resume", found, after, now=now)
            return view_of(tx, after)

    def remove(self, *, who: Member, now: datetime, schedule_id: ScheduleId) -> None:
        """It is gone; a second time changes nothing.

        Raises:
            Vanished: it is not theirs.
        """
        with self._uow.begin() as tx:
            found = _theirs(tx, who, schedule_id, lock=True)
            schedules.remove(tx, who.team_id, schedule_id)
            _record(tx, who, "schedule.remove", found, None, now=now)


def _meant(
    tx: Tx, who: Member, now: datetime, wish: ReportWish, rhythm: Rhythm
) -> tuple[Told, Reach]:
    for_team = wish.for_team or bool(wish.person)
    reach, seen = reach_of(tx, who, for_team=for_team)
    words = wish.period or period_suited(rhythm)
    today = work_date(now, zone_of(who.zone))
    if resolve_period(words, today, teams.settings(tx, who.team_id).week_start) is None:
        raise PeriodNotUnderstood(period_words(words))
    about = Narrowed() if wish.about is None else about_meant(tx, seen, wish.about)
    forms = (("png", wish.as_chart), ("csv", wish.as_csv), ("xlsx", wish.as_xlsx))
    told = Told(
        words,
        wish.group,
        filters_meant(tx, who, seen, wish, about),
        for_team,
        tuple(form for form, is_wanted in forms if is_wanted),
    )
    return told, reach


def _theirs(tx: Tx, who: Member, schedule_id: ScheduleId, *, lock: bool = False) -> Schedule:
    now = members.by_id(tx, who.team_id, who.id)
    found = schedules.find(tx, who.team_id, schedule_id, lock=lock)
    if now is None or found is None or not (now.is_admin or found.owner_id == who.id):
        raise Vanished("schedule")
    return found


def view_of(tx: Tx, found: Schedule) -> ScheduleView:
    """As a list shows it."""
    return _views(tx, found.team_id, [found])[0]


def _views(tx: Tx, team_id: TeamId, some: Sequence[Schedule]) -> list[ScheduleView]:
    wanted = {one for found in some for one in (found.owner_id, found.member_id) if one}
    people = members.by_ids(tx, team_id, wanted)
    views = []
    for found in some:
        owner = people[found.owner_id]
        zone = zone_of(owner.zone)
        reader = None if found.member_id is None else people.get(found.member_id)
        views.append(
            ScheduleView(
                found,
                owner.name,
                None if reader is None else reader.slack_user_id,
                _about(tx, owner, found),
                str(zone),
                None if found.due_at is None else found.due_at.astimezone(zone),
            )
        )
    return views


def _about(tx: Tx, owner: Member, found: Schedule) -> tuple[str, ...]:
    """Names of what it is about, as far as its owner may see them now."""
    filters = found.told.filters
    if filters == Filters(label=filters.label, billable=filters.billable):
        return ()
    try:
        _, seen = reach_of(tx, owner, for_team=found.told.for_team)
        return tuple(names_of(tx, owner, seen, filters))
    except Vanished:
        return ()


def _record(
    tx: Tx,
    who: Member,
    action: str,
    before: Schedule | None,
    after: Schedule | None,
    *,
    now: datetime,
) -> None:
    """What goes to others is an affair of the team's, and is in its log."""
    found = after or before
    if found is None or (found.is_for_owner and found.owner_id == who.id):
        return
    audit.record(
        tx,
        who.team_id,
        actor=who.id,
        action=action,
        subject=f"schedule:{found.id}",
        before=None if before is None else _told(before),
        after=None if after is None else _told(after),
        now=now,
    )


def _told(found: Schedule) -> dict[str, object]:
    return {
        "to": found.channel_id or f"member:{found.member_id or found.owner_id}",
        "period": period_words(found.told.period),
        "team": found.told.for_team,
        "sent": found.due_at is not None,
    }
