"""Periods in words: which days they mean, for people anywhere in the year."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.days import CalendarDay, DaysAgo, Weekday
from bot.domain.period_words import (
    looks_like_period,
    misses_calendar,
    period_words,
    read_period,
)
from bot.domain.periods import (
    Around,
    Between,
    LastFew,
    Numbered,
    Period,
    PeriodWords,
    Unit,
    period_around,
    period_from,
    resolve_period,
)

TODAY = date(2026, 11, 20)
"""A Friday in ISO week 47."""


def span(text: str, today: date = TODAY, week_start: int = 0) -> tuple[str, str]:
    """First and last day that words mean."""
    words = read_period(text)
    assert words is not None, text
    period = resolve_period(words, today, week_start)
    assert period is not None, text
    return period.first.isoformat(), period.last.isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2026-11-20", "2026-11-20"),
        ("Yesterday", "2026-11-19", "2026-11-19"),
        ("wed", "2026-11-18", "2026-11-18"),
        ("2026-11-03", "2026-11-03", "2026-11-03"),
        ("3 nov", "2026-11-03", "2026-11-03"),
        ("24 dec", "2025-12-24", "2025-12-24"),
        ("24 dec 2026", "2026-12-24", "2026-12-24"),
        ("week", "2026-11-16", "2026-11-22"),
        ("this week", "2026-11-16", "2026-11-22"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("previous week", "2026-11-09", "2026-11-15"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("Last Month", "2026-10-01", "2026-10-31"),
        ("quarter", "2026-10-01", "2026-12-31"),
        ("last quarter", "2026-07-01", "2026-09-30"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("11/2026", "2026-11-01", "2026-11-30"),
        ("november", "2026-11-01", "2026-11-30"),
        ("nov 2024", "2024-11-01", "2024-11-30"),
        ("dec", "2025-12-01", "2025-12-31"),
        ("feb 2024", "2024-02-01", "2024-02-29"),
        ("2026-W45", "2026-11-02", "2026-11-08"),
        ("2026w45", "2026-11-02", "2026-11-08"),
        ("w45", "2026-11-02", "2026-11-08"),
        ("week 45", "2026-11-02", "2026-11-08"),
        ("week 45 2025", "2025-11-03", "2025-11-09"),
        ("w50", "2025-12-08", "2025-12-14"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("w53", "2020-12-28", "2021-01-03"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("q3", "2026-07-01", "2026-09-30"),
        ("2025-Q4", "2025-10-01", "2025-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("last 30 days", "2026-10-22", "2026-11-20"),
        ("past 7 days", "2026-11-14", "2026-11-20"),
        ("30d", "2026-10-22", "2026-11-20"),
        ("2 weeks", "2026-11-07", "2026-11-20"),
        ("last 3 months", "2026-08-21", "2026-11-20"),
        ("last 1 year", "2025-11-21", "2026-11-20"),
        ("1-15 nov", "2026-11-01", "2026-11-15"),
        ("1 - 15 nov", "2026-11-01", "2026-11-15"),
        ("nov 1-15", "2026-11-01", "2026-11-15"),
        ("1-15 nov 2024", "2024-11-01", "2024-11-15"),
        ("1.-15.11.", "2026-11-01", "2026-11-15"),
        ("1.-15.11.2024", "2024-11-01", "2024-11-15"),
        ("15-30 dec", "2025-12-15", "2025-12-30"),
        ("1 nov - 15 nov", "2026-11-01", "2026-11-15"),
        ("1 nov to 15 nov", "2026-11-01", "2026-11-15"),
        ("from 1 nov to 15 nov", "2026-11-01", "2026-11-15"),
        ("between 1 nov and 15 nov", "2026-11-01", "2026-11-15"),
        ("2026-11-01..2026-11-15", "2026-11-01", "2026-11-15"),
        ("2026-11-15..2026-11-01", "2026-11-01", "2026-11-15"),
        ("2026-11-01-2026-11-15", "2026-11-01", "2026-11-15"),
        ("2026-09..2026-11", "2026-09-01", "2026-11-30"),
        ("sep to nov", "2026-09-01", "2026-11-30"),
        ("w45..w46", "2026-11-02", "2026-11-15"),
        ("2025-2026", "2025-01-01", "2026-12-31"),
        ("mon to wed", "2026-11-16", "2026-11-18"),
        ("sat to today", "2026-11-14", "2026-11-20"),
        ("20 dec to 10 jan", "2025-12-20", "2026-01-10"),
        ("20 dec..10 jan 2026", "2025-12-20", "2026-01-10"),
        ("nov to feb", "2026-11-01", "2027-02-28"),
        ("since 1 nov", "2026-11-01", "2026-11-20"),
        ("since mon", "2026-11-16", "2026-11-20"),
        ("from 2026-11-01", "2026-11-01", "2026-11-20"),
        ("2026-11-01..", "2026-11-01", "2026-11-20"),
        ("since last month", "2026-10-01", "2026-11-20"),
        ("from yesterday to today", "2026-11-19", "2026-11-20"),
    ],
)
def test_words_for_periods(text: str, first: str, last: str) -> None:
    """Both ends are included; what has no year is the most recent that has begun."""
    assert span(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "last", "this", "website", "by project", "2026-13", "2026-W54", "w0", "q5", "1969"),
        *(
            "31 nov",
            "0 days",
            "9999 days",
            "1-32 nov",
            "from to",
            "..",
            "from",
            "since",
            "to today",
        ),
        *("last header", "last 30", "1", "12", "1-15", "2200", "x" * 500, "last " * 30, "-" * 60),
    ],
)
def test_other_words_name_no_period(text: str) -> None:
    """They may be a project's name, or a slip."""
    assert read_period(text) is None


def test_a_slip_is_told_from_a_name() -> None:
    """A week that no year has was surely no project."""
    for text in ("2026-W54", "w0", "2026-13", "q5", "2026-11-31", "2026-11-01..soon"):
        assert looks_like_period(text), text
    for text in ("website", "last", "acme-web", "web", "q", "w"):
        assert not looks_like_period(text), text


def test_days_that_no_month_has_are_told_from_a_task_in_a_month() -> None:
    """Read word by word, the 31st of November would be task 31 in November."""
    for text in ("31 nov", "Nov 31", "30. feb 2026", "1-31 nov", "since 31 apr", "29 feb 2026"):
        assert misses_calendar(text), text
    for text in ("last 5000 days", "last 0 days", "past 20 years"):
        assert misses_calendar(text), text
    for text in ("30 nov", "45 nov", "29 feb", "1-15 nov", "nov 2026", "last 30 days", "web"):
        assert not misses_calendar(text), text


@pytest.mark.parametrize(
    ("text", "today", "week_start", "first", "last"),
    [
        ("this week", date(2026, 1, 1), 0, "2025-12-29", "2026-01-04"),
        ("last week", date(2026, 1, 1), 0, "2025-12-22", "2025-12-28"),
        ("this week", date(2026, 11, 20), 6, "2026-11-15", "2026-11-21"),
        ("this week", date(2026, 11, 22), 6, "2026-11-22", "2026-11-28"),
        ("last month", date(2026, 1, 31), 0, "2025-12-01", "2025-12-31"),
        ("last quarter", date(2026, 2, 1), 0, "2025-10-01", "2025-12-31"),
        ("w01", date(2025, 12, 30), 0, "2025-12-29", "2026-01-04"),
        ("w53", date(2027, 1, 2), 0, "2026-12-28", "2027-01-03"),
        ("last 1 month", date(2026, 3, 31), 0, "2026-03-01", "2026-03-31"),
        ("29 feb", date(2026, 11, 20), 0, "2024-02-29", "2024-02-29"),
        ("1-5 jan", date(2026, 1, 3), 0, "2026-01-01", "2026-01-05"),
    ],
)
def test_years_end_where_weeks_do_not(
    text: str, today: date, week_start: int, first: str, last: str
) -> None:
    """The first and last days of a year belong to whichever week they lie in."""
    assert span(text, today, week_start) == (first, last)


_DAYS = st.dates(date(1980, 1, 1), date(2190, 12, 31))
_NAMED_DAY = st.one_of(
    st.builds(DaysAgo, st.integers(0, 1)),
    st.builds(Weekday, st.integers(0, 6)),
    st.builds(lambda day: CalendarDay(day.month, day.day, day.year), _DAYS),
    st.builds(lambda day: CalendarDay(day.month, day.day), _DAYS),
)
_ONE = st.one_of(
    _NAMED_DAY,
    st.builds(Around, st.sampled_from([*Unit][1:]), st.integers(0, 1)),
    st.builds(LastFew, st.integers(1, 500), st.sampled_from([Unit.DAY, Unit.WEEK])),
    st.builds(LastFew, st.integers(1, 10), st.sampled_from([Unit.MONTH, Unit.YEAR])),
    st.builds(
        Numbered, st.just(Unit.MONTH), st.integers(1, 12), st.none() | st.integers(1970, 2199)
    ),
    st.builds(
        Numbered, st.just(Unit.WEEK), st.integers(1, 52), st.none() | st.integers(1970, 2199)
    ),
    st.builds(
        Numbered, st.just(Unit.QUARTER), st.integers(1, 4), st.none() | st.integers(1970, 2199)
    ),
    st.builds(Numbered, st.just(Unit.YEAR), st.just(1), st.integers(1970, 2199)),
)
_PERIODS: st.SearchStrategy[PeriodWords] = st.one_of(
    _ONE, st.builds(Between, _ONE, st.none() | _ONE)
)


@given(_PERIODS)
@example(Between(CalendarDay(11, 20), None))
@example(Between(Numbered(Unit.WEEK, 5), Numbered(Unit.MONTH, 5)))
def test_a_period_is_read_back_from_its_own_words(words: PeriodWords) -> None:
    """What a person could have typed means the same again."""
    assert read_period(period_words(words)) == words


@given(_PERIODS, _DAYS, st.integers(0, 6))
def test_every_period_has_days(words: PeriodWords, today: date, week_start: int) -> None:
    """At least one, in order, and a button's value brings back exactly those."""
    period = resolve_period(words, today, week_start)
    if period is None:
        return
    assert period.first < period.after_last
    assert period_from(period.code) == period


@given(_DAYS, st.sampled_from([*Unit]), st.integers(0, 6))
def test_neighbours_touch(day: date, unit: Unit, week_start: int) -> None:
    """The period before ends where this one begins, and going on from it leads back."""
    period = period_around(day, unit, week_start)
    before = period.moved(-1)
    assert before is not None
    assert before.after_last == period.first
    assert before.moved(1) == period
    assert period.first <= day < period.after_last


def test_a_span_moves_by_its_own_length() -> None:
    """The thirty days before the last thirty."""
    span_ = Period(date(2026, 10, 22), date(2026, 11, 21))
    assert span_.moved(-1) == Period(date(2026, 9, 22), date(2026, 10, 22))
    assert Period(date(1970, 1, 1), date(1970, 1, 2), Unit.DAY).moved(-1) is None
    assert Period(date(2199, 1, 1), date(2200, 1, 1), Unit.YEAR).moved(1) is None


@pytest.mark.parametrize(
    "code",
    [
        *("", "x2026-11-01", "m2026-13-01", "d0001-01-01", "s2026-11-01", "s2026-11-01.0", "w1"),
        *("s2026-11-01.99999", "d9999-12-31", "m2026-11-01.3", "d2026-11-01 ", "s2199-12-31.2"),
    ],
)
def test_a_forged_code_is_no_period(code: str) -> None:
    """And breaks nothing."""
    assert period_from(code) is None


PIECES = (
    *("this", "last", "week", "month", "quarter", "year", "days", "weeks", "q4", "nov", "mon"),
    *("2", "30", "2026", "2026-11", "2026-11-20", "20.11.", "to", "since", "today", "-"),
)


@given(st.text(max_size=70) | st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join))
def test_whatever_is_typed_has_days_or_is_no_period(text: str) -> None:
    """Nothing breaks it."""
    words = read_period(text)
    if words is not None:
        found = resolve_period(words, TODAY - timedelta(days=1))
        assert found is None or found.first < found.after_last
