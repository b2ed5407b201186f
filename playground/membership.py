"""Who is in a channel."""

from typing import TYPE_CHECKING

from playground.backend import Backend
from playground.events import CHANNEL_TYPES, fire
from playground.team import Channel

if TYPE_CHECKING:
    from playground.shapes import Json


def enter(backend: Backend, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Add somebody to a channel."""
    if user in channel.members:
        return
    channel.members.append(user)
    if user in backend.world.people:
        backend.tell(user, "channel_added", channel=channel.id)
    backend.changed()
    if backend.team.bot_user_id in channel.members:
        event: Json = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "G" if CHANNEL_TYPES[channel.kind] == "group" else "C",
            "team": backend.team.id,
        }
        fire(backend, event | ({"inviter": inviter} if inviter else {}))


def leave(backend: Backend, channel: Channel, user: str) -> None:
    """Take somebody out of a channel."""
    if user not in channel.members:
        return
    app_knows = backend.team.bot_user_id in channel.members
    channel.members.remove(user)
    if user in backend.world.people:
        backend.tell(user, "channel_removed", channel=channel.id)
    backend.changed()
    if app_knows:
        fire(
            backend,
            {
                "type": "member_left_channel",
                "user": user,
                "channel": channel.id,
                "channel_type": "G" if CHANNEL_TYPES[channel.kind] == "group" else "C",
                "team": backend.team.id,
            },
        )
