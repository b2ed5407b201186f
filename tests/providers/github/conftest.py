"""A running GitHub, and what opens it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from tests.providers.github.stand_in import GitHubStandIn, acme
from tests.providers.stand_in import NOON


@pytest.fixture
async def github() -> AsyncIterator[GitHubStandIn]:
    """Give a running GitHub; at the end nothing may have departed from its descriptions."""
    made = acme(tasks=12)
    made.page_size = 5
    async with made.running():
        yield made
    assert (made.violations, made.unrouted) == ([], [])


@pytest.fixture
async def context() -> AsyncIterator[AdapterContext]:
    """Give what the composition root gives; waiting takes no time."""

    async def at_once(seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)

    pool = HttpPool(clock=lambda: NOON, sleep=at_once)
    yield AdapterContext(pool, Path("nowhere"), pool.clock, pool.sleep)
    await pool.aclose()
