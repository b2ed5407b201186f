"""When scheduled reports are sent, on the nights the clocks change too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reports.schedules import LAST_DAY, Beat, Rhythm, next_run

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = Rhythm(Beat.WEEK, 0, time(9))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"])
RHYTHMS = st.one_of(
    st.builds(Rhythm, st.just(Beat.DAY), st.just(0), st.times()),
    st.builds(Rhythm, st.just(Beat.WEEK), st.integers(0, 6), st.times()),
    st.builds(Rhythm, st.just(Beat.MONTH), st.integers(1, 31), st.times()),
)


def at(text: str) -> datetime:
    """A moment on Berlin's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("rhythm", "after", "comes"),
    [
        (MONDAY, "2026-11-20 12:00", "2026-11-23 09:00"),
        (MONDAY, "2026-11-23 08:59", "2026-11-23 09:00"),
        (MONDAY, "2026-11-23 09:00", "2026-11-30 09:00"),
        (Rhythm(Beat.DAY, 0, time(17, 30)), "2026-11-20 12:00", "2026-11-20 17:30"),
        (Rhythm(Beat.MONTH, 1, time(9)), "2026-12-01 10:00", "2027-01-01 09:00"),
        (Rhythm(Beat.MONTH, LAST_DAY, time(9)), "2027-02-01 10:00", "2027-02-28 09:00"),
        (Rhythm(Beat.MONTH, 30, time(9)), "2027-02-28 10:00", "2027-03-30 09:00"),
        # The clocks jump from 02:00 to 03:00: the first moment behind the jump.
        (Rhythm(Beat.DAY, 0, time(2, 30)), "2026-03-28 12:00", "2026-03-29 03:00"),
    ],
)
def test_the_next_time(rhythm: Rhythm, after: str, comes: str) -> None:
    """On the wall clock, whatever its distance from UTC is on that day."""
    assert next_run(rhythm, BERLIN, at(after)) == at(comes)


def test_an_hour_that_happens_twice_sends_once() -> None:
    """At 02:30 before the clocks go back; the second 02:30 sends nothing."""
    daily = Rhythm(Beat.DAY, 0, time(2, 30))
    first = next_run(daily, BERLIN, at("2026-10-24 12:00"))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_run(daily, BERLIN, first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@given(rhythm=RHYTHMS, zone=ZONES, after=st.integers(600_000_000, 2_200_000_000))
def test_it_always_goes_on(rhythm: Rhythm, zone: str, after: int) -> None:
    """Later, not much later than the rhythm says, and never the same moment again."""
    moment = datetime.fromtimestamp(after, UTC)
    longest = {Beat.DAY: 3, Beat.WEEK: 9, Beat.MONTH: 33}[rhythm.beat]
    for _ in range(3):
        following = next_run(rhythm, ZoneInfo(zone), moment)
        assert timedelta(0) < following - moment <= timedelta(days=longest)
        moment = following
