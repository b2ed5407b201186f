"""What people type for a task."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tasks.task_refs import (
    KeyRef,
    NumberRef,
    QuotedName,
    TaskRef,
    UrlRef,
    WordsRef,
    parse_task_ref,
    ref_words,
)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        *((text, KeyRef("TASK-12")) for text in ("TASK-12", "task-12", "Task-012", " TASK-12 ")),
        ("A1-3", KeyRef("A1-3")),
        ("ABCDEFGHIJ-999999999", KeyRef("ABCDEFGHIJ-999999999")),
        *((text, NumberRef(12)) for text in ("#12", "12", "012")),
        *((text, NumberRef(12)) for text in ("task 12", "Issue #12", "ticket 12", "card 012")),
        *((text, KeyRef("WEB-12")) for text in ("task WEB-12", "ISSUE web-12")),
        *((text, WordsRef(text)) for text in ("task", "task x", "bug 12", "task 12 x")),
        ("https://acme.test/browse/X-1", UrlRef("https://acme.test/browse/X-1")),
        ("<https://acme.test/b?c=1&amp;d=2|label>", UrlRef("https://acme.test/b?c=1&d=2")),
        ("<HTTP://acme.test>", UrlRef("HTTP://acme.test")),
        *((text, QuotedName("Acme Web")) for text in ('"Acme Web"', "'Acme Web'", '" Acme  Web "')),
        ('"a ""b"" c"', QuotedName('a "b" c')),
        ("fix header", WordsRef("fix header")),
        *((text, WordsRef(text)) for text in ("TASK-0", "#0", "0", "A-1", "ABCDEFGHIJK-1", "1A-2")),
        *((text, WordsRef(text)) for text in ("2026-11", "https://", "#12a", "12#", "TASK-1 x")),
        *((text, WordsRef(text)) for text in ("\u0661\u0662", "TASK-\u0661", "1" * 10, "it's")),
        *((text, None) for text in ("", "  ", '""', "''")),
    ],
)
def test_what_is_typed_for_a_task_is_told_apart(text: str, ref: TaskRef | None) -> None:
    """What is typed for a task is told apart."""
    assert parse_task_ref(text) == ref


@given(st.text())
def test_a_reference_is_written_back_to_the_same_one(text: str) -> None:
    """A reference is written back to the same one."""
    if ref := parse_task_ref(text):
        assert parse_task_ref(ref_words(ref)) == ref
