"""The HTTP surface: Slack's requests and the health of the process."""

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

LARGEST_BODY = 1_000_000
"""Bytes. Slack's largest payloads stay far below."""


def build_web(bolt: AsyncApp, *, ready: "Readiness") -> Starlette:
    """The routes of a process that serves the web."""
    door = AsyncSlackRequestHandler(bolt)

    async def slack(request: Request) -> Response:
        refused = _refused(request)
        return await door.handle(request) if refused is None else refused

    async def health(request: Request) -> Response:
        del request
        return JSONResponse({"status": "ok", "slack": ready.slack})

    return Starlette(
        routes=[
            Route("/slack/events", slack, methods=["POST"]),
            Route("/healthz", health, methods=["GET"]),
        ]
    )


class Readiness:
    """What the process has come to know about its surroundings."""

    def __init__(self) -> None:
        self.slack = "unknown"
        """``ok`` once Slack accepted the token."""


def _refused(request: Request) -> Response | None:
    """Turns away what Bolt would stumble over: it answers 500 to a timestamp without digits."""
    timestamp = request.headers.get("x-slack-request-timestamp", "0")
    if not (timestamp.isascii() and timestamp.isdigit()):
        return PlainTextResponse("invalid request timestamp", status_code=401)
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return PlainTextResponse("request too large", status_code=413)
    return None
