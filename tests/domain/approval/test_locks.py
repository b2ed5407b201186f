"""Which days are locked."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approval.locks import LockReason, locked_by
from bot.domain.preferences import TeamSettings

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
TODAY = date(2026, 11, 20)


@given(DAYS, DAYS)
def test_nothing_is_locked_unless_the_team_chose_so(day: date, today: date) -> None:
    """A team that sets nothing can mend last year's time."""
    assert locked_by(day, today, TeamSettings()) is None


@given(DAYS, st.integers(1, 400))
def test_a_day_locks_once_it_is_older_than_the_period(today: date, period: int) -> None:
    """With 7 days, the 7th day back is still open and the 8th is not."""
    team = TeamSettings(lock_after_days=period)
    assert locked_by(today - timedelta(days=period), today, team) is None
    assert locked_by(today - timedelta(days=period + 1), today, team) is LockReason.AGE


@given(DAYS, DAYS)
def test_a_closed_month_is_locked_to_its_last_day(day: date, closed: date) -> None:
    """The first day after it is open."""
    team = TeamSettings(closed_through=closed)
    assert (locked_by(day, TODAY, team) is LockReason.MONTH) == (day <= closed)


def test_the_closed_month_is_the_reason_that_is_told() -> None:
    """Unlocking by age alone would not help there."""
    team = TeamSettings(lock_after_days=1, closed_through=date(2026, 10, 31))
    assert locked_by(date(2026, 10, 31), TODAY, team) is LockReason.MONTH
    assert locked_by(date(2026, 11, 1), TODAY, team) is LockReason.AGE
