"""The tasks of every linked provider project, and who may see each."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime

from bot.domain.sync.problems import Problem
from bot.domain.sync.sync import SyncPlan, TaskSource
from bot.domain.values import dataclass
from bot.integrations.api import Adapter, NamesChangedProjects, ProviderTask, ReportsAccess
from bot.integrations.errors import ProviderRefused
from bot.jobs.ahead import Ahead
from bot.jobs.saving import BATCH, Saving, Tools
from bot.services.sync.run_pages import Footing

WORTH_ASKING = 2
"""Projects from which on one question for all is less than a list of each."""


@dataclass(frozen=True, slots=True)
class _Quiet:
    """Projects in which nothing has changed, and when the provider said so."""

    projects: frozenset[str]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class _Accounts:
    """Who may see a project; None for everyone."""

    ids: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class _Begun:
    """A provider project whose reading has begun."""

    source: TaskSource
    access: _Accounts | ProviderRefused | None
    """None where it is not asked."""
    is_quiet: bool
    """Nothing has changed in it."""
    tasks: Ahead[ProviderTask] | None
    """None where there is nothing to read."""


class TaskReading:
    """The tasks' part of one run.

    While the last tasks of a project are saved, the first of the next one are fetched.
    """

    def __init__(
        self,
        tools: Tools,
        plan: SyncPlan,
        adapter: Adapter,
        *,
        saving: Saving,
        prove: Callable[[], Awaitable[None]],
    ) -> None:
        self._tools = tools
        self._plan = plan
        self._adapter = adapter
        self._saving = saving
        self._prove = prove
        self._quiet: _Quiet | None = None

    async def read(self) -> None:
        """Reads each project in its turn.

        Raises:
            ProviderError: the provider does not let it go on.
            RunTakenOver: another worker has the run now.
        """
        plan = self._plan
        if not plan.is_full and plan.bookmark.heard is None:
            self._quiet = await self._asked_for_changes()
        while sources := await self._tools.pool(self._tools.tasks.next_sources, plan):
            async with aclosing(self._all_begun(sources)) as all_begun:
                await self._each(all_begun)

    async def _each(self, all_begun: AsyncGenerator[_Begun, None]) -> None:
        quiet: list[TaskSource] = []
        async for begun in all_begun:
            await self._save_access(begun)
            if begun.is_quiet:
                quiet.append(begun.source)
                continue
            await self._nothing_new(quiet)
            try:
                await self._save_tasks(begun)
            except ProviderRefused as refused:
                await self._without(begun.source, refused)
        await self._nothing_new(quiet)

    async def _all_begun(self, sources: Sequence[TaskSource]) -> AsyncGenerator[_Begun, None]:
        """Each source, begun as soon as nothing more of the one before it is to be fetched."""
        beginnings = [asyncio.ensure_future(self._begin(sources[0], after=None))]
        try:
            for number in range(len(sources)):
                begun = await beginnings[number]
                for following in sources[number + 1 : number + 2]:
                    beginning = self._begin(following, after=begun.tasks)
                    beginnings.append(asyncio.ensure_future(beginning))
                yield begun
        finally:
            for one in beginnings:
                one.cancel()
            for left in await asyncio.gather(*beginnings, return_exceptions=True):
                if isinstance(left, _Begun) and left.tasks is not None:
                    await left.tasks.aclose()

    async def _begin(self, source: TaskSource, *, after: Ahead[ProviderTask] | None) -> _Begun:
        if after is not None:
            await after.all_fetched()
        source = replace(source, reading_from=self._tools.clock())
        is_fresh = source.page is None and not source.pages_read
        access = None
        if is_fresh and not self._plan.reads_news_only:
            access = await self._access(source)
        if is_fresh and self._quiet is not None and source.external_id in self._quiet.projects:
            return _Begun(source, access, is_quiet=True, tasks=None)
        tasks = None
        if not source.pages_read:
            listed = self._adapter.tasks(source.external_id, since=source.since, cursor=source.page)
            tasks = Ahead(listed, self._plan.provider, most=BATCH)
        return _Begun(source, access, is_quiet=False, tasks=tasks)

    async def _access(self, source: TaskSource) -> _Accounts | ProviderRefused | None:
        if not isinstance(self._adapter, ReportsAccess):
            return None
        try:
            return _Accounts(await self._adapter.access(source.external_id))
        except ProviderRefused as refused:
            return refused

    async def _save_access(self, begun: _Begun) -> None:
        """Where it was refused, what is known stays and the tasks go on."""
        access, plan, pool = self._tools.access, self._plan, self._tools.pool
        match begun.access:
            case ProviderRefused() as refused:
                problem = _refusal(f"{begun.source.name}, access", refused)
                await pool(self._tools.tasks.note, plan, problem, self._saving.cost())
            case _Accounts(ids):
                if await pool(access.is_news, plan, begun.source, ids):
                    await pool(access.save, plan, begun.source, ids, self._saving.cost())

    async def _nothing_new(self, quiet: list[TaskSource]) -> None:
        """The run is past these."""
        if quiet and self._quiet is not None:
            as_of, cost = self._quiet.as_of, self._saving.cost()
            unchanged = self._tools.quiet.unchanged
            await self._tools.pool(unchanged, self._plan, tuple(quiet), as_of, cost)
            quiet.clear()

    async def _save_tasks(self, begun: _Begun) -> None:
        tasks, plan, source = self._tools.tasks, self._plan, begun.source
        is_complete = False

        async def save(items: Sequence[ProviderTask], cursor: str | None, cost: Footing) -> None:
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

        if begun.tasks is not None:
            start = source.page
            async for batch in begun.tasks:
                await self._saving.save(batch, start, save)
                start = batch.cursor
        if not is_complete:
            if plan.is_full:
                await self._missing_tasks(source)
            await self._tools.pool(tasks.finish_tasks, plan, source, self._saving.cost())

    async def _asked_for_changes(self) -> _Quiet | None:
        """Where nothing has changed, as far as the provider can say so for all in one."""
        if not isinstance(self._adapter, NamesChangedProjects):
            return None
        now = self._tools.clock()
        known, since = await self._tools.pool(self._tools.quiet.known, self._plan)
        if since is None or len(known) < WORTH_ASKING:
            return None
        changed = await self._adapter.changed_projects(known, since)
        return None if changed is None else _Quiet(frozenset(known) - changed, now)

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
                footing=self._saving.cost(),
            )
            await self._saving.breathe()

    async def _without(self, source: TaskSource, refused: ProviderRefused) -> None:
        """A refusal about one provider project: it may be gone; else it is a problem of its own."""
        pool, plan, cost = self._tools.pool, self._plan, self._saving.cost
        problem: Problem | None = _refusal(source.name, refused)
        try:
            if await self._adapter.project(source.external_id) is None:
                await self._prove()
                problem = None
                await pool(
                    self._tools.mirroring.confirm_projects,
                    plan,
                    found=(),
                    gone=(source.id,),
                    footing=cost(),
                )
        except ProviderRefused:
            pass  # the first refusal says why
        await pool(self._tools.tasks.give_up, plan, source, problem=problem, footing=cost())


def _refusal(what: str, refused: ProviderRefused) -> Problem:
    return Problem(what, refused.reason or str(refused))
