"""A clock that follows another one: the demo's, which people turn to see timers and reminders."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.domain.clock import Clock, Sleep

EVERY = 0.2
"""Seconds between two looks at the other clock."""


class FollowedClock:
    """This machine's clock, set by what the other one last said; it may stand still."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = timedelta(0)
        self._said: datetime | None = None
        self._stands = False

    def __call__(self) -> datetime:
        """The present moment by the other clock."""
        if self._stands and self._said is not None:
            return self._said
        return self._clock() + self._ahead

    def hear(self, seconds: float) -> None:
        """Takes in what the other clock says, in seconds since 1970."""
        said = datetime.fromtimestamp(seconds, UTC)
        self._stands = said == self._said
        self._said = said
        self._ahead = said - self._clock()


@asynccontextmanager
async def following(url: str, clock: Clock, sleep: Sleep) -> AsyncIterator[Clock]:
    """Follows the clock at an address that answers with a bare number of seconds since 1970.

    While the address does not answer, time goes on from what it said last.
    """
    followed = FollowedClock(clock)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:

        async def look() -> None:
            async with session.get(url) as answer:
                followed.hear(float(await answer.text()))

        async def go_on() -> None:
            while True:
                await sleep(EVERY)
                with suppress(aiohttp.ClientError, TimeoutError, ValueError):
                    await look()

        with suppress(aiohttp.ClientError, TimeoutError, ValueError):
            await look()
        task = asyncio.create_task(go_on())
        try:
            yield followed
        finally:
            task.cancel()
