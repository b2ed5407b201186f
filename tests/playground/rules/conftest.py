"""What the tests of Slack's rules share: a playground without an app, and a way to call it."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from playground.driver import Slack
from playground.shapes import Json
from playground.testing import Playground, running
from tests.playground.bench import MANIFEST

Answer = Callable[..., Json]


def caller(play: Playground, token: str | None = None) -> Answer:
    """Give a function that calls a Web API method as JSON and returns the whole answer."""

    def call(method: str, **arguments: Any) -> Json:  # noqa: ANN401 - any JSON
        answer = httpx.post(
            f"{play.api_url}{method}",
            json=arguments,
            headers={"authorization": f"Bearer {token or play.bot_token}"},
            trust_env=False,
        )
        body: Json = answer.json()
        return body

    return call


@pytest.fixture(scope="module")
def play() -> Iterator[Playground]:
    """One playground for a file of tests; nobody is behind it."""
    with running(None, 0, manifest=MANIFEST, event_retries=()) as playground:
        yield playground


@pytest.fixture(scope="module")
def call(play: Playground) -> Answer:
    """Call a method with the app's token."""
    return caller(play)


@pytest.fixture(scope="module")
def slack(play: Playground) -> Slack:
    """The driver's controls."""
    return play.slack


def ids(rows: list[tuple[str, Any, str, str]]) -> list[str]:
    """The names of the cases."""
    return [row[0] for row in rows]


def refused(call: Answer, block: Json, told: str) -> None:
    """Post a block and see it refused in these words."""
    answer = call("chat.postMessage", channel="C0GENERAL", text="x", blocks=[block])
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [told]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {told}"]
