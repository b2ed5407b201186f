"""Where an answer goes when it comes too late for a form."""

from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.slack_errors import SlackRefused
from bot.views.message import Message, Modal, section
from handlers.replies import CloseModals, Ephemeral, FieldErrors, OpenModal, Reply, Update
from handlers.surfaces import Surface, metadata

if TYPE_CHECKING:
    from bot.slack import Slack


class LateSlack:
    """Every trigger is refused; what is done instead is written down."""

    def __init__(self, code: str = "expired_trigger_id") -> None:
        self.code = code
        self.done: list[str] = []
        self.said: list[str] = []

    async def open_view(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401
        """Too late."""
        del arguments, more
        raise SlackRefused(self.code)

    async def update_view(self, *arguments: Any) -> None:  # noqa: ANN401
        """The form that is open."""
        self.done.append(f"update {arguments[1]}")
        self.said.append(str(arguments[2]))

    async def post(self, *arguments: Any) -> None:  # noqa: ANN401
        """A direct message."""
        self.done.append(f"post {arguments[1]}")

    async def respond(self, url: str, payload: dict[str, Any]) -> None:
        """A response URL, spent unless it is called fresh."""
        if "fresh" not in url:
            raise SlackRefused(self.code)
        self.done.append(f"respond replacing={payload['replace_original']}")


def surface(slack: LateSlack, view_type: str) -> Surface:
    """A click inside a form or the App Home."""
    return Surface(
        cast("Slack", slack),
        TeamId("T0ACME"),
        SlackUserId("U0ANA"),
        trigger_id="1.2.3",
        view_id="V1",
        view_type=view_type,
    )


@pytest.mark.parametrize(("view_type", "done"), [("modal", "update V1"), ("home", "post U0ANA")])
async def test_a_late_answer_is_not_lost(view_type: str, done: str) -> None:
    """Nobody is left with *Checking...*: the open form says it, or a direct message does."""
    slack = LateSlack()
    late = Ephemeral(Message("Something broke on our side."), refused=True)
    await surface(slack, view_type).perform(late)
    assert slack.done == [done]


@pytest.mark.parametrize(
    "reply",
    [
        OpenModal(Modal("next", "The next form", [section("Hello")])),
        Ephemeral(Message("Hello")),
    ],
)
async def test_a_fourth_form_takes_the_place_of_the_third(reply: Reply) -> None:
    """Slack stacks three: a day, an entry, its history; whatever is opened there is still seen."""
    slack = LateSlack("push_limit_reached")
    await surface(slack, "modal").perform(reply)
    assert slack.done == ["update V1"]
    assert "Hello" in slack.said[0]


async def test_another_refusal_is_still_an_error() -> None:
    """Only a spent trigger has a way around."""
    with pytest.raises(SlackRefused):
        await surface(LateSlack("invalid_arguments"), "modal").perform(Ephemeral(Message("Hm")))


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (CloseModals(Message("Linked.")), "Linked."),
        (CloseModals(), "Done."),
        (FieldErrors({"name": "Say its name."}), "Say its name."),
        (OpenModal(Modal("next", "The next form", [section("Hello")])), "Hello"),
        (Ephemeral(Message("No such project.")), "No such project."),
    ],
)
async def test_a_form_that_waits_is_told_whatever_came_of_it(reply: Reply, said: str) -> None:
    """After *Still working* nothing is silence: not success, not what was wrong with a field."""
    slack = LateSlack()
    waiting = surface(slack, "modal")
    waiting.waits = True
    await waiting.perform(reply)
    assert slack.done == ["update V1"]
    assert said in slack.said[0]


async def test_a_form_that_cannot_open_any_more_is_explained() -> None:
    """Who clicked is told to try again, instead of waiting for a form that never comes."""
    slack = LateSlack()
    await surface(slack, "home").perform(OpenModal(Modal("form", "A form", [section("Hello")])))
    assert slack.done == ["post U0ANA"]


@pytest.mark.parametrize("reply", [Update(Message("Stopped.")), Ephemeral(Message("Stopped."))])
async def test_a_spent_response_url_is_no_dead_end(reply: Reply) -> None:
    """The sixth answer, or one after half an hour, comes as a new private message (T7)."""
    slack = LateSlack("expired_url")
    click = Surface(
        cast("Slack", slack), TeamId("T0ACME"), SlackUserId("U0ANA"), response_url="https://spent"
    )
    await click.perform(reply)
    assert slack.done == ["post U0ANA"]
    slack.code = "http_500"
    with pytest.raises(SlackRefused):
        await click.perform(reply)


@pytest.mark.parametrize(
    ("place", "done"),
    [
        ("https://fresh", "respond replacing=True"),
        ("https://spent", "post U0ANA"),
        ("", "post U0ANA"),
    ],
)
async def test_a_form_answers_where_it_was_opened(place: str, done: str) -> None:
    """From a message into that message, as long as Slack lets us; else in a direct message."""
    slack = LateSlack("expired_url")
    form = surface(slack, "modal")
    form.came_from = place
    await form.perform(CloseModals(Message("Changed."), replaces=True))
    assert slack.done == [done]


@pytest.mark.parametrize(
    ("place", "done"),
    [
        ("https://fresh", ["respond replacing=True", "respond replacing=False"]),
        ("https://spent", ["post U0ANA"]),
        ("", ["post U0ANA"]),
    ],
)
async def test_a_list_is_drawn_anew_where_that_is_possible(place: str, done: list[str]) -> None:
    """What came of a form is always said; the list behind it is not posted a second time."""
    slack = LateSlack("expired_url")
    form = surface(slack, "modal")
    form.came_from = place
    await form.perform(CloseModals(Message("Changed."), redrawn=Message("Today: 1 h.")))
    assert slack.done == done


@pytest.mark.parametrize("reply", [Ephemeral(Message("Started.")), Update(Message("Started."))])
async def test_what_was_done_on_the_home_is_said_there(reply: Reply) -> None:
    """In the tab itself, which is shown afresh; no form on top, no direct message."""
    slack = LateSlack()
    click = surface(slack, "home")
    await click.perform(reply)
    assert (slack.done, click.notice) == ([], Message("Started."))
    form = surface(slack, "modal")
    form.came_from = "home"
    await form.perform(CloseModals(Message("Changed.")))
    assert (slack.done, form.notice) == ([], Message("Changed."))
    form.notice = None
    await form.perform(CloseModals(Message("On TASK-12."), replaces=True))
    assert (slack.done, form.notice) == ([], None)


async def test_a_long_answer_gets_a_place_of_its_own() -> None:
    """The Home tab has a hundred blocks; a list of tasks does not take half of them."""
    slack = LateSlack()
    click = surface(slack, "home")
    await click.perform(Ephemeral(Message("Many", [section("One")] * 20)))
    assert (slack.done, click.notice) == (["post U0ANA"], None)


def test_a_form_remembers_where_it_was_opened() -> None:
    """Through every update of it, and without its handler seeing anything of that."""
    slack = LateSlack()
    click = surface(slack, "modal")
    click.view_type, click.response_url = "message", "https://fresh"
    modal = Modal("form", "A form", [section("Hello")], metadata="12:3", returns=True)
    first = click.view(modal)
    assert metadata(first) == ("12:3", "https://fresh")
    again = surface(slack, "modal")
    again.came_from = metadata(first)[1]
    assert again.view(modal)["private_metadata"] == first["private_metadata"]
    assert surface(slack, "home").view(modal)["private_metadata"] == "12:3\nhome"
    plain = Modal("form", "A form", [section("Hello")], metadata="12:3")
    assert click.view(plain)["private_metadata"] == "12:3"


async def test_what_replaces_a_form_stands_in_it() -> None:
    """A button in a form has no message to replace: the form itself says what happened."""
    slack = LateSlack()
    await surface(slack, "modal").perform(Update(Message("Took it back.")))
    assert slack.done == ["update V1"]
    assert "Took it back." in slack.said[0]
