"""One of two servers in a process of its own, on a core of its own: Hourlink, or bare Bolt.

Both are served by uvicorn with uvloop and httptools, and answer signed requests. Neither looks for
garbage among what it began with, as ``hourlink serve`` does not. Bare Bolt has one
listener of each kind, which says ``ok``; who is asking is settled without a call, as in Hourlink.
"""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from socket import socket

import uvicorn
from pydantic import SecretStr
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks import cores
from benchmarks.apart import orders, say
from benchmarks.load import SECRET, TEAM
from bot import logs
from bot.processes import ready
from bot.server import run, serve
from bot.settings import Settings

KEY = "kBhTCzAvF1JSXoqo5bOQa7uWnLQqZ7IYkL9WV8n4XrE="
TOKEN = "xoxb-benchmark"  # noqa: S105 - of nobody
PLENTY = 10**9
"""Requests a minute that a team may make: counted, as ever, but nobody is asked to slow down."""


def bare() -> Starlette:
    """Bolt that says ok."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=TEAM,
            bot_id="B0BOT",
            bot_user_id="U0BOT",
            bot_token=TOKEN,
        )

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    @app.command("/track")
    async def command(ack: Callable[..., Awaitable[object]]) -> None:
        await ack("ok")

    @app.action("track.start")
    async def action(ack: Callable[..., Awaitable[object]]) -> None:
        await ack()

    @app.view("track.search")
    async def view(ack: Callable[..., Awaitable[object]]) -> None:
        await ack()

    @app.options("track.find")
    async def options(ack: Callable[..., Awaitable[object]]) -> None:
        await ack(options=[{"text": {"type": "plain_text", "text": "ok"}, "value": "ok"}])

    @app.event("app_home_opened")
    async def home() -> None:
        pass

    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


async def serve_bare() -> None:
    """Serves bare Bolt until the process is told to stop."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            ready()
            say(address=f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}")

    options = uvicorn.Config(
        bare(), port=0, http="httptools", log_config=None, access_log=False, lifespan="off"
    )
    await Server(options).serve()


def settings(database: str, slack: str) -> Settings:
    """Of a Hourlink that is measured."""
    return Settings(
        bot_token=SecretStr(TOKEN),
        signing_secret=SecretStr(SECRET),
        secret_keys=(SecretStr(KEY),),
        database_url=SecretStr(database),
        slack_api_url=slack,
        sync_seconds=24 * 3600,
        member_requests=PLENTY,
        team_requests=PLENTY,
        port=0,
    )


def _obey() -> None:
    for order in orders():
        if order["do"] == "cpu":
            say(cpu=time.process_time())
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serves, and says what it has cost so far whenever it is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="Hourlink on it; without it bare Bolt")
    parser.add_argument("--slack", default="http://127.0.0.1:9/")
    options = parser.parse_args()
    cores.for_server()
    logs.configure("info", "console", sys.stderr)
    threading.Thread(target=_obey, daemon=True).start()
    if options.database is None:
        run(serve_bare())
    else:
        chosen = settings(options.database, options.slack)

        def listening(address: str) -> None:
            ready()
            say(address=address)

        run(serve(chosen, listening=listening))


if __name__ == "__main__":
    main()
