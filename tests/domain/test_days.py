"""Day words and local days, on the nights the clocks change too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import (
    WEEKDAYS,
    CalendarDay,
    Day,
    DaysAgo,
    Weekday,
    day_bounds,
    day_words,
    read_day,
    resolve_day,
    resolve_worked,
    week_bounds,
    work_date,
)
from bot.domain.input_errors import DayInTheFuture, DayNotUnderstood

SUNDAY = date(2026, 11, 22)
ZONES = [
    ZoneInfo(name)
    for name in (
        *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"),
        *("America/Sao_Paulo", "America/St_Johns", "America/Havana", "Pacific/Apia"),
    )
]


def named(text: str) -> Day:
    """The day that these words name."""
    found = read_day(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", SUNDAY),
        ("Yesterday", date(2026, 11, 21)),
        *((name, SUNDAY - timedelta(days=6 - at)) for at, name in enumerate(WEEKDAYS)),
        *((name[:3].upper(), SUNDAY - timedelta(days=6 - at)) for at, name in enumerate(WEEKDAYS)),
        *((text, date(2026, 11, 20)) for text in ("2026-11-20", "20.11.", "20.11.2026", "20/11")),
        *((text, date(2026, 11, 20)) for text in ("20/11/2026", "20-11-2026", "2026/11/20")),
        *((text, date(2026, 11, 20)) for text in ("nov 20", "20 nov", "20 Nov 2026", "20.11.26")),
        *((text, date(2026, 11, 20)) for text in ("November 20th", "20. nov", "nov 20, 2026")),
        ("03/04", date(2026, 4, 3)),
        ("23.11.", date(2025, 11, 23)),
        ("22 nov", SUNDAY),
        ("29 feb", date(2024, 2, 29)),
        ("29.02.2024", date(2024, 2, 29)),
        ("3 days ago", date(2026, 11, 19)),
        ("a week ago", date(2026, 11, 15)),
        ("last sunday", date(2026, 11, 15)),
        ("last sat", date(2026, 11, 21)),
        ("Fri 20 Nov", date(2026, 11, 20)),
    ],
)
def test_a_day_without_a_year_is_the_most_recent_one(text: str, day: date) -> None:
    """A day without a year is the most recent one."""
    assert resolve_day(named(text), SUNDAY) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", "next week", "11/20", "31.04.", "30 feb", "29.02.2026", "2026-13-01", "2026-00-01"),
        *("00/01", "0 nov", "nov", "nov 2026", "20", "20.11", "20/11-2026", "1969-12-31", "m"),
        *("0 days ago", "367 days ago", "last 20 nov", "last", "fri20 nov", "mon tue"),
        *("2200-01-01", "\u0662\u0660.11.", "sundays", "20.11.026", "x" * 9000),
    ],
)
def test_what_no_calendar_has_is_refused(text: str) -> None:
    """What no calendar has is refused."""
    assert read_day(text) is None


def test_a_date_with_another_weekday_is_refused() -> None:
    """One of the two is a slip; which, only the person knows."""
    with pytest.raises(DayNotUnderstood) as refused:
        resolve_day(named("thu 20 nov"), SUNDAY)
    assert refused.value.text == "thu 20.11."


def test_a_date_to_come_is_refused_with_both_days() -> None:
    """A date to come is refused with both days."""
    with pytest.raises(DayInTheFuture) as refused:
        resolve_day(CalendarDay(11, 23, 2026), SUNDAY)
    assert (refused.value.day, refused.value.today) == (date(2026, 11, 23), SUNDAY)


@pytest.mark.parametrize(
    ("text", "day"), [("tomorrow", 23), ("next mon", 23), ("next sat", 28), ("next sun", 29)]
)
def test_a_day_to_come_is_refused_and_no_word_of_a_note(text: str, day: int) -> None:
    """As a note, the time would be left on today without a word."""
    coming = named(text)
    with pytest.raises(DayInTheFuture) as refused:
        resolve_day(coming, SUNDAY)
    assert refused.value.day == date(2026, 11, day)
    assert day_words(coming) == text


@pytest.mark.parametrize(
    ("text", "today", "meant"),
    [
        ("30 nov", date(2026, 11, 27), None),
        ("3 jan", date(2026, 12, 20), None),
        ("27 nov", date(2026, 11, 27), date(2026, 11, 27)),
        ("26 nov", date(2026, 11, 27), date(2026, 11, 26)),
        ("20 dec", date(2027, 1, 8), date(2026, 12, 20)),
        ("29 dec", date(2026, 11, 27), date(2025, 12, 29)),
        ("29 feb", date(2027, 2, 20), date(2024, 2, 29)),
        ("yesterday", date(2026, 11, 27), date(2026, 11, 26)),
    ],
)
def test_time_of_a_date_soon_to_come_is_not_last_years(
    text: str, today: date, meant: date | None
) -> None:
    """Three days too early is a slip; nobody logs what they did 362 days ago without a year."""
    if meant is None:
        with pytest.raises(DayInTheFuture):
            resolve_worked(named(text), today)
    else:
        assert resolve_worked(named(text), today) == meant


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)), st.dates(date(1980, 1, 1)))
def test_every_date_is_read_back_and_never_lies_ahead(day: date, today: date) -> None:
    """Every date is read back and never lies ahead."""
    with_year = CalendarDay(day.month, day.day, day.year)
    days: tuple[Day, ...] = (with_year, CalendarDay(day.month, day.day), DaysAgo(0), DaysAgo(1))
    weekdays = (Weekday(number, before_today=last) for number in range(7) for last in (False, True))
    for value in (*days, DaysAgo(2), DaysAgo(366), *weekdays):
        assert read_day(day_words(value)) == value
        if value != with_year:
            assert resolve_day(value, today) <= today


PIECES = (
    *("today", "mon", "fri", "nov", "last", "next", "days", "ago", "tomorrow"),
    *("0", "3", "20", "11", "31", "2026", "20.11.", "2026-11-20", "20/11", "29.02."),
)


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join))
def test_whatever_is_typed_is_a_day_that_has_words_or_none(text: str) -> None:
    """Nothing breaks it; what it understands it can say back, and means the same by that."""
    found = read_day(text)
    assert found is None or read_day(day_words(found)) == found


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Europe/Berlin", "2024-02-29", 24),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Asia/Kolkata", "2026-03-29", 24),
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("America/Sao_Paulo", "2018-02-17", 25),
        ("America/Havana", "2025-11-02", 25),
        ("America/St_Johns", "2009-10-31", 24 + 59 / 60 + 1 / 60),
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_local_day_has_the_hours_its_clocks_give_it(zone: str, day: str, hours: float) -> None:
    """A local day has the hours its clocks give it."""
    start, end = day_bounds(date.fromisoformat(day), ZoneInfo(zone))
    assert (end - start).total_seconds() / 3600 == pytest.approx(hours)


def test_a_day_starts_at_one_where_the_clocks_jump_over_midnight() -> None:
    """A day starts at one where the clocks jump over midnight."""
    zone = ZoneInfo("America/Sao_Paulo")
    start, _ = day_bounds(date(2018, 11, 4), zone)
    assert start.astimezone(zone).isoformat() == "2018-11-04T01:00:00-02:00"


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_every_moment_lies_in_its_own_day(moment: datetime, zone: ZoneInfo) -> None:
    """Every moment lies in its own day."""
    day = work_date(moment, zone)
    start, end = day_bounds(day, zone)
    assert start <= moment < end
    assert abs(day - moment.astimezone(zone).date()) <= timedelta(days=1)


@given(st.dates(date(1971, 1, 1), date(2037, 1, 1)), st.integers(0, 6))
def test_a_week_holds_its_day_and_begins_as_asked(day: date, week_start: int) -> None:
    """A week holds its day and begins as asked."""
    first, after = week_bounds(day, week_start)
    assert first <= day < after
    assert first.weekday() == week_start
    assert after - first == timedelta(days=7)
