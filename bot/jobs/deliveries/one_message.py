"""Direct messages that are edited until they hold the result."""

from contextlib import suppress

from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import SlackRefused
from bot.slack import Posted, Slack
from bot.views.message import Message


async def tell_in_one(
    slack: Slack, item: OutboxItem, message: Message, *, to: str, posted: Posted | None
) -> Posted | None:
    """Says it in the message that is there, or in the first one.

    One of which it is not known whether it arrived is not sent again.

    Args:
        slack: Takes it.
        item: What is delivered.
        message: What to say by now.
        to: The reader's Slack user id.
        posted: Where the message stands, once it does.

    Returns:
        Where the first one stands, to be noted; None where none was posted now.
    """
    if posted is not None:
        await slack.update(item.team_id, posted, message)
        return None
    if item.may_have_happened:
        return None
    return await slack.post(item.team_id, to, message, marker=item.marker)


async def show_in(slack: Slack, item: OutboxItem, message: Message) -> None:
    """Says it in the message that the payload names; nothing where that is not there any more.

    Raises:
        TypeError: the payload names none.
    """
    channel, ts = item.payload.get("channel_id"), item.payload.get("ts")
    if not isinstance(channel, str) or not isinstance(ts, str):
        raise TypeError(item.kind)
    with suppress(SlackRefused):
        await slack.update(item.team_id, Posted(channel, ts), message)


def posted_at(channel_id: str | None, ts: str | None) -> Posted | None:
    """Where a message stands, by what is kept of it."""
    return None if channel_id is None or ts is None else Posted(channel_id, ts)
