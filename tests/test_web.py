"""Who gets in over HTTP, and with what."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.web import LARGEST_BODY, build_web

SECRET = "the signing secret"
FORM = "application/x-www-form-urlencoded"


class Site:
    """An app that repeats the text of commands, behind the real routes."""

    def __init__(self, signing_secret: str | None = SECRET) -> None:
        self.heard: list[Any] = []
        bolt = AsyncApp(
            name="test",  # Bolt would look through every frame of the stack for one
            authorize=_authorize,
            process_before_response=True,
            request_verification_enabled=False,
        )
        bolt.command("/track")(self.command)
        bolt.action("say")(self.click)
        bolt.error(_unexpected)
        web = build_web(
            bolt,
            others=(),
            signing_secret=signing_secret,
            new_reference=lambda: "7F3A-19",
        )
        transport = httpx.ASGITransport(web)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://hourlink.test")

    async def command(self, ack: Any, body: Mapping[str, Any]) -> None:  # noqa: ANN401 - Bolt's
        """What a person typed; some words break it."""
        self.heard.append(body["text"])
        if body["text"] == "break":
            raise RuntimeError("secret=hunter2")
        await ack(f"You said {body['text']}")

    async def click(self, ack: Any, body: Mapping[str, Any]) -> None:  # noqa: ANN401 - Bolt's
        """A button with a value."""
        self.heard.append(body["actions"][0]["value"])
        await ack()

    async def post(
        self,
        body: str | bytes | AsyncIterator[bytes],
        *,
        secret: str = SECRET,
        timestamp: str | None = None,
        **headers: str | None,
    ) -> httpx.Response:
        """A request as somebody would send it who knows this secret; None leaves a header out."""
        moment = str(int(time.time())) if timestamp is None else timestamp
        content = body.encode() if isinstance(body, str) else body
        signed = content if isinstance(content, bytes) else b""
        base = b"v0:" + moment.encode() + b":" + signed
        digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        every: dict[str, str | None] = {
            "content-type": FORM,
            "x-slack-request-timestamp": moment,
            "x-slack-signature": f"v0={digest}",
        }
        every |= {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {
            name.encode(): value.encode("latin-1")
            for name, value in every.items()
            if value is not None
        }
        return await self.http.post("/slack/events", content=content, headers=sent)


async def _unexpected(error: Exception) -> None:
    """As in the app: the log's affair."""
    del error


async def _authorize(team_id: str) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id=team_id, bot_token="xoxb-x", bot_id="B1", bot_user_id="U0BOT"
    )


def track(text: str) -> str:
    """The body of a command."""
    return urlencode({"command": "/track", "text": text, "team_id": "T0ACME", "user_id": "U0ANA"})


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """The web as it stands over HTTP."""
    made = Site()
    async with made.http:
        yield made


async def test_a_signed_command_is_answered(site: Site) -> None:
    """The way in for Slack."""
    answer = await site.post(track("start TASK-12"))
    assert (answer.status_code, answer.text) == (200, "You said start TASK-12")


@pytest.mark.parametrize(
    "text", ["log 1h payload parser", "payload={}", "{", "{}", "a=b&payload=1", "\u202eabc \x00 é"]
)
async def test_whatever_is_typed_arrives(site: Site, text: str) -> None:
    """Words that look like Slack's own spelling of an interaction do not lose a command."""
    await site.post(track(text))
    assert site.heard == [text]


@pytest.mark.parametrize("is_ascii", [True, False])
@pytest.mark.parametrize(
    "value", ["50% off", "%22", "%2522 %253A", "a+b c&d=e", '{"a": ["/"]}', "Übung \u202e é 🎉", ""]
)
async def test_whatever_a_button_holds_arrives(site: Site, value: str, *, is_ascii: bool) -> None:
    """Signs with which forms spell other signs do not lose or change a click."""
    button = {"type": "button", "action_id": "say", "block_id": "b", "value": value}
    click = {"type": "block_actions", "team": {"id": "T0ACME"}, "user": {"id": "U0ANA"}}
    written = json.dumps(click | {"actions": [button]}, ensure_ascii=is_ascii)
    answer = await site.post(urlencode({"payload": written}))
    assert (answer.status_code, site.heard) == (200, [value])


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "a guess"},
        {"timestamp": str(int(time.time()) - 86_400)},
        {"timestamp": str(int(time.time()) + 86_400)},
        {"timestamp": "yesterday"},
        {"timestamp": ""},
        {"timestamp": "-5"},
        {"timestamp": "9" * 400},
        {"timestamp": "9" * 5000},
        {"x_slack_request_timestamp": None},
        {"x_slack_signature": None},
        {"x_slack_signature": ""},
        {"x_slack_signature": "v0=é"},
    ],
)
async def test_what_slack_did_not_sign_is_turned_away(
    site: Site, change: Mapping[str, str | None]
) -> None:
    """A forger, a replay or a broken proxy: refused, heard by nobody, no error of ours."""
    answer = await site.post(track("stop"), **change)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert site.heard == []


@pytest.mark.parametrize("secret", [SECRET, "a guess"])
@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"payload=%7Bnope", b"payload=[1]", b"[1]", b"{", b"hello", b"{" * 9]
)
async def test_nonsense_is_refused_whoever_sends_it(site: Site, body: bytes, secret: str) -> None:
    """Not a 500, which would fill the log with traces and be repeated."""
    answer = await site.post(body, secret=secret)
    assert answer.status_code in {400, 401}
    if secret != SECRET and body != b"\xff\xfe":
        assert answer.status_code == 401


async def test_deep_nesting_is_refused(site: Site) -> None:
    """A signed body cannot exhaust the reader."""
    assert (await site.post('{"a":' + "[" * 200_000)).status_code == 400


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/json"])
async def test_the_content_type_is_not_what_is_believed(
    site: Site, content_type: str | None
) -> None:
    """What is signed can be read for what it is."""
    answer = await site.post(track("status"), content_type=content_type)
    assert answer.text == "You said status"


async def test_a_large_body_is_not_read_to_its_end(site: Site) -> None:
    """Neither when it says how large it is, nor when it does not."""
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(20):
            sent += LARGEST_BODY
            yield b"a" * LARGEST_BODY

    assert (await site.post(b"a" * (LARGEST_BODY + 1))).status_code == 413
    assert (await site.post(pieces())).status_code == 413
    assert sent < 20 * LARGEST_BODY


async def test_a_body_that_trickles_in_is_not_waited_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends a byte now and then would hold memory for as long as they like."""
    monkeypatch.setattr("bot.web.SLOWEST_BODY", 0.05)
    sent: list[bytes] = []

    async def trickle() -> AsyncIterator[bytes]:
        while True:
            sent.append(b"a")
            yield b"a"
            await asyncio.sleep(0.01)

    answer = await site.post(trickle())
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")
    assert (len(sent) < 50, site.heard) == (True, [])


async def test_only_post_is_taken(site: Site) -> None:
    """A browser that strays here learns nothing."""
    assert (await site.http.get("/slack/events")).status_code == 405


async def test_our_fault_is_told_by_its_reference_alone(site: Site) -> None:
    """What breaks in Bolt itself shows nothing of our insides."""
    missing = {"type": "view_submission", "team": {"id": "T0ACME"}, "view": {"callback_id": "x"}}
    answer = await site.post(urlencode({"payload": json.dumps(missing)}))
    assert (answer.status_code, answer.text) == (500, "reference 7F3A-19")
    broken = await site.post(track("break"))
    assert "hunter2" not in broken.text


async def test_over_socket_mode_nothing_comes_in_by_http() -> None:
    """Without a secret nothing can be proved, so a forged admin's click must find no door."""
    site = Site(signing_secret=None)
    async with site.http:
        assert (await site.post(track("stop"))).status_code == 404
    assert site.heard == []
