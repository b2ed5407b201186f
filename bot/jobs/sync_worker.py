"""One worker and one run: reads the provider, and saves what it read page by page."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from datetime import datetime

from bot.domain.ids import ProviderProjectId
from bot.domain.sync.sync import SyncPhase, SyncPlan
from bot.integrations.api import Adapter, ProviderAccount, ProviderProject
from bot.integrations.errors import ProviderRefused
from bot.jobs.ahead import Ahead
from bot.jobs.hook_work import HookWork
from bot.jobs.saving import BATCH, Saving, Tools
from bot.jobs.task_reading import TaskReading
from bot.services.sync.run_pages import Footing


class SyncWorker:
    """Carries one run to its end, or as far as the provider lets it."""

    def __init__(self, tools: Tools, plan: SyncPlan, adapter: Adapter, now: datetime) -> None:
        self._tools = tools
        self._plan = plan
        self._adapter = adapter
        self._is_proved = False
        self._saving = Saving(tools, plan, adapter, now)
        self._cost = self._saving.cost
        self._tasks = TaskReading(tools, plan, adapter, saving=self._saving, prove=self._prove)
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
        await self._tasks.read()
        if self._plan.bookmark.heard is not None:
            await self._hooks.read(self._plan.bookmark.heard)
        if not self._plan.reads_news_only:
            await self._hooks.keep_up()
        await self._tools.pool(
            self._tools.syncing.finish,
            self._plan,
            requests=self.requests(),
            now=self._tools.clock(),
        )

    def requests(self) -> int:
        """Calls made since this was asked last."""
        return self._saving.requests()

    async def _projects(self) -> None:
        mirroring, plan, start = self._tools.mirroring, self._plan, self._plan.bookmark.page
        seen: set[str] = set()
        # A list read by two workers was seen whole by neither: the next run looks what is missing.
        whole = seen if start is None else None
        missing: dict[str, ProviderProjectId] | None = None

        async def save(items: Sequence[ProviderProject], cursor: str | None, cost: Footing) -> None:
            nonlocal missing
            if _ends_list(cursor, cost):
                missing = await self._tools.pool(
                    mirroring.save_last_projects, plan, items, seen=whole, footing=cost
                )
            else:
                await self._tools.pool(
                    mirroring.save_projects, plan, items, cursor=cursor, footing=cost
                )

        async with aclosing(
            Ahead(self._adapter.projects(start), plan.provider, most=BATCH)
        ) as batches:
            async for batch in batches:
                seen.update(project.external_id for project in batch.items)
                await self._saving.save(batch, start, save)
                start = batch.cursor
        is_finished = missing == {}
        if missing is None:
            missing = await self._tools.pool(mirroring.missing_projects, plan, whole)
        await self._missing_projects(missing)
        if not is_finished:
            await self._tools.pool(mirroring.finish_projects, plan, self._cost())

    async def _missing_projects(self, missing: Mapping[str, ProviderProjectId]) -> None:
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
        seen: set[str] = set()
        is_whole, is_missing = start is None, True

        async def save(items: Sequence[ProviderAccount], cursor: str | None, cost: Footing) -> None:
            nonlocal is_missing
            if _ends_list(cursor, cost):
                whole = seen if is_whole else None
                is_missing = await self._tools.pool(
                    mirroring.save_last_accounts, plan, items, seen=whole, footing=cost
                )
            else:
                await self._tools.pool(
                    mirroring.save_accounts, plan, items, cursor=cursor, footing=cost
                )

        listed = Ahead(self._adapter.accounts(start), plan.provider, most=BATCH)
        async with aclosing(listed) as batches:
            async for batch in batches:
                seen.update(account.external_id for account in batch.items)
                await self._saving.save(batch, start, save)
                start = batch.cursor
        if is_missing:
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

    async def _prove(self) -> None:
        """Before anything is called gone: the credentials still open the door."""
        if not self._is_proved:
            await self._adapter.check()
            self._is_proved = True


def _ends_list(cursor: str | None, cost: Footing) -> bool:
    """Whether nothing comes after what is saved now: only the last part of a page counts it."""
    return cursor is None and cost.pages > 0
