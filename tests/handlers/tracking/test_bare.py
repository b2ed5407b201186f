"""``/track TASK-12`` without a verb: what is offered, and that nothing is done before a click."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.tracking.pending_entries import PendingEntryRow
from tests.builders import NOON
from tests.handlers.track_desk import Desk, fits
from tests.services.office import Office, task


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Ana at her keyboard, on each kind of database."""
    office = Office(database_url)
    yield Desk(office)
    office.world.close()


def buttons(message: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - a message
    """Its buttons by what stands on them."""
    rows = [one["elements"] for one in message.blocks if one["type"] == "actions"]
    return {one["text"]["text"]: one for row in rows for one in row}


@pytest.mark.parametrize("behind", ["tomorrow", "in 10 minutes", "for 1h", "9:30-10:30 x: y"])
def test_what_cannot_be_meant_behind_a_task_still_offers_it(desk: Desk, behind: str) -> None:
    """The task was named; only when is unclear."""
    said = desk.types(f"web-12 {behind}")
    assert "*WEB-12 Fix the header*?" in said.text
    assert ("`/track log` with the same words" in said.text) == (behind[0] in "9f")
    assert "`/track start` with the same words" not in said.text
    assert desk.office.entries() == []


@pytest.mark.parametrize("verb", ["strat", "work", "sync"])
def test_nobody_is_to_type_a_mistyped_verb_again(desk: Desk, verb: str) -> None:
    """Behind the right one it would be a note."""
    said = desk.types(f"{verb} web-12").text
    assert "Start *WEB-12 Fix the header*?" in said
    assert "same words" not in said
    assert "`/track start` with the same words" in desk.types("fix header").text


def test_a_verb_of_link_is_told(desk: Desk) -> None:
    """Unless it is a word of a title as well, with others behind it."""
    for text in ("sync", "unlink Website", "users @ana", "all", "close"):
        assert "`/link` has it:\n`/link " in desk.types(text).text, text
    for text in ("all hands", "new header", "header"):
        assert "/link" not in desk.types(text).text, text


def test_a_verb_of_link_stands_below_what_the_word_means_here(desk: Desk) -> None:
    """Who closes is done with a task more often than with a month; what is spelled alike is not."""
    for text, verb in (("close", "done"), ("close web-12", "done"), ("project", "tasks")):
        said = desk.types(text).text
        assert said.startswith(
            f"`/track` has no \u201c{text.split()[0]}\u201d. Did you mean `{verb}`?"
        )
    assert "\n`/link` has it:\n`/link close" in desk.types("close").text
    assert "Did you mean" not in desk.types("users").text


def test_a_key_alone_is_one_click_from_its_timer(desk: Desk) -> None:
    """Whoever forgets the verb is not shown all of them; nothing runs before the click."""
    said = desk.types("web-12")
    assert said.text.startswith("Start *WEB-12 Fix the header*? Nothing is started yet.")
    assert desk.office.entries() == []
    start = buttons(said)["Start WEB-12"]
    done = desk.clicks("track.pick", start["value"])
    assert "Started *WEB-12 Fix the header*" in fits(done.message).text
    assert "`/track start` with the same words" in said.text
    other = desk.types("web-9")
    assert other.text.startswith("Start *WEB-9 Footer links*? That stops *WEB-12*.")
    assert desk.types("WEB-12").text.startswith("On *WEB-12 Fix the header* since")


def test_time_and_note_are_kept_for_the_click(desk: Desk) -> None:
    """What was typed beside the task is not lost."""
    said = desk.types("WEB-12 -15m about the menu")
    assert "Start *WEB-12 Fix the header* at 12:45?" in said.text
    assert "Note: about the menu" in said.text
    desk.clicks("track.pick", buttons(said)["Start WEB-12"]["value"])
    (entry,) = desk.office.entries()
    assert (entry.started_at, entry.note) == (NOON - timedelta(minutes=15), "about the menu")


@pytest.mark.parametrize("text", ["web-12", "fix header", "1h", "1h30m web-12 review"])
def test_a_line_without_a_verb_that_was_copied_whole(desk: Desk, text: str) -> None:
    """A second ``/track`` before it changes nothing of what is offered."""
    assert desk.types(f"/track {text}").text == desk.types(text).text


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("1h30m web-12 review", "Log 1 h 30 m to *WEB-12 Fix the header*?"),
        ("web-12 1h30m yesterday", "Log 1 h 30 m on Thu 19 Nov to *WEB-12 Fix the header*?"),
        ("09:00-10:30 web-12", "Log 09:00 to 10:30 to *WEB-12 Fix the header*?"),
    ],
)
def test_a_length_beside_it_is_offered_as_time_already_worked(
    desk: Desk, text: str, asks: str
) -> None:
    """And saved by the click, not before."""
    said = desk.types(text)
    assert said.text.startswith(f"{asks} Nothing is saved yet.")
    assert desk.office.entries() == []
    desk.clicks("track.pick", buttons(said)["Log to WEB-12"]["value"])
    assert [entry.seconds for entry in desk.office.entries()] == [5400]


def test_what_is_not_theirs_is_answered_like_a_start(desk: Desk) -> None:
    """Unknown: what is near. From a tool without an account: the way to connect."""
    assert desk.types("web-21").text.startswith("No task \u201cWEB-21\u201d that you can track.")
    bo = desk.office.world.member("bo")
    refused = desk.types("web-12", bo)
    assert "your account there is not connected yet" in refused.text
    assert "Fix the header" not in refused.text


def test_mere_words_offer_the_tasks_that_fit(desk: Desk) -> None:
    """They may be a verb that was mistyped, so nothing is done; the tasks are a click away."""
    said = desk.types("fix header 1h")
    assert said.text.startswith(
        "`/track` has no \u201cfix\u201d.\nLog 1 h to *WEB-12 Fix the header*? Nothing is saved"
    )
    assert set(buttons(said)) == {"Log to WEB-12", "All commands"}
    assert "\nStart *WEB-12 Fix the header*?" in desk.types("fix: header").text
    task(desk.office, "WEB-13", "Fix the header's colour")
    said = desk.types("fix header")
    assert "Tasks for \u201cfix header\u201d: " in said.text
    assert "WEB-12 Fix the header" in said.text
    assert desk.office.entries() == []
    assert len(said.blocks) == 2
    done = desk.clicks("track.pick", buttons(said)["Start WEB-12"]["value"])
    assert "Started *WEB-12 Fix the header*" in fits(done.message).text
    near = desk.types("haeder links")
    assert "Tasks near \u201chaeder links\u201d: " in near.text


def test_words_for_nothing_are_answered_in_a_line(desk: Desk) -> None:
    """No wall of help: it is a button."""
    said = desk.types("qqq zzz")
    assert said.text == (
        "`/track` has no \u201cqqq\u201d.\nNo task that you can track fits \u201cqqq zzz\u201d "
        "either.\n`/track help` shows every command."
    )
    shown = desk.clicks(buttons(said)["All commands"]["action_id"])
    assert "How to use `/track`:" in fits(shown.message).text


def test_words_are_refused_with_the_button_that_helps(desk: Desk) -> None:
    """Somebody without an account learns why no task is found, and connects with a click."""
    bo = desk.office.world.member("bo")
    said = desk.types("fix header", bo)
    assert said.text.startswith("`/track` has no \u201cfix\u201d.\nYour tasks come from Board")
    assert set(buttons(said)) == {"Connect", "All commands"}
    assert "21 November 2026 is still to come" in desk.types("fix header 1h tomorrow").text


def test_a_mistyped_verb_is_no_wish_to_track(desk: Desk) -> None:
    """Nothing about an account where the word is spelled like a verb, and nothing is kept."""
    bo = desk.office.world.member("bo")
    assert set(buttons(desk.types("stauts", bo))) == {"All commands"}
    with desk.office.world.uow.read() as tx:
        assert tx.entities.scalars(select(PendingEntryRow)).all() == []


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("1h", "Log 1 h to which task? Nothing is saved yet."),
        ("log 1h yesterday", "Log 1 h on Thu 19 Nov to which task?"),
        ("9:00-10:00 note: call", "Log 09:00 to 10:00 to which task?"),
    ],
)
def test_a_length_without_a_task_asks_what_it_was_for(desk: Desk, text: str, asks: str) -> None:
    """The likely tasks are a click away, and the click keeps length, day and note."""
    desk.office.start("WEB-9")
    desk.types("stop")
    said = desk.types(text)
    assert said.text.startswith(asks)
    assert "Perhaps WEB-9 Footer links, WEB-12 Fix the header." in said.text
    assert list(buttons(said)) == ["Log to WEB-9", "Log to WEB-12", "Search tasks"]
    assert desk.office.entries() == []
    desk.clicks("track.pick", buttons(said)["Log to WEB-12"]["value"])
    (entry,) = desk.office.entries()
    assert (entry.seconds, entry.note) == (3600, "call" if "call" in text else "")
    assert entry.work_date.day == (19 if "yesterday" in text else 20)


def test_start_alone_offers_what_does_not_run_already(desk: Desk) -> None:
    """As ``switch`` alone does."""
    assert list(buttons(desk.types("start"))) == ["Start WEB-9", "Start WEB-12", "Search tasks"]
    desk.office.start("WEB-9")
    for text in ("start", "switch"):
        assert list(buttons(desk.types(text))) == ["Start WEB-12", "Search tasks"]


def test_a_project_is_offered_where_there_is_no_task(desk: Desk) -> None:
    """Time may be tracked on it as such."""
    bo = desk.office.world.member("bo")
    desk.office.world.joins(bo, desk.office.world.project("Garden", "GRD"))
    assert list(buttons(desk.types("log 1h", bo))) == ["Log to Garden", "Search tasks"]


def test_a_typo_shows_what_it_may_have_been(desk: Desk) -> None:
    """The verbs spelled like it with their usage, and no other."""
    said = desk.types("strat web-12")
    assert "`/track start [task]" in said.text
    assert "`/track log" not in said.text
    assert set(buttons(said)) == {"Start WEB-12", "Log time", "All commands"}
    assert "Note:" not in said.text
    assert set(buttons(desk.types("stauts"))) == {"All commands"}


@pytest.mark.parametrize("text", ["web-12 at 25:00", "25h web-12", "web-12 tomorrow 1h"])
def test_a_time_that_cannot_be_is_said(desk: Desk, text: str) -> None:
    """As with the verb: no button for what would be refused."""
    assert not buttons(desk.types(text)).keys() & {"Log to WEB-12"}
