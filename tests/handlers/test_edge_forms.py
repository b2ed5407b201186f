"""Forms at the edge: opened, refused, slow, finished."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.domain.errors import DatabaseAway, Vanished
from bot.domain.slack_errors import SlackRefused
from bot.views.message import Message, Modal, section
from handlers import edge as edge_module
from handlers.asking import (
    Lookup,
    Submission,
)
from handlers.replies import (
    Choices,
    CloseModals,
    FieldErrors,
    Nothing,
    OpenModal,
    Reply,
    Update,
    UpdateModal,
)
from playground.rules import check_options
from tests.handlers.edge_desk import FORM, TEAM, Desk, answering, at_the_edge


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """An edge over a team with nobody in it yet."""
    with at_the_edge(sqlite_url) as made:
        yield made


async def test_a_slow_form_waits_in_the_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not closed as if all were well before anybody knows."""
    monkeypatch.setattr(edge_module, "PATIENCE", 0.05)

    def handler(_ask: Submission) -> Reply:
        desk.acknowledged.wait(60)
        return FieldErrors({"name": "Say its name."})

    desk.routes.submission("form", handler)
    said = str(await desk.submits("form"))
    assert "Still working" in said
    assert "clear" not in said
    ((view_id, text),) = desk.slack.said("update")
    assert view_id == "V1"
    assert "Say its name." in text


async def test_a_form_slack_refuses_to_open_is_explained(desk: Desk) -> None:
    """A click that leads nowhere would be repeated for ever."""

    async def refuse(*arguments: Any, **more: Any) -> None:  # noqa: ANN401
        del arguments, more
        raise SlackRefused("invalid_arguments")

    desk.slack.open_view = refuse  # type: ignore[method-assign]
    desk.routes.click("link.choose", answering(OpenModal(FORM)))
    await desk.clicks("link.choose")
    ((_, payload),) = desk.slack.said("respond")
    assert "invalid_arguments" in payload["text"]


async def test_a_form_opens_from_a_command(desk: Desk) -> None:
    """The trigger is used while it lives, and the acknowledgement stays empty."""
    desk.routes.command("/track", answering(OpenModal(FORM)))
    assert await desk.types("log") == ""
    assert desk.slack.said("open") == ["form"]


async def test_a_select_that_cannot_search_says_why(desk: Desk) -> None:
    """Not that nothing was found, as while the database is away; choosing the reason is nothing."""

    def away(_ask: Lookup) -> Reply:
        raise DatabaseAway

    desk.routes.lookup("find", away)
    body = {
        "type": "block_suggestion",
        "team": {"id": TEAM},
        "user": {"id": "U0ANA", "team_id": TEAM},
        "view": {"id": "V1", "type": "modal", "callback_id": "form", "state": {"values": {}}},
        "action_id": "find",
        "block_id": "task",
        "value": "head",
    }
    answer = json.loads(await desk.send(body))
    check_options(answer)
    (reason,) = answer["options"]
    told = f"{reason['text']['text']} {reason['description']['text']}"
    assert told.startswith("The database cannot be reached right now")
    assert told.endswith("Try again in a minute.")

    asked: list[str] = []

    def sent(ask: Submission) -> Reply:
        asked.append(ask.fields.choice("task"))
        return Nothing()

    desk.routes.submission("form", sent)
    await desk.submits("form", {"task": {"find": {"selected_option": reason}}})
    assert asked == [""]
    desk.routes.click("find", answering(Update(Message("Chosen."))))
    chosen = {"type": "external_select", "action_id": "find", "action_ts": "1.5"}
    await desk.clicks("find", actions=[chosen | {"selected_option": reason}])
    assert desk.slack.said("respond") == []


async def test_half_a_character_is_not_searched_for(desk: Desk) -> None:
    """Somebody's emoji that is cut off in the middle is nothing that a database takes."""
    asked: list[str] = []

    def found(ask: Lookup) -> Reply:
        asked.append(ask.query)
        return Choices([])

    desk.routes.lookup("find", found)
    body = {
        "type": "block_suggestion",
        "team": {"id": TEAM},
        "user": {"id": "U0ANA", "team_id": TEAM},
        "action_id": "find",
        "value": "head\ud83d\x00 er",
    }
    await desk.send(body)
    assert asked == ["head er"]


async def test_errors_stand_under_their_fields(desk: Desk) -> None:
    """A form that is wrong stays open, with a sentence where it is wrong."""
    desk.routes.submission("form", answering(FieldErrors({"name": "Say its name."})))
    said = str(await desk.submits("form"))
    assert "errors" in said
    assert "Say its name." in said


async def test_a_failure_in_a_form_keeps_what_was_typed(desk: Desk) -> None:
    """The sentence is stacked on top; closing it leads back to the form."""

    def handler(_ask: Submission) -> Reply:
        raise Vanished("project")

    desk.routes.submission("form", handler)
    said = str(await desk.submits("form"))
    assert "push" in said
    assert "That project is no longer there" in said


async def test_a_finished_form_closes_and_the_result_is_sent(desk: Desk) -> None:
    """Every open form goes, and a private message says what came of it."""
    desk.routes.submission("form", answering(CloseModals(Message("Linked."))))
    assert "clear" in str(await desk.submits("form"))
    assert desk.slack.said("post") == [("U0ANA", "Linked.")]


async def test_a_form_that_takes_long_shows_its_progress(desk: Desk) -> None:
    """First *Checking*, then the result in the same form."""

    async def handler(_ask: Submission) -> AsyncIterator[Reply]:
        yield UpdateModal(Modal("form", "A form", [section("Checking...")]))
        await asyncio.sleep(0)
        yield UpdateModal(Modal("form", "A form", [section("Connected.")]))

    desk.routes.submission("form", handler)
    assert "Checking..." in str(await desk.submits("form"))
    assert desk.slack.said("update") == [("V1", "Connected.")]
    (waited,) = desk.waited
    assert 0 < waited < 1  # else the result could overtake what it replaces
