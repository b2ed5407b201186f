"""The task that words name by its key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tasks.task_refs import KeyRef, NumberRef, UrlRef, named_in

WORDS = st.lists(st.sampled_from(("fix", "12", "header", "the", "Bo,")), min_size=1).map(" ".join)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("code review on TASK-12", (KeyRef("TASK-12"), "code review")),
        ("code review, task-12.", (KeyRef("TASK-12"), "code review")),
        ("TASK-12 and then TASK-12", (KeyRef("TASK-12"), "TASK-12 and then")),
        ("half of #12 again", (NumberRef(12), "half of #12 again")),
        ("see https://a.test/1", (UrlRef("https://a.test/1"), "see")),
        ("on TASK-12", (KeyRef("TASK-12"), "")),
        ("code review on task 12", (NumberRef(12), "code review")),
        ("issue WEB-12, ticket WEB-12", (KeyRef("WEB-12"), "issue WEB-12")),
        ("3 people", None),
        ("from TASK-1 to TASK-2", None),
        ("", None),
    ],
)
def test_one_key_and_what_else_is_said(words: str, named: object) -> None:
    """A bare number is none, and of several none is meant."""
    assert named_in(words) == named


@given(WORDS, st.integers(1, 999_999), st.sampled_from(("on", "for", "to")))
def test_nothing_but_the_key_and_its_preposition_is_lost(
    words: str, number: int, joint: str
) -> None:
    """What was typed is in the note."""
    assert named_in(f"{words} {joint} AB-{number}") == (KeyRef(f"AB-{number}"), words.rstrip(","))
