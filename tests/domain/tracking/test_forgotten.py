"""When somebody is asked about a timer that may be forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import work_date
from bot.domain.ids import MemberId, QuestionId, TeamId, TimeEntryId
from bot.domain.preferences import Absence, WorkHours
from bot.domain.tracking.forgotten import (
    PATIENCE,
    UNDELIVERED,
    Due,
    Habits,
    Question,
    QuestionEvent,
    QuestionState,
    moved,
    since_answer,
    since_start,
)
from bot.domain.working_time import WorkingTime
from tests.domain.test_working_time import MOMENTS, WORK

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_SIX = Habits(WorkingTime(BERLIN))
HOUR = timedelta(hours=1)
HABITS = st.builds(
    Habits,
    WORK,
    st.integers(1, 24).map(lambda hours: timedelta(hours=hours)),
    st.booleans(),
    st.booleans(),
)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 on Berlin's clocks; the 20th is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


@given(HABITS, MOMENTS)
def test_nobody_is_asked_later_than_the_team_says(habits: Habits, started: datetime) -> None:
    """What counts is never more than the number of hours, and never nothing."""
    plan = since_start(started, habits)
    if plan is None:
        assert not habits.reminders
        return
    assert started < plan.due <= started + habits.after
    assert plan.due <= plan.ask_at


@given(HABITS, MOMENTS)
def test_quiet_time_and_leave_are_kept(habits: Habits, started: datetime) -> None:
    """A question comes in work hours or at their end; without quiet time only leave is kept."""
    plan = since_start(started, habits)
    if plan is None:
        return
    work, asked = habits.work, plan.ask_at
    if habits.quiet or asked > plan.due:
        assert work.holds(asked) or work.holds(asked - timedelta(seconds=1))
    else:
        assert work.holds(asked - timedelta(seconds=1)) or not work.is_away(
            work_date(asked, work.zone)
        )


@given(HABITS, MOMENTS)
def test_an_answer_buys_half_an_hour_at_least(habits: Habits, answered: datetime) -> None:
    """And the next question follows within the team's number of hours of due time."""
    plan = since_answer(answered, habits)
    if plan is not None:
        assert answered + timedelta(minutes=30) <= plan.due <= answered + habits.after


@pytest.mark.parametrize(
    ("started", "due", "asked"),
    [
        pytest.param(berlin(19, 9, 40), berlin(19, 18), berlin(19, 18), id="the work day's end"),
        pytest.param(berlin(19, 6), berlin(19, 16), berlin(19, 16), id="ten hours come first"),
        pytest.param(berlin(19, 17, 59), berlin(19, 18), berlin(19, 18), id="started late"),
        pytest.param(berlin(19, 20), berlin(20, 6), berlin(20, 9), id="an evening: next morning"),
        pytest.param(berlin(20, 20), berlin(21, 6), berlin(23, 9), id="Friday night: Monday"),
        pytest.param(berlin(21, 10), berlin(21, 20), berlin(23, 9), id="a Saturday: Monday"),
        pytest.param(berlin(23, 4), berlin(23, 14), berlin(23, 14), id="an early start"),
    ],
)
def test_nine_to_six_in_berlin(started: datetime, due: datetime, asked: datetime) -> None:
    """Asked at the end of the work day or after ten hours, and not outside work hours."""
    assert since_start(started, NINE_TO_SIX) == Due(due, asked)


def test_without_quiet_time_the_night_is_no_reason_to_wait() -> None:
    """Started on Saturday, asked ten hours later."""
    plan = since_start(berlin(21, 10), replace(NINE_TO_SIX, quiet=False))
    assert plan == Due(berlin(21, 20), berlin(21, 20))


def test_leave_waits_also_without_quiet_time() -> None:
    """Started on the evening before a holiday: asked when they are back, at their beginning."""
    away = WorkingTime(BERLIN, away=(Absence(date(2026, 11, 20), date(2026, 11, 25)),))
    plan = since_start(berlin(19, 20), Habits(away, quiet=False))
    assert plan == Due(berlin(20, 6), berlin(26, 9))


def test_who_wants_no_reminders_gets_none() -> None:
    """Neither the first nor the next."""
    habits = replace(NINE_TO_SIX, reminders=False)
    assert since_start(berlin(19, 9), habits) is None
    assert since_answer(berlin(19, 18), habits) is None


def test_who_is_away_for_years_is_not_asked() -> None:
    """There is no work day to ask on."""
    away = WorkingTime(BERLIN, away=(Absence(date(2026, 1, 1), date(2036, 1, 1)),))
    assert since_start(berlin(19, 9), Habits(away)) is None


@pytest.mark.parametrize(
    ("answered", "asked"),
    [
        pytest.param(berlin(19, 18, 10), berlin(19, 20, 10), id="after work: two hours later"),
        pytest.param(berlin(19, 17, 45), berlin(19, 19, 45), id="no second one at 18:00"),
        pytest.param(berlin(19, 13), berlin(19, 18), id="in work hours: at their end"),
        pytest.param(berlin(21, 20), berlin(21, 22), id="on a Saturday"),
    ],
)
def test_still_working(answered: datetime, asked: datetime) -> None:
    """Who works late is asked again soon, so that an evening does not become a night."""
    assert since_answer(answered, NINE_TO_SIX) == Due(asked, asked)


@pytest.mark.parametrize(
    ("started", "due"),
    [
        # 29 March 2026: from 01:00 to 12:00 on the wall clock are ten hours.
        ((2026, 3, 29, 1), (2026, 3, 29, 12)),
        # 25 October 2026: from 01:00 to 10:00 on the wall clock are ten hours.
        ((2026, 10, 25, 1), (2026, 10, 25, 10)),
    ],
)
def test_ten_hours_are_ten_hours_when_clocks_change(
    started: tuple[int, ...], due: tuple[int, ...]
) -> None:
    """What counts is time, not what the clock shows."""
    every_day = WorkHours(frozenset(range(7)), time(0), time(23))
    habits = Habits(WorkingTime(BERLIN, every_day))
    plan = since_start(datetime(*started, tzinfo=BERLIN), habits)  # type: ignore[misc,arg-type]
    assert plan is not None
    assert plan.due == datetime(*due, tzinfo=BERLIN)  # type: ignore[misc,arg-type]


def test_the_end_of_work_is_the_wall_clocks_on_the_day_clocks_change() -> None:
    """18:00 of the 25th of October is an hour later in UTC than the day before."""
    every_day = WorkHours(frozenset(range(7)))
    habits = Habits(WorkingTime(BERLIN, every_day))
    for day, hour in ((24, 16), (25, 17)):
        plan = since_start(datetime(2026, 10, day, 10, tzinfo=BERLIN), habits)
        assert plan is not None
        assert plan.due == datetime(2026, 10, day, hour, tzinfo=UTC)


def test_a_question_waits_an_hour_once_it_is_there() -> None:
    """While Slack cannot be reached nobody's timer is stopped for not answering."""
    asked = berlin(19, 18)
    question = Question(
        QuestionId(1),
        TeamId("T0ACME"),
        MemberId(1),
        TimeEntryId(1),
        QuestionState.ASKED,
        asked_at=asked,
        ends_at=asked,
        is_delivered=True,
        answered_at=None,
        again_at=None,
    )
    assert question.gives_up_at == asked + PATIENCE == asked + HOUR
    assert replace(question, is_delivered=False).gives_up_at == asked + UNDELIVERED


@given(st.sampled_from(QuestionState), st.sampled_from(QuestionEvent))
def test_an_answer_stands(state: QuestionState, event: QuestionEvent) -> None:
    """Only an open question is answered; what was kept running may be snoozed after."""
    after = moved(state, event)
    if state is QuestionState.ASKED:
        assert after is not None
        assert after is not QuestionState.ASKED
    elif event is QuestionEvent.SNOOZE:
        working = {QuestionState.WORKING, QuestionState.SNOOZED}
        assert after is (QuestionState.SNOOZED if state in working else None)
    else:
        assert after is None
