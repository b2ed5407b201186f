"""A span split at the member's midnights."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.days import day_bounds
from bot.domain.tracking.spans import share_time, split_at_midnights

ZONES = [
    ZoneInfo(name)
    for name in (
        *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"),
        *("America/Sao_Paulo", "America/St_Johns", "Pacific/Apia"),
    )
]


def utc(text: str) -> datetime:
    """A moment written with its offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


@given(
    st.datetimes(datetime(1975, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.sampled_from(ZONES),
)
def test_parts_touch_add_up_and_lie_in_one_day(
    start: datetime,
    length: timedelta,
    zone: ZoneInfo,
) -> None:
    """Parts touch add up and lie in one day."""
    parts = split_at_midnights(start, start + length, zone)
    assert (parts[0].start, parts[-1].end) == (start, start + length)
    assert all(one.end == two.start for one, two in pairwise(parts))
    assert sum(part.seconds for part in parts) == length // timedelta(seconds=1)
    for part in parts:
        first, after = day_bounds(part.work_date, zone)
        assert first <= part.start <= part.end <= after
    assert len({part.work_date for part in parts}) == len(parts)


def test_a_night_shift_when_the_clocks_are_set_back() -> None:
    """A night shift when the clocks are set back."""
    zone = ZoneInfo("Europe/Berlin")
    start, end = utc("2026-10-24T22:00+02:00"), utc("2026-10-25T06:00+01:00")
    parts = split_at_midnights(start, end, zone)
    assert [(part.work_date, part.seconds) for part in parts] == [
        (date(2026, 10, 24), 2 * 3600),
        (date(2026, 10, 25), 7 * 3600),
    ]


def test_a_midnight_that_is_jumped_over_still_splits() -> None:
    """A midnight that is jumped over still splits."""
    zone = ZoneInfo("America/Sao_Paulo")
    start, end = utc("2018-11-03T23:00-03:00"), utc("2018-11-04T02:00-02:00")
    parts = split_at_midnights(start, end, zone)
    assert [(part.work_date.day, part.seconds) for part in parts] == [(3, 3600), (4, 3600)]


def test_a_span_of_no_length_is_one_part() -> None:
    """A span of no length is one part."""
    now = utc("2026-11-22T00:00+01:00")
    (part,) = split_at_midnights(now, now, ZoneInfo("Europe/Berlin"))
    assert (part.work_date, part.seconds) == (date(2026, 11, 22), 0)


def test_a_span_cannot_run_backwards() -> None:
    """A span cannot run backwards."""
    now = utc("2026-11-22T00:00+01:00")
    with pytest.raises(ValueError, match="before it starts"):
        split_at_midnights(now, now - timedelta(seconds=1), ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        (("09:00:00", "10:00:00"), ("10:00:00", "11:00:00"), False),
        (("09:00:10", "10:00:30"), ("10:00:00", "11:00:00"), False),
        (("09:00:10", "10:01:00"), ("10:00:00", "11:00:00"), True),
        (("09:00:00", "10:00:59"), ("10:00:10", None), False),
        (("09:00:00", None), ("10:00:10", None), True),
        (("10:00:20", None), ("09:00:00", "10:00:59"), False),
        (("10:30:10", "10:30:40"), ("10:00:00", "11:00:00"), False),
        (("10:30:59", "10:31:01"), ("10:00:00", "11:00:00"), True),
        (("10:30:10", "10:30:11"), ("10:00:00", None), False),
        (("10:00:10", "10:00:40"), ("10:00:00", "11:00:00"), False),
        (("10:00:10", "10:00:40"), ("10:00:20", "10:00:30"), False),
    ],
)
def test_spans_share_time_by_the_minute(
    first: tuple[str, str | None], second: tuple[str, str | None], *, share: bool
) -> None:
    """What people see as touching touches, whichever way one asks."""

    def moment(clock: str | None) -> datetime | None:
        return None if clock is None else utc(f"2026-11-20T{clock}+01:00")

    (start, end), (other_start, other_end) = (
        (moment(one[0]), moment(one[1])) for one in (first, second)
    )
    assert start is not None
    assert other_start is not None
    assert share_time(start, end, other_start, other_end) is share
    assert share_time(other_start, other_end, start, end) is share


def test_the_hour_that_happens_twice_is_two() -> None:
    """02:30 before and after the clocks go back are an hour apart."""
    first, second = utc("2026-10-25T02:30+02:00"), utc("2026-10-25T02:30+01:00")
    half = timedelta(minutes=30)
    berlin = ZoneInfo("Europe/Berlin")
    local = [one.astimezone(berlin) for one in (first, first + half, second, second + half)]
    assert not share_time(*local)
