"""Looking at a channel before anything is announced in it."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from bot.domain.ids import TeamId
from bot.domain.linking.channels import Channel
from bot.domain.linking.integration_settings import ChannelUnusable
from bot.domain.slack_errors import SlackError, SlackRefused

Look: TypeAlias = Callable[[TeamId, str], Awaitable[Channel]]
"""Asks Slack about a channel; raises SlackError."""

HIDDEN = "channel_not_found"
"""Slack's word for a private channel that we are not in."""


async def usable(look: Look, team_id: TeamId, channel_id: str) -> Channel | None:
    """The channel, if Hourlink can write there; None where Slack does not say.

    Raises:
        ChannelUnusable: it is archived, or a private one that Hourlink is not in.
    """
    try:
        found = await look(team_id, channel_id)
    except SlackRefused as refused:
        if refused.code == HIDDEN:
            raise ChannelUnusable(channel_id, is_archived=False) from refused
        return None
    except SlackError:
        return None
    if found.is_archived or not (found.is_public or found.is_member):
        raise ChannelUnusable(channel_id, is_archived=found.is_archived)
    return found
