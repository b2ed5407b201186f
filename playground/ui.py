"""The JSON API of the page and of the test driver."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground import actions, commands, forms, membership, messages, views
from playground.backend import Backend
from playground.errors import SlackError
from playground.events import fire, fire_home_opened, verify_url
from playground.shapes import Json
from playground.team import Channel
from playground.web_api.users import as_slack as user_as_slack

WAIT_LIMIT = 60.0
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

FIELDS: dict[str, type] = {
    "as": str,
    "channel": str,
    "text": str,
    "thread_ts": str,
    "view_id": str,
    "callback_id": str,
    "ts": str,
    "url": str,
    "container": dict,
    "action": dict,
    "state": dict,
    "event": dict,
}
"""What the fields of a request must be."""

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
        "people": [asdict(person) for person in backend.world.people.values()],
    }


def state(backend: Backend, user: str) -> Json:
    """What one person has in front of them."""
    world = backend.world
    person = world.person(user)
    mine = [channel for channel in world.channels.values() if user in channel.members]
    others = [
        channel
        for channel in world.channels.values()
        if channel.kind == "channel" and user not in channel.members and not person.is_restricted
    ]
    home = world.homes.get(user)
    return {
        "me": asdict(person),
        "channels": [_channel(backend, user, channel) for channel in mine],
        "other_channels": [_channel(backend, user, channel) for channel in others],
        "commands": [asdict(command) for command in backend.manifest.commands],
        "shortcuts": [asdict(shortcut) for shortcut in backend.manifest.shortcuts],
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
    }


def _place(backend: Backend, user: str, channel: str) -> str:
    """A conversation's id; somebody's id means the direct messages with them."""
    return backend.world.dm(user, channel).id if channel in backend.world.people else channel


def message_page(backend: Backend, query: dict[str, str]) -> Json:
    """One page of a conversation or of a thread, oldest first."""
    user = query.get("as", "")
    rows = backend.world.visible(user, _place(backend, user, query.get("channel", "")))
    thread, before = query.get("thread"), query.get("before")
    if thread:
        rows = [row for row in rows if thread in {row.ts, row.thread_ts}]
    elif query.get("replies") != "1":
        rows = [row for row in rows if row.thread_ts in {None, row.ts}]
    if before:
        rows = [row for row in rows if float(row.ts) < float(before)]
    limit = int(query.get("limit", "200"))
    return {
        "messages": [messages.shown(backend, row) for row in rows[-limit:]],
        "has_more": len(rows) > limit,
    }


# What a person does


async def _command(backend: Backend, body: Json) -> Json:
    return _done(await commands.command(backend, body["as"], body["channel"], body["text"]))


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
    channel = _place(backend, user, body["channel"])
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
    if channel.kind != "channel":
        raise SlackError("channel_not_found")
    membership.enter(backend, channel, backend.world.person(body["as"]).id)
    return {"ok": True}


# What happens to the app from outside


async def _app(backend: Backend, body: Json) -> Json:
    backend.http.url = body["url"]
    return {"ok": True}


async def _verify(backend: Backend, _body: Json) -> Json:
    verified = await verify_url(backend)
    return {"ok": verified} | ({} if verified else {"error": "challenge_failed"})


async def _event(backend: Backend, body: Json) -> Json:
    fire(backend, body["event"])
    return {"ok": True}


async def _person(backend: Backend, body: Json) -> Json:
    person = backend.world.person(body["id"])
    for key, value in body.items():
        if key in CHANGEABLE:
            setattr(person, key, value)
    person.updated = int(backend.world.now())
    backend.changed()
    row = user_as_slack(backend.world, person, with_locale=True)
    fire(backend, {"type": "user_change", "user": row, "cache_ts": person.updated})
    return {"ok": True}


async def _uninstall(backend: Backend, _body: Json) -> Json:
    # Slack sends both events, in no fixed order, and the tokens are dead by then.
    fire(
        backend,
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [backend.team.bot_user_id]}},
    )
    fire(backend, {"type": "app_uninstalled"})
    backend.world.installed = False
    backend.changed()
    return {"ok": True}


async def _install(backend: Backend, _body: Json) -> Json:
    backend.world.installed = True
    backend.changed()
    return {"ok": True}


async def _reconnect(backend: Backend, _body: Json) -> Json:
    await backend.sockets.refresh()
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
    "app": _app,
    "verify": _verify,
    "event": _event,
    "person": _person,
    "uninstall": _uninstall,
    "install": _install,
    "reconnect": _reconnect,
}


# Routes


def routes(backend: Backend) -> list[BaseRoute]:
    """The addresses of the page's API."""

    async def show(request: Request) -> Response:
        query = dict(request.query_params)
        try:
            return JSONResponse(await _asked(backend, request.path_params["what"], query))
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code}, status_code=400)
        except ValueError as error:
            return JSONResponse({"ok": False, "error": f"bad request: {error}"}, status_code=400)

    async def do(request: Request) -> Response:
        doing = DOINGS.get(request.path_params["what"])
        if doing is None:
            return JSONResponse({"ok": False, "error": "not_found"}, status_code=404)
        try:
            body = _check(backend, json.loads(await request.body() or b"{}"))
            return JSONResponse(await doing(backend, body))
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code, "details": error.messages})
        except (KeyError, ValueError) as error:
            return JSONResponse({"ok": False, "error": f"bad request: {error}"}, status_code=400)

    async def live(socket: WebSocket) -> None:
        await _stream(backend, socket)

    return [
        Route("/ui/{what}", show, methods=["GET"]),
        Route("/ui/{what}", do, methods=["POST"]),
        WebSocketRoute("/ui/live", live),
    ]


def _check(backend: Backend, body: object) -> Json:
    """Refuse what no page would send, and whoever was deactivated."""
    if not isinstance(body, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the request is bad, not the program
    for key, value in body.items():
        wanted = FIELDS.get(key)
        if wanted is not None and value is not None and not isinstance(value, wanted):
            raise ValueError(f"{key} is not a {wanted.__name__}")
    if "as" in body and backend.world.person(body["as"]).deleted:
        raise SlackError("account_inactive")
    return body


async def _asked(backend: Backend, what: str, query: dict[str, str]) -> Json:
    user = query.get("as", "")
    if what == "people":
        return people(backend)
    if what == "state":
        return state(backend, user)
    if what == "messages":
        return message_page(backend, query)
    if what == "log":
        return {"log": backend.log.latest(int(query.get("limit", "200")))}
    if what == "wait":
        seconds = min(float(query.get("timeout", "5")), WAIT_LIMIT)
        since = int(query.get("since", "0"))
        return {"revision": await backend.hub.wait(user, since, seconds)}
    raise SlackError("not_found")


async def _stream(backend: Backend, socket: WebSocket) -> None:
    """Push news to one page until it goes away."""
    user = socket.query_params.get("as", "")
    await socket.accept()
    queue = backend.hub.subscribe(user)
    # Everything after this revision is told here, one piece of news for each further one.
    hello = {"type": "hello", "revision": backend.hub.revision(user)}

    async def push() -> None:
        await socket.send_json(hello)
        while True:
            await socket.send_json(await queue.get())

    pushing = asyncio.create_task(push())
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        pushing.cancel()
        backend.hub.unsubscribe(user, queue)
