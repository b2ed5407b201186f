"""One direct message that is edited until it holds the result."""

from bot.domain.outbox import OutboxItem
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


def posted_at(channel_id: str | None, ts: str | None) -> Posted | None:
    """Where a message stands, by what is kept of it."""
    return None if channel_id is None or ts is None else Posted(channel_id, ts)
