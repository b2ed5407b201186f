"""The clock of the background: calls jobs at intervals, and does nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeAlias

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job: TypeAlias = Callable[[], Awaitable[object]]


class IntervalClock:
    """APScheduler without its job stores.

    What is due is in the database, so a crash loses nothing and a tick too many finds nothing
    left to do.
    """

    def __init__(self) -> None:
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

        self._scheduler.add_job(call, "interval", seconds=seconds)

    def start(self) -> None:
        """Begins to tick, inside the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ends ticking; a job under way is not interrupted here."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
