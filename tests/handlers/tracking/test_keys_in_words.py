"""``/track log 1h code review on TASK-12``: a key among words names its task."""

from collections.abc import Iterator

import pytest

from tests.handlers.track_desk import Desk
from tests.services.office import Office


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Ana at her keyboard, on each kind of database."""
    office = Office(database_url)
    yield Desk(office)
    office.world.close()


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("log 1h code review on WEB-12", "code review"),
        ("log 1h code review for #12", "code review"),
        ("log 1h review (web-12)", "review"),
        ("log 1h call about web-12 with Bo", "call about web-12 with Bo"),
        ("log code review on WEB-12 1h yesterday with Bo", "code review; with Bo"),
        ("log 1h review of https://acme.test/t/WEB-12", "review"),
    ],
)
def test_the_key_is_the_task_and_the_words_are_the_note(desk: Desk, text: str, note: str) -> None:
    """Nobody wants what is spelled like *code review* where they named the task."""
    said = desk.types(text).text
    assert said.startswith("Logged 1 h to *WEB-12 Fix the header*")
    assert f"Note: {note}" in said
    (entry,) = desk.office.entries()
    assert entry.note == note


def test_a_timer_and_an_offer_take_it_as_well(desk: Desk) -> None:
    """With a verb it acts, without one it asks."""
    started = desk.types("start working on web-12").text
    assert started.startswith("Started *WEB-12 Fix the header*")
    assert "Note: working" in started
    offered = desk.types("reviewing for web-9").text
    assert "Start *WEB-9 Footer links*?" in offered
    assert "Note: reviewing" in offered


def test_a_title_with_all_the_words_comes_before(desk: Desk) -> None:
    """A key in a title is part of the title."""
    office = desk.office
    office.world.task(office.board, office.source, "WEB-30", "Code review on WEB-12")
    said = desk.types("log 1h code review on WEB-12").text
    assert said.startswith("Logged 1 h to *WEB-30 Code review on WEB-12*")


def test_several_keys_name_none(desk: Desk) -> None:
    """Neither is picked."""
    said = desk.types("log 1h merge web-9 into web-12").text
    assert said.startswith("No task \u201cmerge web-9 into web-12\u201d that you can track.")
    assert not desk.office.entries()


def test_what_looks_like_a_key_finds_titles_that_have_it(desk: Desk) -> None:
    """As the first word, and among others."""
    office = desk.office
    office.world.task(office.board, office.source, "WEB-30", "Save files as UTF-8")
    for text in ("start utf-8", "start utf-8: checked"):
        assert desk.types(text).text.endswith("Near it: WEB-30 Save files as UTF-8."), text
    assert "Near it: WEB-12 Fix the header" in desk.types("log 1h review on web-21").text
