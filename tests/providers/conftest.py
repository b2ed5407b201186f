"""What every adapter that is asked over HTTP is given."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from tests.providers.stand_in import NOON


@pytest.fixture
async def context() -> AsyncIterator[AdapterContext]:
    """Give what the composition root gives; waiting takes no time."""

    async def at_once(seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)

    pool = HttpPool(clock=lambda: NOON, sleep=at_once)
    yield AdapterContext(pool, Path("nowhere"), pool.clock, pool.sleep)
    await pool.aclose()
