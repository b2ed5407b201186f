"""A playground and a real Bolt app, each in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import uvicorn

from playground.examples import echo_bot
from playground.testing import PATIENT, running
from tests.playground.bench import MANIFEST, Bench, Hold, House, Listening, Start, make_app


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """A server on a free port, for the apps of the tests."""
    place = House()
    # Named in full, so that asyncio sets TCP_NODELAY on what it accepts.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listening = threading.Event()
    server = Listening(uvicorn.Config(place, log_level="error", lifespan="off"), listening)
    run = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    run.start()
    assert listening.wait(60)
    place.url = f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
    try:
        yield place
    finally:
        server.should_exit = True
        run.join()


@pytest.fixture
def start(house: House) -> Iterator[Start]:
    """Start a playground with chosen options, and the example app behind it."""
    with ExitStack() as stack:

        def begin(**options: object) -> Bench:
            options = {"manifest": MANIFEST, **PATIENT, **options}
            play = stack.enter_context(running(None, 0, **options))
            app, bench = make_app(play)
            house.app = echo_bot.web(app)
            play.slack.points_to(house.url)
            return bench

        yield begin


@pytest.fixture
def hold(start: Start) -> Iterator[Hold]:
    """Keep something back; at the end of the test it is let go in any case."""
    del start  # the playground outlives what is held
    held = Hold()
    yield held
    held.ends()


@pytest.fixture
def bench(start: Start) -> Bench:
    """A playground with the usual settings, and the example app behind it."""
    return start()
