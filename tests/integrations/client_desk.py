"""A client with a key, a pool whose sleep takes no time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.integrations.answers import ClientConfig
from bot.integrations.client import Client, HttpPool
from bot.integrations.retry import RetryPolicy
from tests.http_server import HttpServer

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


KEY = "s3cret-key-of-ana"


class Naps:
    """Remembers how long somebody wanted to sleep, and does not."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Take note."""
        self.seconds.append(seconds)


@pytest.fixture
def naps() -> Naps:
    """Give a sleep that takes no time."""
    return Naps()


@pytest.fixture
async def pool(naps: Naps) -> AsyncIterator[HttpPool]:
    """Give a pool whose jitter is nil."""
    pool = HttpPool(clock=lambda: NOW, sleep=naps, policy=RetryPolicy(jitter=lambda: 0.5))
    yield pool
    await pool.aclose()


def client_of(pool: HttpPool, server: HttpServer | str) -> Client:
    """A client with a key in a header, for a server or an address."""
    url = server if isinstance(server, str) else server.url
    return pool.client(
        ClientConfig(
            provider="some",
            base_url=url,
            headers={"Authorization": f"Bearer {KEY}"},
            reason=lambda body: body["error"],  # type: ignore[index] # any shape may come
        )
    )
