"""Bare numbers in a command: a task's, or a number of something."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tasks.task_refs import NumberRef
from handlers.grammar import clock_in, parse_bare, parse_track, words
from handlers.grammar.track_values import Log, Start, Switch

NUMBERS = st.integers(1, 999_999_999)
NOUNS = st.lists(
    st.sampled_from(("people", "mails", "of", "them", "Leute", "\u4eba", "4", "pages")),
    min_size=1,
    max_size=4,
).map(" ".join)
PREFIXES = st.sampled_from(
    ("start ", "switch ", "start on ", "log 90m ", "log 90m for ", "log 2h ")
)


@given(PREFIXES, NUMBERS, NOUNS)
def test_a_number_right_before_words_may_be_no_task(prefix: str, number: int, nouns: str) -> None:
    """What is kept of the words is all of them, so that they can be searched for."""
    command = parse_track(f"{prefix}{number} people {nouns}")
    assert isinstance(command, Start | Switch | Log)
    assert command.task == NumberRef(number)
    assert isinstance(command.task, NumberRef)
    assert command.task.words == f"{number} people {nouns}"
    assert command.note == f"people {nouns}"
    assert parse_track(words(command)) == command


@given(PREFIXES, NUMBERS, NOUNS, st.sampled_from(("#{}", "{}:", "{},", "{} --", "{} note:")))
def test_a_number_that_is_parted_from_the_note_is_a_task(
    prefix: str, number: int, nouns: str, spelling: str
) -> None:
    """By a sign before it, or a mark behind it."""
    command = parse_track(f"{prefix}{spelling.format(number)} people {nouns}")
    assert isinstance(command, Start | Switch | Log)
    assert isinstance(command.task, NumberRef)
    assert (command.task.number, command.task.words) == (number, "")
    assert command.note == f"people {nouns}"


@given(NUMBERS, st.integers(1, 59))
def test_two_numbers_are_a_task_and_its_minutes(number: int, minutes: int) -> None:
    """As far as anything is offered for them; the first may be an hour as well."""
    assert parse_bare(f"{number} {minutes}") == Log(NumberRef(number), minutes * 60)
    at = clock_in(f"{number} {minutes:02}")
    assert at == (time(number, minutes) if number < 24 else None)


@pytest.mark.parametrize("text", ["0 15", "12 0", "12 60", "12 15 16", "fix 12 15"])
def test_other_numbers_are_no_task_and_minutes(text: str) -> None:
    """Nothing is guessed from them."""
    found = parse_bare(text)
    assert not isinstance(found, Log)
