"""The clock by which all processes go that share a PostgreSQL: the server's.

What is due, and for how long somebody has it alone, are moments that one process writes and another
compares. Two machines whose clocks are minutes apart would take each other's work away, and do it
twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from bot.domain.clock import Clock, Sleep
from bot.followed_clock import FollowedClock

EVERY = 30.0
"""Seconds between two looks at the server's clock."""

OFF = timedelta(seconds=5)
"""So far a machine's clock may be from the server's without a word in the log."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def going_by_database(
    server_time: Callable[[], datetime | None], clock: Clock, sleep: Sleep
) -> AsyncIterator[Clock]:
    """Follows the clock of a PostgreSQL server.

    While the server does not answer, time goes on from what it said last; before the first answer
    it is this machine's.

    Args:
        server_time: Asks for it; None where no answer comes. Called in a thread.
        clock: This machine's.
        sleep: Waits between two looks.
    """
    followed = _Watched(clock)

    async def look() -> None:
        asked_at = clock()
        now = await asyncio.to_thread(server_time)
        if now is not None:
            followed.told(now, asked_at)

    async def go_on() -> None:
        while True:
            await sleep(EVERY)
            await look()

    await look()
    task = asyncio.create_task(go_on())
    try:
        yield followed.clock
    finally:
        task.cancel()


class _Watched:
    """A clock that follows, and a line in the log where this machine's is off, or no more."""

    def __init__(self, clock: Clock) -> None:
        self._machine = clock
        self.clock = FollowedClock(clock)
        self._is_off = False

    def told(self, now: datetime, asked_at: datetime) -> None:
        self.clock.hear(now.timestamp(), frozen=False, asked_at=asked_at)
        off = self._machine() - self.clock()
        if (abs(off) > OFF) is self._is_off:
            return
        self._is_off = not self._is_off
        tell = log.warning if self._is_off else log.info
        tell("clock_off" if self._is_off else "clock_right", seconds=round(off.total_seconds()))
