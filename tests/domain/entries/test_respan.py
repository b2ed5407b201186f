"""From when to when an edited entry lasts, on its owner's wall clock."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.entries.editing import Edit
from bot.domain.entries.respan import EndsBeforeStart, Span, length, span, timer_start
from bot.domain.input_errors import (
    DayInTheFuture,
    DurationOutOfRange,
    InTheFuture,
    TimeDoesNotExist,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
"""13:00 on Friday in Berlin."""
FRIDAY = date(2026, 11, 20)
WEDNESDAY = date(2026, 11, 18)
NINE_TO_TEN = Span(NOW.replace(hour=8, second=23), NOW.replace(hour=9, second=40))


def asked(changes: dict[str, Any], kept: Span = NINE_TO_TEN) -> str:
    """What an edit makes of 9:00:23-10:00:40, by the clock in Berlin."""
    fields: dict[str, Any] = {"note": "", "day": FRIDAY} | changes
    found = span(Edit(**fields), kept, NOW, BERLIN)
    first, last = found.start.astimezone(BERLIN), found.end.astimezone(BERLIN)
    return f"{first:%d %H:%M:%S} - {last:%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "20 09:00:23 - 20 10:00:40"),
        ({"start": time(9), "end": time(10)}, "20 09:00:23 - 20 10:00:40"),
        ({"start": time(8, 30), "end": time(10)}, "20 08:30:00 - 20 10:00:40"),
        ({"start": time(9), "end": time(11)}, "20 09:00:23 - 20 11:00:00"),
        ({"seconds": 5400}, "20 09:00:23 - 20 10:30:23"),
        ({"start": time(8), "end": time(10), "seconds": 600}, "20 08:00:00 - 20 08:10:00"),
        ({"day": WEDNESDAY}, "18 09:00:23 - 18 10:00:40"),
        (
            {"day": date(2026, 11, 18), "start": time(22), "end": time(1)},
            "18 22:00:00 - 19 01:00:00",
        ),
        (
            {"day": date(2026, 11, 18), "start": time(0), "end": time(0)},
            "18 00:00:00 - 19 00:00:00",
        ),
        ({"end": time(12), "end_day": FRIDAY}, "20 09:00:23 - 20 12:00:00"),
    ],
)
def test_what_is_left_alone_stays(changes: dict[str, Any], expected: str) -> None:
    """To the second; what is typed is to the minute."""
    assert asked(changes) == expected


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"end": time(14)}, InTheFuture),
        ({"end": time(8)}, InTheFuture),
        ({"seconds": 5 * 3600}, InTheFuture),
        ({"day": date(2026, 11, 21)}, InTheFuture),
        ({"start": time(9, 30), "end": time(9, 30)}, DurationOutOfRange),
        ({"end": time(10), "end_day": date(2026, 11, 23)}, DurationOutOfRange),
        ({"end": time(8), "end_day": FRIDAY}, EndsBeforeStart),
        ({"end": time(23), "end_day": date(2026, 11, 19)}, EndsBeforeStart),
    ],
)
def test_impossible_spans(changes: dict[str, Any], refused: type[Exception]) -> None:
    """To come, nothing at all, too long, or backwards."""
    with pytest.raises(refused):
        asked(changes)


def test_less_than_a_minute_can_be_noted_and_moved() -> None:
    """27 seconds show as 09:00-09:00, and are not refused for that."""
    short = Span(NOW.replace(hour=8, second=3), NOW.replace(hour=8, second=30))
    assert asked({"start": time(9), "end": time(9)}, short) == "20 09:00:03 - 20 09:00:30"
    moved = asked({"day": date(2026, 11, 19), "start": time(9), "end": time(9)}, short)
    assert moved == "19 09:00:03 - 19 09:00:30"


def test_a_whole_day_stays_whole() -> None:
    """Midnight to midnight looks like nothing in the form."""
    whole = Span(NOW.replace(day=17, hour=23), NOW.replace(day=18, hour=23))
    assert asked({"day": date(2026, 11, 18), "start": time(0), "end": time(0)}, whole).startswith(
        "18 00:00"
    )


def test_hours_that_happen_twice_or_never() -> None:
    """02:30 was twice on 25 October: the moment it had stays, else the first; never on 29 March."""
    autumn, spring = date(2026, 10, 25), date(2026, 3, 29)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    kept = Span(second, second + timedelta(hours=1))
    edit = Edit(note="", day=autumn, start=time(2, 30), end=time(4))
    assert span(edit, kept, NOW, BERLIN).start == second
    before = Span(second - timedelta(hours=5), second - timedelta(hours=4))
    assert span(edit, before, NOW, BERLIN).start == second - timedelta(hours=1)
    with pytest.raises(TimeDoesNotExist):
        asked({"day": spring, "start": time(2, 30), "end": time(4)})


def test_a_timers_start() -> None:
    """Kept to the second where it is left; not to come; of two the last that has passed."""
    kept = NOW - timedelta(hours=1, seconds=17)
    edit = Edit(note="", day=FRIDAY, start=time(11, 59))
    assert timer_start(edit, kept, NOW, BERLIN) == kept
    earlier = Edit(note="", day=FRIDAY, start=time(8))
    assert timer_start(earlier, kept, NOW, BERLIN) == NOW.replace(hour=7)
    with pytest.raises(InTheFuture):
        timer_start(Edit(note="", day=FRIDAY, start=time(13, 1)), kept, NOW, BERLIN)
    night = datetime(2026, 10, 25, 2, tzinfo=UTC)
    twice = Edit(note="", day=date(2026, 10, 25), start=time(2, 30))
    assert timer_start(twice, kept, night, BERLIN) == night - timedelta(minutes=30)


def test_a_length_on_its_day() -> None:
    """Today at the latest; longer than a day only where it was already."""
    assert length(Edit(note="", day=FRIDAY, seconds=60), 3600, FRIDAY) == 60
    assert length(Edit(note="", day=FRIDAY), 90_000, FRIDAY) == 90_000
    with pytest.raises(DurationOutOfRange):
        length(Edit(note="", day=FRIDAY, seconds=90_000), 3600, FRIDAY)
    with pytest.raises(DayInTheFuture):
        length(Edit(note="", day=date(2026, 11, 21)), 3600, FRIDAY)
