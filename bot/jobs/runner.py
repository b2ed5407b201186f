"""The embedded runner: all background work inside the one process that a SQLite file allows."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

import structlog

from bot.jobs.clock import IntervalClock

log = structlog.get_logger(__name__)

Work: TypeAlias = Callable[[], Awaitable[object]]

TICK = 1.0
"""Seconds between two looks at what has become due by time alone."""

TIDY = 3600.0
"""Seconds between two clean-ups."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What there is to do; each finds out for itself what is due and returns when nothing is."""

    deliver: Work
    sync: Work
    remind: Work
    tidy: Work


class EmbeddedRunner:
    """Works off the outbox and the syncs that are due; woken by whoever adds work."""

    def __init__(self, duties: Duties, clock: IntervalClock) -> None:
        self._duties = duties
        self._clock = clock
        self._deliveries = asyncio.Event()
        self._syncs = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self) -> None:
        """There may be new work. Cheap, and safe to call from the event loop at any time."""
        self._deliveries.set()
        self._syncs.set()

    async def start(self) -> None:
        """Begins; what an earlier process left undone is taken up at once."""
        self._tasks = [
            asyncio.create_task(self._work_off(self._deliveries, self._duties.deliver)),
            asyncio.create_task(self._work_off(self._syncs, self._duties.sync)),
        ]
        self._clock.every(TICK, self._tick)
        self._clock.every(TIDY, self._duties.tidy)
        self._clock.start()
        self.wake()

    async def stop(self) -> None:
        """Ends; work under way is interrupted and taken up again by the next start."""
        self._clock.stop()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _tick(self) -> None:
        await self._guarded(self._duties.remind)
        self.wake()

    async def _work_off(self, due: asyncio.Event, work: Work) -> None:
        while True:
            await due.wait()
            due.clear()
            await self._guarded(work)
            if work is self._duties.sync:
                self._deliveries.set()  # a sync may have found something to announce

    async def _guarded(self, work: Work) -> None:
        try:
            await work()
        except Exception:
            log.exception("background_work_failed")
