"""A length and a key with only a comma between, and keys behind a key."""

import pytest

from bot.domain.clock_times import ClockRange, read_range
from bot.domain.input_errors import Misuse, UsageError
from bot.domain.tasks.task_refs import KeyRef
from bot.views import failures
from handlers.grammar import parse_track
from handlers.grammar.track_values import Log, Start

WEB = KeyRef("WEB-12")


@pytest.mark.parametrize(
    ("text", "amount", "note"),
    [
        ("1h,WEB-12", 3600, ""),
        ("1h;web-12 review", 3600, "review"),
        ("WEB-12,1h", 3600, ""),
        ("1,5h,WEB-12", 5400, ""),
        ("WEB-12,1,5h", 5400, ""),
        ("14:00-15:30,WEB-12", read_range("14:00-15:30"), ""),
        ("1h WEB-12 see WEB-1,WEB-2", 3600, "see WEB-1,WEB-2"),
    ],
)
def test_a_comma_parts_a_length_from_a_key(text: str, amount: int | ClockRange, note: str) -> None:
    """Whether a space stands behind it or not; in a note it is left as it was typed."""
    assert parse_track(f"log {text}") == Log(WEB, amount, None, note)


@pytest.mark.parametrize(
    "text",
    [
        "start WEB-12 OPS-5",
        "switch WEB-12, OPS-5",
        "start WEB-12,OPS-5",
        "start WEB-12 and OPS-5",
        "start #12 at 9:30 OPS-5",
        "log 1h WEB-12 OPS-5",
        "log WEB-12 1h & OPS-5",
    ],
)
def test_time_goes_to_one_task(text: str) -> None:
    """A second key would be lost in a note that nobody reads."""
    with pytest.raises(UsageError) as refused:
        parse_track(text)
    assert (refused.value.reason, refused.value.text) == (Misuse.SECOND_TASK, "OPS-5")
    assert "One task at a time" in failures.sentence(refused.value).text


@pytest.mark.parametrize("note", ["note: OPS-5", "-- OPS-5", "OPS-5 is next", "see OPS-5"])
def test_a_key_may_be_in_a_note(note: str) -> None:
    """Marked as one, or among other words."""
    bare = note.removeprefix("note: ").removeprefix("-- ")
    assert parse_track(f"start WEB-12 {note}") == Start(WEB, None, bare)
