"""Days and weeks: what counts where, at midnight, on clock-change nights and at a year's end."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.domain.days import CalendarDay, DaysAgo
from bot.domain.entries.entries import StopReason
from bot.domain.input_errors import DayInTheFuture
from bot.domain.periods import Around, Numbered, Unit
from bot.domain.preferences import Absence, MemberSettings, TeamSettings, WorkHours
from bot.domain.reports.reports import Group, ReportWish
from bot.domain.tracking.spans import split_at_midnights
from bot.domain.tracking.timesheet import Expected, Gap, overlapping, with_gaps
from bot.services.reports.own import Reports
from storage import members
from storage.entries.time_entries import TimeEntryRow
from storage.sql import table
from tests.builders import NOON
from tests.services.office import Office

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 16)


def berlin(*when: int) -> datetime:
    """A moment by the clock on Ana's wall."""
    return datetime(*when, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[misc,arg-type]


def spans(office: Office, start: datetime, end: datetime) -> None:
    """Finished time on WEB-12, in its local days."""
    for part in split_at_midnights(start, end, BERLIN):
        office.world.entry(office.ana, office.website, office.web12, part.start, part.end)


def test_a_day_lists_entries_in_order_and_counts_the_timer(office: Office) -> None:
    """A finished entry, the running timer, then a length without clock times; and their total."""
    office.world.length(office.ana, office.website, office.web12, NOON, 600)
    office.start("WEB-9", NOON - HOUR)
    office.start("WEB-12", NOON - 30 * MINUTE)
    day = office.timesheet.day(who=office.ana, now=NOON)
    assert [(line.on.key, line.seconds, line.is_running) for line in day.lines] == [
        ("WEB-9", 1800, False),
        ("WEB-12", 1800, True),
        ("WEB-12", 600, False),
    ]
    assert day.total == 4200
    assert day.lines[0].on.url == "https://acme.test/t/WEB-9"


def test_a_timer_over_midnight_is_in_both_days(office: Office) -> None:
    """From last night at 23:00, looked at at 01:00: an hour each, running or stopped."""
    late = berlin(2026, 11, 20, 23)
    after = late + 2 * HOUR
    office.start(now=late)

    def both() -> list[tuple[date, int, bool, bool]]:
        days = [
            office.timesheet.day(who=office.ana, now=after, day=DaysAgo(back)) for back in (1, 0)
        ]
        assert [day.total for day in days] == [3600, 3600]
        return [
            (day.date, line.seconds, line.is_continued, line.goes_on)
            for day in days
            for line in day.lines
        ]

    fri, sat = date(2026, 11, 20), date(2026, 11, 21)
    running = [(fri, 3600, False, True), (sat, 3600, True, False)]
    assert both() == running
    assert office.tracking.status(who=office.ana, now=after).today == 3600
    office.tracking.stop(who=office.ana, now=after)
    assert both() == running


def test_an_entry_that_ends_at_midnight_does_not_go_on(office: Office) -> None:
    """Only what has a second part does."""
    office.world.entry(
        office.ana,
        office.website,
        office.web12,
        berlin(2026, 11, 19, 22),
        berlin(2026, 11, 20),
    )
    (line,) = office.timesheet.day(who=office.ana, now=NOON, day=DaysAgo(1)).lines
    assert (line.goes_on, line.seconds) == (False, 7200)


def test_gaps_and_overlaps_are_seen(office: Office) -> None:
    """Half an hour without an entry is a gap, two minutes are none; what begins early is marked."""
    begin = berlin(2026, 11, 20, 9)
    for start, end in ((0, 60), (90, 120), (122, 150), (140, 160)):
        spans(office, begin + start * MINUTE, begin + end * MINUTE)
    office.world.length(office.ana, office.website, office.web12, NOON, 600)
    office.start("WEB-9", begin + 165 * MINUTE)
    day = office.timesheet.day(who=office.ana, now=NOON)
    gaps = [row for row in with_gaps(day) if isinstance(row, Gap)]
    assert [(f"{gap.start:%H:%M}", gap.seconds) for gap in gaps] == [
        ("10:00", 1800),
        ("11:40", 300),
    ]
    assert overlapping(day.lines) == {day.lines[3].entry_id}


def test_the_night_the_clocks_go_back_has_an_hour_more(office: Office) -> None:
    """From 01:30 to 03:30 on 25 October are three hours, in status, day and gaps."""
    began = berlin(2026, 10, 25, 1, 30)
    office.start(now=began)
    now = berlin(2026, 10, 25, 3, 30)
    status = office.tracking.status(who=office.ana, now=now)
    assert status.timer is not None
    assert (status.timer.seconds, status.today) == (3 * 3600, 3 * 3600)
    day = office.timesheet.day(who=office.ana, now=now)
    assert [line.seconds for line in day.lines] == [3 * 3600]
    office.tracking.stop(who=office.ana, now=berlin(2026, 10, 25, 1, 40))
    office.start("WEB-9", now)
    day = office.timesheet.day(who=office.ana, now=now)
    assert [row.seconds for row in with_gaps(day) if isinstance(row, Gap)] == [170 * 60]


def test_the_night_the_clocks_go_forward_has_an_hour_less(office: Office) -> None:
    """From 01:30 to 03:30 on 29 March is one hour."""
    office.start(now=berlin(2026, 3, 29, 1, 30))
    status = office.tracking.status(who=office.ana, now=berlin(2026, 3, 29, 3, 30))
    assert status.timer is not None
    assert (status.timer.seconds, status.today) == (3600, 3600)


def test_a_timer_that_hourlink_stopped_says_why(office: Office) -> None:
    """The reason stands with the entry, also days later."""
    entry = office.world.entry(office.ana, office.website, office.web12, NOON - HOUR, NOON)
    office.change(TimeEntryRow, entry, stopped_because=StopReason.PROJECT_ARCHIVED)
    (line,) = office.timesheet.day(who=office.ana, now=NOON).lines
    assert line.because is StopReason.PROJECT_ARCHIVED


def test_a_day_by_name(office: Office) -> None:
    """Yesterday, a date, and no day that has yet to come."""
    spans(office, NOON - timedelta(days=1), NOON - timedelta(days=1) + HOUR)
    named = office.timesheet.day(who=office.ana, now=NOON, day=CalendarDay(11, 19))
    assert (named.date, named.total, named.is_today) == (date(2026, 11, 19), 3600, False)
    with pytest.raises(DayInTheFuture):
        office.timesheet.day(who=office.ana, now=NOON, day=CalendarDay(11, 21, 2026))


def test_the_week_adds_up_by_day_and_by_task(office: Office) -> None:
    """Thursday's length, Friday's timer; Sunday of last week is not in it."""
    for days, seconds in ((1, 3600), (5, 7200)):
        office.world.length(
            office.ana, office.website, office.web12, NOON - timedelta(days=days), seconds
        )
    office.start("WEB-9", NOON - HOUR)
    week = office.timesheet.week(who=office.ana, now=NOON)
    assert week.first == MONDAY
    assert [one.seconds for one in week.days] == [0, 0, 0, 3600, 3600, 0, 0]
    assert {on.key: seconds for on, seconds in week.tasks} == {"WEB-12": 3600, "WEB-9": 3600}
    assert (week.total, week.is_this_week) == (7200, True)
    last = office.timesheet.week(who=office.ana, now=NOON, week=Around(Unit.WEEK, 1))
    assert (last.total, last.is_this_week) == (7200, False)
    assert office.timesheet.week(who=office.ana, now=NOON, week=date(2026, 11, 15)) == last


def test_the_week_begins_where_the_team_says(office: Office) -> None:
    """With weeks from Sunday, last Sunday is this week's first day."""
    office.world.length(
        office.ana, office.website, office.web12, NOON - timedelta(days=5), seconds=7200
    )
    office.choose(TeamSettings(week_start=6))
    week = office.timesheet.week(who=office.ana, now=NOON)
    assert (week.first, week.total) == (date(2026, 11, 15), 7200)


def test_the_last_week_of_a_year(office: Office) -> None:
    """New Year's Day 2027 lies in week 53 of 2026, with the days before it."""
    for day in (date(2026, 12, 31), date(2027, 1, 1)):
        noon = datetime.combine(day, time(12), tzinfo=UTC)
        office.world.length(office.ana, office.website, office.web12, noon, 3600)
    new_year = berlin(2027, 1, 1, 15)
    week = office.timesheet.week(who=office.ana, now=new_year)
    assert (week.first, week.total) == (date(2026, 12, 28), 7200)
    named = Numbered(Unit.WEEK, 53)
    assert office.timesheet.week(who=office.ana, now=new_year, week=named) == week


def test_what_a_day_asks_for(office: Office) -> None:
    """Nothing until hours are chosen; then their length on work days, and nothing on leave."""
    days = office.timesheet.week(who=office.ana, now=NOON).days
    assert [one.expected.is_work_day for one in days] == [True] * 5 + [False] * 2
    assert sum(one.expected.seconds for one in days) == 0
    office.choose(TeamSettings(work=WorkHours(frozenset({0, 1}), time(9), time(17, 30))))
    week = office.timesheet.week(who=office.ana, now=NOON)
    assert [one.expected.seconds for one in week.days] == [30600, 30600, 0, 0, 0, 0, 0]
    own = MemberSettings(
        work=WorkHours(frozenset({4}), time(8), time(12)),
        away=(Absence(MONDAY, MONDAY + timedelta(days=3)),),
    )
    with office.world.uow.begin() as tx:
        members.save_settings(tx, office.world.team_id, office.ana.id, own)
    week = office.timesheet.week(who=office.ana, now=NOON)
    assert week.expected == 4 * 3600
    assert week.days[0].expected == Expected(is_work_day=False, is_away=True)
    assert office.timesheet.day(who=office.ana, now=NOON).expected.seconds == 4 * 3600


def test_a_night_is_asked_for_as_it_is_tracked(office: Office) -> None:
    """Of either day what lies on it: Friday's night goes on into Saturday, which is no day off."""
    office.choose(TeamSettings(work=WorkHours(start=time(22), end=time(6))))
    week = office.timesheet.week(who=office.ana, now=NOON)
    assert [one.expected.seconds // 3600 for one in week.days] == [2, 8, 8, 8, 8, 6, 0]
    assert [one.expected.is_work_day for one in week.days] == [True] * 6 + [False]


def test_a_night_before_leave_is_asked_for_to_its_end(office: Office) -> None:
    """The leave begins with the night that does not."""
    tuesday = MONDAY + timedelta(days=1)
    own = MemberSettings(
        work=WorkHours(start=time(22), end=time(6)),
        away=(Absence(tuesday, tuesday + timedelta(days=1)),),
    )
    with office.world.uow.begin() as tx:
        members.save_settings(tx, office.world.team_id, office.ana.id, own)
    days = office.timesheet.week(who=office.ana, now=NOON).days
    assert [one.expected.seconds // 3600 for one in days] == [2, 6, 0, 2, 8, 6, 0]
    assert [one.expected.is_away for one in days] == [False, False, True, *[False] * 4]


def test_nobody_sees_another_persons_day(office: Office) -> None:
    """Bo's day and week are empty."""
    office.start()
    bo = office.world.member("bo")
    assert office.timesheet.day(who=bo, now=NOON).lines == ()
    assert office.timesheet.week(who=bo, now=NOON).total == 0


def test_a_busy_week_is_as_many_questions_as_a_quiet_one(office: Office) -> None:
    """The database is asked a fixed number of times, from the first entry on."""
    spans(office, NOON - 2 * MINUTE, NOON - MINUTE)

    def looks() -> None:
        office.timesheet.day(who=office.ana, now=NOON)
        office.timesheet.week(who=office.ana, now=NOON)

    few = len(office.statements(looks))
    for number in range(60):
        start = NOON - timedelta(days=number % 5) - number * MINUTE
        spans(office, start, start + MINUTE)
    assert len(office.statements(looks)) == few
    assert few <= 9


_MINUTES = st.integers(0, 12 * 24 * 60)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    begins=st.sampled_from([berlin(2026, 10, 20), berlin(2026, 3, 24), berlin(2026, 12, 27)]),
    tracked=st.lists(st.tuples(_MINUTES, st.integers(1, 600)), max_size=12),
    timer=st.none() | st.integers(1, 40 * 60),
    now=st.integers(0, 12 * 24 * 60 * 60),
)
def test_every_place_tells_the_same_sum(
    sqlite_office: Office,
    begins: datetime,
    tracked: Sequence[tuple[int, int]],
    timer: int | None,
    now: int,
) -> None:
    """Status, day, week and report agree, over midnights and when the clocks change."""
    office, ana = sqlite_office, sqlite_office.ana
    with office.world.uow.begin() as tx:
        tx.execute(delete(table(TimeEntryRow)))
    for minute, length in tracked:
        start = begins + minute * MINUTE
        spans(office, start, start + length * MINUTE)
    moment = begins + timedelta(seconds=now)
    if timer is not None:
        office.world.timer(ana, office.website, office.web9, moment - timer * MINUTE)
    day = office.timesheet.day(who=ana, now=moment)
    week = office.timesheet.week(who=ana, now=moment)
    assert office.tracking.status(who=ana, now=moment).today == day.total
    assert sum(line.seconds for line in day.lines) == day.total
    assert [one.seconds for one in week.days if one.date == day.date] == [day.total]
    assert sum(seconds for _, seconds in week.tasks) == week.total
    for group in (Group.PROJECT, Group.TASK, Group.DAY, Group.LABEL):
        for period, total in ((DaysAgo(0), day.total), (Around(Unit.WEEK, 0), week.total)):
            wish = ReportWish(period, group)
            report = Reports(office.world.uow).wished(who=ana, now=moment, wish=wish)
            assert report.total == sum(row.seconds for row in report.rows) == total
    assert week.total == sum(
        office.timesheet.day(who=ana, now=moment, day=one.date).total for one in week.days
    )


@pytest.fixture
def sqlite_office(sqlite_url: str) -> Iterator[Office]:
    """Give an office on the quick database."""
    made = Office(sqlite_url)
    yield made
    made.world.close()
