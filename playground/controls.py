"""What is done to a playground as a whole: its clock, the line to the app, its teams."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from playground import messages
from playground.backend import Backend
from playground.delivery import Kind
from playground.errors import SlackError
from playground.events import fire, verify_url
from playground.profiles import as_slack
from playground.shapes import Json
from playground.site import Site

Control: TypeAlias = Callable[[Site, Json], Awaitable[Json]]

CHANGEABLE = frozenset(
    [
        "handle",
        "real_name",
        "email",
        "tz",
        "locale",
        "is_admin",
        "is_owner",
        "is_restricted",
        "is_ultra_restricted",
        "deleted",
        "is_email_confirmed",
    ]
)
RESENT: dict[str, tuple[Kind, ...]] = {
    "event": ("events_api",),
    "interaction": ("slash_commands", "interactive"),
}


# The app


async def _app(site: Site, body: Json) -> Json:
    site.http.url = body["url"]
    return {"ok": True}


async def _verify(site: Site, _body: Json) -> Json:
    verified = await verify_url(site.first)
    return {"ok": verified} | ({} if verified else {"error": "challenge_failed"})


async def _reconnect(site: Site, _body: Json) -> Json:
    await site.sockets.refresh()
    return {"ok": True}


def _team(site: Site, body: Json) -> Backend:
    return site.team(str(body.get("team") or ""))


async def _event(site: Site, body: Json) -> Json:
    fire(_team(site, body), body["event"])
    return {"ok": True}


def _dead(backend: Backend, answer: str) -> None:
    """Let the team's token die; Slack sends the events when it already is dead."""
    tokens = {"oauth": [], "bot": [backend.team.bot_user_id]}
    fire(backend, {"type": "tokens_revoked", "tokens": tokens})
    backend.world.dead_tokens[backend.world.token] = answer
    backend.changed()


async def _uninstall(site: Site, body: Json) -> Json:
    backend = _team(site, body)
    uninstall(backend)
    return {"ok": True}


def uninstall(backend: Backend) -> None:
    """Remove the app from a team; the two events come in no fixed order."""
    _dead(backend, "account_inactive")
    fire(backend, {"type": "app_uninstalled"})
    backend.world.installed = False
    backend.changed()


def revoke(backend: Backend) -> None:
    """Make a team's token invalid, and leave the app where it is."""
    _dead(backend, "token_revoked")


async def _revoke(site: Site, body: Json) -> Json:
    revoke(_team(site, body))
    return {"ok": True}


async def _install(site: Site, body: Json) -> Json:
    backend = _team(site, body)
    backend.world.dead_tokens.pop(backend.world.token, None)
    backend.world.installed = True
    backend.changed()
    return {"ok": True}


async def _person(site: Site, body: Json) -> Json:
    backend = site.home_of(body["id"])
    person = backend.world.person(body["id"])
    for key, value in body.items():
        if key in CHANGEABLE:
            setattr(person, key, value)
    person.updated = int(backend.world.now())
    backend.changed()
    row = as_slack(backend.world, person, with_locale=True)
    told = fire(backend, {"type": "user_change", "user": row, "cache_ts": person.updated})
    if told is not None:
        # So that whoever changed the person goes on with an app that knows.
        await asyncio.wait({told}, timeout=backend.timings.ack)
    return {"ok": True}


# Time and the line


async def _clock(site: Site, body: Json) -> Json:
    advance = body.get("advance", 0)
    if not isinstance(advance, int | float):
        raise ValueError("advance is not a number")  # noqa: TRY004 - the request is bad
    if body.get("reset"):
        site.clock.reset()
    if body.get("freeze"):
        site.clock.freeze()
    if body.get("resume"):
        site.clock.resume()
    site.clock.advance(advance)
    if site.config.state is not None:
        site.clock.keep(site.config.state)
    shown = site.clock.shown()
    site.announce("clock", **shown)
    return shown


async def _link(site: Site, body: Json) -> Json:
    site.wire.set(body)
    shown = site.wire.shown()
    site.announce("link", **shown)
    return shown


async def _resend(site: Site, body: Json) -> Json:
    key, what = body.get("id"), str(body.get("what") or "event")
    if what not in RESENT:
        raise ValueError("what is neither event nor interaction")
    envelope = site.app.again(int(key) if key is not None else None, RESENT[what])
    if envelope is None:
        raise SlackError("nothing_to_resend")
    ack, new = await site.app.exchange(envelope, site.timings.ack)
    return {"ok": ack.ok, "status": ack.failure or str(ack.status or "ack"), "id": new}


# Taking a conversation along


def export(backend: Backend, user: str, channel_id: str) -> Json:
    """A conversation, and what the app was sent about it, to be put into a test."""
    world = backend.world
    channel = world.channel(channel_id)
    if user not in channel.members:
        raise SlackError("not_in_channel")
    entries = {entry["id"]: entry for entry in backend.log.latest(500)}
    payloads = [
        {
            "kind": envelope.kind,
            "what": envelope.what,
            "body": envelope.payload,
            "retry_num": envelope.retry_num,
            "answer": entries[key]["response"],
        }
        for key, envelope in backend.site.app.sent.items()
        if key in entries and channel_id in _channels(envelope.payload)
    ]
    return {
        "team": {"id": backend.team.id, "domain": backend.team.domain},
        "channel": {"id": channel.id, "name": channel.name, "members": channel.members},
        "people": [
            as_slack(world, world.people[member], with_locale=True)
            for member in channel.members
            if member in world.people
        ],
        "messages": [messages.as_slack(backend, one) for one in world.visible(user, channel.id)],
        "payloads": payloads,
    }


def _channels(payload: Json) -> set[str]:
    """The conversations a payload names."""
    found: set[str] = set()
    for row in (payload, payload.get("event"), payload.get("container"), payload.get("item")):
        if not isinstance(row, dict):
            continue
        for key in ("channel", "channel_id"):
            value = row.get(key)
            found.add(str(value["id"] if isinstance(value, dict) else value))
    return found


CONTROLS: dict[str, Control] = {
    "app": _app,
    "verify": _verify,
    "event": _event,
    "person": _person,
    "uninstall": _uninstall,
    "install": _install,
    "revoke": _revoke,
    "reconnect": _reconnect,
    "clock": _clock,
    "link": _link,
    "resend": _resend,
}
