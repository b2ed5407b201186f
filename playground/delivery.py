"""Bringing things to the app: signed HTTP requests, or Socket Mode when it is connected."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlencode

import httpx

from playground.log import Log
from playground.shapes import Json

Kind = Literal["slash_commands", "interactive", "events_api"]
Failure = Literal["", "timeout", "connection", "http"]


@dataclass(frozen=True)
class Envelope:
    """One thing for the app."""

    kind: Kind
    payload: Json
    retry_num: int = 0
    retry_reason: str = ""

    @property
    def what(self) -> str:
        """A short name for the log."""
        if self.kind == "slash_commands":
            return f"{self.payload['command']} {self.payload['text']}".strip()
        if self.kind == "events_api":
            event = self.payload.get("event")
            return str(event.get("type") if isinstance(event, dict) else self.payload.get("type"))
        return str(self.payload["type"])


@dataclass(frozen=True)
class Ack:
    """What the app answered within the time Slack gives it, or why it did not."""

    failure: Failure = ""
    status: int = 0
    body: Json = field(default_factory=dict)
    text: str = ""
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether the app acknowledged."""
        return not self.failure


class Link(Protocol):
    """A way to reach the app."""

    async def send(self, envelope: Envelope, seconds: float) -> Ack:
        """Deliver one thing and wait for the acknowledgement."""


def signature(secret: str, timestamp: str, body: str) -> str:
    """Sign a request body in Slack's v0 scheme."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpLink:
    """Requests to the app's address."""

    def __init__(self, url: str | None, secret: str) -> None:
        self.url = url
        self.secret = secret
        # Proxies of the environment must not see traffic meant for this machine.
        # httpx would count each read apart; the acknowledgement has one limit as a whole.
        self._client = httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(None))

    async def send(self, envelope: Envelope, seconds: float) -> Ack:
        """Deliver one thing as Slack does over HTTP."""
        if self.url is None:
            return Ack(failure="connection")
        body, content_type = encoded(envelope)
        timestamp = str(int(time.time()))
        headers = {
            "content-type": content_type,
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": signature(self.secret, timestamp, body),
        }
        if envelope.retry_num:
            headers["x-slack-retry-num"] = str(envelope.retry_num)
            headers["x-slack-retry-reason"] = envelope.retry_reason
        try:
            async with asyncio.timeout(seconds):
                answer = await self._client.post(self.url, content=body, headers=headers)
        except TimeoutError:
            return Ack(failure="timeout")
        except (httpx.HTTPError, httpx.InvalidURL):
            return Ack(failure="connection")
        return read_ack(answer)

    async def close(self) -> None:
        """Let go of open connections."""
        await self._client.aclose()


def encoded(envelope: Envelope) -> tuple[str, str]:
    """The body and content type Slack uses for each kind."""
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload), "application/json"
    if envelope.kind == "slash_commands":
        return urlencode(envelope.payload), "application/x-www-form-urlencoded"
    form = {"payload": json.dumps(envelope.payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def read_ack(answer: httpx.Response) -> Ack:
    """Read an HTTP answer as Slack does: JSON where it says so, else text."""
    no_retry = answer.headers.get("x-slack-no-retry") == "1"
    if answer.status_code != httpx.codes.OK:
        return Ack("http", answer.status_code, text=answer.text, no_retry=no_retry)
    if answer.headers.get("content-type", "").startswith("application/json"):
        try:
            body = answer.json()
        except ValueError:
            body = None
        if isinstance(body, dict):
            return Ack(status=answer.status_code, body=body)
    return Ack(status=answer.status_code, text=answer.text)


class AppLink:
    """The app, by whichever way it can be reached now."""

    def __init__(
        self, http: HttpLink, socket: Link, use_socket: Callable[[], bool], log: Log
    ) -> None:
        self.http = http
        self._socket = socket
        self._use_socket = use_socket
        self._log = log

    async def send(self, envelope: Envelope, seconds: float) -> Ack:
        """Deliver one thing and note the exchange."""
        started = time.monotonic()
        link: Link = self._socket if self._use_socket() else self.http
        ack = await link.send(envelope, seconds)
        self._log.add(
            "to app",
            envelope.what,
            started=started,
            status=ack.failure or str(ack.status or "ack"),
            request=envelope.payload,
            answer=ack.body or ack.text,
        )
        return ack
