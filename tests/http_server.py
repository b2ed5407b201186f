"""A tiny HTTP server that answers as told, so that clients meet real sockets and real faults."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: Any
    """Decoded JSON; None where there is none."""
    values: Mapping[str, list[str]] = field(default_factory=dict)
    """The query again, with every value of a name that comes more than once."""
    content: bytes = b""
    """The body as it came."""
    target: str = ""
    """Path and query as they came."""


@dataclass(frozen=True)
class Say:
    """An answer."""

    status: int = 200
    body: object = field(default_factory=dict)
    """Text and bytes as they are, anything else as JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    """Reset the connection after so many bytes of the body."""
    wait: float = 0.0
    """Seconds before answering."""


Answering: TypeAlias = Callable[[Seen], Say | Awaitable[Say]]


class HttpServer:
    """Listens on a free port of the loopback address."""

    def __init__(self, answer: Answering) -> None:
        self.answer = answer
        self.seen: list[Seen] = []
        self.most_at_once = 0
        self._now = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection's requests, one each connection."""
        try:
            request = await _read(reader)
            self.seen.append(request)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            answer = self.answer(request)
            say = answer if isinstance(answer, Say) else await answer
            await asyncio.sleep(say.wait)
            await _write(writer, say)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._now -= 1
            writer.close()


@asynccontextmanager
async def serving(answer: Answering) -> AsyncIterator[HttpServer]:
    """A running server, stopped afterwards."""
    server = HttpServer(answer)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()


def in_turn(*answers: Say) -> Answering:
    """One answer after another; the last one for ever."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


async def _read(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    values = parse_qs(parts.query, keep_blank_values=True)
    query = {name: given[-1] for name, given in values.items()}
    return Seen(
        method, parts.path, query, headers, _json(content), values, content=content, target=target
    )


def _json(content: bytes) -> Any:  # noqa: ANN401 - JSON is of any shape until it is read
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None  # a form, or nothing at all


def _written(body: object) -> bytes:
    return (body if isinstance(body, str) else json.dumps(body)).encode()


async def _write(writer: asyncio.StreamWriter, say: Say) -> None:
    is_text = isinstance(say.body, str)
    content = say.body if isinstance(say.body, bytes) else _written(say.body)
    headers = {
        "Content-Type": "text/html" if is_text else "application/json",
        "Content-Length": str(len(content)),
        "Connection": "close",
        **say.headers,
    }
    lines = [f"HTTP/1.1 {say.status} X", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    if say.cut_after is None:
        writer.write(content)
        await writer.drain()
        return
    writer.write(content[: say.cut_after])
    await writer.drain()
    writer.transport.abort()
