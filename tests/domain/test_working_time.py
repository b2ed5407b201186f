"""Work days on a wall clock, on the nights the clocks change too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.preferences import Absence, MemberSettings, TeamSettings, WorkHours
from bot.domain.working_time import WorkingTime, working_time

BERLIN = ZoneInfo("Europe/Berlin")
NOON = time(12)
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "America/Sao_Paulo"]
).map(ZoneInfo)
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
MORNINGS = st.times(max_value=time(11)).map(lambda one: one.replace(second=0, microsecond=0))
EVENINGS = st.times(min_value=time(12)).map(lambda one: one.replace(second=0, microsecond=0))
HOURS = st.builds(WorkHours, DAYS, MORNINGS, EVENINGS) | st.builds(
    WorkHours, DAYS, EVENINGS, MORNINGS
)
AWAY = st.lists(
    st.builds(
        lambda first, days: Absence(first, first + timedelta(days=days)),
        st.dates(date(2015, 1, 1), date(2029, 12, 31)),
        st.integers(0, 40),
    ),
    max_size=3,
).map(tuple)
MOMENTS = st.datetimes(datetime(2016, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WORK = st.builds(WorkingTime, ZONES, HOURS, AWAY)


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of autumn 2026, in UTC; Berlin is an hour ahead in November."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@given(WORK, MOMENTS)
def test_the_next_end_is_an_end_and_the_first(work: WorkingTime, moment: datetime) -> None:
    """No work day between ends unseen."""
    end = work.next_end(moment)
    assert end is not None
    assert end > moment
    assert not work.holds(end)
    assert work.holds(end - timedelta(seconds=1))


@given(WORK, MOMENTS)
def test_the_next_opening_is_in_work_hours(work: WorkingTime, moment: datetime) -> None:
    """And nothing before it is."""
    opening = work.next_opening(moment)
    assert opening is not None
    assert opening >= moment
    assert work.holds(opening)
    if opening > moment:
        assert not work.holds(moment)
        assert not work.holds(opening - timedelta(seconds=1))


@given(WORK, MOMENTS)
def test_nobody_works_on_leave(work: WorkingTime, moment: datetime) -> None:
    """Nor on days that are no work days; a night is of the day on which it began."""
    local = moment.astimezone(work.zone)
    is_morning_after = work.hours.ends_next_day and local.hour < NOON.hour
    day = local.date() - timedelta(days=is_morning_after)
    if work.holds(moment):
        assert day.weekday() in work.hours.days
        assert not work.is_away(day)


def test_the_end_of_a_day_counts_as_after_it() -> None:
    """Mon-Fri 9-18: at 18:00 nobody works any more, and the next end is tomorrow's."""
    work = WorkingTime(BERLIN)
    assert work.holds(utc(19, 16, 59))
    assert not work.holds(utc(19, 17))
    assert work.next_end(utc(19, 16, 59)) == utc(19, 17)
    assert work.next_end(utc(19, 17)) == utc(20, 17)
    assert work.next_end(utc(20, 17)) == utc(23, 17)


def test_a_night_is_of_the_day_on_which_it_began() -> None:
    """Mon-Fri 22-6: Friday's goes on into Saturday, Sunday's is none."""
    work = WorkingTime(BERLIN, WorkHours(start=time(22), end=time(6)))
    assert work.next_end(utc(19, 20, 50)) == utc(20, 5)
    assert work.holds(utc(20, 2))
    assert not work.holds(utc(20, 5))
    assert work.holds(utc(21, 4, 59))
    assert work.next_opening(utc(21, 2)) == utc(21, 2)
    assert work.next_end(utc(21, 2)) == utc(21, 5)
    assert work.next_opening(utc(21, 5)) == utc(23, 21)
    assert not work.holds(utc(23, 2))


def test_a_night_before_leave_is_worked_to_its_end() -> None:
    """And the last night of the leave not at all."""
    leave = Absence(date(2026, 11, 19), date(2026, 11, 19))
    work = WorkingTime(BERLIN, WorkHours(start=time(22), end=time(6)), (leave,))
    assert work.holds(utc(19, 4))
    assert not work.holds(utc(20, 4))


def test_leave_is_passed_over() -> None:
    """Both its ends included."""
    work = WorkingTime(BERLIN, away=(Absence(date(2026, 11, 20), date(2026, 11, 24)),))
    assert work.next_end(utc(19, 18)) == utc(25, 17)
    assert work.next_opening(utc(19, 18)) == utc(25, 8)


def test_leave_for_years_has_no_next_work_day() -> None:
    """It ends the search instead of the process."""
    work = WorkingTime(BERLIN, away=(Absence(date(2026, 1, 1), date(2036, 1, 1)),))
    assert work.next_end(utc(19, 18)) is None
    assert work.next_opening(utc(19, 18)) is None


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        # Clocks go from 02:00 to 03:00: a start at 02:30 is the moment of the jump.
        (date(2026, 3, 29), (29, 1, 0, 3), (29, 10, 0, 3)),
        # Clocks go from 03:00 back to 02:00: a start at 02:30 is the first of the two.
        (date(2026, 10, 25), (25, 0, 30, 10), (25, 11, 0, 10)),
    ],
)
def test_the_nights_the_clocks_change(
    day: date, start: tuple[int, ...], end: tuple[int, ...]
) -> None:
    """A night shift's work day begins and ends when the wall clock says so."""
    work = WorkingTime(BERLIN, WorkHours(frozenset(range(7)), time(2, 30), time(12)))
    assert work.begins(day) == utc(*start)
    assert work.ends(day) == utc(*end)


def test_an_end_in_the_hour_that_happens_twice_is_the_later_one() -> None:
    """Nobody is sent home an hour early."""
    work = WorkingTime(BERLIN, WorkHours(frozenset(range(7)), time(1), time(2, 30)))
    assert work.ends(date(2026, 10, 25)) == utc(25, 1, 30, 10)


def test_a_night_on_which_the_clocks_change_ends_by_the_clock() -> None:
    """From 22:00 to 02:30, which is skipped in spring and comes twice in autumn."""
    work = WorkingTime(BERLIN, WorkHours(frozenset(range(7)), time(22), time(2, 30)))
    assert work.ends(date(2026, 3, 28)) == utc(29, 1, 0, 3)
    assert work.ends(date(2026, 10, 24)) == utc(25, 1, 30, 10)


def test_a_leap_day_is_a_day_like_others() -> None:
    """Tuesday, 29 February 2028."""
    work = WorkingTime(BERLIN)
    assert work.is_work_day(date(2028, 2, 29))
    assert work.next_end(datetime(2028, 2, 29, 9, tzinfo=UTC)) == datetime(
        2028, 2, 29, 17, tzinfo=UTC
    )


def test_own_hours_go_before_the_teams() -> None:
    """A part-timer's day ends at noon."""
    team = TeamSettings(work=WorkHours(end=time(17)))
    own = MemberSettings(work=WorkHours(end=time(12)))
    assert working_time(BERLIN, MemberSettings(), team).next_end(utc(19, 8)) == utc(19, 16)
    assert working_time(BERLIN, own, team).next_end(utc(19, 8)) == utc(19, 11)
