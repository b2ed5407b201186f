"""Lengths of time: what people type, what they read, and back."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import LONGEST, compact_duration, format_duration, parse_duration
from bot.domain.input_errors import BadInput, DurationNotUnderstood, DurationOutOfRange

M, H = 60, 3600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *((text, 90 * M) for text in ("90m", "1h30m", "1h30", "1h 30", "1h 30m", "1 h 30 m")),
        *((text, 90 * M) for text in ("1:30", "01:30", "1.5h", "1,5h", "1.50 h", "1h,30m")),
        *((text, 90 * M) for text in ("1 hour 30 minutes", "1 hour and 30 minutes", "1hr30min")),
        *((text, 90 * M) for text in ("90 min", "90mins", " 90M ", "1H30M", "1 Hour, 30 Minutes")),
        *((text, 2 * H) for text in ("2h", "2 hours", "2hrs", "2.0h", "2:00", "120m", "1h60m")),
        *((text, 45 * M) for text in ("45min", "45 minutes", "0:45", ".75h", "0,75h", "0h45")),
        *(
            (text, 30 * M)
            for text in ("\u00bdh", "0\u00bd h", "\u00bd Std.", "0,5 heure", "30 Min.")
        ),
        *((text, 65 * M) for text in ("1h5", "1h05", "1h 05", "1:05", "1h5m")),
        *((text, 1) for text in ("1s", "1 second", "1sec")),
        ("1h1m1s", H + M + 1),
        ("1h30s", H + 30),
        ("1.5m", 90),
        ("0.333333333h", 1200),
        *((text, 60 * M) for text in ("an hour", "One hour", "eine Stunde", "une heure")),
        *((text, 30 * M) for text in ("half an hour", "half-an-hour", "a half hour")),
        *((text, 30 * M) for text in ("eine halbe Stunde", "une demi-heure")),
        *((text, 15 * M) for text in ("a quarter of an hour", "Viertelstunde")),
        *((text, 90 * M) for text in ("an hour and a half", "anderthalb Stunden")),
        ("24h", LONGEST),
        ("24:00", LONGEST),
        ("1440m", LONGEST),
    ],
)
def test_people_write_lengths_in_many_ways(text: str, seconds: int) -> None:
    """People write lengths in many ways."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "90", "h", "m", "1:60", "1:5", "1:", ":30", "1.h", "1.5.5h", "1.5h30m", "1h 5"),
        *(
            "1d",
            "two hours",
            "hour",
            "half",
            "1h30m x",
            "x 1h",
            "m90",
            "30m1h",
            "1h1h",
            "--15m",
            "1h-30m",
            "9" * 12,
        ),
        *("\u0661h", "1\u2153h", "1h30m\u200b", "NaNh", "1e3m", "infinity", "0x10m", "1_0m"),
        "9" * 5000 + "h",
    ],
)
def test_anything_else_is_refused_with_its_text(text: str) -> None:
    """Anything else is refused with its text."""
    with pytest.raises(DurationNotUnderstood) as refused:
        parse_duration(text)
    assert refused.value.text == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0m", 0), ("0h", 0), ("0:00", 0), ("-15m", -900), ("24h1s", 86_401), ("25h", 25 * H)],
)
def test_zero_negative_and_over_a_day_are_out_of_range(text: str, seconds: int) -> None:
    """Zero negative and over a day are out of range."""
    with pytest.raises(DurationOutOfRange) as refused:
        parse_duration(text)
    assert (refused.value.seconds, refused.value.limit) == (seconds, LONGEST)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *((0, "0 m"), (59, "0 m"), (60, "1 m"), (40 * M, "40 m"), (59 * M + 59, "59 m")),
        *((H, "1 h"), (8100, "2 h 15 m"), (24 * H, "24 h"), (340 * H, "340 h"), (-900, "-15 m")),
        (-59, "0 m"),
    ],
)
def test_lengths_read_as_hours_and_minutes(seconds: int, text: str) -> None:
    """Lengths read as hours and minutes."""
    assert format_duration(seconds) == text


@given(st.integers(1, LONGEST))
def test_a_compact_length_is_read_back_exactly(seconds: int) -> None:
    """A compact length is read back exactly."""
    assert parse_duration(compact_duration(seconds)) == seconds


@given(st.integers(1, 24 * 60))
def test_a_length_shown_can_be_typed(minutes: int) -> None:
    """A length shown can be typed."""
    assert parse_duration(format_duration(minutes * M)) == minutes * M


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    """No text breaks it."""
    with contextlib.suppress(BadInput):
        assert 0 < parse_duration(text) <= LONGEST
