"""Budgets: what fills them, when people are warned, what is read from a form."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money.budgets import (
    Budget,
    Every,
    HoursNotUnderstood,
    Kind,
    Stretch,
    ThresholdsNotUnderstood,
    period_of,
    read_hours,
    read_thresholds,
)

HOURS = Budget(Kind.HOURS, 100 * 3600)


def test_a_threshold_is_reached_to_the_second() -> None:
    """79 h 59 m 59 s of a hundred are not 80 %."""
    assert HOURS.reached(80 * 3600 - 1) == [50]
    assert HOURS.reached(80 * 3600) == [50, 80]
    assert not HOURS.is_used_up(100 * 3600 - 1)
    assert HOURS.is_used_up(100 * 3600)


def test_money_is_compared_before_it_is_rounded() -> None:
    """A budget of 100.00 is not used up by 99.999."""
    budget = Budget(Kind.MONEY, 100_00, currency="EUR")
    assert budget.percent(100_00 * 3600 - 1) == 99
    assert budget.is_used_up(100_00 * 3600)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 40 * 3600)), max_size=40),
    st.sets(st.integers(1, 200), min_size=1, max_size=5),
)
def test_whatever_the_order_of_edits_each_threshold_is_told_once(
    edits: list[tuple[bool, int]], thresholds: set[int]
) -> None:
    """Time is added, taken away and added again: told is what was ever reached, once each."""
    budget = Budget(Kind.HOURS, 100 * 3600, thresholds=tuple(sorted(thresholds)))
    spent, highest, warned = 0, 0, Counter[int]()
    for adds, seconds in edits:
        spent = spent + seconds if adds else max(0, spent - seconds)
        highest = max(highest, spent)
        warned.update(budget.newly_reached(spent, warned))
    assert warned == Counter(budget.reached(highest))


@pytest.mark.parametrize(
    ("every", "day", "first", "after_last"),
    [
        (Every.ONCE, date(2026, 11, 20), date.min, date.max),
        (Every.WEEK, date(2026, 11, 20), date(2026, 11, 16), date(2026, 11, 23)),
        (Every.MONTH, date(2026, 11, 20), date(2026, 11, 1), date(2026, 12, 1)),
        (Every.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_begins_and_ends_with_the_calendar(
    every: Every, day: date, first: date, after_last: date
) -> None:
    """December, too."""
    assert period_of(every, day, 0) == Stretch(first, after_last)


@pytest.mark.parametrize(
    ("text", "hours"), [("120", 120), ("120 h", 120), ("37,5", 37.5), ("0.25 hours", 0.25)]
)
def test_hours_are_read_as_people_write_them(text: str, hours: float) -> None:
    """With a comma or a point."""
    assert read_hours(text) == hours * 3600


@pytest.mark.parametrize("text", ["0", "-3", "ten", "1.234", "9999999", ",5", "1e3"])
def test_what_is_no_number_of_hours_is_refused(text: str) -> None:
    """A budget of nothing as well."""
    with pytest.raises(HoursNotUnderstood):
        read_hours(text)


def test_thresholds_are_read_in_any_order() -> None:
    """Nothing warns nobody; a thousand percent is a slip."""
    assert read_thresholds("100%, 50 80") == (50, 80, 100)
    assert read_thresholds(" ") == ()
    for text in ("half", "0", "1000", "-5", "1 2 3 4 5 6 7 8 9"):
        with pytest.raises(ThresholdsNotUnderstood):
            read_thresholds(text)
