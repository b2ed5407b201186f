"""``/track log 1h 3 people``: a bare number before words, which may be no task's."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from handlers.replies import Update
from storage.tasks import channel_defaults
from tests.builders import NOON
from tests.handlers.track_desk import Desk, elements, fits
from tests.services.office import Office, own_account


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Ana at her keyboard, on each kind of database."""
    office = Office(database_url)
    yield Desk(office)
    office.world.close()


def labels(message: Any) -> list[str]:  # noqa: ANN401 - a message
    """What stands on its buttons."""
    return [one["text"]["text"] for one in elements(message) if one["type"] == "button"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("log 1h for 12 people", "is that *WEB-12 Fix the header*? Nothing is saved yet."),
        ("start 12 people", "is that *WEB-12 Fix the header*? Nothing is started yet."),
        ("12 people", "is that *WEB-12 Fix the header*? Nothing is started yet."),
    ],
)
def test_a_number_of_something_is_asked_about(desk: Desk, text: str, told: str) -> None:
    """Time for three people is not time on task 3; one click says that it is."""
    question = desk.types(text)
    assert told in question.text
    assert question.text.startswith("\u201c12 people")
    assert labels(question)[-1] == "Search tasks"
    assert not desk.office.entries()
    first = next(one for one in elements(question) if one["type"] == "button")
    picked = desk.clicks(first["action_id"], first["value"])
    assert isinstance(picked, Update)
    assert "*WEB-12 Fix the header*" in fits(picked.message).text
    (entry,) = desk.office.entries()
    assert entry.note == "people"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "log 1h #12 people",
            "log 60m 12: people",
            "log 60m 12, people",
            "log 60m 12 note: people",
        ),
        *("log 60m 12 yesterday people", "log 12 1h people", "log 1h web-12 people", "log 60m 12"),
    ],
)
def test_a_number_that_is_marked_as_one_is_taken(desk: Desk, text: str) -> None:
    """By its sign, by what parts it from the note, and where nothing is behind it."""
    assert desk.types(text).text.startswith("Logged 1 h to *WEB-12 Fix the header*")


def test_the_number_of_a_task_that_was_tracked_lately_is_taken(desk: Desk) -> None:
    """Who goes on with it types no more than before."""
    desk.office.world.length(
        desk.office.ana, desk.office.website, desk.office.web12, NOON - timedelta(days=9), 60
    )
    logged = desk.types("log 60m 12 about the menu")
    assert logged.text.startswith("Logged 1 h to *WEB-12 Fix the header*.")
    assert "Note: about the menu" in logged.text
    assert "is that *WEB-9 Footer links*?" in desk.types("log 60m 9 people").text


def test_the_number_of_ones_own_task_is_taken(desk: Desk) -> None:
    """It is most likely meant, also the first time."""
    office = desk.office
    own = own_account(office, office.ana)
    office.world.task(office.board, office.source, "WEB-31", "Mine", assignees=[own])
    assert desk.types("log 60m 31 links").text.startswith("Logged 1 h to *WEB-31 Mine*")


@pytest.mark.parametrize("text", ["12 header", "12 fix the header"])
def test_a_number_with_words_of_its_own_title_is_taken(desk: Desk, text: str) -> None:
    """Read either way it is the same task, tracked lately or not."""
    for _ in range(2):
        assert desk.types(f"log 60m {text}").text.startswith(
            "Logged 1 h to *WEB-12 Fix the header*"
        )


def test_a_title_with_the_number_and_the_words_is_shown_beside_it(desk: Desk) -> None:
    """Also where the number's own task was tracked just now."""
    office = desk.office
    office.world.task(office.board, office.source, "WEB-30", "Dinner for 12 people")
    desk.types("log 1h web-12")
    question = desk.types("log 1h for 12 people")
    assert question.text.startswith("Two matches for \u201c12 people\u201d. Which one?")
    select = next(one for one in elements(question) if one["type"] == "static_select")
    shown = [one["text"]["text"] for one in select["options"]]
    assert shown == ["WEB-12 Fix the header", "WEB-30 Dinner for 12 people"]


def test_words_are_looked_for_where_no_task_has_the_number(desk: Desk) -> None:
    """What is near is offered, with the time that was typed."""
    office = desk.office
    office.world.task(office.board, office.source, "WEB-30", "Dinner for 44 people")
    offered = desk.types("log 1h for 44 people")
    assert offered.text.startswith("No task \u201c44 people\u201d that you can track.")
    assert labels(offered) == ["Log to WEB-30", "Search tasks"]
    assert "Near it: WEB-12 Fix the header" in desk.types("log 1h for 45 haeder").text


def test_a_choice_says_what_it_does(desk: Desk) -> None:
    """``1h 12 people`` is 72 minutes, and without a verb a timer is what a choice starts."""
    office = desk.office
    office.world.task(office.board, office.source, "X-9", "Other footer")
    gets = "The one you choose gets 1 h 12 m. Nothing is saved yet."
    assert desk.types("log 1h 44 people").text.endswith(gets.replace("12 m", "44 m"))
    assert desk.types("log 72m 9").text.endswith(gets)
    assert desk.types("9").text.endswith("The one you choose is started. Nothing is started yet.")
    assert "you choose" not in desk.types("start 9").text


@pytest.mark.parametrize("text", ["12 15", "#12 15", "12, 15"])
def test_two_numbers_are_a_task_and_minutes_or_a_time(desk: Desk, text: str) -> None:
    """Neither is done before a click; the time of day needs to be typed as one."""
    offered = desk.types(text)
    assert offered.text.startswith("Log 15 m to *WEB-12 Fix the header*? Nothing is saved yet.")
    assert labels(offered)[0] == "Log to WEB-12"
    assert "same words" not in offered.text
    is_time = "`/track start TASK-12 at 12:15` starts a timer that began then." in offered.text
    assert is_time == (text == "12 15")
    assert not desk.office.entries()


def test_what_may_be_a_time_of_day_says_how_that_is_typed(desk: Desk) -> None:
    """A small number before the colon is a length, and a number without minutes is a task."""
    for text in ("9:30", "12:15", "09 00", "9:30 web-12"):
        assert "If that is a time of day" in desk.types(text).text, text
    for text in ("1:30", "12", "12 75", "25:00", "web-12 12:15", "1h web-12"):
        assert "If that is a time of day" not in desk.types(text).text, text


def test_a_channels_own_number_is_taken(desk: Desk) -> None:
    """There a number means that project's task."""
    office = desk.office
    with office.world.uow.begin() as tx:
        team, by = office.world.team_id, office.admin.id
        channel_defaults.put(tx, team, "C0WEB", office.website, by=by, now=NOON)
    assert desk.types("log 60m 12 people").text.startswith("Logged 1 h to *WEB-12 Fix the header*")


def test_minutes_that_find_nothing_may_be_a_tasks_number(desk: Desk) -> None:
    """``1h 12 menu`` is no 72 minutes of a menu that there is not."""
    asked = desk.types("log 1h 12 menu")
    assert asked.text.startswith("\u201c12 menu\u201d: is that *WEB-12 Fix the header*? Nothing is")
    assert not desk.office.entries()
    desk.types("log 60m web-12")
    logged = desk.types("log 1h 12 menu")
    assert logged.text.startswith("Logged 1 h to *WEB-12 Fix the header*.")
    assert "Note: menu" in logged.text


def test_minutes_before_words_that_are_found_are_minutes(desk: Desk) -> None:
    """Also where some task has that number, as in every team: most hours are typed so."""
    told = "Logged 1 h 12 m to *WEB-9 Footer links*"
    assert desk.types("log 1h 12 footer").text.startswith(told)


def test_both_meanings_on_one_task_are_told_apart_on_the_buttons(desk: Desk) -> None:
    """``1h 12 header``, where task 12 is the header: only the length differs."""
    desk.types("log 60m web-12")
    asked = desk.types("log 1h 12 header")
    assert labels(asked) == ["Log 1 h 12 m to WEB-12", "Log 1 h to WEB-12"]


def test_minutes_or_the_number_of_ones_own_task_are_asked_about(desk: Desk) -> None:
    """Who works on task 12 may have meant either; each has its button."""
    desk.types("log 60m web-12")
    asked = desk.types("log 1h 12 footer yesterday")
    assert asked.text == (
        "Log 1 h 12 m on Thu 19 Nov to *WEB-9 Footer links*? Nothing is saved yet. "
        "Or: Log 1 h on Thu 19 Nov to *WEB-12 Fix the header*? Nothing is saved yet. "
        "Note: footer"
    )
    assert labels(asked) == ["Log to WEB-9", "Log to WEB-12"]
    assert not any("style" in one for one in elements(asked))  # neither is the likelier one
    assert len(desk.office.entries()) == 1
    number = [one for one in elements(asked) if one["type"] == "button"][1]
    desk.clicks(number["action_id"], number["value"])
    assert [(one.seconds, one.note) for one in desk.office.entries()][1:] == [(3600, "footer")]
