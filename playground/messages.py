"""Putting messages into conversations, changing them and taking them away."""

from playground.backend import Backend
from playground.blocks import seen_by, with_ids
from playground.errors import SlackError
from playground.events import CHANNEL_TYPES, fire_message
from playground.rules import check_attachments, check_message, check_metadata, check_update
from playground.shapes import Json, objects, text_of
from playground.world import Message

TEXT_LIMIT = 40_000
"""Slack cuts longer texts off."""


def shown(backend: Backend, message: Message, viewer: str, replies: int) -> Json:
    """A message as one person's page gets it."""
    app = backend.manifest.bot_name
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "name": app if message.is_app else backend.world.name_of(message.user),
        "is_app": message.is_app,
        "text": message.text,
        "blocks": seen_by(viewer, message.blocks),
        "ephemeral": message.ephemeral_to is not None,
        "thread_ts": message.thread_ts,
        "reply_count": replies,
        "edited": message.edited,
        "notice": message.notice,
        "reactions": message.reactions,
        "attachments": [
            {**one, "blocks": seen_by(viewer, objects(one.get("blocks")))}
            if one.get("blocks")
            else one
            for one in message.attachments
        ],
        "files": message.files,
    }


def as_slack(backend: Backend, message: Message) -> Json:
    """A message as the Web API and payloads give it."""
    row: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": backend.team.id,
    }
    if message.is_app:
        row |= {"bot_id": backend.team.bot_id, "app_id": backend.team.app_id}
    for key in ("blocks", "attachments", "files", "reactions", "thread_ts", "metadata", "subtype"):
        if getattr(message, key):
            row[key] = getattr(message, key)
    if message.edited:
        row["edited"] = {"user": message.user, "ts": message.ts}
    return row


def watchers(backend: Backend, message: Message) -> list[str]:
    """Who sees a message."""
    everyone = backend.everyone(message.channel)
    return [user for user in everyone if message.ephemeral_to in {None, user}]


def _show(backend: Backend, message: Message, kind: str) -> None:
    """Show a message to everybody who sees it."""
    replies = backend.world.reply_counts(message.channel)[message.ts]
    for user in watchers(backend, message):
        backend.tell(user, kind, message=shown(backend, message, user, replies))


def add(backend: Backend, message: Message) -> Message:
    """Put a message into its conversation and show it."""
    backend.world.in_channel(message.channel).append(message)
    for user in watchers(backend, message):
        backend.tell(user, "message", message=shown(backend, message, user, 0))
        unread = backend.world.unread(user, message.channel)
        backend.tell(user, "unread", channel=message.channel, unread=unread)
    _refresh_parent(backend, message)
    fire_message(backend, message)
    return message


def _refresh_parent(backend: Backend, reply: Message) -> None:
    if not reply.thread_ts or reply.thread_ts == reply.ts:
        return
    for parent in backend.world.in_channel(reply.channel):
        if parent.ts == reply.thread_ts:
            _show(backend, parent, "message_changed")


def app_message(
    backend: Backend,
    channel: str,
    content: Json,
    *,
    ephemeral_to: str | None = None,
    thread_ts: str | None = None,
) -> Message:
    """Post what the app wrote; refuse what Slack refuses."""
    blocks, text, attachments = read_content(content)
    return add(
        backend,
        Message(
            ts=backend.world.next_ts(),
            channel=channel,
            user=backend.team.bot_user_id,
            text=text,
            is_app=True,
            blocks=blocks,
            attachments=attachments,
            metadata=content.get("metadata"),
            ephemeral_to=ephemeral_to,
            thread_ts=thread_ts,
        ),
    )


def read_content(content: Json) -> tuple[list[Json], str, list[Json]]:
    """The checked blocks, text and attachments of something the app wrote."""
    markdown = content.get("markdown_text")
    if markdown:
        if content.get("text") or content.get("blocks"):
            raise SlackError("markdown_text_conflict")
        content = {**content, "text": markdown, "blocks": [{"type": "markdown", "text": markdown}]}
    text = text_of(content.get("text"))[:TEXT_LIMIT]
    attachments = objects(content.get("attachments"))
    check_message(content.get("blocks"), text or ("-" if attachments else ""))
    check_attachments(attachments)
    check_metadata(content.get("metadata"))
    for attachment in attachments:
        attachment["blocks"] = with_ids(attachment.get("blocks"))
    return with_ids(content.get("blocks")), text, attachments


def notice(
    backend: Backend, user: str, channel: str, text: str, thread_ts: str | None = None
) -> None:
    """Tell one person something in Slack's own voice."""
    message = Message(
        ts=backend.world.next_ts(),
        channel=channel,
        user="USLACKBOT",
        text=text,
        ephemeral_to=user,
        thread_ts=thread_ts,
        notice=True,
    )
    backend.world.in_channel(channel).append(message)
    backend.tell(user, "message", message=shown(backend, message, user, 0))


def change(backend: Backend, message: Message, content: Json, *, whole: bool = False) -> Message:
    """Rewrite a message of the app.

    `chat.update` keeps blocks and attachments that are not given (its reference says so);
    `replace_original` puts something wholly new in the message's place.
    """
    before = as_slack(backend, message)
    merged = {"text": content.get("text", ""), "blocks": [], "attachments": []}
    if not whole:
        merged |= {"blocks": message.blocks, "attachments": message.attachments}
    merged |= {key: content[key] for key in ("blocks", "attachments", "metadata") if key in content}
    if not whole:
        check_update(text_of(content.get("text")))
    message.blocks, message.text, message.attachments = read_content(merged)
    if content.get("metadata"):
        message.metadata = content["metadata"]
    message.edited = True
    show_change(backend, message)
    event = _subtype(backend, message, "message_changed")
    event |= {"message": as_slack(backend, message), "previous_message": before}
    fire_message(backend, message, event)
    return message


def show_change(backend: Backend, message: Message) -> None:
    """Show a message anew where it is seen."""
    _show(backend, message, "message_changed")


def remove(backend: Backend, message: Message) -> None:
    """Take a message away."""
    channel = backend.world.in_channel(message.channel)
    if message not in channel:
        raise SlackError("message_not_found")
    channel.remove(message)
    for user in watchers(backend, message):
        backend.tell(user, "message_deleted", channel=message.channel, ts=message.ts)
    event = _subtype(backend, message, "message_deleted")
    event |= {"deleted_ts": message.ts, "previous_message": as_slack(backend, message)}
    fire_message(backend, message, event)


def _subtype(backend: Backend, message: Message, subtype: str) -> Json:
    channel = backend.world.channel(message.channel)
    return {
        "type": "message",
        "subtype": subtype,
        "hidden": True,
        "channel": message.channel,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "ts": backend.world.next_ts(),
    }
