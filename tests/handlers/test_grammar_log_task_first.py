"""``/track log`` with a task first: where a length stands behind it, and where none does."""

from datetime import time

import pytest

from bot.domain.clock_times import ClockRange
from bot.domain.days import DaysAgo
from bot.domain.input_errors import DurationOutOfRange, Misuse, UsageError
from bot.domain.tasks.task_refs import KeyRef, NumberRef
from handlers.grammar import parse_track, words
from handlers.grammar.track_values import Log, LogTime

T12 = KeyRef("TASK-12")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((f"TASK-12 {text}", Misuse.NUMBER_NOT_LENGTH) for text in ("90", "1.5", "1,5")),
        *((f"TASK-12 {text}", Misuse.MISSING_DURATION) for text in ("from 9", "from 9 to 10")),
    ],
)
def test_a_length_that_lacks_something_does_not_become_the_forms_note(
    text: str, reason: Misuse
) -> None:
    """What it lacks is said."""
    with pytest.raises(UsageError) as refused:
        parse_track(f"log {text}")
    assert refused.value.reason is reason


def test_other_words_are_the_forms_note() -> None:
    """Though they begin with a number or *from*."""
    for note in ("90 bugs", "from home", "menu"):
        assert parse_track(f"log TASK-12 {note}") == LogTime(T12, None, note)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("menu 1h", Log(T12, 3600, None, "menu")),
        (": menu 1h", Log(T12, 3600, None, "menu")),
        *((text, Log(T12, 3600)) for text in (": 1h", "for 1h")),
        ("menu for 1h", Log(T12, 3600, None, "menu")),
        ("-- menu 1 h 30 min", Log(T12, 5400, None, "menu")),
        ("yesterday: menu 1h", Log(T12, 3600, DaysAgo(1), "menu")),
        ("menu from 9:00 to 10:00", Log(T12, ClockRange(time(9), time(10)), None, "menu")),
    ],
)
def test_a_length_may_be_the_last_word(text: str, command: Log) -> None:
    """Where there is no other: as the form's note it would stand beside another length."""
    found = parse_track(f"log TASK-12 {text}")
    assert found == command
    assert parse_track(words(found)) == command


@pytest.mark.parametrize(
    "note",
    [
        "call at 9:30",
        "call at 14:00",
        "sprint 5",
        "release 2.5",
        "pages 3-4",
        "bug-fix",
        "a",
        "in 1h",
    ],
)
def test_other_last_words_are_no_length(note: str) -> None:
    """The form asks for one."""
    assert parse_track(f"log TASK-12 {note}") == LogTime(T12, None, note)


def test_a_note_that_is_marked_as_one_keeps_its_length() -> None:
    """As with every other verb; so does one behind a length that was read before."""
    assert parse_track("log TASK-12 note: menu 1h") == LogTime(T12, None, "menu 1h")
    assert parse_track("log 2h TASK-12 menu 1h") == Log(T12, 7200, None, "menu 1h")


def test_a_length_at_the_end_is_held_to_the_same_limits() -> None:
    """And a bare number before the words may still be no task."""
    with pytest.raises(DurationOutOfRange):
        parse_track("log TASK-12 menu 30h")
    found = parse_track("log 12 bugs fixed 2h")
    assert found == Log(NumberRef(12), 7200, None, "bugs fixed")
    assert isinstance(found, Log)
    assert isinstance(found.task, NumberRef)
    assert found.task.words == "12 bugs fixed"
