"""Bringing things to the app: signed HTTP requests, or Socket Mode when it is connected."""

import asyncio
import hashlib
import hmac
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol
from urllib.parse import urlencode

import httpx

from playground.log import Log
from playground.shapes import Json
from playground.wire import Wire

Kind = Literal["slash_commands", "interactive", "events_api"]
Failure = Literal["", "timeout", "connection", "http"]

KEPT = 500
"""How many deliveries can be sent again."""


@dataclass(frozen=True)
class Envelope:
    """One thing for the app."""

    kind: Kind
    payload: Json
    retry_num: int = 0
    retry_reason: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that mark a repeat."""
        if not self.retry_num:
            return {}
        return {
            "x-slack-retry-num": str(self.retry_num),
            "x-slack-retry-reason": self.retry_reason,
        }

    @property
    def team(self) -> str:
        """The team in which it happened."""
        team = self.payload.get("team")
        return str(team["id"] if isinstance(team, dict) else self.payload.get("team_id", ""))

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

    @property
    def error(self) -> str:
        """Slack's own word for why it did not."""
        return "operation_timeout" if self.failure == "timeout" else "dispatch_failed"


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
        # The real time, wherever the playground's clock stands: apps check it against their own.
        timestamp = str(int(time.time()))
        headers = {
            "content-type": content_type,
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": signature(self.secret, timestamp, body),
        } | envelope.headers
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
    """The app, by whichever way it can be reached now, over a line that may be bad."""

    def __init__(
        self, http: HttpLink, socket: Link, use_socket: Callable[[], bool], log: Log, wire: Wire
    ) -> None:
        self.http = http
        self._socket = socket
        self._use_socket = use_socket
        self._log = log
        self._wire = wire
        self._under_way: set[asyncio.Task[Ack]] = set()
        self.sent: OrderedDict[int, Envelope] = OrderedDict()
        """What was delivered, by its id in the log, oldest first."""

    async def send(self, envelope: Envelope, seconds: float) -> Ack:
        """Deliver one thing and note the exchange."""
        return (await self.exchange(envelope, seconds))[0]

    async def exchange(self, envelope: Envelope, seconds: float) -> tuple[Ack, int]:
        """Deliver one thing; give the acknowledgement and the id of the log's entry."""
        started = time.monotonic()
        over_socket = self._use_socket()
        link: Link = self._socket if over_socket else self.http
        cut = self._wire.cut_now(api=False)
        if cut == "before":
            ack = Ack(failure="connection")
        else:
            ack = await self._carry(link, envelope, seconds)
        if cut == "after":
            # A lost envelope acknowledgement looks like silence, a lost HTTP answer does not.
            ack = Ack(failure="timeout" if over_socket else "connection")
        key = self._log.add(
            "to app",
            envelope.what,
            started=started,
            status=ack.failure or str(ack.status or "ack"),
            failed=not ack.ok,
            request=envelope.payload,
            answer=ack.body or ack.text,
            headers=envelope.headers,
            kind=envelope.kind,
            team=envelope.team,
            via="socket" if over_socket else "http",
        )
        self.sent[key] = envelope
        while len(self.sent) > KEPT:
            self.sent.popitem(last=False)
        return ack, key

    async def _carry(self, link: Link, envelope: Envelope, seconds: float) -> Ack:
        """Bring it there; what is slow still arrives after Slack has given up."""
        if not self._wire.delay:
            return await link.send(envelope, seconds)

        async def slowly(delay: float) -> Ack:
            await asyncio.sleep(delay)
            return await link.send(envelope, seconds)

        task = asyncio.get_running_loop().create_task(slowly(self._wire.delay))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        return task.result() if done else Ack(failure="timeout")

    def again(self, key: int | None, kinds: tuple[Kind, ...]) -> Envelope | None:
        """What was sent under an id, or the last of some kinds, marked as Slack marks repeats."""
        for known, envelope in reversed(self.sent.items()):
            if known == key or (key is None and envelope.kind in kinds):
                if envelope.kind != "events_api":
                    return envelope
                number = envelope.retry_num + 1
                return replace(envelope, retry_num=number, retry_reason="http_timeout")
        return None

    async def close(self) -> None:
        """Let go of what is still on its way."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self.http.close()
