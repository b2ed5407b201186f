"""What the tests of Slack's rules share: a playground without an app, and a way to call it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from playground.driver import Slack
from playground.shapes import Json
from playground.testing import PATIENT, Playground, running
from tests.playground.bench import MANIFEST

Answer = Callable[..., Json]
Begin = Callable[..., "Stage"]


@dataclass(frozen=True)
class Stage:
    """A playground, and its Web API."""

    play: Playground
    client: httpx.Client

    def call(self, method: str, token: str | None = None, /, **arguments: object) -> Json:
        """Call a method as JSON, by default with the first team's token."""
        answer: Json = self.raw(method, token, **arguments).json()
        return answer

    def raw(self, method: str, token: str | None = None, /, **arguments: object) -> httpx.Response:
        """Call a method and give status and headers too."""
        return self.client.post(
            f"{self.play.api_url}{method}",
            json=arguments,
            headers={"authorization": f"Bearer {token or self.play.bot_token}"},
        )

    def ui(self, what: str, /, **body: object) -> Json:
        """Use the page's API; `as_` stands for `as`."""
        row = {key.rstrip("_"): value for key, value in body.items()}
        answer: Json = self.client.post(f"{self.play.url}/ui/{what}", json=row).json()
        return answer


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    """Connections that are used again."""
    with httpx.Client(trust_env=False, timeout=60) as connections:
        yield connections


@pytest.fixture
def begin(client: httpx.Client) -> Iterator[Begin]:
    """Start a playground with chosen options; nobody is behind it."""
    with ExitStack() as stack:

        def start(**options: object) -> Stage:
            options = {"manifest": MANIFEST, "event_retries": (), **PATIENT, **options}
            return Stage(stack.enter_context(running(None, 0, **options)), client)

        yield start


@pytest.fixture(scope="module")
def shared(client: httpx.Client) -> Iterator[Begin]:
    """As `begin`, but the same options give the same playground throughout a file.

    For tests that leave nothing behind that another could stumble over.
    """
    known: dict[str, Stage] = {}
    with ExitStack() as stack:

        def start(**options: object) -> Stage:
            options = {"manifest": MANIFEST, "event_retries": (), **PATIENT, **options}
            key = repr(options)
            if key not in known:
                known[key] = Stage(stack.enter_context(running(None, 0, **options)), client)
            return known[key]

        yield start


@pytest.fixture(scope="module")
def stage(client: httpx.Client) -> Iterator[Stage]:
    """One playground for a file of tests."""
    with running(None, 0, manifest=MANIFEST, event_retries=(), **PATIENT) as playground:
        yield Stage(playground, client)


@pytest.fixture(scope="module")
def call(stage: Stage) -> Answer:
    """Call a method with the app's token."""
    return stage.call


@pytest.fixture(scope="module")
def slack(stage: Stage) -> Slack:
    """The driver's controls."""
    return stage.play.slack


def ids(rows: list[tuple[str, Any, str, str]]) -> list[str]:
    """The names of the cases."""
    return [row[0] for row in rows]


def refused(call: Answer, block: Json, told: str) -> None:
    """Post a block and see it refused in these words."""
    answer = call("chat.postMessage", channel="C0GENERAL", text="x", blocks=[block])
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"] == [told]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {told}"]
