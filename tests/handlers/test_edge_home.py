"""The Home tab and other surfaces that are drawn again, at the edge."""

from collections.abc import Iterator

import pytest

from bot.domain.errors import Vanished
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import SlackPerson
from bot.views.message import Message, Modal, section
from handlers.asking import (
    Click,
    Opened,
)
from handlers.replies import (
    CloseModals,
    Ephemeral,
    HomeView,
    Reply,
    Update,
    UpdateModal,
)
from handlers.routes import Route
from tests.handlers.edge_desk import TEAM, Desk, answering, at_the_edge


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """An edge over a team with nobody in it yet."""
    with at_the_edge(sqlite_url) as made:
        yield made


HOME_VIEW = {"id": "V9", "type": "home", "state": {"values": {}}}


def home_of(desk: Desk) -> list[Opened]:
    """A Home tab that keeps what it was shown for."""
    shown: list[Opened] = []

    def handler(ask: Opened) -> Reply:
        shown.append(ask)
        return HomeView({"type": "home", "blocks": []})

    desk.routes.home = Route(handler)
    return shown


def opens(tab: str, **told: object) -> dict[str, object]:
    """The event about a tab of the app."""
    event = {"type": "app_home_opened", "user": "U0ANA", "tab": tab, **told}
    return {"type": "event_callback", "team_id": TEAM, "event": event}


async def test_a_click_on_the_home_shows_the_home_again(desk: Desk) -> None:
    """With what it did at the top; no form opens for that."""
    shown = home_of(desk)
    desk.routes.click("track.stop", answering(Update(Message("Stopped."))))
    await desk.clicks("track.stop", view=HOME_VIEW, response_url=None, message=None)
    assert [ask.notice for ask in shown] == [Message("Stopped.")]
    assert desk.slack.said("open") == []


async def test_a_refusal_on_the_home_cannot_be_missed(desk: Desk) -> None:
    """It opens a form, wherever the person has scrolled to."""

    def handler(_ask: Click) -> Reply:
        raise Vanished("task")

    shown = home_of(desk)
    desk.routes.click("track.start", handler)
    await desk.clicks("track.start", view=HOME_VIEW, response_url=None, message=None)
    assert [ask.notice for ask in shown] == [None]
    assert desk.slack.said("open") == ["notice"]


async def test_a_form_from_the_home_answers_there(desk: Desk) -> None:
    """No direct message beside the tab that shows it anyway."""
    shown = home_of(desk)
    desk.routes.submission("form", answering(CloseModals(Message("Changed."))))
    view = {"id": "V1", "type": "modal", "callback_id": "form", "private_metadata": "7\nhome"}
    await desk.send(
        {
            "type": "view_submission",
            "team": {"id": TEAM},
            "user": {"id": "U0ANA", "team_id": TEAM},
            "trigger_id": "1.2.3",
            "view": view,
        }
    )
    assert [ask.notice for ask in shown] == [Message("Changed.")]
    assert desk.slack.said("post") == []


async def test_an_open_home_follows_what_is_typed(desk: Desk) -> None:
    """While it is in sight; not before it was opened, nor after it was left."""
    shown = home_of(desk)
    desk.routes.command("/track", answering(Ephemeral(Message("Started."))))
    await desk.types("start TASK-12")
    assert len(shown) == 0
    await desk.send(opens("home"))
    await desk.types("start TASK-12")
    assert [ask.notice for ask in shown] == [None, None]
    await desk.send(opens("messages"))
    await desk.types("start TASK-12")
    assert len(shown) == 2


async def test_a_home_that_is_as_it_was_is_not_published_again(desk: Desk) -> None:
    """Slack tells what somebody sees as they open it; what has changed is published."""
    words = ["No timer is running."]
    desk.routes.home = Route(lambda _ask: HomeView({"type": "home", "blocks": [section(words[0])]}))
    await desk.send(opens("home"))
    seen = desk.slack.homes["U0ANA"]
    await desk.send(opens("home", view=seen))
    assert desk.slack.said("home") == ["U0ANA"]
    words[0] = "Tracking since 9:30."
    await desk.send(opens("home", view=seen))
    assert desk.slack.said("home") == ["U0ANA", "U0ANA"]
    assert desk.slack.homes["U0ANA"]["blocks"] == [section("Tracking since 9:30.")]


@pytest.mark.parametrize("view", [None, {}, {"private_metadata": ""}, {"private_metadata": "old"}])
async def test_a_home_of_which_nothing_is_known_is_published(desk: Desk, view: object) -> None:
    """It is somebody's first, or an older version of the app made it."""
    home_of(desk)
    await desk.send(opens("home", view=view))
    assert desk.slack.said("home") == ["U0ANA"]


async def test_a_form_that_shows_something_is_drawn_again(desk: Desk) -> None:
    """After a deletion in a list the list no longer has it."""
    asked: list[Click] = []

    def drawn(ask: Click) -> Reply:
        asked.append(ask)
        return UpdateModal(Modal("day.open", "Your time", [section("Nothing left")]))

    desk.routes.redraw("day.open", drawn)
    desk.routes.click("entry.delete", answering(Ephemeral(Message("Deleted."))))
    desk.routes.click("day.show", drawn)
    view = {"id": "V1", "type": "modal", "callback_id": "day.open#today"}
    await desk.clicks("entry.delete", view=view, response_url=None, message=None)
    assert [(ask.value, ask.view_id) for ask in asked] == [("today", "V1")]
    assert desk.slack.said("update") == [("V1", "Nothing left")]
    await desk.clicks("day.show", view=view, response_url=None, message=None)
    assert len(desk.slack.said("update")) == 2


async def test_a_guest_of_a_shared_channel_who_opens_the_home_is_nobody(desk: Desk) -> None:
    """Slack tells of people of other organisations as of its own, but for their workspace."""
    desk.slack.known["U9EXT"] = SlackPerson(
        SlackUserId("U9EXT"), "Ext", None, "UTC", is_admin=True, home=TeamId("T9OTHER")
    )
    desk.routes.home = Route(answering(HomeView({"type": "home", "blocks": []})))
    event = {"type": "app_home_opened", "user": "U9EXT", "tab": "home"}
    await desk.send({"type": "event_callback", "team_id": TEAM, "event": event})
    assert desk.slack.said("home") == []
    assert desk.members.find(TeamId(TEAM), SlackUserId("U9EXT")) is None
