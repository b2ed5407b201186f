"""Lengths by day, and other people's words, as messages tell them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import parse_duration
from bot.views.times import day_parts, isolated, length

MONDAY = date(2026, 11, 23)


def told(*seconds: int) -> list[str]:
    """What each day is said to have."""
    days = [(MONDAY + timedelta(days=at), one) for at, one in enumerate(seconds)]
    return [part.split(" Nov ")[1] for part in day_parts(days).split(", ")]


def test_the_parts_of_a_night_add_up() -> None:
    """*40 m (Mon 9 m, Tue 30 m)* makes everybody count again; Monday lost most by rounding."""
    assert told(9 * 60 + 40, 30 * 60 + 30) == ["10 m", "30 m"]
    assert told(30 * 60, 25) == ["30 m", "25 s"]
    assert told(2 * 3600, 45 * 60) == ["2 h", "45 m"]


@given(st.lists(st.integers(60, 20_000), min_size=1, max_size=6))
def test_parts_of_whole_minutes_add_up_to_the_whole(seconds: list[int]) -> None:
    """Whatever was tracked on each day, and none is a minute off."""
    shown = [parse_duration(one) for one in told(*seconds)]
    assert sum(shown) == parse_duration(length(sum(seconds)))
    assert all(abs(one - real) < 60 for one, real in zip(shown, seconds, strict=True))


def test_no_invisible_letter_turns_the_rest_of_a_line() -> None:
    """Neither alone nor where it ends what keeps words from right to left apart."""
    assert isolated("gnp.\u202etxt") == "gnp.txt"
    assert isolated("\u05e9\u05dc\u2069\u202e 12") == "\u2068\u05e9\u05dc 12\u2069"
    family = "\U0001f468\u200d\U0001f469"
    assert isolated(family) == family
