"""Slack, as far as a load needs it: signed requests over so many connections, and its Web API.

A process of its own, ordered about by ``Apart``. A connection sends its next request when the last
one is answered, and when the call that it leads to, if any, has arrived here.
"""

import asyncio
import hmac
import json
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import uvloop

from benchmarks.apart import say

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "benchmark"  # noqa: S105 - of nobody
TEAM = "T0BENCH"
WAITS = 10.0
"""Seconds for an answer, or for a call, before the whole is given up."""

_ANSWER = json.dumps(
    {
        "ok": True,
        "team_id": TEAM,
        "team": "Bench",
        "user_id": "U0BOT",
        "bot_id": "B0BOT",
        "channel": "D0BENCH",
        "ts": "1.1",
        "view": {"id": "V0BENCH"},
    }
).encode()
_REPLY = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
    len(_ANSWER),
    _ANSWER,
)


class _Messages(asyncio.Protocol):
    """Reads HTTP messages that name their length."""

    def __init__(self) -> None:
        self._read = bytearray()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (head := self._read.find(b"\r\n\r\n")) >= 0:
            at = self._read[:head].lower().find(b"content-length:")
            length = 0 if at < 0 else int(self._read[at + 15 : head].split(b"\r\n", 1)[0])
            end = head + 4 + length
            if len(self._read) < end:
                return
            message = bytes(self._read[:end])
            del self._read[:end]
            self.message(message, message[head + 4 :])

    def message(self, whole: bytes, body: bytes) -> None:
        """One is complete."""


class _WebApi(_Messages):
    """Slack's Web API and its response URLs: all is well, always."""

    def __init__(self, run: "_Run") -> None:
        super().__init__()
        self._run = run

    def message(self, whole: bytes, body: bytes) -> None:
        del body
        self.transport.write(_REPLY)
        if b"auth.test" not in whole[:40]:
            self._run.called()


class _Connection(_Messages):
    """Sends one request after another."""

    def __init__(self, run: "_Run") -> None:
        super().__init__()
        self._run = run
        self._begun = 0.0
        self._is_over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_over:
            self._run.lost(exc)

    def close(self) -> None:
        """Nothing more comes."""
        self._is_over = True
        self.transport.close()

    def send(self) -> None:
        """The next one, or the end."""
        request = next(self._run.requests, None)
        if request is None:
            self._is_over = True  # the server may close it now
            self._run.idle += 1
            self._run.settle()
            return
        self._begun = time.perf_counter()
        self.transport.write(request)

    def message(self, whole: bytes, body: bytes) -> None:
        self._run.answered(whole, body, time.perf_counter() - self._begun)
        self._run.ready.append(self)
        self._run.go_on()


class _Run:
    """The requests of one order."""

    def __init__(self) -> None:
        self.requests: Iterator[bytes] = iter(())
        self.ready: list[_Connection] = []
        self.idle = 0
        self.taken: list[float] = []
        self.bad = ""
        self._calls = 0
        self._per_request = 0
        self._expect = b""
        self._connections = 0
        self._done = asyncio.Event()

    def begin(self, requests: list[bytes], expect: str, calls: int, connections: int) -> None:
        """These requests, each of which is to be answered with this in it, and leads to a call."""
        self.requests, self.ready, self.taken, self.bad = iter(requests), [], [], ""
        self._expect, self._per_request, self._calls, self.idle = expect.encode(), calls, 0, 0
        self._connections = connections
        self._done = asyncio.Event()

    async def ended(self) -> None:
        """Waits until all of it is done."""
        while not self._done.is_set():
            before = self._calls, len(self.taken)
            done, _ = await asyncio.wait({asyncio.ensure_future(self._done.wait())}, timeout=WAITS)
            if not done and before == (self._calls, len(self.taken)):
                raise SystemExit(f"{before[1]} answers, {before[0]} calls, no more: {self.bad}")

    def called(self) -> None:
        """A call came from the server."""
        self._calls += 1
        self.go_on()
        self.settle()

    def answered(self, whole: bytes, body: bytes, seconds: float) -> None:
        """A request is answered."""
        self.taken.append(seconds)
        if not whole.startswith(b"HTTP/1.1 200") or self._expect not in body:
            self.bad = self.bad or whole.decode(errors="replace")

    def lost(self, error: Exception | None) -> None:
        """A connection is gone."""
        self.bad = self.bad or f"connection lost: {error}"
        self._done.set()

    def go_on(self) -> None:
        """Who waits for nothing any more sends again, who waited longest first.

        A server closes a connection on which nothing came for five seconds.
        """
        while self.ready and self._calls >= self._per_request * (
            len(self.taken) - len(self.ready) + 1
        ):
            self.ready.pop(0).send()

    def settle(self) -> None:
        """The end, once everything is here."""
        if self.idle == self._connections and self._calls >= self._per_request * len(self.taken):
            self._done.set()


def _signed(body: str, address: str, now: int) -> bytes:
    base = f"v0:{now}:{body}".encode()
    signature = "v0=" + hmac.digest(SECRET.encode(), base, "sha256").hex()
    kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
    head = (
        f"POST /slack/events HTTP/1.1\r\nhost: {address}\r\ncontent-type: {kind}\r\n"
        f"x-slack-request-timestamp: {now}\r\nx-slack-signature: {signature}\r\n"
        f"content-length: {len(body.encode())}\r\n\r\n"
    )
    return (head + body).encode()


async def _serve() -> None:
    loop, run = asyncio.get_running_loop(), _Run()
    api = await loop.create_server(lambda: _WebApi(run), "127.0.0.1", 0)
    say(url=f"http://127.0.0.1:{api.sockets[0].getsockname()[1]}/")
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        say(**await _obeyed(run, _requests(order), order))


def _requests(order: dict[str, Any]) -> list[bytes]:
    lines = Path(order["bodies"]).read_text(encoding="utf-8").splitlines()
    chosen = lines[order["first"] : order["first"] + order["number"]]
    host, now = urlsplit(order["address"]).netloc, int(time.time())
    return [_signed(json.loads(line), host, now) for line in chosen]


async def _obeyed(run: _Run, requests: list[bytes], order: dict[str, Any]) -> dict[str, Any]:
    place = urlsplit(order["address"])
    connections = min(order["connections"], len(requests))
    run.begin(requests, order["expect"], order["calls"], connections)
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    made = [
        await loop.create_connection(lambda: _Connection(run), place.hostname, place.port)
        for _ in range(connections)
    ]
    await run.ended()
    seconds = time.perf_counter() - begun
    for _, connection in made:
        connection.close()
    cut = statistics.quantiles(run.taken, n=100, method="inclusive")
    return {
        "seconds": seconds,
        "number": len(run.taken),
        "p50": 1000 * cut[49],
        "p99": 1000 * cut[98],
        "bad": run.bad,
    }


def main() -> None:
    """Takes orders until there are no more."""
    uvloop.run(_serve())


if __name__ == "__main__":
    main()
