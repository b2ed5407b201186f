"""Clock times in a member's zone, on the nights the clocks change too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clock_times import (
    Ago,
    At,
    ClockLength,
    ClockRange,
    not_too_long_ago,
    read_clock,
    read_range,
    resolve_length,
    resolve_range,
    resolve_when,
)
from bot.domain.days import Day, DaysAgo, Weekday
from bot.domain.input_errors import (
    ClockInTheFuture,
    DurationOutOfRange,
    InTheFuture,
    TimeDoesNotExist,
    TooLongAgo,
)
from bot.domain.wall_clock import readings

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text: str) -> datetime:
    """A moment written with its offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


def span(text: str) -> ClockRange:
    """A range that is one."""
    found = read_range(text)
    assert found is not None
    return found


def written(text: str) -> time:
    """The clock time that these words are."""
    found = read_clock(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        *((text, time(9, 30)) for text in ("09:30", "9:30", "9.30", "0930", "9.30am", "9:30 AM")),
        *((text, time(9)) for text in ("9am", "9 am", "9h", "09h00", "9 a.m.", "0900")),
        *((text, time(17, 30)) for text in ("17:30", "17h30", "5:30pm", "5.30 p.m.", "1730")),
        *((text, time(0)) for text in ("00:00", "0:00", "0000", "12am", "midnight")),
        *((text, time(12)) for text in ("12:00", "12pm", "noon", "Noon")),
        ("23:59", time(23, 59)),
    ],
)
def test_people_write_clock_times_in_many_ways(text: str, clock: time) -> None:
    """People write clock times in many ways."""
    assert read_clock(text) == clock


@pytest.mark.parametrize(
    "text",
    [
        *("", "9", "17", "930", "24:00", "25:00", "9:60", "13pm", "0am", "9:3", "9:300", "-9:30"),
        *("09:30:00", "\u0669:30", "now", "at 9", "9 30", "x" * 9000),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """Anything else is refused."""
    assert read_clock(text) is None


@given(st.times())
def test_every_minute_is_read_back(clock: time) -> None:
    """Every minute is read back."""
    minute = clock.replace(second=0, microsecond=0)
    assert read_clock(f"{minute:%H:%M}") == minute


PIECES = ("9", "09", "30", "24", "60", "17", "930", ":", ".", "h", "am", "pm", "Uhr", "noon", " ")


@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=5).map("".join))
def test_whatever_is_typed_is_a_minute_or_no_time(text: str) -> None:
    """Nothing breaks it, and nobody's timer begins at a second that they did not type."""
    found = read_clock(text)
    assert found is None or (found.second, found.microsecond, found.tzinfo) == (0, 0, None)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("14:00-15:30", "14:00-15:30"),
        ("14:00 - 15:30", "14:00-15:30"),
        ("9am to 5pm", "09:00-17:00"),
        ("22:00-01:00", "22:00-01:00"),
        ("22:00-24:00", "22:00-24:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("1400-1530", "14:00-15:30"),
        ("from 9 am until 5 pm", "09:00-17:00"),
        ("9-11am", "09:00-11:00"),
        ("11-1pm", "11:00-13:00"),
        ("10-2am", "22:00-02:00"),
        ("14-16 Uhr", "14:00-16:00"),
    ],
)
def test_a_range_is_written_back(text: str, written: str) -> None:
    """A range is written back."""
    assert str(span(text)) == written
    assert span(written) == span(text)


def test_a_range_of_no_length_is_refused() -> None:
    """A range of no length is refused."""
    with pytest.raises(DurationOutOfRange):
        read_range("09:00-9am")


@pytest.mark.parametrize(
    ("clock", "now", "moment"),
    [
        ("09:30", "2026-11-22T10:00+01:00", "2026-11-22T09:30+01:00"),
        ("10:00", "2026-11-22T10:00+01:00", "2026-11-22T10:00+01:00"),
        ("00:10", "2026-11-22T23:50+01:00", "2026-11-22T00:10+01:00"),
        ("23:50", "2026-11-22T00:05+01:00", "2026-11-21T23:50+01:00"),
        # The hour from 02:00 happens twice: the one most recently past.
        ("02:30", "2026-10-25T02:40+02:00", "2026-10-25T02:30+02:00"),
        ("02:30", "2026-10-25T02:20+01:00", "2026-10-25T02:30+02:00"),
        ("02:30", "2026-10-25T02:40+01:00", "2026-10-25T02:30+01:00"),
        ("02:30", "2026-10-25T09:00+01:00", "2026-10-25T02:30+01:00"),
    ],
)
def test_at_is_the_last_time_the_clock_showed_it(clock: str, now: str, moment: str) -> None:
    """At is the last time the clock showed it."""
    assert resolve_when(At(written(clock)), utc(now), BERLIN) == utc(moment)


@pytest.mark.parametrize(
    ("clock", "day", "now", "moment"),
    [
        ("17:30", DaysAgo(1), "2026-11-24T18:00+01:00", "2026-11-23T17:30+01:00"),
        ("20:30", Weekday(4), "2026-11-23T09:00+01:00", "2026-11-20T20:30+01:00"),
        ("09:30", DaysAgo(0), "2026-11-24T18:00+01:00", "2026-11-24T09:30+01:00"),
        # Twice on that day: the later one.
        ("02:30", DaysAgo(1), "2026-10-26T09:00+01:00", "2026-10-25T02:30+01:00"),
    ],
)
def test_a_time_of_a_day_is_that_days(clock: str, day: Day, now: str, moment: str) -> None:
    """However long ago that is."""
    assert resolve_when(At(written(clock), day), utc(now), BERLIN) == utc(moment)


def test_a_time_that_a_day_skipped_or_that_is_to_come_is_refused() -> None:
    """Neither is moved in silence."""
    with pytest.raises(TimeDoesNotExist):
        resolve_when(At(time(2, 30), DaysAgo(1)), utc("2026-03-30T09:00+02:00"), BERLIN)
    with pytest.raises(ClockInTheFuture):
        resolve_when(At(time(17), DaysAgo(0)), utc("2026-11-22T13:00+01:00"), BERLIN)


@pytest.mark.parametrize(
    ("since", "now", "moment"),
    [
        # It ran over night and was forgotten: the one time that the clock showed that since.
        ("2026-11-23T09:00", "2026-11-24T09:00", "2026-11-23T17:30"),
        # Twice since then.
        ("2026-11-22T09:00", "2026-11-24T09:00", None),
        # Not since then.
        ("2026-11-23T18:00", "2026-11-24T09:00", None),
        # Soon enough to be meant by mistake.
        ("2026-11-23T09:00", "2026-11-24T17:00", None),
    ],
)
def test_the_end_of_a_timer_may_be_yesterdays(since: str, now: str, moment: str | None) -> None:
    """Where nothing else can be meant."""
    at, begun, asked = At(time(17, 30)), utc(f"{since}+01:00"), utc(f"{now}+01:00")
    if moment is None:
        with pytest.raises(ClockInTheFuture):
            resolve_when(at, asked, BERLIN, since=begun)
    else:
        assert resolve_when(at, asked, BERLIN, since=begun) == utc(f"{moment}+01:00")


def test_a_timer_begins_within_a_day() -> None:
    """What is older is logged."""
    now = utc("2026-11-22T13:00+01:00")
    assert not_too_long_ago(now - timedelta(hours=24), now) == now - timedelta(hours=24)
    with pytest.raises(TooLongAgo):
        not_too_long_ago(now - timedelta(hours=24, seconds=1), now)


def test_a_number_of_minutes_ago_ignores_the_clocks() -> None:
    """A number of minutes ago ignores the clocks."""
    now = utc("2026-03-29T03:10+02:00")
    assert resolve_when(Ago(1800), now, BERLIN) == utc("2026-03-29T01:40+01:00")


def test_a_time_to_come_is_refused_with_both_moments() -> None:
    """A time to come is refused with both moments."""
    now = utc("2026-11-22T13:00+01:00")
    with pytest.raises(InTheFuture) as refused:
        resolve_when(At(time(14)), now, BERLIN)
    assert (refused.value.moment, refused.value.now) == (utc("2026-11-22T14:00+01:00"), now)


@pytest.mark.parametrize(
    ("zone", "day", "missing", "next_valid"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T03:00:00+02:00"),
        ("America/New_York", "2026-03-08", "02:00", "2026-03-08T03:00:00-04:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:30:00+11:00"),
        ("America/Sao_Paulo", "2018-11-04", "00:30", "2018-11-04T01:00:00-02:00"),
        ("Pacific/Apia", "2011-12-30", "12:00", "2011-12-31T00:00:00+14:00"),
    ],
)
def test_a_time_the_clocks_jump_over_names_the_next_one(
    zone: str,
    day: str,
    missing: str,
    next_valid: str,
) -> None:
    """A time the clocks jump over names the next one."""
    with pytest.raises(TimeDoesNotExist) as refused:
        readings(date.fromisoformat(day), written(missing), ZoneInfo(zone))
    assert refused.value.next_valid.isoformat() == next_valid
    assert refused.value.local.isoformat() == f"{day}T{missing}:00"


@pytest.mark.parametrize(
    ("text", "day", "start", "minutes"),
    [
        ("14:00-15:30", "2026-11-20", "2026-11-20T14:00+01:00", 90),
        ("22:00-01:00", "2026-11-20", "2026-11-20T22:00+01:00", 180),
        ("22:00-24:00", "2026-11-20", "2026-11-20T22:00+01:00", 120),
        ("01:00-04:00", "2026-03-29", "2026-03-29T01:00+01:00", 120),
        ("01:00-04:00", "2026-10-25", "2026-10-25T01:00+02:00", 240),
        ("02:30-03:30", "2026-10-25", "2026-10-25T02:30+02:00", 120),
        ("02:30-02:15", "2026-10-25", "2026-10-25T02:30+02:00", 45),
        ("00:00-24:00", "2026-11-20", "2026-11-20T00:00+01:00", 1440),
    ],
)
def test_a_range_becomes_a_span(text: str, day: str, start: str, minutes: int) -> None:
    """A range becomes a span."""
    now = utc("2026-11-22T12:00+01:00")
    first, last = resolve_range(span(text), date.fromisoformat(day), now, BERLIN)
    assert first == utc(start)
    assert (last - first).total_seconds() == minutes * 60


def test_a_range_without_a_day_may_be_last_nights() -> None:
    """A range without a day may be last nights."""
    now = utc("2026-11-22T09:00+01:00")
    night = resolve_range(span("22:00-01:00"), None, now, BERLIN)
    assert night == (utc("2026-11-21T22:00+01:00"), utc("2026-11-22T01:00+01:00"))


@pytest.mark.parametrize(
    ("begun", "minutes", "day", "now", "start"),
    [
        ("14:00", 60, None, "2026-11-22T15:00+01:00", "2026-11-22T14:00+01:00"),
        ("23:30", 20, None, "2026-11-22T00:05+01:00", "2026-11-21T23:30+01:00"),
        ("23:00", 120, None, "2026-11-22T09:00+01:00", "2026-11-21T23:00+01:00"),
        ("14:00", 60, "2026-11-20", "2026-11-22T09:00+01:00", "2026-11-20T14:00+01:00"),
        ("01:30", 60, "2026-03-29", "2026-11-22T09:00+01:00", "2026-03-29T01:30+01:00"),
        ("02:30", 60, "2026-10-25", "2026-11-22T09:00+01:00", "2026-10-25T02:30+02:00"),
    ],
)
def test_a_length_from_a_clock_time_on(
    begun: str, minutes: int, day: str | None, now: str, start: str
) -> None:
    """As long as was said, also over midnight and where the clocks change."""
    length = ClockLength(time.fromisoformat(begun), minutes * 60)
    on = date.fromisoformat(day) if day else None
    first, last = resolve_length(length, on, utc(now), BERLIN)
    assert first == utc(start)
    assert last - first == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("begun", "now"),
    [
        ("14:00", "2026-11-22T14:30+01:00"),
        ("14:00", "2026-11-22T09:00+01:00"),
        ("23:30", "2026-11-22T00:05+01:00"),
    ],
)
def test_a_length_that_is_not_over_is_refused(begun: str, now: str) -> None:
    """An hour at 14:00 cannot be logged at half past two, nor in the morning for yesterday."""
    with pytest.raises(InTheFuture):
        resolve_length(ClockLength(time.fromisoformat(begun), 3600), None, utc(now), BERLIN)


def test_a_length_cannot_begin_in_the_jump() -> None:
    """02:30 is not there when the clocks go forward."""
    with pytest.raises(TimeDoesNotExist):
        resolve_length(
            ClockLength(time(2, 30), 60), date(2026, 3, 29), utc("2026-11-22T09:00"), BERLIN
        )


@pytest.mark.parametrize("text", ["08:00-10:00", "10:00-11:00"])
def test_a_range_that_ends_ahead_is_refused(text: str) -> None:
    """A range that ends ahead is refused."""
    with pytest.raises(InTheFuture):
        resolve_range(span(text), None, utc("2026-11-22T09:00+01:00"), BERLIN)


def test_a_whole_day_of_25_hours_is_too_long() -> None:
    """A whole day of 25 hours is too long."""
    with pytest.raises(DurationOutOfRange):
        resolve_range(span("0:00-24:00"), date(2026, 10, 25), utc("2026-11-22T09:00"), BERLIN)


def test_a_range_ending_in_the_jump_is_refused() -> None:
    """A range ending in the jump is refused."""
    with pytest.raises(TimeDoesNotExist):
        resolve_range(span("1:00-2:30"), date(2026, 3, 29), utc("2026-11-22T09:00"), BERLIN)
