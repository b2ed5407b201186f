"""A worker as a process of its own, to be killed: ``python -m tests.jobs.worker_process URL``.

Its duties are rows of a table ``chore (id, done_by)``; it says which it took, and finishes none.
"""

import asyncio
import sys
from dataclasses import replace

from sqlalchemy import create_engine, text

from bot.domain.ids import IntegrationId
from bot.jobs.clock import IntervalClock
from bot.jobs.distributed import DistributedRunner
from bot.jobs.runner import Duties, Pace
from storage.engine import driver_arguments

PACE = Pace(look=0.2, remind=1, rest=1, heartbeat=0.5, dead_after=2, bury=1)

CALM = replace(PACE, dead_after=120)
"""It takes nobody for dead, least of all itself where it stood still for a while."""


class Chores:
    """The table's rows as duties."""

    def __init__(self, url: str, *, finishes: bool) -> None:
        self._engine = create_engine(url)
        self._finishes = finishes

    def duties(self) -> Duties:
        """Hand them to a runner."""
        return Duties(
            deliver=self._nothing,
            syncs_due=self._due,
            sync=self._do,
            remind=self._nothing,
            renew=self._nothing,
            tidy=self._nothing,
        )

    async def _nothing(self) -> None:
        pass

    async def _due(self) -> list[IntegrationId]:
        return await asyncio.to_thread(self._left)

    def _left(self) -> list[IntegrationId]:
        with self._engine.connect() as connection:
            found = connection.execute(text("SELECT id FROM chore WHERE done_by IS NULL"))
            return [IntegrationId(row.id) for row in found]

    async def _do(self, chore: IntegrationId) -> None:
        if not self._finishes:
            sys.stdout.write(f"took {chore}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()
        await asyncio.to_thread(self._finish, chore)

    def _finish(self, chore: int) -> None:
        with self._engine.begin() as connection:
            done = text("UPDATE chore SET done_by = 'another' WHERE id = :id")
            connection.execute(done, {"id": chore})


async def main(url: str) -> None:
    """Works until it is killed."""
    chores = Chores(url, finishes=False).duties()
    runner = DistributedRunner(driver_arguments(url), chores, IntervalClock(), asyncio.sleep, CALM)
    await runner.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
