"""What a person gets back, whatever a handler does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import Vanished
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import SlackPerson
from bot.domain.slack_errors import SlackTryLater
from bot.views.message import Message
from handlers import edge as edge_module
from handlers.asking import (
    Ask,
    Click,
    Command,
    Shortcut,
)
from handlers.replies import (
    Ephemeral,
    Nothing,
    OpenModal,
    Reply,
    Update,
)
from tests.builders import NOON
from tests.handlers.edge_desk import FORM, TEAM, Desk, answering, at_the_edge


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """An edge over a team with nobody in it yet."""
    with at_the_edge(sqlite_url) as made:
        yield made


async def test_each_first_answer_is_counted_by_how_it_went(desk: Desk) -> None:
    """The operator sees from it that people are refused, or that something breaks."""

    def refuse(_ask: Click) -> Reply:
        raise Vanished("task")

    def break_down(_ask: Click) -> Reply:
        raise RuntimeError

    desk.routes.click("do", answering(Ephemeral(Message("Done."))))
    desk.routes.click("refuse", refuse)
    desk.routes.click("break", break_down)
    for action in ("do", "refuse", "break"):
        await desk.clicks(action)
    assert desk.answers == [
        ("click", "done", True),
        ("click", "refused", True),
        ("click", "broken", True),
    ]


async def test_a_shortcut_answers_in_its_thread(desk: Desk) -> None:
    """A message in a thread is answered there, and so is the form that it leads to."""

    def used(ask: Shortcut) -> Reply:
        assert (ask.said, ask.message_ts, ask.thread_ts) == ("WEB-12", "1.2", "1.1")
        return Ephemeral(Message("Started."))

    desk.routes.shortcut("track", used)
    await desk.shortcut("track")
    ((url, payload),) = desk.slack.said("respond")
    assert (url, payload["thread_ts"], payload["replace_original"]) == (
        "https://answer",
        "1.1",
        False,
    )
    desk.routes.shortcuts.clear()
    desk.routes.shortcut("track", answering(OpenModal(replace(FORM, returns=True))))
    await desk.shortcut("track")
    assert desk.slack.said("metadata") == ["\nhttps://answer 1.1"]
    await desk.shortcut("unknown")


async def test_slacks_own_trouble_stops_no_timer(desk: Desk) -> None:
    """Slack delivers a command but cannot say who people are: members go on, admins wait."""
    desk.routes.command("/track", answering(Ephemeral(Message("Stopped."))))
    desk.routes.click("link.ignore", answering(Update(Message("Ignored."))), admin=True)
    ana = SlackPerson(SlackUserId("U0ANA"), "Ana", None, "UTC", is_admin=True)
    desk.members.save(TeamId(TEAM), ana, NOON - timedelta(days=2))

    async def trouble(*arguments: Any) -> SlackPerson:  # noqa: ANN401
        del arguments
        raise SlackTryLater(retry_after=5)

    desk.slack.person = trouble  # type: ignore[assignment, method-assign]
    assert "Stopped." in str(await desk.types("stop"))
    await desk.clicks("link.ignore")
    assert "Slack is busy" in desk.slack.said("respond")[-1][1]["text"]
    assert "Slack is busy" in str(await desk.types("stop", user="U0NEW"))


async def test_the_answer_to_a_command_rides_in_its_acknowledgement(desk: Desk) -> None:
    """One round trip, and only the asker sees it."""
    desk.routes.command("/track", answering(Ephemeral(Message("Started."))))
    answer = json.loads(await desk.types("start"))
    assert answer == {"response_type": "ephemeral", "text": "Started."}
    assert desk.slack.said("respond") == []
    assert desk.woken >= 1


async def test_only_what_was_saved_wakes_the_background(desk: Desk) -> None:
    """Each look at the Home tab would cost the database as much again, for nothing."""

    def saving(_ask: Command) -> Reply:
        with desk.world.uow.begin():
            return Ephemeral(Message("Saved."))

    desk.routes.command("/track", saving)
    desk.routes.click("track.look", answering(Update(Message("Looked."))))
    await desk.types("start")
    await desk.types("start")
    woken = desk.woken
    assert woken == 2
    await desk.clicks("track.look")
    assert desk.woken == woken


async def test_a_stranger_is_looked_up_once(desk: Desk) -> None:
    """Slack is asked who somebody is when they first come, not on every command."""
    seen: list[Ask] = []

    def handler(ask: Command) -> Reply:
        seen.append(ask)
        return Nothing()

    desk.routes.command("/track", handler)
    await desk.types("one")
    await desk.types("two")
    assert [ask.who.name for ask in seen] == ["Somebody", "Somebody"]
    assert len(desk.slack.said("person")) == 1


async def test_an_expected_error_is_a_sentence(desk: Desk) -> None:
    """What a service raises, a person reads."""

    def handler(_ask: Command) -> Reply:
        raise Vanished("task")

    desk.routes.command("/track", handler)
    assert "That task is no longer there" in str(await desk.types("start"))


async def test_an_unexpected_error_shows_a_reference_and_no_trace(desk: Desk) -> None:
    """Our fault: an id to ask about, nothing of our insides."""

    def handler(_ask: Command) -> Reply:
        raise RuntimeError("password=hunter2")

    desk.routes.command("/track", handler)
    said = str(await desk.types("start"))
    assert "7F3A-19" in said
    assert "hunter2" not in said
    assert "Traceback" not in said


async def test_a_slow_use_case_is_answered_in_time_and_finished_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack hangs up after 3 seconds; the result still arrives."""
    monkeypatch.setattr(edge_module, "PATIENCE", 0.05)

    def handler(_ask: Command) -> Reply:
        desk.acknowledged.wait(60)
        return Ephemeral(Message("Done at last."))

    desk.routes.command("/track", handler)
    assert "Still working" in str(await desk.types("start"))
    ((url, payload),) = desk.slack.said("respond")
    assert url == "https://respond.test/1"
    assert payload["text"] == "Done at last."


async def test_a_click_replaces_its_own_message(desk: Desk) -> None:
    """Buttons answer in place."""
    desk.routes.click("track.stop", answering(Update(Message("Stopped."))))
    await desk.clicks("track.stop#2", "7")
    ((_, payload),) = desk.slack.said("respond")
    assert payload == {"text": "Stopped.", "replace_original": True}


async def test_a_click_carries_its_value_and_its_place(desk: Desk) -> None:
    """The handler knows which row is meant and where."""
    seen: list[Click] = []

    def handler(ask: Click) -> Reply:
        seen.append(ask)
        return Nothing()

    desk.routes.click("track.stop", handler)
    await desk.clicks("track.stop", "12:3")
    (click,) = seen
    assert (click.action, click.value, click.channel_id, click.message_ts) == (
        "track.stop",
        "12:3",
        "C0OPS",
        "1.1",
    )


async def test_a_button_nobody_handles_any_more_says_so(desk: Desk) -> None:
    """A message from an older version stays polite."""
    await desk.clicks("old.button")
    ((_, payload),) = desk.slack.said("respond")
    assert "no longer there" in payload["text"]


async def test_somebody_elses_organisation_never_acts(desk: Desk) -> None:
    """In a shared channel the buttons are visible to people who are not ours."""
    desk.routes.click("track.stop", answering(Update(Message("Stopped."))))
    await desk.clicks("track.stop", user={"id": "U9EXT", "team_id": "T9OTHER"})
    ((_, payload),) = desk.slack.said("respond")
    assert "Only people of this workspace" in payload["text"]
    assert payload["replace_original"] is False


async def test_a_member_cannot_use_an_admins_button(desk: Desk) -> None:
    """What the button shows is not what is allowed; whom to ask is said by name."""
    desk.routes.click("link.ignore", answering(Update(Message("Ignored."))), admin=True)
    desk.world.member("bo", admin=True)
    desk.world.member("cleo", admin=True)
    await desk.clicks("link.ignore")
    ((_, payload),) = desk.slack.said("respond")
    assert payload["text"] == "Only an admin can do this. Ask Bo or Cleo."


async def test_an_item_of_a_menu_is_like_a_button(desk: Desk) -> None:
    """Each names its own action and value; one that nobody knows gets a plain answer."""
    asked: list[Click] = []

    def handler(ask: Click) -> Reply:
        asked.append(ask)
        return Nothing()

    desk.routes.click("track.note", handler)
    for value in ("track.note:7", "nobody.knows:7"):
        chosen = {"text": {"type": "plain_text", "text": "Note"}, "value": value}
        action = {"type": "overflow", "action_id": "menu#7", "action_ts": "1.5"}
        await desk.clicks("menu", actions=[action | {"selected_option": chosen}])
    assert [(one.action, one.value) for one in asked] == [("track.note", "7")]
    ((_, payload),) = desk.slack.said("respond")
    assert "no longer there" in payload["text"]
