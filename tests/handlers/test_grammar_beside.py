"""Words before a key that are a time or a day, and so no note."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.clock_times import At
from bot.domain.days import Day, DaysAgo, Weekday
from bot.domain.input_errors import BadInput, Misuse, TimeNotUnderstood, UsageError
from bot.domain.tasks.task_refs import KeyRef, WordsRef
from handlers.grammar import parse_bare, parse_track, words
from handlers.grammar.track_values import Log, Start, Stop, Switch

T12 = KeyRef("TASK-12")
HALF_NINE = time(9, 30)


@pytest.mark.parametrize(
    ("text", "when", "note"),
    [
        *((f"{said} TASK-12", At(HALF_NINE), "") for said in ("9:30", "9.30", "9:30am", "9:30 on")),
        ("yesterday 9:30 TASK-12", At(HALF_NINE, DaysAgo(1)), ""),
        ("9:30 TASK-12 menu", At(HALF_NINE), "menu"),
        ("9:30 TASK-12: menu", At(HALF_NINE), "menu"),
        ("now TASK-12", None, ""),
        ("today TASK-12 -- menu", None, "menu"),
    ],
)
@pytest.mark.parametrize("verb", ["start", "switch"])
def test_a_time_before_the_key_is_when_it_begins(
    verb: str, text: str, when: At | None, note: str
) -> None:
    """And what stands behind the key is the note, as ever."""
    command = parse_track(f"{verb} {text}")
    assert command == (Start if verb == "start" else Switch)(T12, when, note)
    assert parse_track(words(command)) == command


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("15m TASK-12", Misuse.LENGTH_NOT_TIME),
        ("for 1h TASK-12", Misuse.LENGTH_NOT_TIME),
        ("yesterday TASK-12", Misuse.DAY_NOT_TIME),
        ("monday TASK-12", Misuse.DAY_NOT_TIME),
        ("in 5m TASK-12", Misuse.AHEAD_OF_TIME),
    ],
)
def test_what_is_no_time_is_no_note_before_the_key_either(text: str, reason: Misuse) -> None:
    """The timer would begin now, with that as its note."""
    with pytest.raises(UsageError) as refused:
        parse_track(f"start {text}")
    assert refused.value.reason is reason


@pytest.mark.parametrize("text", ["1h", "for 15m", "yesterday", "in 5m", "9:00-10:00"])
def test_a_stop_that_names_its_task_refuses_the_same(text: str) -> None:
    """As a note that begins with a key it would end the timer now."""
    for typed in (text, f"TASK-12 {text}"):
        with pytest.raises(UsageError):
            parse_track(f"stop {typed}")
    assert parse_track("stop TASK-12 is half done") == Stop(None, "TASK-12 is half done")


@pytest.mark.parametrize("verb", ["start TASK-12", "stop", "stop TASK-12"])
@pytest.mark.parametrize("text", ["since 9", "from 9", "@9", "@ 9"])
def test_an_hour_that_may_be_in_the_evening_is_no_note(verb: str, text: str) -> None:
    """As behind *at*."""
    with pytest.raises(TimeNotUnderstood) as refused:
        parse_track(f"{verb} {text}")
    assert refused.value.text == "9"


@pytest.mark.parametrize(
    "text", ["since 9 people asked", "from scratch", "after lunch", "in 2 parts"]
)
def test_words_that_only_begin_like_a_time_are_a_note(text: str) -> None:
    """Behind a key they are one, and before it they are searched for."""
    assert parse_track(f"start TASK-12 {text}") == Start(T12, None, text)
    assert parse_track(f"start {text} TASK-12") == Start(WordsRef(f"{text} TASK-12"), None, "")


@pytest.mark.parametrize(
    ("text", "day", "note"),
    [("hier TASK-12", DaysAgo(1), ""), ("hier TASK-12 Menü", DaysAgo(1), "Menü")],
)
def test_a_day_before_the_key_is_the_day(text: str, day: Day, note: str) -> None:
    """Also one that is a day only where nothing follows but the task."""
    assert parse_track(f"log 1h {text}") == Log(T12, 3600, day, note)


@pytest.mark.parametrize("days", ["mon to wed", "mon-wed", "last week", "may"])
@pytest.mark.parametrize("line", ["log 1h {days} TASK-12", "log {days} TASK-12: fix menu 1h"])
def test_several_days_before_the_key_are_no_note(line: str, days: str) -> None:
    """The time would be on one day, with the others as its note, wherever its length stands."""
    with pytest.raises(UsageError) as refused:
        parse_track(line.format(days=days))
    assert refused.value.reason is Misuse.SEVERAL_DAYS


def test_a_second_day_before_the_key_is_no_note() -> None:
    """It is one of two, and nothing says which."""
    with pytest.raises(UsageError) as refused:
        parse_track("log 1h yesterday monday TASK-12")
    assert refused.value.reason is Misuse.SEVERAL_DAYS


def test_a_day_among_other_words_is_searched_for_with_them() -> None:
    """It may be of a title."""
    searched = WordsRef("weekly monday TASK-12")
    assert parse_track("start weekly monday TASK-12") == Start(searched, None, "")
    assert parse_track("log 1h hier drin TASK-12") == Log(WordsRef("hier drin TASK-12"), 3600)


def test_without_a_verb_it_is_a_start() -> None:
    """Which is offered."""
    assert parse_bare("9am TASK-12") == Start(T12, At(time(9)))
    assert parse_track("start fri 9am TASK-12") == Start(T12, At(time(9), Weekday(4)))


@given(
    st.lists(
        st.sampled_from(
            [
                "9:30",
                "1h",
                "mon",
                "now",
                "hier",
                "to",
                "TASK-12",
                "T-1",
                "on",
                "menu",
                "-",
                "3",
                ":",
            ]
        ),
        max_size=6,
    )
)
def test_what_is_read_in_any_order_is_read_again_as_the_same(some: list[str]) -> None:
    """Or is refused as bad input."""
    for verb in ("start", "log 1h"):
        try:
            command = parse_track(f"{verb} {' '.join(some)}")
        except BadInput:
            continue
        assert parse_track(words(command)) == command
