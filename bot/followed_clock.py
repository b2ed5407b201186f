"""A clock that follows another one: the demo's, which people turn to see timers and reminders."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.domain.clock import Clock, Sleep

EVERY = 0.2
"""Seconds between two looks at the other clock."""

LIMIT = 30.0
"""Seconds for one look; on a busy machine the other clock takes its time."""

_NO_ANSWER = (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError)


class FollowedClock:
    """This machine's clock, set by what the other one last said; it may stand still."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = timedelta(0)
        self._stands_at: datetime | None = None

    def __call__(self) -> datetime:
        """The present moment by the other clock."""
        return self._stands_at or self._clock() + self._ahead

    def hear(self, now: float, *, frozen: bool, asked_at: datetime) -> None:
        """Takes in what the other clock says.

        It was said at some moment since it was asked for. While what was known fits in there, it
        stays: an answer that was long on its way does not set the time back.

        Args:
            now: Seconds since 1970.
            frozen: It stands still there, and so does this one until the next look.
            asked_at: When it was asked, by this machine's clock.
        """
        said = datetime.fromtimestamp(now, UTC)
        self._stands_at = said if frozen else None
        least, most = said - self._clock(), said - asked_at
        self._ahead = min(max(self._ahead, least), most)


@asynccontextmanager
async def following(url: str, clock: Clock, sleep: Sleep) -> AsyncIterator[Clock]:
    """Follows the clock at an address that answers with ``{"now", "frozen"}``, as ``hear`` has it.

    While the address does not answer, time goes on from what it said last.
    """
    followed = FollowedClock(clock)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LIMIT)) as session:

        async def look() -> None:
            asked_at = clock()
            async with session.get(url) as answer:
                told = await answer.json()
            followed.hear(float(told["now"]), frozen=bool(told["frozen"]), asked_at=asked_at)

        async def go_on() -> None:
            while True:
                await sleep(EVERY)
                with suppress(*_NO_ANSWER):
                    await look()

        with suppress(*_NO_ANSWER):
            await look()
        task = asyncio.create_task(go_on())
        try:
            yield followed
        finally:
            task.cancel()
