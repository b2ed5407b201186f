"""Where entries stand in their tools, in words."""

from dataclasses import replace

import pytest

from bot.domain.ids import IntegrationId, TimeEntryId, WorklogId
from bot.domain.writing.worklogs import Trouble, WorklogShown, WorklogState
from bot.domain.writing.worklogs_shown import Unwritten
from bot.views.writing import worklogs
from playground.rules import check_message


@pytest.mark.parametrize(
    ("seconds", "kept", "said"),
    [
        (3600, 3600, "written to acme"),
        (81, 60, "written to acme"),
        (3630, 3660, "written to acme as 1 h 1 m"),
        (20, 60, "written to acme as 1 m"),
    ],
)
def test_a_length_is_told_again_only_where_it_reads_differently(
    seconds: int, kept: int, said: str
) -> None:
    """81 seconds are shown as 1 m: that it is written as 1 m is no news."""
    state = WorklogState.WRITTEN
    shown = WorklogShown(
        WorklogId(1), TimeEntryId(1), state, "", "acme", seconds, kept, is_there=True
    )
    assert worklogs.mark(shown) == said


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("Hours is  invalid.", "*not written to acme*: Hours is invalid"),
        ("Hours is invalid", "*not written to acme*: Hours is invalid"),
        ("no such task...", "*not written to acme*: no such task..."),
    ],
)
def test_a_tools_sentence_does_not_end_twice(reason: str, said: str) -> None:
    """A day ends the line itself, and a form the sentence."""
    shown = WorklogShown(
        WorklogId(1), TimeEntryId(1), WorklogState.FAILED, reason, "acme", 60, None, is_there=False
    )
    assert worklogs.mark(shown) == said


def test_a_member_is_told_where_their_time_is_in_anothers_name() -> None:
    """In the form, with what changes it; nothing of it before it is written."""
    shown = WorklogShown(
        WorklogId(1), TimeEntryId(1), WorklogState.WRITTEN, "", "acme", 60, 60, is_there=True
    )
    assert "under the account" not in str(worklogs.about(shown))
    other = replace(shown, in_other_name=True)
    assert "is there under the account that Hourlink signs in with" in str(worklogs.about(other))
    assert "under the account" not in worklogs.mark(other)
    waits = replace(other, state=WorklogState.PENDING)
    assert "under the account" not in str(worklogs.about(waits))


def test_an_admin_reads_why_without_asking_anybody() -> None:
    """The most frequent reasons, in words; the rest is a number."""
    reasons = (("Centre <b> is missing", 9), (Trouble.BUSY.value, 3), ("c", 1), ("d", 1), ("e", 1))
    text, blocks = worklogs.needs(Unwritten(IntegrationId(1), "acme", 15, 0, reasons))
    check_message(list(blocks), text)
    assert text.split("\n") == [
        "*acme*: *15 entries could not be written*.",
        "• 9 entries: Centre &lt;b&gt; is missing",
        "• 3 entries: it asks Hourlink to wait",
        "• 1 entry: c",
        "• 2 entries: other reasons",
    ]
