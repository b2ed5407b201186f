"""A playground and a real Bolt app, each in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette

from playground.examples import echo_bot
from playground.testing import Playground, running

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Echo", "description": "Says it again"},
    "features": {
        "bot_user": {"display_name": "Echo"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/echo", "description": "Say it", "usage_hint": "[words]"},
            {"command": "/escaped", "description": "Say it", "should_escape": True},
            {"command": "/do", "description": "Whatever the test wants"},
        ],
        "shortcuts": [
            {
                "name": "Order fruit",
                "type": "global",
                "callback_id": "order_now",
                "description": "Order",
            },
            {
                "name": "Echo this",
                "type": "message",
                "callback_id": "echo_this",
                "description": "Say it",
            },
        ],
        "unfurl_domains": ["fruit.test"],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "commands",
                "channels:read",
                "channels:history",
                "channels:join",
                "files:write",
                "im:read",
                "im:write",
                "im:history",
                "groups:read",
                "links:read",
                "links:write",
                "reactions:write",
                "team:read",
                "users:read",
                "users:read.email",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_mention",
                "app_uninstalled",
                "link_shared",
                "member_joined_channel",
                "message.channels",
                "message.im",
                "tokens_revoked",
                "user_change",
            ]
        }
    },
}


@dataclass
class Bench:
    """The pair under test."""

    play: Playground
    app: AsyncApp
    bodies: list[dict[str, Any]] = field(default_factory=list)
    """Every request the app got, oldest first."""
    headers: list[dict[str, Any]] = field(default_factory=list)


class _Quiet(uvicorn.Server):
    """A server in a thread; it tells when it listens."""

    def __init__(self, config: uvicorn.Config, listening: threading.Event) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening.set()


@contextmanager
def serving(web: Starlette) -> Iterator[str]:
    """Serve an app on a free port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listening = threading.Event()
    server = _Quiet(uvicorn.Config(web, log_level="error"), listening)
    run = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    run.start()
    assert listening.wait(10)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
    finally:
        server.should_exit = True
        run.join()


Start = Callable[..., Bench]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """slack_sdk takes a proxy from the environment even for this machine."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


def make_app(play: Playground) -> tuple[AsyncApp, Bench]:
    """The example app, noting what it receives."""
    app = echo_bot.build(play.bot_token, play.signing_secret, play.api_url)
    bench = Bench(play, app)

    @app.middleware
    async def note(body: dict[str, Any], request: Any, next: Any) -> None:  # noqa: A002, ANN401
        bench.bodies.append(body)
        bench.headers.append(dict(request.headers))
        await next()

    return app, bench


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a playground with chosen options, and the example app behind it."""
    with ExitStack() as stack:

        def begin(**options: object) -> Bench:
            options.setdefault("manifest", MANIFEST)
            play = stack.enter_context(running(None, **options))
            app, bench = make_app(play)
            play.slack.points_to(stack.enter_context(serving(echo_bot.web(app))))
            return bench

        yield begin


@pytest.fixture
def bench(start: Start) -> Bench:
    """A playground with the usual settings, and the example app behind it."""
    return start()
