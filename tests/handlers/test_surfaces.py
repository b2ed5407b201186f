"""Where an answer goes when it comes too late for a form."""

from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.slack_errors import SlackRefused
from bot.views.message import Message, Modal, section
from handlers.replies import CloseModals, Ephemeral, FieldErrors, OpenModal, Reply
from handlers.surfaces import Surface

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
    await surface(slack, view_type).perform(Ephemeral(Message("Something broke on our side.")))
    assert slack.done == [done]


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
