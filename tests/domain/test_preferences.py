"""Settings of teams and members: stored, read back, and never in the way of an upgrade."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.preferences import (
    Absence,
    MemberSettings,
    Overlaps,
    StartPage,
    TeamSettings,
    WorkHours,
    WorkHoursEmpty,
)

HOURS = st.builds(
    WorkHours,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    start=st.times(max_value=time(11, 59)).map(lambda one: one.replace(second=0, microsecond=0)),
    end=st.times(min_value=time(12)).map(lambda one: one.replace(second=0, microsecond=0)),
)
TEAMS = st.builds(
    TeamSettings,
    slack_admins=st.booleans(),
    time_without_task=st.booleans(),
    overlaps=st.sampled_from(Overlaps),
    week_start=st.integers(0, 6),
    work=HOURS,
    forgotten_after=st.integers(1, 24 * 3600).map(lambda one: timedelta(seconds=one)),
    lock_after_days=st.none() | st.integers(1, 400),
    closed_through=st.none() | st.dates(),
    timesheets=st.booleans(),
)
MEMBERS = st.builds(
    MemberSettings,
    reminders=st.booleans(),
    quiet=st.booleans(),
    work=st.none() | HOURS,
    away=st.lists(st.builds(Absence, st.dates(), st.dates()), max_size=3).map(tuple),
    start_page=st.sampled_from(StartPage),
)


@given(TEAMS)
def test_a_teams_choices_survive_being_stored(chosen: TeamSettings) -> None:
    """A choice that cannot be read back would fall back to its default in silence."""
    assert TeamSettings.read(chosen.stored()) == chosen


@given(MEMBERS)
def test_a_members_choices_survive_being_stored(chosen: MemberSettings) -> None:
    """The same for members."""
    assert MemberSettings.read(chosen.stored()) == chosen


def test_only_what_differs_is_stored() -> None:
    """A default that is improved later reaches everybody who did not choose."""
    assert TeamSettings().stored() == {}
    assert TeamSettings(week_start=6).stored() == {"week_start": 6}


@pytest.mark.parametrize(
    "stored",
    [
        {"week_start": 9},
        {"work": {"days": [], "start": "09:00", "end": "18:00"}},
        {"work": "always"},
        {"overlaps": "perhaps"},
        {"forgotten_after": -1},
        {"timesheets": "yes"},
        {"closed_through": "soon"},
        {"of_the_future": 1},
    ],
)
def test_what_cannot_be_read_counts_as_not_chosen(stored: dict[str, object]) -> None:
    """A row written by another version must not stop anybody from tracking."""
    assert TeamSettings.read(stored) == TeamSettings()


def test_a_member_works_the_teams_hours_unless_they_choose() -> None:
    """Part-timers set their own days."""
    team = TeamSettings(work=WorkHours(end=time(17)))
    own = WorkHours(days=frozenset({0, 2}))
    assert MemberSettings().work_hours(team).end == time(17)
    assert MemberSettings(work=own).work_hours(team) == own


def test_an_absence_covers_both_its_ends() -> None:
    """The last day of a holiday is a holiday."""
    away = Absence(date(2026, 12, 24), date(2026, 12, 31))
    assert away.covers(date(2026, 12, 24))
    assert away.covers(date(2026, 12, 31))
    assert not away.covers(date(2027, 1, 1))


def test_a_work_day_must_last() -> None:
    """9 to 9 is refused, not turned into nothing; 18 to 9 is a night."""
    with pytest.raises(WorkHoursEmpty):
        WorkHours(start=time(9), end=time(9))
    night = TeamSettings(work=WorkHours(start=time(18), end=time(9)))
    assert night.work.ends_next_day
    assert TeamSettings.read(night.stored()) == night
