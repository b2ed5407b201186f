"""Making, naming, filling and closing channels."""

import re

from playground import membership
from playground.errors import SlackError
from playground.shapes import Json
from playground.team import Channel
from playground.web_api.call import Call, check_scopes, method
from playground.web_api.conversations import as_slack, known
from playground.world import random_id

NAME = re.compile(r"[^\W_A-Z](?:[^\WA-Z]|-){0,79}")
"""Slack's channel names: lower case, digits, hyphens and underscores, at most 80 characters."""
TOPIC_LIMIT = 250
WRITE = ("channels:manage", "groups:write", "im:write", "mpim:write")
KIND_WRITE = {"channel": "channels:manage", "private": "groups:write"}


def _managed(call: Call) -> Channel:
    """A channel the app is in and may change."""
    channel = known(call)
    if channel.is_dm:
        raise SlackError("method_not_supported_for_channel_type")
    check_scopes(call.backend, (KIND_WRITE[channel.kind],))
    if call.backend.team.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _writable(call: Call) -> Channel:
    channel = _managed(call)
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _free_name(call: Call) -> str:
    name = call.text("name").removeprefix("#")
    if not name:
        raise SlackError("invalid_name_required")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in call.backend.world.channels.values()):
        raise SlackError("name_taken")
    return name


@method("conversations.create", *WRITE)
def create(call: Call) -> Json:
    """Make a channel with the app alone in it."""
    kind = "private" if call.flag("is_private") else "channel"
    check_scopes(call.backend, (KIND_WRITE[kind],))
    world = call.backend.world
    channel = Channel(
        id=random_id("C"),
        name=_free_name(call),
        kind=kind,
        members=[call.backend.team.bot_user_id],
        created=int(world.now()),
    )
    world.channels[channel.id] = channel
    return {"channel": as_slack(call, channel)}


@method("conversations.rename", *WRITE)
def rename(call: Call) -> Json:
    """Give a channel another name."""
    channel = _writable(call)
    channel.name = _free_name(call)
    return {"channel": as_slack(call, channel)}


def _people(call: Call) -> list[str]:
    users = call.args.get("users") or call.args.get("user")
    names = users.split(",") if isinstance(users, str) else users
    if not isinstance(names, list) or not names:
        raise SlackError("no_user")
    return [str(name).strip() for name in names]


@method("conversations.invite", *WRITE)
def invite(call: Call) -> Json:
    """Bring people into a channel."""
    channel = _writable(call)
    bot = call.backend.team.bot_user_id
    wanted = _people(call)
    for user in wanted:
        if user == bot:
            raise SlackError("cant_invite_self")
        if call.backend.world.person(user).deleted:
            raise SlackError("user_is_deactivated")
        if user in channel.members:
            raise SlackError("already_in_channel")
    for user in wanted:
        membership.enter(call.backend, channel, user, inviter=bot)
    return {"channel": as_slack(call, channel)}


@method("conversations.kick", *WRITE)
def kick(call: Call) -> Json:
    """Take a person out of a channel."""
    channel = _writable(call)
    user = _people(call)[0]
    if user == call.backend.team.bot_user_id:
        raise SlackError("cant_kick_self")
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    membership.leave(call.backend, channel, user)
    return {}


@method("conversations.leave", *WRITE)
def leave(call: Call) -> Json:
    """Take the app out of a channel."""
    channel = known(call)
    check_scopes(call.backend, (KIND_WRITE.get(channel.kind, "im:write"),))
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if call.backend.team.bot_user_id not in channel.members:
        return {"not_in_channel": True}
    membership.leave(call.backend, channel, call.backend.team.bot_user_id)
    return {}


@method("conversations.archive", *WRITE)
def archive(call: Call) -> Json:
    """Close a channel."""
    channel = _managed(call)
    if channel.is_archived:
        raise SlackError("already_archived")
    if channel.is_general:
        raise SlackError("cant_archive_general")
    channel.is_archived = True
    return {}


@method("conversations.unarchive", *WRITE)
def unarchive(call: Call) -> Json:
    """Open a channel again."""
    channel = _managed(call)
    if not channel.is_archived:
        raise SlackError("not_archived")
    channel.is_archived = False
    return {}


@method("conversations.setTopic", *WRITE)
def set_topic(call: Call) -> Json:
    """Say what a channel is about."""
    channel = _writable(call)
    topic = call.text("topic")
    if len(topic) > TOPIC_LIMIT:
        raise SlackError("too_long")
    channel.topic = topic
    return {"channel": as_slack(call, channel)}
