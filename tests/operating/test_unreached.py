"""What ``hourlink doctor`` says of an address that does not answer, met at real sockets."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.operating.unreached import why


async def refused(url: str, **how: Any) -> str:  # noqa: ANN401 - aiohttp's own
    """Why nothing comes from this address."""
    patience = aiohttp.ClientTimeout(total=how.pop("seconds", 60))
    async with aiohttp.ClientSession(timeout=patience) as session:
        with pytest.raises((aiohttp.ClientError, TimeoutError, OSError)) as caught:
            await session.get(url, **how)
    return why(caught.value)


@asynccontextmanager
async def listening(answers: bytes | None) -> AsyncIterator[int]:
    """A port at which somebody takes connections: ends them after these bytes, or never."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        if answers is not None:
            writer.write(answers)
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def closed_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def test_each_reason_is_told_from_the_others() -> None:
    """Who reads it looks at the name, the server, the proxy or the certificate, not at all four."""
    nobody = f"http://127.0.0.1:{closed_port()}/"
    assert await refused("http://nowhere.invalid/") == "its name is not known here"
    assert await refused(nobody) == "nothing answers at that port"
    assert await refused("http://a.test/", proxy=nobody) == "the proxy does not answer"
    async with listening(b"") as port:
        assert await refused(f"http://127.0.0.1:{port}/") == "the connection was cut off"
    async with listening(None) as port:
        silent = f"http://127.0.0.1:{port}/"
        assert await refused(silent, seconds=0.2) == "no answer came in time"


def test_a_certificate_of_an_inner_authority_is_named() -> None:
    """The usual doing of a proxy that reads along."""
    key: Any = None
    error = aiohttp.ClientConnectorCertificateError(key, ssl.SSLCertVerificationError())
    assert why(error) == "its certificate is not trusted here"
