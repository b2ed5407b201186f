"""Answers to requests of which nobody can tell right now whose they are."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from bot.domain.slack_errors import SlackError
from bot.slack import Slack
from bot.views.message import Message
from handlers.surfaces import note_undelivered, notice, said

UNAVAILABLE = 503
"""Slack sends an event again; of a click it shows that it did not work."""


async def turned_away(slack: Slack, message: Message, body: Mapping[str, Any]) -> BoltResponse:
    """Says why nothing is done, wherever that can be said without a token.

    Args:
        slack: Takes what cannot be said in the acknowledgement.
        message: Why.
        body: The request, as Slack sent it.
    """
    whisper = said(message) | {"response_type": "ephemeral"}
    if "command" in body:
        return BoltResponse(status=200, body=whisper)
    match body.get("type"):
        case "view_submission":
            pushed = {"response_action": "push", "view": notice(message).as_view()}
            return BoltResponse(status=200, body=pushed)
        case "block_suggestion":
            return BoltResponse(status=200, body={"options": []})
        case "block_actions" | "message_action" if url := body.get("response_url"):
            return await _answered(slack, str(url), whisper | {"replace_original": False})
        case _:
            return BoltResponse(status=UNAVAILABLE, body="")


async def _answered(slack: Slack, url: str, payload: Mapping[str, Any]) -> BoltResponse:
    try:
        await slack.respond(url, payload)
    except SlackError as error:
        note_undelivered(error)
        return BoltResponse(status=UNAVAILABLE, body="")
    return BoltResponse(status=200, body="")
