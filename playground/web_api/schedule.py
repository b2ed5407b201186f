"""Messages for later: they are posted when the playground's clock gets there."""

from playground import messages
from playground.backend import Backend
from playground.errors import SlackError
from playground.shapes import Json
from playground.web_api.call import Call, method
from playground.web_api.chat import target
from playground.world import Scheduled, random_id

FARTHEST = 120 * 24 * 3600
CLOSE_TOGETHER = 300
TOGETHER_LIMIT = 30
"""Slack takes thirty messages for a channel in five minutes."""


@method("chat.scheduleMessage", "chat:write")
def schedule(call: Call) -> Json:
    """Keep a message until its time."""
    channel = target(call)
    wanted = call.required("post_at")
    if not wanted.isdigit():
        raise SlackError("invalid_time")
    at, world = int(wanted), call.backend.world
    if at <= world.now():
        raise SlackError("time_in_past")
    if at > world.now() + FARTHEST:
        raise SlackError("time_too_far")
    near = [
        one
        for one in world.scheduled.values()
        if one.channel == channel.id and abs(one.post_at - at) < CLOSE_TOGETHER
    ]
    if len(near) >= TOGETHER_LIMIT:
        raise SlackError("restricted_too_many")
    messages.read_content(call.args)
    keep = ("text", "blocks", "attachments", "metadata", "markdown_text")
    content = {key: call.args[key] for key in keep if key in call.args}
    row = Scheduled(
        id=random_id("Q"),
        channel=channel.id,
        post_at=at,
        content=content,
        thread_ts=call.text("thread_ts") or None,
        created=int(world.now()),
    )
    world.scheduled[row.id] = row
    return {
        "channel": channel.id,
        "scheduled_message_id": row.id,
        "post_at": at,
        "message": {"type": "delayed_message", "bot_id": call.backend.team.bot_id, **content},
    }


@method("chat.deleteScheduledMessage", "chat:write")
def delete(call: Call) -> Json:
    """Forget a message before its time."""
    channel = target(call)
    key = call.required("scheduled_message_id")
    row = call.backend.world.scheduled.get(key)
    if row is None or row.channel != channel.id:
        raise SlackError("invalid_scheduled_message_id")
    del call.backend.world.scheduled[key]
    return {}


@method("chat.scheduledMessages.list")
def list_all(call: Call) -> Json:
    """Give what is waiting, soonest first."""
    wanted = call.text("channel")
    rows = [
        {
            "id": one.id,
            "channel_id": one.channel,
            "post_at": one.post_at,
            "date_created": one.created,
            "text": str(one.content.get("text", "")),
        }
        for one in sorted(call.backend.world.scheduled.values(), key=lambda one: one.post_at)
        if wanted in {"", one.channel}
    ]
    return call.page(rows, "scheduled_messages")


def post_due(backend: Backend) -> None:
    """Post what has come due."""
    world = backend.world
    due = [one for one in world.scheduled.values() if one.post_at <= world.now()]
    for row in sorted(due, key=lambda one: one.post_at):
        del world.scheduled[row.id]
        if world.installed:
            messages.app_message(backend, row.channel, row.content, thread_ts=row.thread_ts)
