"""What the playground's tests share: a manifest, and a Bolt app that notes what it gets."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.driver import Person
from playground.examples import echo_bot
from playground.testing import Playground

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


class Hold:
    """Something that comes too late: not before the test lets it go."""

    def __init__(self) -> None:
        self._free = threading.Event()

    async def __call__(self) -> None:
        """Wait for that."""
        await asyncio.to_thread(self._free.wait, 120)

    def ends(self) -> None:
        """Let it go."""
        self._free.set()


@dataclass
class Bench:
    """The pair under test."""

    play: Playground
    app: AsyncApp
    client: AsyncWebClient
    bodies: list[dict[str, Any]] = field(default_factory=list)
    """Every request the app got, oldest first."""
    headers: list[dict[str, Any]] = field(default_factory=list)

    def person(self, name: str) -> Person:
        """Sit down as somebody."""
        return self.play.person(name)

    def got(self, kind: str) -> list[dict[str, Any]]:
        """The events or interactions of one type that the app got."""
        return [
            body
            for body in self.bodies
            if kind in {body.get("type"), body.get("event", {}).get("type"), body.get("command")}
        ]

    def wait_for(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until the app got this many of a kind; events arrive beside what caused them."""
        self.settle(lambda: len(self.got(kind)) >= count)
        return self.got(kind)

    def settle(self, happened: Callable[[], bool]) -> None:
        """Wait until something is so."""
        assert self.happens(happened, 60), f"it did not happen; the app got {self.bodies}"

    def happens(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Wait for something as long as this; tell whether it is so."""
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                return happened()
            time.sleep(0.01)
        return True


Start = Callable[..., Bench]


class House:
    """One server for the whole run; each test puts its own app into it."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request to the app of the test that runs."""
        assert self.app is not None
        await self.app(scope, receive, send)


class Listening(uvicorn.Server):
    """A server in a thread; it tells when it listens."""

    def __init__(self, config: uvicorn.Config, listening: threading.Event) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._listening.set()


def make_app(play: Playground) -> tuple[AsyncApp, Bench]:
    """The example app, noting what it receives."""
    app = echo_bot.build(play.bot_token, play.signing_secret, play.api_url)
    bench = Bench(play, app, app.client)

    @app.middleware
    async def note(body: dict[str, Any], request: Any, next: Any) -> None:  # noqa: A002, ANN401
        bench.headers.append(dict(request.headers))
        bench.bodies.append(body)  # last: who waits for it reads the headers at once
        await next()

    return app, bench
