"""Stretches of locked time that are opened."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approval.unlocks import (
    MOST_DAYS,
    DaysUnusual,
    Stretch,
    UnlockEvent,
    UnlockState,
    checked,
    moved,
)
from bot.domain.entries.entries import Entry
from bot.domain.ids import MemberId, ProjectId, TeamId, TimeEntryId

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
STRETCHES = st.builds(
    lambda member, project, first, days: Stretch(
        MemberId(member),
        None if project is None else ProjectId(project),
        first,
        first + timedelta(days=days),
    ),
    st.integers(1, 2),
    st.none() | st.integers(1, 2),
    DAYS,
    st.integers(0, 60),
)
ENTRIES = st.builds(
    lambda member, project, day: Entry(
        TimeEntryId(1),
        TeamId("T"),
        MemberId(member),
        ProjectId(project),
        None,
        None,
        None,
        60,
        day,
        "",
    ),
    st.integers(1, 2),
    st.integers(1, 2),
    DAYS,
)


@given(STRETCHES, STRETCHES, ENTRIES)
def test_what_lies_within_covers_nothing_more(inner: Stretch, outer: Stretch, entry: Entry) -> None:
    """A wish that lies within another one asks for nothing new."""
    if inner.within(outer) and inner.covers(entry):
        assert outer.covers(entry)
    assert inner.within(inner)


@given(STRETCHES, ENTRIES)
def test_only_the_persons_own_days_are_opened(stretch: Stretch, entry: Entry) -> None:
    """Nobody else's time, no other day, no other project."""
    if stretch.covers(entry):
        assert entry.member_id == stretch.member_id
        assert stretch.first <= entry.work_date <= stretch.last
        assert stretch.project_id in {None, entry.project_id}


@pytest.mark.parametrize("days", [0, -3, MOST_DAYS + 1])
def test_days_that_are_no_stretch(days: int) -> None:
    """Backwards, or more than a year."""
    first = date(2026, 11, 20)
    stretch = Stretch(MemberId(1), None, first, first + timedelta(days=days - 1))
    with pytest.raises(DaysUnusual):
        checked(stretch)


@given(st.sampled_from(UnlockState), st.sampled_from(UnlockEvent))
def test_a_wish_is_answered_once(state: UnlockState, event: UnlockEvent) -> None:
    """Only an open wish is granted or refused, and only what is granted is locked again."""
    after = moved(state, event)
    if event is UnlockEvent.END:
        assert (after is UnlockState.ENDED) == (state is UnlockState.GRANTED)
    else:
        assert (after is not None) == (state is UnlockState.ASKED)
