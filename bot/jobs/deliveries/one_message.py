"""One direct message that is edited until it holds the result."""

from collections.abc import Awaitable, Callable

from bot.domain.outbox import OutboxItem
from bot.slack import Posted, Slack
from bot.views.message import Message


async def tell_in_one(
    slack: Slack,
    item: OutboxItem,
    message: Message,
    *,
    to: str,
    posted: Posted | None,
    keep: Callable[[Posted], Awaitable[object]],
) -> None:
    """Says it in the message that is there, or in the first one.

    One of which it is not known whether it arrived is not sent again.

    Args:
        slack: Takes it.
        item: What is delivered.
        message: What to say by now.
        to: The reader's Slack user id.
        posted: Where the message stands, once it does.
        keep: Notes where the first one stands.
    """
    if posted is not None:
        await slack.update(item.team_id, posted, message)
    elif not item.may_have_happened:
        await keep(await slack.post(item.team_id, to, message, marker=item.marker))


def posted_at(channel_id: str | None, ts: str | None) -> Posted | None:
    """Where a message stands, by what is kept of it."""
    return None if channel_id is None or ts is None else Posted(channel_id, ts)
