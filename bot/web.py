"""The HTTP surface: Slack's requests and the health of the process."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import structlog
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.domain.values import dataclass
from bot.hook_door import HANGS_UP, HookDoor
from bot.manifest import EVENTS_PATH
from bot.services.sync.hook_addresses import PATH

log = structlog.get_logger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes. Slack's largest payloads stay far below."""

SLOWEST_BODY = 10.0
"""Seconds in which a body has to be there. Slack itself waits for 3; who sends a byte now and then
would hold what they sent in our memory for as long as they like."""

LONGEST_TIMESTAMP = 12
"""Digits. Longer ones are no moment that could be compared with now."""

LONGEST_WAY = 300
"""Seconds after which nothing is taken for Slack's any more."""

_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)

RETRIES = ("x-slack-retry-num", "x-slack-retry-reason")

_IN_JSON = {"+": " "} | {f"%{ord(one):02X}": one for one in '":,{}[]/'}
"""How a form spells what JSON is full of."""


class Readiness:
    """What the process has come to know about its surroundings."""

    def __init__(self) -> None:
        self.slack = "unknown"
        """``ok`` once Slack accepted the token."""


def build_web(
    bolt: AsyncApp,
    *,
    others: Sequence[Route],
    signing_secret: str | None,
    new_reference: Callable[[], str],
    hooks: HookDoor | None = None,
) -> Starlette:
    """The routes of a process that serves the web.

    Args:
        bolt: Takes Slack's requests.
        others: Probes of health, and the pages of the installation.
        signing_secret: Proves that a request is Slack's. None closes this way in: over Socket
            Mode everything comes through a connection of our own making, and a request that
            nothing proves must not pass for one of Slack's.
        new_reference: Makes the id of something that broke on our side.
        hooks: Takes providers' webhooks, where the internet reaches this server.
    """
    routes = list(others)
    if hooks is not None:
        routes.append(Route(f"{PATH}/{{whose:path}}", hooks.take, methods=["POST", "HEAD"]))
    if signing_secret is not None:
        door = _Door(bolt, SignatureVerifier(signing_secret), new_reference)
        return _Web(door, [Route(EVENTS_PATH, door.take, methods=["POST"]), *routes])
    return Starlette(routes=routes)


class _Web(Starlette):
    """Leads Slack's requests straight to the door.

    The way through Starlette is a twentieth of all that the quickest of them take.
    """

    def __init__(self, door: "_Door", routes: Sequence[Route]) -> None:
        super().__init__(routes=routes)
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_slacks = scope["type"] == "http" and scope["path"] == EVENTS_PATH
        if not is_slacks or scope["method"] != "POST":
            await super().__call__(scope, receive, send)
            return
        response = await self._door.take(Request(scope, receive, send))
        await response(scope, receive, send)


class _Door:
    """Lets Slack's own requests in, once they are proved and can be read.

    Bolt is handed what was read, not the body as it came: it reads a body before it looks at the
    signature, stumbles over what is neither a form nor JSON, and takes a command for an
    interaction without a payload when somebody types the word "payload".
    """

    def __init__(
        self, bolt: AsyncApp, verifier: SignatureVerifier, new_reference: Callable[[], str]
    ) -> None:
        self._bolt = bolt
        self._verifier = verifier
        self._new_reference = new_reference

    async def take(self, request: Request) -> Response:
        """Answers one request."""
        try:
            read = _read(await self._proved(request))
        except _Refused as refused:
            return PlainTextResponse(
                refused.reason, status_code=refused.status, headers=refused.headers
            )
        return await self._dispatched(read, request.headers)

    async def _proved(self, request: Request) -> str:
        """The body of a request that Slack signed."""
        headers = request.headers
        if not _has_moment(headers):
            raise _Refused(401, "invalid request timestamp")
        if not self._may_be_slacks(headers):
            raise _Refused(401)
        try:
            async with asyncio.timeout(SLOWEST_BODY):
                body = (await _whole(request)).decode("utf-8")
        except (ClientDisconnect, UnicodeDecodeError):
            raise _Refused(400) from None
        except TimeoutError:
            raise _Refused(408, "too slow", HANGS_UP) from None
        if not self._is_slacks(body, headers):
            raise _Refused(401)
        return body

    def _may_be_slacks(self, headers: Headers) -> bool:
        """What can be told before anything of the body is read."""
        moment = int(headers["x-slack-request-timestamp"])
        is_recent = abs(self._verifier.clock.now() - moment) <= LONGEST_WAY
        return is_recent and _SIGNATURE.fullmatch(headers.get("x-slack-signature", "")) is not None

    def _is_slacks(self, body: str, headers: Headers) -> bool:
        return self._verifier.is_valid(
            body, headers["x-slack-request-timestamp"], headers["x-slack-signature"]
        )

    async def _dispatched(self, read: dict[str, Any], headers: Headers) -> Response:
        again: dict[str, str | Sequence[str]] = {
            name: headers[name] for name in RETRIES if name in headers
        }
        try:
            # Only in this mode Bolt takes what was read already.
            request = AsyncBoltRequest(body=read, headers=again, mode="socket_mode")
            return to_starlette_response(await self._bolt.async_dispatch(request))
        except Exception:
            reference = self._new_reference()
            log.exception("request_failed", reference=reference)
            return PlainTextResponse(f"reference {reference}", status_code=500)


@dataclass(eq=False)
class _Refused(Exception):
    """A request that is not taken."""

    status: int
    reason: str = "invalid request"
    headers: Mapping[str, str] | None = None


def _has_moment(headers: Headers) -> bool:
    """A moment stands in the timestamp; the verifier stumbles over anything else."""
    timestamp = headers.get("x-slack-request-timestamp", "")
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP


async def _whole(request: Request) -> bytes:
    """The body, as long as it is no larger than Slack's can be, whatever it claims to be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _Refused(413, "request too large")
    return bytes(body)


def _read(text: str) -> dict[str, Any]:
    """An event's JSON, an interaction's payload, or a command's form."""
    if text.startswith("{"):
        return _object(text)
    name, _, value = text.partition("=")
    if name == "payload" and "&" not in value:  # as Slack sends every interaction
        return _object(_unquoted(value))
    form = dict(parse_qsl(text, keep_blank_values=True))
    if "payload" in form:
        return _object(form["payload"])
    if "command" not in form:
        raise _Refused(400)
    return form


def _unquoted(value: str) -> str:
    """As ``parse_qsl`` reads it; of JSON it would read every third character by itself."""
    for spelled, meant in _IN_JSON.items():
        value = value.replace(spelled, meant)
    return unquote(value)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _Refused(400) from None
    if not isinstance(found, dict):
        raise _Refused(400)
    return found
