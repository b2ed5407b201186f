"""Saving what a run reads: in transactions of a size, with others let in between."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar

from bot.domain.clock import Clock, Sleep
from bot.domain.sync.sync import SyncPlan
from bot.domain.values import dataclass
from bot.integrations.api import Adapter
from bot.jobs.ahead import Batch
from bot.jobs.hook_work import HookTools
from bot.services.people.missing_accounts import MissingAccounts
from bot.services.pool import Pool
from bot.services.sync.mirroring import Mirroring
from bot.services.sync.mirroring_access import AccessMirroring
from bot.services.sync.mirroring_tasks import TaskMirroring
from bot.services.sync.quiet import QuietProjects
from bot.services.sync.run_pages import Footing
from bot.services.sync.syncing import Syncing

Item = TypeVar("Item")
Save: TypeAlias = Callable[[Sequence[Item], str | None, Footing], Awaitable[None]]
"""Saves some items, with where to read on after them."""

BATCH = 500
"""Items saved in one transaction."""

PAUSE = 0.01
"""Seconds between two savings in which others get their turn at the database, if they wait."""

REPORT_EVERY = timedelta(seconds=2)
"""How often a report is edited at most while its run goes."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with."""

    syncing: Syncing
    mirroring: Mirroring
    missing_accounts: MissingAccounts
    access: AccessMirroring
    tasks: TaskMirroring
    quiet: QuietProjects
    pool: Pool
    clock: Clock
    sleep: Sleep
    hooks: HookTools


class Saving:
    """What one run costs, and when others get their turn."""

    def __init__(self, tools: Tools, plan: SyncPlan, adapter: Adapter, now: datetime) -> None:
        self._tools = tools
        self._plan = plan
        self._adapter = adapter
        self._counted = adapter.requests
        self._reported_at = now

    def requests(self) -> int:
        """Calls made since this was asked last."""
        new = self._adapter.requests - self._counted
        self._counted += new
        return new

    def cost(self) -> Footing:
        """What to write down beside what is saved next."""
        return Footing(self._tools.clock(), self.requests())

    async def save(self, batch: Batch[Item], start: str | None, save: Save[Item]) -> None:
        """Saves what has come; a page that is larger than a transaction should be, in parts.

        Only the last part moves the bookmark: a page is one.
        """
        starts = range(0, max(len(batch.items), 1), BATCH)
        for first in starts:
            is_last = first + BATCH >= len(batch.items)
            cost = replace(self.cost(), pages=batch.pages if is_last else 0)
            cursor = batch.cursor if is_last else start
            await save(batch.items[first : first + BATCH], cursor, cost)
            await self.breathe()

    async def breathe(self) -> None:
        """Lets whoever waits for the database have their turn, and tells those who watch."""
        if self._tools.pool.is_wanted:
            await self._tools.sleep(PAUSE)
        now = self._tools.clock()
        if self._plan.is_awaited and now - self._reported_at >= REPORT_EVERY:
            self._reported_at = now
            await self._tools.pool(self._tools.syncing.progress, self._plan, now)
