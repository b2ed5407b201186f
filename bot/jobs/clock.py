"""The clock of the background: calls jobs at intervals, and does nothing else."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol, TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job: TypeAlias = Callable[[], Awaitable[object]]

LOOK = 5.0
"""Seconds between two looks whether this machine's clock was set back."""

STEP = 1.0
"""Seconds by which it has to be: less is made up for by itself."""


class _Scheduled(Protocol):
    """A job of APScheduler's, which has no types."""

    def reschedule(self, trigger: str, *, seconds: float) -> object:
        """Begins its intervals anew."""


class IntervalClock:
    """APScheduler without its job stores.

    What is due is in the database, so a crash loses nothing and a tick too many finds nothing
    left to do.

    APScheduler keeps the moment of the next tick by this machine's clock. Where that is set back,
    as after a start with a wrong one, it would wait until it is that moment once more: for hours.
    """

    def __init__(self) -> None:
        self._jobs: list[tuple[_Scheduled, float]] = []
        self._ahead = 0.0
        """Of the clock that nobody sets, in seconds."""
        self._looking: asyncio.TimerHandle | None = None
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def every(self, seconds: float, job: Job) -> None:
        """Calls a job at an interval; never twice at once."""

        async def call() -> None:
            # The scheduler awaits nothing but what is declared async, and on stopping it cancels
            # what is under way, and logs that as an error.
            with suppress(asyncio.CancelledError):
                await job()

        self._jobs.append((self._scheduler.add_job(call, "interval", seconds=seconds), seconds))

    def start(self) -> None:
        """Begins to tick, inside the running event loop."""
        self._scheduler.start()
        self._ahead = _ahead()
        self._look()

    def stop(self) -> None:
        """Ends ticking; a job under way is not interrupted here."""
        if self._looking is not None:
            self._looking.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _look(self) -> None:
        was, self._ahead = self._ahead, _ahead()
        if self._ahead < was - STEP:
            for job, seconds in self._jobs:
                job.reschedule("interval", seconds=seconds)
        self._looking = asyncio.get_running_loop().call_later(LOOK, self._look)


def _ahead() -> float:
    return time.time() - time.monotonic()
