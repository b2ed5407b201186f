"""Reports that are sent again and again: who may, what they tell whom, and exactly once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.errors import Vanished
from bot.domain.ids import ScheduleId
from bot.domain.money.money import Money
from bot.domain.people.people import Member
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.domain.reports.reports import Group, ReportWish
from bot.domain.reports.schedules import (
    MOST,
    Beat,
    FilesForOthers,
    Occurrence,
    Paused,
    Rhythm,
    ScheduleView,
    TooManySchedules,
)
from bot.domain.reports.team_reports import Reach
from bot.domain.tasks.task_refs import QuotedName
from bot.services.reports.schedule_runs import PAUSED, SEND, RightLost, ScheduleRuns
from bot.services.reports.schedules import CHECK, Schedules
from storage.members import MemberRow
from storage.outbox import OutboxRow
from tests.builders import NOON
from tests.services.agency import Agency

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
EARLY = Rhythm(Beat.DAY, 0, time(8))
TEAM = ReportWish(for_team=True, group=Group.PROJECT)
CHANNEL = "C0123ABCD"


@pytest.fixture
def agency(database_url: str) -> Iterator[Agency]:
    """With an hour of Bo's on Website yesterday, and two on Shop."""
    made = Agency(database_url)
    made.world.length(made.bo, made.website, None, NOON, 3600)
    made.world.length(made.bo, made.shop, None, NOON, 7200)
    yield made
    made.world.close()


def schedules(agency: Agency) -> Schedules:
    """What people decide."""
    return Schedules(agency.world.uow, agency.world.new_marker())


def runs(agency: Agency) -> ScheduleRuns:
    """What the time of day brings about."""
    return ScheduleRuns(agency.world.uow, agency.world.new_marker())


def add(
    agency: Agency, who: Member, to: str = "me", wish: ReportWish = TEAM, rhythm: Rhythm = EARLY
) -> ScheduleView:
    """Scheduled at noon; due tomorrow at eight."""
    return schedules(agency).add(who=who, now=NOON, wish=wish, rhythm=rhythm, to=to)


def owed(agency: Agency, kind: str = SEND) -> list[OutboxRow]:
    """What is on its way."""
    with agency.world.uow.read() as tx:
        query = select(OutboxRow).where(col(OutboxRow.kind) == kind).order_by(col(OutboxRow.id))
        return list(tx.entities.scalars(query))


def tick(agency: Agency, now: datetime) -> None:
    """One look at the clock."""
    for one in runs(agency).due(now):
        runs(agency).run(*one, now)


def id_of(view: ScheduleView) -> ScheduleId:
    """Which one."""
    return view.schedule.id


def sent(agency: Agency, view: ScheduleView, days: int = 1) -> Occurrence:
    """What goes out on a day at eight."""
    at = view.schedule.due_at
    assert at is not None
    moment = int((at + (days - 1) * DAY).timestamp())
    found = runs(agency).occurrence(agency.world.team_id, id_of(view), moment)
    assert found is not None
    return found


def test_it_is_sent_once_each_time(agency: Agency) -> None:
    """Two workers, a second look, a restart: one report a day."""
    view = add(agency, agency.ana)
    due = view.schedule.due_at
    assert due is not None
    tick(agency, due - timedelta(seconds=1))
    assert not owed(agency)
    with ThreadPoolExecutor(4) as threads:
        one = (agency.world.team_id, id_of(view), due)
        list(threads.map(lambda _: runs(agency).run(*one), range(8)))
    tick(agency, due + HOUR)
    assert [row.payload["at"] for row in owed(agency)] == [int(due.timestamp())]
    tick(agency, due + DAY)
    assert len(owed(agency)) == 2


def test_what_was_missed_is_one_report(agency: Agency) -> None:
    """After two weeks without a process: the last of them, and then the next."""
    view = add(agency, agency.ana)
    due = view.schedule.due_at
    assert due is not None
    back = due + 14 * DAY + HOUR
    tick(agency, back)
    tick(agency, back)
    assert [row.payload["at"] for row in owed(agency)] == [int((due + 14 * DAY).timestamp())]
    assert schedules(agency).one(who=agency.ana, schedule_id=id_of(view)).schedule.due_at == (
        due + 15 * DAY
    )


def test_a_period_means_other_days_each_time(agency: Agency) -> None:
    """Without one, a daily report is about yesterday: the day before it is sent."""
    view = add(agency, agency.ana)
    first = sent(agency, view)
    assert first.report.total.seconds == 3600
    assert (first.report.reach, first.to) == (Reach.MANAGED, agency.ana.slack_user_id)
    assert sent(agency, view, 2).report.total.seconds == 0


def test_the_right_is_asked_each_time(agency: Agency) -> None:
    """Ana does not manage Website any more: nothing is sent, she is told, and may see why."""
    view = add(agency, agency.ana, f"{CHANNEL}")
    agency.manages(agency.ana, agency.website, manages=False)
    with pytest.raises(RightLost):
        sent(agency, view)
    runs(agency).stop(agency.world.team_id, id_of(view), Paused.RIGHTS, NOON)
    runs(agency).stop(agency.world.team_id, id_of(view), Paused.RIGHTS, NOON)
    assert len(owed(agency, PAUSED)) == 1
    told = runs(agency).stopped(agency.world.team_id, id_of(view))
    assert told is not None
    assert told[0] == agency.ana.slack_user_id
    tick(agency, NOON + WEEK)
    assert not owed(agency)
    resumed = schedules(agency).resume(who=agency.ana, now=NOON, schedule_id=id_of(view))
    assert resumed.schedule.reach is Reach.OWN
    assert sent(agency, resumed).report.total.seconds == 0


def test_it_never_tells_more_than_it_was_made_for(agency: Agency) -> None:
    """Ana becomes an admin: the channel still reads of her projects alone."""
    view = add(agency, agency.ana, CHANNEL)
    agency.change(MemberRow, agency.ana.id, named_admin=True)
    found = sent(agency, view)
    assert (found.report.reach, found.report.total.seconds) == (Reach.MANAGED, 3600)


def test_money_goes_where_it_may(agency: Agency) -> None:
    """To oneself; to others who see it too; to channels only where the team says so."""
    ninety = (Money(9000, "EUR"),)
    assert sent(agency, add(agency, agency.admin)).report.total.earned == ninety
    to_bo = add(agency, agency.admin, "@bo")
    assert not sent(agency, to_bo).report.total.earned
    to_channel = add(agency, agency.admin, CHANNEL)
    assert not sent(agency, to_channel).report.sees_money
    agency.choose(TeamSettings(money_in_channels=True))
    assert sent(agency, to_channel).report.total.earned == ninety
    agency.choose(TeamSettings(money_in_channels=True, money_seen_by=MoneySeenBy.ADMINS))
    from_ana = add(agency, agency.ana, CHANNEL)
    assert not sent(agency, from_ana).report.total.earned
    agency.choose(TeamSettings(money_seen_by=MoneySeenBy.ALL))
    assert sent(agency, to_bo).report.total.earned == ninety
    agency.choose(TeamSettings())
    agency.manages(agency.bo, agency.website)
    only_website = replace(TEAM, about=QuotedName("Website"))
    by_ana = add(agency, agency.ana, "@bo", only_website)
    assert sent(agency, by_ana).report.total.earned == ninety


def test_what_is_gone_stops_it(agency: Agency) -> None:
    """The person who gets it, or the project that it is about."""
    view = add(agency, agency.ana, "@bo", replace(TEAM, about=QuotedName("Website")))
    agency.change(MemberRow, agency.bo.id, deactivated_at=NOON)
    with pytest.raises(Vanished) as left:
        sent(agency, view)
    assert left.value.what == "reader"
    agency.change(MemberRow, agency.ana.id, deactivated_at=NOON)
    tick(agency, NOON + WEEK)
    assert not owed(agency)


def test_whose_they_are(agency: Agency) -> None:
    """One's own; admins see and end everybody's and change nobody's."""
    view = add(agency, agency.ana, CHANNEL)
    add(agency, agency.admin)
    own = schedules(agency)
    assert own.listed(who=agency.ana, everybody=True).number == 1
    assert own.listed(who=agency.bo).number == 0
    assert own.listed(who=agency.admin, everybody=True).number == 2
    for verb in (own.pause, own.resume, own.remove):
        with pytest.raises(Vanished):
            verb(who=agency.bo, now=NOON, schedule_id=id_of(view))
    with pytest.raises(Vanished):
        own.change(who=agency.admin, now=NOON, schedule_id=id_of(view), wish=None, rhythm=EARLY)
    paused = own.pause(who=agency.admin, now=NOON, schedule_id=id_of(view))
    assert paused.schedule.paused is Paused.ASKED
    tick(agency, NOON + WEEK)
    sent_rows = [row.payload["schedule_id"] for row in owed(agency)]
    assert id_of(view) not in sent_rows
    own.remove(who=agency.admin, now=NOON, schedule_id=id_of(view))
    assert own.listed(who=agency.ana).number == 0


def test_changing_one(agency: Agency) -> None:
    """Another time, and the same report; then another report."""
    view = add(agency, agency.ana)
    own = schedules(agency)
    weekly = Rhythm(Beat.WEEK, 0, time(9))
    after = own.change(who=agency.ana, now=NOON, schedule_id=id_of(view), wish=None, rhythm=weekly)
    assert after.schedule.told == view.schedule.told
    assert after.next_at is not None
    assert f"{after.next_at:%a %H:%M}" == "Mon 09:00"
    other = own.change(
        who=agency.ana,
        now=NOON,
        schedule_id=id_of(view),
        wish=ReportWish(group=Group.TASK, as_csv=True),
        rhythm=weekly,
    )
    assert (other.schedule.told.group, other.schedule.told.forms) == (Group.TASK, ("csv",))
    assert other.schedule.reach is Reach.OWN


def test_what_cannot_be_scheduled(agency: Agency) -> None:
    """Entries to others, and more than anybody reads; a channel is looked at before it is due."""
    with pytest.raises(FilesForOthers):
        add(agency, agency.ana, CHANNEL, replace(TEAM, as_xlsx=True))
    add(agency, agency.ana, CHANNEL)
    assert len(owed(agency, CHECK)) == 1
    for _ in range(MOST - 1):
        add(agency, agency.ana)
    with pytest.raises(TooManySchedules):
        add(agency, agency.ana)
    add(agency, agency.bo)


def test_who_gets_it_may_refuse_it(agency: Agency) -> None:
    """Once, and nobody else for them."""
    view = add(agency, agency.ana, "@bo")
    with pytest.raises(Vanished):
        runs(agency).unwanted(who=agency.admin, schedule_id=id_of(view), now=NOON)
    runs(agency).unwanted(who=agency.bo, schedule_id=id_of(view), now=NOON)
    assert len(owed(agency, PAUSED)) == 1
    found = schedules(agency).one(who=agency.ana, schedule_id=id_of(view))
    assert found.schedule.paused is Paused.UNWANTED
