"""``/track start task 12``: what a task is, said before its number or key."""

from collections.abc import Iterator

import pytest

from tests.handlers.track_desk import MINUTE, Desk
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
        ("task 12", ""),
        ("Issue #12 about the menu", "about the menu"),
        ("ticket web-12: menu", "menu"),
        ("on card 12, menu", "menu"),
    ],
)
def test_a_task_may_be_called_one(desk: Desk, text: str, note: str) -> None:
    """It is that task, also where it was never tracked, and the words behind it are the note."""
    said = desk.types(f"log 60m {text}").text
    assert said.startswith("Logged 1 h to *WEB-12 Fix the header*")
    (entry,) = desk.office.entries()
    assert entry.note == note


def test_every_verb_takes_it(desk: Desk) -> None:
    """To start, to stop, to list and to edit, and without a verb it is offered."""
    assert "Start *WEB-12 Fix the header*? Nothing is started" in desk.types("task 12").text
    assert desk.types("start task 12").text.startswith("Started *WEB-12")
    assert desk.types("tasks issue 12").text.startswith("1 task for \u201cissue 12\u201d: WEB-12")
    desk.now += MINUTE
    assert desk.types("stop task 12").text.startswith("Stopped *WEB-12 Fix the header* after 1 m")
    assert [one.note for one in desk.office.entries()] == [""]


def test_a_title_with_these_words_is_meant_where_no_task_has_the_number(desk: Desk) -> None:
    """*Issue 44 of the newsletter* is a title like any other."""
    office = desk.office
    office.world.task(office.board, office.source, "WEB-30", "Issue 44 of the newsletter")
    for text in ("issue 44", "issue 44 of the newsletter"):
        assert desk.types(f"log 60m {text}").text.startswith("Logged 1 h to *WEB-30")
    assert "No task \u201ctask 45\u201d" in desk.types("start task 45").text


def test_a_title_with_all_the_words_is_shown_beside_the_number(desk: Desk) -> None:
    """*Issue 12 newsletter* may be what it says, and may be task 12 with a note."""
    office = desk.office
    office.world.task(office.board, office.source, "WEB-30", "Issue 12 newsletter")
    asked = desk.types("start issue 12 newsletter")
    assert asked.text.startswith("Two matches for \u201cissue 12 newsletter\u201d. Which one?")
    assert not office.entries()
    assert desk.types("log 60m issue 12 review").text.startswith("Logged 1 h to *WEB-12")
