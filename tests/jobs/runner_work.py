"""Duties for runners, and workers to do them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import create_engine, text

from bot.domain.ids import IntegrationId
from bot.jobs.clock import IntervalClock
from bot.jobs.distributed import DistributedRunner
from bot.jobs.runner import AT_ONCE, Duties, Pace, Runner
from storage.engine import driver_arguments
from tests.jobs.waiting import until

QUICK = Pace(look=0.2, remind=1, rest=1, heartbeat=0.5, dead_after=120, bury=1)
"""Everything often, so that no test waits long; a process that only stood still is not dead."""

NEVER = 3600
"""Seconds."""

SELDOM = Pace(look=NEVER)
"""Nothing happens unless somebody wakes."""


class Work:
    """Duties that note what was done, and go as a test wants them to."""

    def __init__(self) -> None:
        self.due: set[int] = set()
        self.crashing: set[str] = set()
        self.hanging: set[int] = set()
        self.renewing_hangs = False
        self.done: list[str] = []
        self.under_way: list[int] = []
        self.most_at_once = 0

    def duties(self) -> Duties:
        """Hand them to a runner."""
        return Duties(
            deliver=lambda: self._do("deliver"),
            syncs_due=self._syncs_due,
            sync=self._sync,
            remind=lambda: self._do("remind"),
            renew=self._renew,
            tidy=lambda: self._do("tidy"),
        )

    async def _do(self, what: str) -> None:
        self.done.append(what)
        if what in self.crashing:
            raise ZeroDivisionError(what)

    async def _renew(self) -> None:
        await self._do("renew")
        if self.renewing_hangs:
            await asyncio.Event().wait()

    async def _syncs_due(self) -> list[IntegrationId]:
        await self._do("look")
        return [IntegrationId(found) for found in sorted(self.due)]

    async def _sync(self, integration_id: IntegrationId) -> None:
        self.under_way.append(integration_id)
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        try:
            if integration_id in self.hanging:
                await asyncio.Event().wait()
            await self._do(f"sync {integration_id}")
            self.due.discard(integration_id)
        finally:
            self.under_way.remove(integration_id)


def distributed(
    url: str, duties: Duties, pace: Pace = QUICK, *, syncs_at_once: int = AT_ONCE
) -> DistributedRunner:
    """Make a worker of this process."""
    return DistributedRunner(
        driver_arguments(url),
        duties,
        IntervalClock(),
        asyncio.sleep,
        pace,
        syncs_at_once=syncs_at_once,
    )


@asynccontextmanager
async def running(*runners: Runner) -> AsyncIterator[None]:
    """Run them as long as the block lasts."""
    for runner in runners:
        await runner.start()
    try:
        yield
    finally:
        await asyncio.wait_for(asyncio.gather(*(runner.stop() for runner in runners)), 60)


async def hears(url: str) -> None:
    """Wait until both queues of a worker listen for notifications."""
    engine = create_engine(url)
    listening = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'idle' AND query LIKE 'LISTEN%'"
    )

    def both() -> bool:
        with engine.connect() as connection:
            return int(connection.execute(listening).scalar_one()) >= 2

    await until(both)
    engine.dispose()
