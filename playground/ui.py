"""What the page shows, and what a person does on it."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TypeAlias

from playground import actions, commands, forms, membership, messages, views
from playground.backend import Backend
from playground.errors import SlackError
from playground.events import fire_home_opened
from playground.shapes import Json
from playground.team import Channel, Person

Doing: TypeAlias = Callable[[Backend, Json], Awaitable[Json]]


# What a page shows


def people(backend: Backend) -> Json:
    """The team, the app, and everybody one can be."""
    manifest, team = backend.manifest, backend.team
    return {
        "team": {"id": team.id, "name": team.name},
        "app": {
            "id": team.app_id,
            "name": manifest.bot_name,
            "bot_user_id": team.bot_user_id,
            "description": manifest.description,
            "installed": backend.world.installed,
            "dm_tabs": {
                "home": manifest.home_tab,
                "messages": manifest.messages_tab,
                "read_only": manifest.messages_read_only,
            },
        },
        "people": [_person(backend, one) for one in backend.world.people.values()],
        "teams": [
            {
                "id": other.team.id,
                "name": other.team.name,
                "domain": other.team.domain,
                "installed": other.world.installed,
            }
            for other in backend.site.teams.values()
        ],
    }


def _person(backend: Backend, person: Person) -> Json:
    row = asdict(person)
    row["team_id"] = person.team_id or backend.team.id
    return row | {"is_external": person.is_external}


def state(backend: Backend, user: str) -> Json:
    """What one person has in front of them."""
    world = backend.world
    person = world.person(user)
    mine = [channel for channel in world.channels.values() if user in channel.members]
    others = [
        channel
        for channel in world.channels.values()
        if channel.kind == "channel"
        and user not in channel.members
        and not (person.is_restricted or person.is_external or channel.is_archived)
    ]
    # Commands and shortcuts are offered in the team that installed the app, to its own people.
    offers = world.installed and not person.is_external
    home = world.homes.get(user)
    return {
        "me": _person(backend, person),
        "channels": [_channel(backend, user, channel) for channel in mine],
        "other_channels": [_channel(backend, user, channel) for channel in others],
        "commands": [asdict(command) for command in backend.manifest.commands if offers],
        "shortcuts": [asdict(shortcut) for shortcut in backend.manifest.shortcuts if offers],
        "views": [views.as_slack(backend, view) for view in world.stack(user)],
        "home": views.as_slack(backend, home) if home else None,
        "revision": backend.hub.revision(user),
    }


def _channel(backend: Backend, user: str, channel: Channel) -> Json:
    name = channel.name
    if channel.kind == "dm_app":
        name = backend.manifest.bot_name
    elif channel.kind == "dm":
        name = backend.world.name_of(next(one for one in channel.members if one != user))
    return {
        "id": channel.id,
        "name": name,
        "kind": channel.kind,
        "unread": backend.world.unread(user, channel.id),
        "members": len(channel.members),
        "topic": channel.topic,
        "purpose": channel.purpose,
        "is_ext_shared": backend.world.is_shared(channel),
        "is_archived": channel.is_archived,
    }


def place(backend: Backend, user: str, channel: str) -> str:
    """A conversation's id; somebody's id means the direct messages with them."""
    return backend.world.dm(user, channel).id if channel in backend.world.people else channel


def message_page(backend: Backend, query: dict[str, str]) -> Json:
    """One page of a conversation or of a thread, oldest first."""
    user = query.get("as", "")
    rows = backend.world.visible(user, place(backend, user, query.get("channel", "")))
    thread, before = query.get("thread"), query.get("before")
    if thread:
        rows = [row for row in rows if thread in {row.ts, row.thread_ts}]
    elif query.get("replies") != "1":
        rows = [row for row in rows if row.thread_ts in {None, row.ts}]
    if before:
        rows = [row for row in rows if float(row.ts) < float(before)]
    limit = int(query.get("limit", "200"))
    page = rows[-limit:]
    replies = backend.world.reply_counts(page[0].channel) if page else {}
    return {
        "messages": [messages.shown(backend, row, user, replies.get(row.ts, 0)) for row in page],
        "has_more": len(rows) > limit,
    }


# What a person does


async def _command(backend: Backend, body: Json) -> Json:
    thread = body.get("thread_ts") or None
    return _done(await commands.command(backend, body["as"], body["channel"], body["text"], thread))


async def _message(backend: Backend, body: Json) -> Json:
    thread = body.get("thread_ts")
    message = commands.say(backend, body["as"], body["channel"], body["text"], thread)
    return {"ok": True, "ts": message.ts, "channel": message.channel}


async def _action(backend: Backend, body: Json) -> Json:
    given = body.get("state") or {}
    return _done(await actions.act(backend, body["as"], body["container"], body, given))


async def _submit(backend: Backend, body: Json) -> Json:
    outcome = await forms.submit(backend, body["as"], body["view_id"], body.get("state") or {})
    if outcome.errors:
        return {"ok": False, "errors": outcome.errors}
    return _done(outcome.error)


async def _close(backend: Backend, body: Json) -> Json:
    everything = bool(body.get("all"))
    await forms.close(backend, body["as"], body["view_id"], everything=everything)
    return {"ok": True}


async def _options(backend: Backend, body: Json) -> Json:
    return await actions.suggest(backend, body["as"], body["container"], body)


async def _home(backend: Backend, body: Json) -> Json:
    backend.world.person(body["as"])
    if not backend.manifest.home_tab:
        raise SlackError("home_tab_disabled")
    fire_home_opened(backend, body["as"], "home")
    return {"ok": True}


async def _read(backend: Backend, body: Json) -> Json:
    user = body["as"]
    channel = place(backend, user, body["channel"])
    seen = backend.world.visible(user, channel)
    if seen:
        backend.world.reads.setdefault(user, {})[channel] = seen[-1].ts
    backend.tell(user, "unread", channel=channel, unread=0)
    if backend.world.channel(channel).kind == "dm_app":
        fire_home_opened(backend, user, "messages")
    return {"ok": True}


async def _shortcut(backend: Backend, body: Json) -> Json:
    channel, ts = body.get("channel") or "", body.get("ts") or ""
    return _done(await actions.shortcut(backend, body["as"], body["callback_id"], channel, ts))


async def _join(backend: Backend, body: Json) -> Json:
    channel = backend.world.channel(body["channel"])
    if channel.kind != "channel" or backend.world.person(body["as"]).is_external:
        raise SlackError("channel_not_found")
    membership.enter(backend, channel, backend.world.person(body["as"]).id)
    return {"ok": True}


def _done(error: str | None) -> Json:
    return {"ok": True} if error is None else {"ok": False, "error": error}


DOINGS: dict[str, Doing] = {
    "command": _command,
    "message": _message,
    "action": _action,
    "submit": _submit,
    "close": _close,
    "options": _options,
    "home": _home,
    "read": _read,
    "shortcut": _shortcut,
    "join": _join,
}
