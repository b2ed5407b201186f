"""The Events API: what happened, told to the app, and told again if it did not listen."""

import asyncio

from playground.backend import Backend
from playground.delivery import Envelope, Failure
from playground.shapes import Json
from playground.world import Message, random_id

REASONS: dict[Failure, str] = {
    "timeout": "http_timeout",
    "http": "http_error",
    "connection": "connection_failed",
}
CHANNEL_TYPES = {"channel": "channel", "private": "group", "dm_app": "im", "dm": "im"}


def fire(backend: Backend, event: Json, name: str | None = None) -> asyncio.Task[None] | None:
    """Tell the app about an event it subscribed to; `name` is the subscription's, if different.

    Gives what is under way then, until the app has answered.
    """
    if not backend.world.installed or not backend.manifest.subscribes(name or str(event["type"])):
        return None
    return backend.later(_deliver(backend, _wrapped(backend, event)))


async def verify_url(backend: Backend) -> bool:
    """Send the handshake with which Slack checks a request URL."""
    challenge = random_id("", 24)
    payload: Json = {"type": "url_verification", "token": "playground", "challenge": challenge}
    ack = await backend.http.send(Envelope("events_api", payload), backend.timings.ack)
    return ack.ok and challenge in (ack.body.get("challenge"), ack.text)


def _wrapped(backend: Backend, event: Json) -> Json:
    team = backend.team
    now = backend.world.now()
    return {
        "token": "playground",
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": team.app_id,
        "event": {**event, "event_ts": event.get("event_ts") or backend.world.next_ts()},
        "type": "event_callback",
        "event_id": random_id("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": team.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": _is_shared(backend, event),
        "event_context": random_id("4-"),
    }


def _is_shared(backend: Backend, event: Json) -> bool:
    named = event.get("channel")
    channel = backend.world.channels.get(named) if isinstance(named, str) else None
    return channel is not None and backend.world.is_shared(channel)


async def _deliver(backend: Backend, payload: Json) -> None:
    """Send an event; the app gets it again, under the same id, until it answers 200."""
    ack = await backend.app.send(Envelope("events_api", payload), backend.timings.ack)
    for number, seconds in enumerate(backend.timings.event_retries, start=1):
        if not ack.failure or ack.no_retry:
            return
        await asyncio.sleep(seconds)
        again = Envelope("events_api", payload, number, REASONS[ack.failure])
        ack = await backend.app.send(again, backend.timings.ack)


def message_event(backend: Backend, message: Message) -> Json:
    """The `message` event for a new message."""
    channel = backend.world.channel(message.channel)
    event: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": backend.team.id,
        "channel": message.channel,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "event_ts": message.ts,
    }
    writer = backend.world.people.get(message.user)
    if writer is not None and writer.is_external:
        event |= dict.fromkeys(("team", "user_team", "source_team"), writer.team_id)
    if message.blocks:
        event["blocks"] = message.blocks
    if message.thread_ts:
        event["thread_ts"] = message.thread_ts
    if message.subtype:
        event["subtype"] = message.subtype
    if message.is_app:
        event |= {"bot_id": backend.team.bot_id, "app_id": backend.team.app_id}
    else:
        event["client_msg_id"] = random_id("", 20).lower()
    return event


def fire_message(backend: Backend, message: Message, event: Json | None = None) -> None:
    """Tell the app about a message, if it is in that conversation."""
    channel = backend.world.channel(message.channel)
    if backend.team.bot_user_id not in channel.members or message.ephemeral_to:
        return
    kind = CHANNEL_TYPES[channel.kind]
    plural = {"channel": "channels", "group": "groups"}.get(kind, kind)
    fire(backend, event or message_event(backend, message), f"message.{plural}")


def fire_home_opened(backend: Backend, user: str, tab: str) -> None:
    """Tell the app that somebody looks at its Home or Messages tab."""
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": backend.world.app_dm(user).id,
        "tab": tab,
    }
    home = backend.world.homes.get(user)
    if tab == "home" and home is not None:
        event["view"] = home_payload(backend, home.body | {"id": home.id, "hash": home.hash})
    fire(backend, event)


def home_payload(backend: Backend, body: Json) -> Json:
    """A Home view as events carry it."""
    return {**body, "team_id": backend.team.id, "app_id": backend.team.app_id}
