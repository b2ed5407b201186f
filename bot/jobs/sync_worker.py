"""One worker and one run: reads the provider, and saves what it read page by page."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar

from bot.domain.clock import Clock, Sleep
from bot.domain.sync import SyncPhase, SyncPlan, TaskSource
from bot.integrations.api import (
    Adapter,
    NamesChangedProjects,
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    ReportsAccess,
)
from bot.integrations.errors import ProviderRefused
from bot.jobs.ahead import Batch, ahead
from bot.jobs.hook_work import HookTools, HookWork
from bot.services.mirroring import Mirroring
from bot.services.mirroring_access import AccessMirroring
from bot.services.mirroring_tasks import TaskMirroring
from bot.services.missing_accounts import MissingAccounts
from bot.services.pool import Pool
from bot.services.quiet import QuietProjects
from bot.services.run_pages import Footing
from bot.services.syncing import Syncing

Item = TypeVar("Item")
Save: TypeAlias = Callable[[Sequence[Item], str | None, Footing], Awaitable[None]]
"""Saves some items, with where to read on after them."""

BATCH = 500
"""Items saved in one transaction."""

PAUSE = 0.01
"""Seconds between two savings in which others get their turn at the database, if they wait."""

REPORT_EVERY = timedelta(seconds=2)
"""How often a report is edited at most while its run goes."""

WORTH_ASKING = 2
"""Projects from which on one question for all is less than a list of each."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Projects in which nothing has changed, and when the provider said so."""

    projects: frozenset[str]
    as_of: datetime


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


class SyncWorker:
    """Carries one run to its end, or as far as the provider lets it."""

    def __init__(self, tools: Tools, plan: SyncPlan, adapter: Adapter, now: datetime) -> None:
        self._tools = tools
        self._plan = plan
        self._adapter = adapter
        self._counted = adapter.requests
        self._reported_at = now
        self._is_proved = False
        self._quiet: Quiet | None = None
        self._hooks = HookWork(tools.hooks, plan, adapter, cost=self._cost, prove=self._prove)

    async def work(self) -> None:
        """Reads everything from the bookmark on.

        Raises:
            ProviderError: the provider does not let it go on.
            RunTakenOver: another worker has the run now.
        """
        phase = self._plan.bookmark.phase
        if phase is SyncPhase.PROJECTS:
            await self._projects()
        if phase in {SyncPhase.PROJECTS, SyncPhase.ACCOUNTS}:
            await self._accounts(self._plan.bookmark.page if phase is SyncPhase.ACCOUNTS else None)
        await self._sources()
        if self._plan.bookmark.heard is None:
            await self._hooks.keep_up()
        else:
            await self._hooks.read(self._plan.bookmark.heard)
        await self._tools.pool(
            self._tools.syncing.finish,
            self._plan,
            requests=self.requests(),
            now=self._tools.clock(),
        )

    def requests(self) -> int:
        """Calls made since this was asked last."""
        new = self._adapter.requests - self._counted
        self._counted += new
        return new

    async def _projects(self) -> None:
        mirroring, plan, start = self._tools.mirroring, self._plan, self._plan.bookmark.page
        seen: set[str] = set()

        async def save(items: Sequence[ProviderProject], cursor: str | None, cost: Footing) -> None:
            await self._tools.pool(
                mirroring.save_projects, plan, items, cursor=cursor, footing=cost
            )

        async with aclosing(
            ahead(self._adapter.projects(start), plan.provider, most=BATCH)
        ) as batches:
            async for batch in batches:
                seen.update(project.external_id for project in batch.items)
                await self._save(batch, start, save)
                start = batch.cursor
        if plan.bookmark.page is None:
            await self._missing_projects(seen)
        # A list read by two workers was seen whole by neither: the next run looks what is missing.
        await self._tools.pool(mirroring.finish_projects, plan, self._cost())

    async def _missing_projects(self, seen: set[str]) -> None:
        missing = await self._tools.pool(self._tools.mirroring.missing_projects, self._plan, seen)
        for external_id, known in missing.items():
            await self._prove()
            project = await self._adapter.project(external_id)
            await self._tools.pool(
                self._tools.mirroring.confirm_projects,
                self._plan,
                found=() if project is None else (project,),
                gone=(known,) if project is None else (),
                footing=self._cost(),
            )

    async def _accounts(self, start: str | None) -> None:
        mirroring, plan = self._tools.mirroring, self._plan

        async def save(items: Sequence[ProviderAccount], cursor: str | None, cost: Footing) -> None:
            await self._tools.pool(
                mirroring.save_accounts, plan, items, cursor=cursor, footing=cost
            )

        seen: set[str] = set()
        is_whole = start is None
        listed = ahead(self._adapter.accounts(start), plan.provider, most=BATCH)
        async with aclosing(listed) as batches:
            async for batch in batches:
                seen.update(account.external_id for account in batch.items)
                await self._save(batch, start, save)
                start = batch.cursor
        if is_whole:
            await self._missing_accounts(seen)
        await self._tools.pool(mirroring.finish_accounts, plan, self._cost())

    async def _missing_accounts(self, seen: set[str]) -> None:
        """Whoever is in no list is read again; where that is refused, they may only be hidden."""
        tools, plan = self._tools, self._plan
        missing = await tools.pool(tools.missing_accounts.missing, plan, seen)
        for external_id, known in missing.items():
            await self._prove()
            is_hidden, account = False, None
            try:
                account = await self._adapter.account(external_id)
            except ProviderRefused:
                is_hidden = True
            is_gone = account is None and not is_hidden
            await tools.pool(
                tools.missing_accounts.confirm,
                plan,
                found=() if account is None else (account,),
                gone=(known,) if is_gone else (),
                unlisted=() if is_gone else (known,),
                footing=self._cost(),
            )

    async def _sources(self) -> None:
        tasks, plan = self._tools.tasks, self._plan
        if not plan.is_full and plan.bookmark.heard is None:
            self._quiet = await self._asked_for_changes()
        while sources := await self._tools.pool(tasks.next_sources, plan):
            silent: list[TaskSource] = []
            for found in sources:
                source = replace(found, reading_from=self._tools.clock())
                try:
                    is_silent = await self._seen(source)
                    if is_silent:
                        silent.append(source)
                        continue
                    await self._nothing_new(silent)
                    await self._source(source)
                except ProviderRefused as refused:
                    await self._nothing_new(silent)
                    await self._without(source, refused)
            await self._nothing_new(silent)

    async def _nothing_new(self, silent: list[TaskSource]) -> None:
        """The run is past these."""
        if silent and self._quiet is not None:
            as_of, quiet = self._quiet.as_of, self._tools.quiet
            await self._tools.pool(quiet.unchanged, self._plan, tuple(silent), as_of, self._cost())
            silent.clear()

    async def _seen(self, source: TaskSource) -> bool:
        """Takes in who may see one provider project; whether that is all there is to read."""
        is_fresh = source.page is None and not source.pages_read
        if is_fresh and self._plan.bookmark.heard is None:
            await self._access(source)
        return is_fresh and self._quiet is not None and source.external_id in self._quiet.projects

    async def _source(self, source: TaskSource) -> None:
        """The tasks of one provider project."""
        tasks, plan = self._tools.tasks, self._plan
        is_complete = False
        if not source.pages_read:
            start = source.page

            async def save(
                items: Sequence[ProviderTask], cursor: str | None, cost: Footing
            ) -> None:
                nonlocal is_complete
                if cursor is None and cost.pages:
                    is_missing = await self._tools.pool(
                        tasks.save_last_tasks, plan, source, items, footing=cost
                    )
                    is_complete = not is_missing
                else:
                    await self._tools.pool(
                        tasks.save_tasks, plan, source, items, cursor=cursor, footing=cost
                    )

            listed = self._adapter.tasks(source.external_id, since=source.since, cursor=start)
            async with aclosing(ahead(listed, plan.provider, most=BATCH)) as batches:
                async for batch in batches:
                    await self._save(batch, start, save)
                    start = batch.cursor
        if not is_complete:
            if plan.is_full:
                await self._missing_tasks(source)
            await self._tools.pool(tasks.finish_tasks, plan, source, self._cost())

    async def _asked_for_changes(self) -> "Quiet | None":
        """Where nothing has changed, as far as the provider can say so for all in one."""
        if not isinstance(self._adapter, NamesChangedProjects):
            return None
        now = self._tools.clock()
        known, since = await self._tools.pool(self._tools.quiet.known, self._plan)
        if since is None or len(known) < WORTH_ASKING:
            return None
        changed = await self._adapter.changed_projects(known, since)
        return None if changed is None else Quiet(frozenset(known) - changed, now)

    async def _access(self, source: TaskSource) -> None:
        """Who may see it; where that is refused, what is known stays and the tasks go on."""
        if not isinstance(self._adapter, ReportsAccess):
            return
        access, plan, pool = self._tools.access, self._plan, self._tools.pool
        try:
            accounts = await self._adapter.access(source.external_id)
        except ProviderRefused as refused:
            problem = f"{source.name}, access: {refused.reason or refused}"
            await pool(self._tools.tasks.note, plan, problem, self._cost())
        else:
            if await pool(access.is_news, plan, source, accounts):
                await pool(access.save, plan, source, accounts, self._cost())

    async def _missing_tasks(self, source: TaskSource) -> None:
        tasks, plan = self._tools.tasks, self._plan
        while missing := await self._tools.pool(tasks.missing_tasks, plan, source):
            await self._prove()
            again = [(one, await self._adapter.task(one.external_id)) for one in missing]
            await self._tools.pool(
                tasks.confirm_tasks,
                plan,
                source,
                found=tuple(task for _, task in again if task is not None),
                met=tuple(one.id for one, task in again if task is not None),
                gone=tuple(one.id for one, task in again if task is None),
                footing=self._cost(),
            )
            await self._breathe()

    async def _without(self, source: TaskSource, refused: ProviderRefused) -> None:
        """A refusal about one provider project: it may be gone; else it is a problem of its own."""
        tasks, plan = self._tools.tasks, self._plan
        problem: str | None = f"{source.name}: {refused.reason or refused}"
        try:
            if await self._adapter.project(source.external_id) is None:
                await self._prove()
                problem = None
                await self._tools.pool(
                    self._tools.mirroring.confirm_projects,
                    plan,
                    found=(),
                    gone=(source.id,),
                    footing=self._cost(),
                )
        except ProviderRefused:
            pass  # the first refusal says why
        await self._tools.pool(tasks.give_up, plan, source, problem=problem, footing=self._cost())

    async def _prove(self) -> None:
        """Before anything is called gone: the credentials still open the door."""
        if not self._is_proved:
            await self._adapter.check()
            self._is_proved = True

    async def _save(self, batch: Batch[Item], start: str | None, save: Save[Item]) -> None:
        """Saves what has come; a page that is larger than a transaction should be, in parts.

        Only the last part moves the bookmark: a page is one.
        """
        starts = range(0, max(len(batch.items), 1), BATCH)
        for first in starts:
            is_last = first + BATCH >= len(batch.items)
            cost = replace(self._cost(), pages=batch.pages if is_last else 0)
            cursor = batch.cursor if is_last else start
            await save(batch.items[first : first + BATCH], cursor, cost)
            await self._breathe()

    async def _breathe(self) -> None:
        """Lets whoever waits for the database have their turn, and tells those who watch."""
        if self._tools.pool.is_wanted:
            await self._tools.sleep(PAUSE)
        now = self._tools.clock()
        if self._plan.is_awaited and now - self._reported_at >= REPORT_EVERY:
            self._reported_at = now
            await self._tools.pool(self._tools.syncing.progress, self._plan, now)

    def _cost(self) -> Footing:
        return Footing(self._tools.clock(), self.requests())
