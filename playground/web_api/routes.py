"""The Web API over HTTP: reading a call, checking its token, answering as Slack does."""

import asyncio
import base64
import binascii
import json
import time
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from playground.backend import Backend
from playground.errors import SlackError
from playground.shapes import Json
from playground.site import Site
from playground.web_api import (
    chat,
    conversations,
    files,
    manage,
    oauth,
    reactions,
    schedule,
    users,
    views,
)
from playground.web_api.call import METHODS, Call, Entry, check_scopes, method

FAMILIES = (chat, conversations, files, manage, oauth, reactions, schedule, users, views)
TICK = 0.2
"""Seconds between two looks for what has come due."""
OBJECTS = frozenset(
    ["blocks", "view", "attachments", "metadata", "unfurls", "files", "user_auth_blocks"]
)
APP_LEVEL = "apps.connections.open"
FREE = frozenset(["api.test", "oauth.v2.access"])
"""Methods that ask for no token."""


@method("api.test")
def api_test(call: Call) -> Json:
    """Give the arguments back; `error` makes it fail."""
    if call.text("error"):
        raise SlackError(call.text("error"))
    return {"args": {key: value for key, value in call.args.items() if key != "token"}}


async def answer(site: Site, request: Request) -> Response:
    """Answer one call, if the line holds."""
    if site.wire.delay:
        await asyncio.sleep(site.wire.delay)
    cut = site.wire.cut_now(api=True)
    if cut == "before":
        return hung_up(site, request)
    response = await _answered(site, request)
    return hung_up(site, request) if cut == "after" else response


def hung_up(site: Site, request: Request) -> Response:
    """Cut the connection; whatever is returned after that reaches nobody."""
    site.hang_up(request.scope.get("client"))
    return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)


async def _answered(site: Site, request: Request) -> Response:
    started = time.monotonic()
    name = request.path_params["method"]
    args: Json = {}
    backend, status, headers = site.first, HTTPStatus.OK, {"x-slack-req-id": "playground"}
    try:
        args = await _arguments(request)
        entry = _known(name)
        backend = _admitted(site, name, entry, _token(request, args))
        headers["x-oauth-scopes"] = _scopes(backend, name)
        wait = site.rates.wait_for(backend.team.id, name, str(args.get("channel")))
        if wait:
            status, headers["retry-after"] = HTTPStatus.TOO_MANY_REQUESTS, str(wait)
            body = {"ok": False, "error": "ratelimited"}
        else:
            if name == "views.update":
                await backend.until_answered(str(args.get("view_id")))
            body = {"ok": True, **entry.run(Call(backend, args))}
            backend.changed()
    except SlackError as error:
        body = refusal(error)
    site.log.add(
        "from app",
        name,
        started=started,
        status="ok" if body["ok"] else str(body["error"]),
        failed=not body["ok"],
        request=args,
        answer=body,
        headers=request.headers,
        kind="web_api",
        team=backend.team.id,
        via="http",
    )
    return JSONResponse(body, status_code=status, headers=headers)


def _known(name: str) -> Entry:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def refusal(error: SlackError) -> Json:
    """An error as the Web API words it."""
    body: Json = {"ok": False, "error": error.code, **error.extra}
    if error.messages:
        body["response_metadata"] = {"messages": error.messages}
        if error.code == "invalid_blocks":
            body["errors"] = [line.removeprefix("[ERROR] ") for line in error.messages]
    return body


def _scopes(backend: Backend, name: str) -> str:
    return "connections:write" if name == APP_LEVEL else ",".join(sorted(backend.manifest.scopes))


async def _arguments(request: Request) -> Json:
    """Read query, form and JSON arguments; objects may come as JSON in a string."""
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        args |= body
    elif kind:
        args |= dict(await request.form())
    _read_basic(request, args)
    for key in OBJECTS & args.keys():
        if isinstance(args[key], str):
            args[key] = _parsed(key, args[key])
    return args


def _read_basic(request: Request, args: Json) -> None:
    """Read the app's id and secret from HTTP Basic, which slack_sdk uses for OAuth."""
    header = request.headers.get("authorization", "")
    if not header.lower().startswith("basic "):
        return
    try:
        user, _, secret = base64.b64decode(header[len("basic ") :]).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return
    args["client_id"], args["client_secret"] = user, secret


def _parsed(key: str, text: str) -> object:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        code = "invalid_blocks_format" if key == "blocks" else "invalid_arguments"
        raise SlackError(code, [f"[ERROR] {key} is not valid JSON"]) from error


def _token(request: Request, args: Json) -> str:
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return header[len("bearer ") :]
    return str(args.get("token") or "")


def _admitted(site: Site, name: str, entry: Entry, token: str) -> Backend:
    """The team whose token this is, if it may call this."""
    if name in FREE:
        return site.first
    if not token:
        raise SlackError("not_authed")
    if name == APP_LEVEL:
        if token != site.config.app_token:
            wrong = site.holder(token) is not None
            raise SlackError("not_allowed_token_type" if wrong else "invalid_auth")
        return site.first
    backend = site.holder(token)
    if backend is None:
        wrong = token == site.config.app_token
        raise SlackError("not_allowed_token_type" if wrong else "invalid_auth")
    if token in backend.world.dead_tokens:
        raise SlackError(backend.world.dead_tokens[token])
    if not backend.world.installed:
        raise SlackError("account_inactive")
    check_scopes(backend, entry.scopes)
    return backend


async def keep_time(site: Site) -> None:
    """Post scheduled messages as their time comes, wherever the clock is moved."""
    while True:
        await asyncio.sleep(TICK)
        for backend in site.teams.values():
            schedule.post_due(backend)


async def upload(site: Site, request: Request) -> Response:
    """Take the content of a file."""
    row = site.file(request.path_params["key"])
    if row is None:
        return PlainTextResponse("Not found", status_code=404)
    row["content"] = await request.body()
    row["size"] = len(row["content"])
    return PlainTextResponse(f"OK - {len(row['content'])}")


async def download(site: Site, request: Request) -> Response:
    """Give the content of a file."""
    row = site.file(request.path_params["key"])
    if row is None:
        return PlainTextResponse("Not found", status_code=404)
    disposition = {"content-disposition": f'attachment; filename="{row["name"]}"'}
    return Response(row["content"], media_type=row["mimetype"], headers=disposition)
