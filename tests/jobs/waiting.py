"""Waiting in tests for what other tasks or processes do."""

import asyncio
from collections.abc import Callable


async def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - whatever is waited for rings no bell
            await asyncio.sleep(0.005)
