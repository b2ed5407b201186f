"""One life of the app after another, to be killed: ``python -m tests.torture.life``.

It does what the server does between two kills: people change their time, and what is owed is
written. Told to settle, nobody does anything, the way is good, and it ends when nothing is owed.
"""

import asyncio
import importlib
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, TaskId, TeamId
from bot.domain.outbox import OutboxItem
from bot.domain.states import OutboxState
from bot.domain.writing.worklogs import WorklogState
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.registry import Registry
from bot.jobs.adapters import Adapters
from bot.jobs.deliveries.worklogs import WorklogDeliveries
from bot.jobs.outbox import OutboxJob
from bot.services.outbox import Outbox
from bot.services.pool import Pool
from bot.services.vault import Vault
from bot.services.writing.deciding import WorklogDeciding
from bot.services.writing.writing import ASK, TELL, Writing
from storage import members
from storage import outbox as outbox_table
from storage.engine import open_engine
from storage.entries.time_entries import TimeEntryRow
from storage.outbox import LEASE, OutboxRow
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import UnitOfWork
from storage.writing import worklog_again
from storage.writing.worklogs import WorklogRow
from tests.torture.people import Crowd
from tests.torture.tools import FileTool, Tools, described

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.integrations.api import KeepsTime
    from bot.slack import Slack

SPEED = 60
"""A second here is a minute there, so that waits are short and nights are crossed."""

TEAM = TeamId("T0ACME")


class Life:
    """Everything that a life is made of."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        # What a delivery holds it holds for as long as outside, while the clock runs faster.
        outbox_table.LEASE = LEASE * SPEED
        engine = open_engine(told["database"])
        self.uow = UnitOfWork(engine)
        self.pool = Pool(1 if engine.dialect.name == "sqlite" else 4)
        self.rolls = random.Random(told["seed"])  # noqa: S311 - moments, not secrets
        self.settles = bool(told["settles"])
        marker: Callable[[], str] = lambda: f"{self.rolls.getrandbits(96):024x}"  # noqa: E731
        often = 0.0 if self.settles else float(told["often"])
        self.http = HttpPool(clock=self.clock, sleep=self._sleep)
        deliveries = WorklogDeliveries(
            cast("Slack", None),
            self.pool,
            Writing(self.uow, marker),
            WorklogDeciding(self.uow, marker, str),
            adapters=self._adapters(often),
            clock=self.clock,
            arrives=timedelta(seconds=float(told["arrives"]) * SPEED),
        )
        self.outbox = Outbox(self.uow)
        kinds = {**deliveries.kinds(), ASK: _nobody, TELL: _nobody}
        self.job = OutboxJob(self.outbox, kinds, self.pool, self.clock)
        self.marker = marker

    def _adapters(self, often: float) -> Adapters:
        """What opens the tool. A way of its own to it may be a bad one."""
        tool = self.told["tool"]
        registry = Registry.load()
        context = AdapterContext(self.http, Path("nowhere"), self.clock, self._sleep)
        if tool["kind"] == "file":
            file = FileTool(Path(tool["path"]))
            return cast("Adapters", Tools(lambda: file, self.rolls, often))
        if "vault" in tool:
            for name, value in tool["pinned"].items():
                module, _, attribute = name.rpartition(".")
                setattr(importlib.import_module(module), attribute, value)
            return Adapters(registry, Vault([tool["vault"]]), context)
        credentials = {"url": tool["url"], "api_key": tool["key"]}
        make = lambda: cast("KeepsTime", registry.open(tool["kind"], credentials, context))  # noqa: E731
        return cast("Adapters", Tools(make, self.rolls, often))

    async def _sleep(self, seconds: float) -> None:
        """In their world, unless the tool is a real one."""
        is_real = "url" in self.told["tool"]
        await asyncio.sleep(seconds if is_real else seconds / SPEED)

    def clock(self) -> datetime:
        """The moment in their world."""
        began = datetime.fromisoformat(self.told["began"])
        passed = time.time() - float(self.told["at"])
        return (began + timedelta(seconds=passed * SPEED)).astimezone(UTC)

    async def live(self) -> None:
        """Until it is killed, or until there are entries enough."""
        with self.uow.read() as tx:
            people = [members.by_id(tx, TEAM, one) for one in self.told["people"]]
            query = select(col(TaskRow.id), col(TaskRow.key)).order_by(col(TaskRow.id))
            tasks = [(TaskId(row[0] or 0), str(row[1])) for row in tx.execute(query)]
        crowd = Crowd(self.uow, [one for one in people if one], tasks, self.rolls)
        await self.pool(self.outbox.hand_back, self.clock())
        while True:
            await self.pool(crowd.act, self.clock())
            say("did")
            await asyncio.wait(
                [asyncio.ensure_future(self.job.run_due())], timeout=self.rolls.uniform(0, 0.05)
            )
            if await self.pool(self._made) >= int(self.told["entries"]):
                await asyncio.sleep(0.2)

    async def settle(self) -> None:
        """What is owed is written; what was given up is tried again, as a person would."""
        # To ask for what may still be arriving is a try each time, and there are twelve of them.
        await asyncio.sleep(float(self.told["arrives"]) * 1.2)
        await self.pool(self.outbox.hand_back, self.clock())
        await self.pool(self._again)
        while await self.pool(self._owed):
            await self.pool(self._hurry)
            await self.job.run_due()
            await asyncio.sleep(max(0.1, float(self.told["arrives"]) / 8))  # not given up at once
        self.pool.close()
        await self.http.aclose()

    def _made(self) -> int:
        with self.uow.read() as tx:
            return int(tx.execute(select(func.count(col(TimeEntryRow.id)))).scalar_one())

    def _owed(self) -> int:
        query = select(func.count(col(WorklogRow.id))).where(
            col(WorklogRow.state) == WorklogState.PENDING
        )
        with self.uow.read() as tx:
            return int(tx.execute(query).scalar_one())

    def _hurry(self) -> None:
        """What was killed often waits for hours; nobody here has the time."""
        waiting = col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING])
        with self.uow.begin() as tx:
            tx.execute(update(OutboxRow).where(waiting).values(due_at=self.clock()))

    def _again(self) -> None:
        with self.uow.begin() as tx:
            site = IntegrationId(self.told["integration"])
            worklog_again.every_failed(tx, TEAM, site, call=self.marker(), now=self.clock())


async def _nobody(_: OutboxItem) -> None:
    """Nobody reads messages here."""


def nursery() -> None:
    """Begins a life for each description that comes in, and says how it ended.

    A life is a process of its own; what it needs is loaded once, here, so that one begins at once.
    """
    for line in sys.stdin:
        child = os.fork()
        if not child:
            life = Life(dict(described(line)))
            asyncio.run(life.settle() if life.settles else life.live())
            os._exit(0)
        say(f"life {child}")
        _, status = os.waitpid(child, 0)
        say(f"over {status}")


def say(line: str) -> None:
    """Tells the torturer."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    nursery()
