"""What to say about the channel in which new projects are announced."""

from typing import Any

from bot.domain.linking.channels import Channel
from bot.views.message import Block, context, form_input, plain


def channel_field(block_id: str, action: str, channel_id: str) -> Block:
    """The select of a form; whoever chooses is told at once who reads the channel."""
    element: dict[str, Any] = {
        "type": "conversations_select",
        "action_id": action,
        "placeholder": plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if channel_id:
        element["initial_conversation"] = channel_id
    hint = "Each project is announced there once, with buttons to link it."
    return form_input("Announce new projects in", block_id, element, hint=hint) | {
        "dispatch_action": True
    }


def warning(channel: Channel | None) -> str:
    """Who else reads it; empty where only its members do, or Slack does not say."""
    if channel is None:
        return ""
    if channel.is_shared:
        return (
            f"<#{channel.id}> is shared with another organisation: people there can read the "
            "announcements too."
        )
    if channel.is_public:
        return (
            f"<#{channel.id}> is public: everyone in the workspace can read the announcements "
            "there."
        )
    return ""


def warnings(channel: Channel | None) -> list[Block]:
    """The same as small print."""
    said = warning(channel)
    return [context(said)] if said else []


def unusable(*, is_archived: bool) -> str:
    """Why Hourlink cannot post there, and what mends it; without formatting, for a field."""
    if is_archived:
        return "That channel is archived. Choose another one."
    return (
        "Hourlink is not in that private channel. Type /invite @Hourlink there, then send this "
        "again."
    )
