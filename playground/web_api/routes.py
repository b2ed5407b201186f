"""The Web API over HTTP: reading a call, checking its token, answering as Slack does."""

import json
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from playground.backend import Backend
from playground.errors import SlackError
from playground.shapes import Json
from playground.web_api import chat, conversations, files, users, views
from playground.web_api.call import METHODS, Call, Entry, method

FAMILIES = (chat, conversations, files, users, views)
OBJECTS = frozenset(
    ["blocks", "view", "attachments", "metadata", "unfurls", "files", "user_auth_blocks"]
)
APP_LEVEL = "apps.connections.open"


@method("api.test")
def api_test(call: Call) -> Json:
    """Give the arguments back; `error` makes it fail."""
    if call.text("error"):
        raise SlackError(call.text("error"))
    return {"args": {key: value for key, value in call.args.items() if key != "token"}}


async def answer(backend: Backend, request: Request) -> Response:
    """Answer one call."""
    started = time.monotonic()
    name = request.path_params["method"]
    args: Json = {}
    try:
        args = await _arguments(request)
        entry = _known(name)
        _admit(backend, name, entry, _token(request, args))
        body = {"ok": True, **entry.run(Call(backend, args))}
        backend.changed()
    except SlackError as error:
        body = refusal(error)
    backend.log.add(
        "from app",
        name,
        started=started,
        status="ok" if body["ok"] else str(body["error"]),
        request=args,
        answer=body,
    )
    return JSONResponse(body, headers=_headers(backend, name))


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


def _headers(backend: Backend, name: str) -> dict[str, str]:
    scopes = "connections:write" if name == APP_LEVEL else ",".join(sorted(backend.manifest.scopes))
    return {"x-oauth-scopes": scopes, "x-slack-req-id": "playground"}


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
    for key in OBJECTS & args.keys():
        if isinstance(args[key], str):
            args[key] = _parsed(key, args[key])
    return args


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


def _admit(backend: Backend, name: str, entry: Entry, token: str) -> None:
    if name == "api.test":
        return
    if not token:
        raise SlackError("not_authed")
    if name == APP_LEVEL:
        if token != backend.config.app_token:
            raise SlackError(
                "not_allowed_token_type" if token == backend.config.bot_token else "invalid_auth"
            )
        return
    if token != backend.config.bot_token:
        raise SlackError(
            "not_allowed_token_type" if token == backend.config.app_token else "invalid_auth"
        )
    if not backend.world.installed:
        raise SlackError("account_inactive")
    manifest = backend.manifest
    if not manifest.is_open and entry.scopes and not manifest.scopes & set(entry.scopes):
        provided = ",".join(sorted(manifest.scopes))
        raise SlackError("missing_scope", needed=",".join(entry.scopes), provided=provided)


async def upload(backend: Backend, request: Request) -> Response:
    """Take the content of a file."""
    row = backend.world.files.get(request.path_params["key"])
    if row is None:
        return PlainTextResponse("Not found", status_code=404)
    row["content"] = await request.body()
    row["size"] = len(row["content"])
    return PlainTextResponse(f"OK - {len(row['content'])}")


async def download(backend: Backend, request: Request) -> Response:
    """Give the content of a file."""
    row = backend.world.files.get(request.path_params["key"])
    if row is None:
        return PlainTextResponse("Not found", status_code=404)
    disposition = {"content-disposition": f'attachment; filename="{row["name"]}"'}
    return Response(row["content"], media_type=row["mimetype"], headers=disposition)
