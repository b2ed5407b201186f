"""Socket Mode, with Bolt's own handler on the other side."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.testing import PATIENT, Playground, running
from tests.playground.bench import MANIFEST, Bench, make_app


class Connected:
    """The example app, connected over Socket Mode from a thread of its own."""

    def __init__(self, play: Playground) -> None:
        self.app, self.bench = make_app(play)
        self._token = play.app_token
        self._up = threading.Event()
        self._done: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        assert self._up.wait(60)

    async def _run(self) -> None:
        self._loop, self._done = asyncio.get_running_loop(), asyncio.Event()
        handler = AsyncSocketModeHandler(self.app, self._token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        self._up.set()
        await self._done.wait()
        await handler.close_async()  # type: ignore[no-untyped-call]

    def stop(self) -> None:
        """Disconnect."""
        assert self._loop is not None
        assert self._done is not None
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(60)


@contextmanager
def connected(**options: object) -> Iterator[Bench]:
    """The example app over Socket Mode; the playground knows no address of it."""
    with running(None, 0, manifest=MANIFEST, event_retries=(0.0,) * 60, **options) as play:
        app = Connected(play)
        try:
            yield app.bench
        finally:
            app.stop()


@pytest.fixture
def bench() -> Iterator[Bench]:
    """The app, with all the time it needs."""
    with connected(**PATIENT) as app:
        yield app


@pytest.fixture
def hurried() -> Iterator[Bench]:
    """The app, for what it never answers."""
    with connected(ack=0.5) as app:
        yield app


def test_everything_travels_over_the_socket(bench: Bench) -> None:
    """Commands with their answers, clicks, forms, options and events."""
    ana = bench.person("ana")
    ana.types("/echo over there", channel="general")
    ana.sees("You said over there")
    ana.clicks("Order fruit")
    ana.chooses("Fruit", "Cherry", typing="ch")
    ana.fills("How many", "x")
    assert ana.submits() == {"How many": "That is not a number."}
    ana.fills("How many", "2")
    assert ana.submits() == {}
    ana.sees("Ordered: 2 Cherry")
    ana.opens_home()
    ana.sees("Welcome, @ana")


def test_plain_text_works_too(bench: Bench) -> None:
    """A text alone becomes a message."""

    @bench.app.command("/do")
    async def do(ack: AsyncAck) -> None:
        await ack("just text")

    ana = bench.person("ana")
    ana.types("/do", channel="general")
    ana.sees("just text")


def test_silence_is_a_timeout(hurried: Bench) -> None:
    """Nobody answers: the person is told."""
    ana = hurried.person("ana")
    ana.uses_shortcut("Order fruit")
    ana.sees("We had some trouble connecting", channel="app")


def test_an_unheard_event_comes_again(hurried: Bench) -> None:
    """Retries are marked in the envelope, and Bolt shows them as headers."""
    hurried.play.slack.sends_event({"type": "app_mention", "user": "U0ANA", "text": "x"})
    bodies = hurried.wait_for("app_mention", 2)
    assert bodies[0]["event_id"] == bodies[1]["event_id"]
    assert int(hurried.headers[1]["x-slack-retry-num"][0]) >= 1
    assert hurried.headers[1]["x-slack-retry-reason"] == ["http_timeout"]


def test_the_app_comes_back_when_asked_to_reconnect(bench: Bench) -> None:
    """Slack refreshes connections; the app is reachable all the while."""
    ana = bench.person("ana")
    bench.play.slack.refreshes_connections()
    for number in range(3):
        ana.types(f"/echo number {number}", channel="general")
        ana.sees(f"You said number {number}")


def test_only_an_app_token_opens_a_connection() -> None:
    """The bot token is of the wrong kind."""
    with running(None, 0) as play:
        client = WebClient(base_url=play.api_url)
        with pytest.raises(SlackApiError, match="not_allowed_token_type"):
            client.apps_connections_open(app_token=play.bot_token)
        assert client.apps_connections_open(app_token=play.app_token)["url"].startswith("ws://")


def test_without_a_connection_a_command_fails_at_once() -> None:
    """Nobody is there: the person is told."""
    with running(None, 0, socket=True) as play:
        ana = play.person("ana")
        ana.types("/echo x", channel="general")
        ana.sees('/echo failed with the error "dispatch_failed"')
