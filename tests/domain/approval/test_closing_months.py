"""Which months may be closed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approval.closing_months import (
    OFFERED,
    last_of_month,
    month_before,
    newest_over,
    offered_months,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_a_month_ends_before_the_next_begins(day: date) -> None:
    """Also February of a leap year."""
    last = last_of_month(day)
    assert last >= day
    assert last.month == day.month
    assert date.fromordinal(last.toordinal() + 1).day == 1
    assert last_of_month(month_before(day)) == month_before(day)


def test_february() -> None:
    """28 days, and 29 in 2028."""
    assert last_of_month(date(2026, 2, 3)) == date(2026, 2, 28)
    assert last_of_month(date(2028, 2, 3)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("zones", "newest"),
    [
        (["Asia/Tokyo"], date(2026, 10, 31)),
        (["Asia/Tokyo", "Europe/Berlin"], date(2026, 9, 30)),
        ([], date(2026, 9, 30)),
    ],
)
def test_a_month_is_over_when_it_is_over_for_everybody(zones: list[str], newest: date) -> None:
    """On 31 October at 20:00 UTC it is November in Tokyo, and not yet in Berlin."""
    now = datetime(2026, 10, 31, 20, tzinfo=UTC)
    assert newest_over(map(ZoneInfo, zones), now) == newest


@given(DAYS, st.none() | DAYS)
def test_what_is_closed_is_always_among_the_choices(newest: date, closed: date | None) -> None:
    """However long ago that was, so that the form can show it."""
    last = last_of_month(newest)
    through = None if closed is None else last_of_month(closed)
    offered = offered_months(last, through)
    assert last in offered
    assert through is None or through in offered
    assert list(offered) == sorted(set(offered), reverse=True)
    assert OFFERED <= len(offered) <= OFFERED + 1
