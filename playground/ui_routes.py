"""The addresses of the page's JSON API: reading requests, finding the team, refusing nonsense."""

import asyncio
import json
from collections.abc import Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground import ui
from playground.controls import CONTROLS, export
from playground.errors import SlackError
from playground.shapes import Json
from playground.site import Site

Query: TypeAlias = dict[str, str]

WAIT_LIMIT = 60.0

FIELDS: dict[str, type] = {
    "as": str,
    "team": str,
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

ON_DEMAND = frozenset({"log"})
"""News that only pages which ask for it are sent."""


def routes(site: Site) -> list[BaseRoute]:
    """The addresses of the page's API."""

    async def show(request: Request) -> Response:
        query = dict(request.query_params)
        try:
            return JSONResponse(await _asked(site, request.path_params["what"], query))
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code}, status_code=400)
        except ValueError as error:
            return JSONResponse({"ok": False, "error": f"bad request: {error}"}, status_code=400)

    async def do(request: Request) -> Response:
        what = request.path_params["what"]
        control, doing = CONTROLS.get(what), ui.DOINGS.get(what)
        try:
            body = _check(site, json.loads(await request.body() or b"{}"))
            if control is not None:
                return JSONResponse(await control(site, body))
            if doing is not None:
                return JSONResponse(await doing(site.home_of(body["as"]), body))
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code, "details": error.messages})
        except (KeyError, ValueError) as error:
            return JSONResponse({"ok": False, "error": f"bad request: {error}"}, status_code=400)
        return JSONResponse({"ok": False, "error": "not_found"}, status_code=404)

    async def live(socket: WebSocket) -> None:
        await _stream(site, socket)

    return [
        Route("/ui/{what}", show, methods=["GET"]),
        Route("/ui/{what}", do, methods=["POST"]),
        WebSocketRoute("/ui/live", live),
    ]


def _check(site: Site, body: object) -> Json:
    """Refuse what no page would send, and whoever was deactivated."""
    if not isinstance(body, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the request is bad, not the program
    for key, value in body.items():
        wanted = FIELDS.get(key)
        if wanted is not None and value is not None and not isinstance(value, wanted):
            raise ValueError(f"{key} is not a {wanted.__name__}")
    if "as" in body and site.home_of(body["as"]).world.person(body["as"]).deleted:
        raise SlackError("account_inactive")
    return body


def _exported(site: Site, query: Query) -> Json:
    user = query.get("as", "")
    backend = site.home_of(user)
    return export(backend, user, ui.place(backend, user, query.get("channel", "")))


def _people(site: Site, query: Query) -> Json:
    if query.get("team"):
        return ui.people(site.team(query["team"]))
    return ui.people(site.home_of(query.get("as", "")))


def _state(site: Site, query: Query) -> Json:
    user = query.get("as", "")
    return ui.state(site.home_of(user), user)


SHOWN: dict[str, Callable[[Site, Query], Json]] = {
    "people": _people,
    "state": _state,
    "messages": lambda site, query: ui.message_page(site.home_of(query.get("as", "")), query),
    "log": lambda site, query: {"log": site.log.latest(int(query.get("limit", "200")), query)},
    "clock": lambda site, _query: site.clock.shown(),
    "link": lambda site, _query: site.wire.shown(),
    "export": _exported,
}


async def _asked(site: Site, what: str, query: Query) -> Json:
    if what == "wait":
        seconds = min(float(query.get("timeout", "5")), WAIT_LIMIT)
        since = int(query.get("since", "0"))
        return {"revision": await site.hub.wait(query.get("as", ""), since, seconds)}
    if what not in SHOWN:
        raise SlackError("not_found")
    return SHOWN[what](site, query)


async def _stream(site: Site, socket: WebSocket) -> None:
    """Push news to one page until it goes away."""
    user, all_news = socket.query_params.get("as", ""), socket.query_params.get("log") == "1"
    await socket.accept()
    queue = site.hub.subscribe(user)
    # Everything after this revision is told here, one piece of news for each further one.
    hello = {"type": "hello", "revision": site.hub.revision(user)}

    async def push() -> None:
        await socket.send_json(hello)
        while True:
            news = await queue.get()
            if all_news or news["type"] not in ON_DEMAND:
                await socket.send_json(news)

    pushing = asyncio.create_task(push())
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        pushing.cancel()
        site.hub.unsubscribe(user, queue)
