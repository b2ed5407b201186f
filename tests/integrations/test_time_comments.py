"""Time entries as comments."""

from dataclasses import replace
from datetime import date

import pytest

from bot.integrations.api import Worklog
from bot.integrations.time_comments import carries, record, written

WORKLOG = Worklog(
    marker="7f1c",
    task_id="1",
    seconds=5400,
    day=date(2026, 11, 20),
    started_at=None,
    note="header",
    account_id=None,
    member_name="Mia K",
)


def test_comment_says_who_how_long_and_when() -> None:
    """People in the tool read it without knowing Hourlink."""
    assert written(WORKLOG) == "Mia K tracked 1 h 30 m on 20 November 2026: header [hl:7f1c]"
    bare = replace(WORKLOG, note=" ", seconds=65)
    assert written(bare) == "Mia K tracked 1 m 5 s on 20 November 2026 [hl:7f1c]"


@pytest.mark.parametrize("seconds", [0, 1, 59, 60, 3600, 3661, 86_400, 35 * 3600 + 59])
@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2024, 2, 29), date(2026, 12, 31)])
def test_what_is_written_is_read_again(seconds: int, day: date) -> None:
    """To the second."""
    worklog = replace(WORKLOG, seconds=seconds, day=day)
    other = replace(worklog, seconds=7, day=date(2000, 1, 1))
    found = record("c1", written(worklog), other)
    assert (found.external_id, found.seconds, found.day) == ("c1", seconds, day)


def test_nobody_is_notified_by_a_note() -> None:
    """A note with somebody's name in it would send them a mail from the tool."""
    assert "@bo" not in written(replace(WORKLOG, note="with @bo"))


def test_long_note_is_shortened_and_the_marker_stays() -> None:
    """Tools refuse very long comments."""
    text = written(replace(WORKLOG, note="x" * 5000))
    assert len(text) < 1100
    assert "…" in text
    assert carries(text, "7f1c")


def test_only_its_own_marker_is_found() -> None:
    """7f1 is not 7f1c, and a tool's Markdown editor may have escaped it."""
    assert not carries(written(WORKLOG), "7f1")
    assert carries(written(WORKLOG).replace("[", "\\[").replace("]", "\\]"), "7f1c")


def test_edited_comment_has_another_version() -> None:
    """The conflict is told to a person; how the tool breaks lines is none."""
    text = written(WORKLOG)
    kept = record("c1", text, WORKLOG)
    assert record("c1", f" {text} \n", WORKLOG) == kept
    longer = record("c1", text.replace("1 h 30 m", "2 h"), WORKLOG)
    assert (longer.seconds, longer.version == kept.version) == (7200, False)


@pytest.mark.parametrize("text", ["", "gone", "Mia tracked 1 h on 31 February 2026"])
def test_unreadable_comment_is_no_error(text: str) -> None:
    """Somebody rewrote it: its version says so."""
    assert record("c1", text, WORKLOG).day == WORKLOG.day
