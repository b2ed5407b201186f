"""What a person types: slash commands and messages."""

from typing import TYPE_CHECKING

from playground import membership, messages
from playground.backend import Backend
from playground.delivery import Ack, Envelope
from playground.errors import SlackError
from playground.events import fire, message_event
from playground.payloads import command_form
from playground.team import Channel
from playground.text import domain_of, links, typed
from playground.world import Message

if TYPE_CHECKING:
    from playground.shapes import Json


def conversation(backend: Backend, user: str, name: str) -> Channel:
    """Where a person writes; somebody's id means the direct messages with them."""
    world = backend.world
    world.person(user)
    if name == backend.team.bot_user_id:
        return world.app_dm(user)
    if name in world.people:
        return world.dm(user, name)
    channel = world.channel(name)
    if user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


async def command(
    backend: Backend, user: str, channel_id: str, line: str, thread_ts: str | None = None
) -> str | None:
    """Run a slash command; give Slack's error if it failed."""
    channel = conversation(backend, user, channel_id)
    name, _, text = line.strip().partition(" ")
    if name in {"/invite", "/leave"}:
        return _own(backend, user, channel, name, text)
    # Commands belong to the team that installed the app, not to its guests from other teams.
    usable = backend.world.installed and not backend.world.person(user).is_external
    known = backend.manifest.command(name) if usable else None
    if known is None:
        refusal = f"{name} is not a valid command. In Slack, every command starts with a slash."
        messages.notice(backend, user, channel.id, refusal, thread_ts)
        return "invalid_command"
    if thread_ts:
        refusal = f"{name} is not supported in threads. Sorry!"
        messages.notice(backend, user, channel.id, refusal, thread_ts)
        return "not_supported_in_threads"
    sent = text.strip()
    if known.should_escape:
        sent = typed(backend.world, sent, backend.manifest.bot_name, with_names=True)
    form = command_form(backend, user, channel, name, sent)
    ack = await backend.app.send(Envelope("slash_commands", form), backend.timings.ack)
    error = _answered(backend, user, channel, ack) if ack.ok else ack.error
    if error is not None:
        failed = f'{name} failed with the error "{error}"'
        messages.notice(backend, user, channel.id, failed)
    return error


def _answered(backend: Backend, user: str, channel: Channel, ack: Ack) -> str | None:
    """Show what came with the acknowledgement."""
    content: Json = ack.body or {"text": ack.text}
    if not any(content.get(key) for key in ("text", "blocks", "attachments")):
        return None
    in_channel = content.get("response_type") == "in_channel"
    try:
        messages.app_message(
            backend, channel.id, content, ephemeral_to=None if in_channel else user
        )
    except SlackError:
        # Slack shows this for an answer it cannot read.
        return "invalid_command_response"
    return None


def _own(backend: Backend, user: str, channel: Channel, name: str, text: str) -> str | None:
    """Slack's own commands that change who is in a channel."""
    if channel.is_dm:
        messages.notice(backend, user, channel.id, f"{name} does not work in direct messages.")
        return "restricted_action"
    if name == "/leave":
        membership.leave(backend, channel, user)
        return None
    world = backend.world
    handles = {person.handle: person.id for person in world.people.values()}
    handles |= {backend.manifest.bot_name.lower(): backend.team.bot_user_id}
    for handle in text.replace("@", " ").split():
        guest = handles.get(handle.lower())
        if guest is None:
            messages.notice(backend, user, channel.id, f"There is nobody called {handle} here.")
            return "user_not_found"
        membership.enter(backend, channel, guest, inviter=user)
    return None


def say(
    backend: Backend, user: str, channel_id: str, line: str, thread_ts: str | None = None
) -> Message:
    """Post a person's message."""
    channel = conversation(backend, user, channel_id)
    if channel.kind == "dm_app" and (
        not backend.manifest.messages_tab or backend.manifest.messages_read_only
    ):
        raise SlackError("messages_tab_disabled")
    if not line.strip():
        raise SlackError("no_text")
    person = backend.world.person(user)
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.only_admins_post and not (person.is_admin or person.is_owner):
        raise SlackError("restricted_action")
    message = Message(
        ts=backend.world.next_ts(),
        channel=channel.id,
        user=user,
        text=typed(backend.world, line, backend.manifest.bot_name),
        thread_ts=thread_ts or None,
    )
    messages.add(backend, message)
    _fire_mention(backend, message)
    _fire_links(backend, message)
    return message


def _fire_mention(backend: Backend, message: Message) -> None:
    channel = backend.world.channel(message.channel)
    bot = backend.team.bot_user_id
    if f"<@{bot}>" in message.text and bot in channel.members and not channel.is_dm:
        event = message_event(backend, message) | {"type": "app_mention"}
        event.pop("channel_type")
        fire(backend, event)


def _fire_links(backend: Backend, message: Message) -> None:
    """Links to the app's domains make a `link_shared` event, wherever they are posted."""
    if backend.world.person(message.user).is_external:
        return
    manifest = backend.manifest
    found = [(url, domain_of(url, manifest.unfurl_domains)) for url in links(message.text)]
    rows = [{"url": url, "domain": domain} for url, domain in dict(found).items() if domain]
    if not rows or not (manifest.is_open or "links:read" in manifest.scopes):
        return
    channel = backend.world.channel(message.channel)
    event: Json = {
        "type": "link_shared",
        "channel": message.channel,
        "is_bot_user_member": backend.team.bot_user_id in channel.members,
        "user": message.user,
        "message_ts": message.ts,
        "unfurl_id": f"{message.channel}-{message.ts}",
        "source": "conversations_history",
        "links": rows,
        "user_locale": backend.world.person(message.user).locale,
    }
    fire(backend, event | ({"thread_ts": message.thread_ts} if message.thread_ts else {}))
