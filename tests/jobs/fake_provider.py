"""A provider in memory that keeps the contract, and does wrong where a test tells it to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, TypeVar

from bot.integrations.api import (
    AlsoIn,
    Capability,
    CredentialField,
    Credentials,
    Descriptor,
    FieldKind,
    Page,
    ProviderAccount,
    ProviderProject,
    ProviderTask,
    Site,
)
from bot.integrations.context import AdapterContext

Item = TypeVar("Item")


@dataclass
class FakeSite:
    """What is in the provider, and what goes wrong there."""

    projects: dict[str, ProviderProject] = field(default_factory=dict)
    tasks: dict[str, ProviderTask] = field(default_factory=dict)
    accounts: dict[str, ProviderAccount] = field(default_factory=dict)
    access: dict[str, frozenset[str] | None] = field(default_factory=dict)
    """By project; one that is not here may be seen by everyone."""
    page_size: int = 2
    calls: Counter[str] = field(default_factory=Counter)
    asked_since: list[datetime | None] = field(default_factory=list)
    faults: list[tuple[str, int, Callable[[], BaseException]]] = field(default_factory=list)
    """Which call, the how manieth of it from now on, and what it raises."""
    stuck_at: str = ""
    """A call that never answers, once it is named here."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the stuck call is reached."""
    meanwhile: Callable[[str], None] = lambda _: None
    """What happens in the world as a call arrives, which is named."""
    lists_nothing: bool = False
    """Every list is empty, whatever there is."""

    def project(self, external_id: str, name: str, **more: object) -> ProviderProject:
        """Adds a project, or changes it."""
        made = ProviderProject(external_id, name, f"https://fake.test/{external_id}")
        self.projects[external_id] = replace(made, **more)  # type: ignore[arg-type]
        return self.projects[external_id]

    def task(self, external_id: str, project: str, title: str, **more: object) -> ProviderTask:
        """Adds a task, or changes it."""
        made = ProviderTask(external_id, project, title, f"https://fake.test/t/{external_id}")
        self.tasks[external_id] = replace(made, **more)  # type: ignore[arg-type]
        return self.tasks[external_id]

    def fails(self, call: str, error: Callable[[], BaseException], *, on: int = 1) -> None:
        """The next call of this name, or a later one, raises."""
        self.faults.append((call, self.calls[call] + on, error))

    async def called(self, call: str) -> None:
        """Counts a call, and does what a test wants of it."""
        self.meanwhile(call)
        self.calls[call] += 1
        if self.stuck_at == call:
            self.reached.set()
            await asyncio.Event().wait()
        for fault in self.faults:
            if fault[:2] == (call, self.calls[call]):
                error = fault[2]()
                raise error


class FakeAdapter:
    """The adapter of one fake site."""

    sites: ClassVar[dict[str, FakeSite]] = {}
    descriptor: ClassVar[Descriptor] = Descriptor(
        slug="fake",
        name="Fake",
        icon=":ghost:",
        capabilities=frozenset({Capability.ACCESS, Capability.INCREMENTAL}),
        credentials=(CredentialField(name="site", label="Site", kind=FieldKind.TEXT),),
    )

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        del context
        self._site = self.sites[credentials["site"]]
        self._before = sum(self._site.calls.values())

    @property
    def requests(self) -> int:
        """Calls so far."""
        return sum(self._site.calls.values()) - self._before

    async def check(self) -> Site:
        """Proves the credentials."""
        await self._site.called("check")
        return Site("fake", "fake.test", "https://fake.test", "the key's owner")

    async def projects(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderProject]]:
        """Every project."""
        async for page in self._pages("projects", list(self._site.projects.values()), cursor):
            yield page

    async def project(self, external_id: str) -> ProviderProject | None:
        """One project."""
        await self._site.called("project")
        return self._site.projects.get(external_id)

    async def tasks(
        self, project_id: str, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The tasks of a project, changed ones only where a moment is given."""
        self._site.asked_since.append(since)
        found = [
            _in(task, project_id)
            for task in self._site.tasks.values()
            if project_id in {task.project_id, *(one.project_id for one in task.also_in)}
            and (since is None or task.updated_at is None or task.updated_at >= since)
        ]
        async for page in self._pages("tasks", found, cursor):
            yield page

    async def task(self, external_id: str) -> ProviderTask | None:
        """One task."""
        await self._site.called("task")
        return self._site.tasks.get(external_id)

    async def accounts(self, cursor: str | None = None) -> AsyncIterator[Page[ProviderAccount]]:
        """Everybody."""
        async for page in self._pages("accounts", list(self._site.accounts.values()), cursor):
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person."""
        await self._site.called("account")
        return self._site.accounts.get(external_id)

    async def access(self, project_id: str) -> frozenset[str] | None:
        """Who may see a project."""
        await self._site.called("access")
        return self._site.access.get(project_id)

    async def _pages(
        self, call: str, items: Sequence[Item], cursor: str | None
    ) -> AsyncIterator[Page[Item]]:
        start, size = int(cursor or 0), self._site.page_size
        items = [] if self._site.lists_nothing else items
        while True:
            await self._site.called(call)
            end = start + size
            following = str(end) if end < len(items) else None
            yield Page(tuple(items[start:end]), following)
            if following is None:
                return
            start = end


def _in(task: ProviderTask, project_id: str) -> ProviderTask:
    """A task as the list of one of its projects tells it."""
    every = (AlsoIn(task.project_id, task.section), *task.also_in)
    here = next(one for one in every if one.project_id == project_id)
    others = tuple(one for one in every if one != here)
    return replace(task, project_id=project_id, section=here.section, also_in=others)
