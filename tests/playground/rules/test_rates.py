"""Rate limits: 429 with Retry-After, for a method, a workspace and a channel."""

import time
from http import HTTPStatus

import pytest
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from playground.rates import Limits, Rates
from playground.shapes import Json
from tests.playground.rules.conftest import Begin

TWO_TEAMS: Json = {
    "people": [{"id": "U0ANA", "handle": "ana", "real_name": "Ana"}],
    "channels": [{"id": "C0A", "name": "a"}, {"id": "C0B", "name": "b"}],
    "teams": [
        {
            "team": {"id": "T0SUN", "name": "Sun"},
            "people": [{"id": "U0SOL", "handle": "sol", "real_name": "Sol"}],
        }
    ],
}


class Now:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.seconds


@pytest.mark.parametrize(
    ("method", "most"),
    [
        ("apps.connections.open", 5),
        ("users.list", 20),
        ("conversations.list", 20),
        ("chat.update", 50),
        ("conversations.info", 50),
        ("reactions.add", 50),
        ("users.info", 100),
        ("views.open", 100),
        ("chat.postEphemeral", 100),
        ("auth.test", 600),
    ],
)
def test_each_method_has_its_tier(method: str, most: int) -> None:
    """The call after the last of a minute waits until the first is a minute old."""
    now = Now()
    rates = Rates(Limits(rate_limits=True), now)
    for number in range(most):
        now.seconds = number / 100
        assert rates.wait_for("T1", method, "") == 0
    now.seconds = 20.0
    assert rates.wait_for("T1", method, "") == 40
    assert rates.wait_for("T2", method, "") == 0
    assert rates.wait_for("T1", "other.method", "") == 0
    now.seconds = 60.0
    assert rates.wait_for("T1", method, "") == 0


def test_a_channel_takes_one_message_a_second() -> None:
    """Other channels and workspaces are counted apart, and a workspace has a limit too."""
    now = Now()
    rates = Rates(Limits(rate_limits=True, posts_in_workspace=3), now)
    assert rates.wait_for("T1", "chat.postMessage", "C1") == 0
    now.seconds = 0.4
    assert rates.wait_for("T1", "chat.postMessage", "C1") == 1
    assert rates.wait_for("T1", "chat.postMessage", "C2") == 0
    assert rates.wait_for("T2", "chat.postMessage", "C1") == 0
    now.seconds = 1.0
    assert rates.wait_for("T1", "chat.postMessage", "C1") == 0
    assert rates.wait_for("T1", "chat.postMessage", "C3") == 59


def test_the_answer_is_429_with_retry_after(begin: Begin) -> None:
    """A refused call does nothing, and another workspace may go on."""
    stage = begin(rate_limits=True, tier_2=2, rate_window=3600.0, post_every=3600.0, team=TWO_TEAMS)
    for _ in range(2):
        assert stage.raw("users.list").status_code == HTTPStatus.OK
    refused = stage.raw("users.list")
    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert refused.json() == {"ok": False, "error": "ratelimited"}
    assert 3000 < int(refused.headers["retry-after"]) <= 3600
    assert stage.call("users.list", "xoxb-T0SUN-playground")["ok"]
    assert stage.call("chat.postMessage", channel="C0A", text="one")["ok"]
    assert stage.call("chat.postMessage", channel="C0A", text="two")["error"] == "ratelimited"
    assert stage.call("chat.postMessage", channel="C0B", text="two")["ok"]
    ana = stage.play.person("ana")
    assert [seen.text for seen in ana.messages("a")] == ["one"]


def test_without_a_token_calls_are_not_counted(begin: Begin) -> None:
    """A stranger cannot use up an app's calls."""
    stage = begin(rate_limits=True, tier_2=1)
    for _ in range(3):
        assert stage.call("users.list", "xoxb-unknown")["error"] == "invalid_auth"
    assert stage.call("users.list")["ok"]


def test_slacks_client_waits_and_succeeds(begin: Begin) -> None:
    """Its retry handler sleeps through Retry-After."""
    stage = begin(rate_limits=True)
    client = WebClient(
        stage.play.bot_token,
        base_url=stage.play.api_url,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1)],
    )
    started = time.monotonic()
    for text in ("one", "two"):
        client.chat_postMessage(channel="C0OPS", text=text)
    assert time.monotonic() - started >= 1


def test_tests_are_not_limited_unless_they_ask(begin: Begin) -> None:
    """Thirty calls of a method that allows twenty."""
    stage = begin()
    assert all(stage.call("users.list", limit=1)["ok"] for _ in range(30))
