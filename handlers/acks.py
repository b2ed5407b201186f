"""What of a reply can ride in the acknowledgement of its request."""

from typing import Any, TypeAlias

from slack_bolt.async_app import AsyncAck
from slack_bolt.response import BoltResponse

from bot.slack_calls import written
from bot.views.message import option, option_group
from bot.views.searching import no_choice
from handlers.replies import (
    Choices,
    Ephemeral,
    FieldErrors,
    Nothing,
    OpenModal,
    Reply,
    Update,
    UpdateModal,
)
from handlers.surfaces import Surface, notice, said

_SLOW = "The search takes too long at the moment. Type again in a while."

AckBody: TypeAlias = dict[str, Any] | str
"""What rides in the acknowledgement; an empty text when nothing does."""


def acknowledge(ack: AsyncAck, body: AckBody) -> None:
    """Has it ride there. Bolt's own way copies all of it first, and writes it more slowly."""
    text = body if isinstance(body, str) else written(body).decode()
    ack.response = BoltResponse(status=200, body=text)


def in_command_ack(reply: Reply) -> AckBody | None:
    """The part of an answer to a command that can ride in its acknowledgement."""
    match reply:
        case Ephemeral(message) | Update(message):
            return said(message) | {"response_type": "ephemeral"}
        case Nothing():
            return ""
        case _:
            return None


def in_submission_ack(reply: Reply, surface: Surface) -> AckBody | None:
    """The part of an answer to a form that can ride in its acknowledgement."""
    match reply:
        case FieldErrors(errors):
            return {"response_action": "errors", "errors": dict(errors)}
        case UpdateModal(modal):
            return {"response_action": "update", "view": surface.view(modal)}
        case OpenModal(modal):
            return {"response_action": "push", "view": surface.view(modal)}
        case Ephemeral(message):
            return {"response_action": "push", "view": notice(message).as_view()}
        case Nothing():
            return ""
        case _:
            return None


def in_lookup_ack(reply: Reply | None) -> dict[str, Any]:
    """The answer to a searching select; a failure is the one thing that it shows.

    Without it the select would say that nothing was found. None stands for an answer that did not
    come in time.
    """
    if reply is None:
        return {"options": [option(no_choice(_SLOW))]}
    if isinstance(reply, Ephemeral) and reply.refused:
        return {"options": [option(no_choice(reply.message.text))]}
    if not isinstance(reply, Choices):
        return {"options": []}
    if reply.groups:
        return {"option_groups": [option_group(group) for group in reply.groups]}
    return {"options": [option(choice) for choice in reply.options]}
