"""A world with a fake provider in it, and the job that syncs it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import Row, select, text
from sqlmodel import col

from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId, TaskId
from bot.domain.people.people import Member
from bot.domain.writing.worklogs import WorklogState
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.registry import AdapterFactory, Registry
from bot.integrations.retry import RetryPolicy
from bot.jobs.hook_work import HookTools
from bot.jobs.saving import Tools
from bot.jobs.sync import SyncJob
from bot.services.linking.announcing import Announcing
from bot.services.linking.linking import Linking
from bot.services.people.missing_accounts import MissingAccounts
from bot.services.pool import Pool
from bot.services.sync import syncing
from bot.services.sync.heard import HeardTasks
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.hooks import Hooks
from bot.services.sync.mirroring import Mirroring
from bot.services.sync.mirroring_access import AccessMirroring
from bot.services.sync.mirroring_tasks import TaskMirroring
from bot.services.sync.quiet import QuietProjects
from bot.services.sync.syncing import Syncing
from bot.services.sync.telling import SyncReports
from bot.services.vault import Vault
from storage.outbox import OutboxRow
from storage.sql import create
from storage.unit_of_work import Tx
from storage.writing.worklogs import WorklogRow
from tests.builders import NOON, World
from tests.jobs.fake_provider import FakeAdapter, FakeSite
from tests.statements import Statement

INTERVAL = timedelta(minutes=5)
PUBLIC_URL = "https://hourlink.test"


def writes(said: Iterable[Statement]) -> list[str]:
    """Inserts, updates and deletes outside the run's own bookkeeping."""
    kept = ("UPDATE sync_run", "UPDATE integration", "INSERT INTO sync_run")
    return [
        one.sql
        for one in said
        if one.sql.startswith(("INSERT", "UPDATE", "DELETE")) and not one.sql.startswith(kept)
    ]


class SyncWorld(World):
    """An admin, one integration, and time that moves when a test says so."""

    def __init__(
        self,
        database_url: str,
        *,
        factory: AdapterFactory = FakeAdapter,
        credentials: Mapping[str, str] | None = None,
        boards: Path = Path("nowhere"),
        threads: int = 1,
        policy: RetryPolicy | None = None,
        public_url: str | None = PUBLIC_URL,
    ) -> None:
        super().__init__(database_url)
        self.now = NOON
        self.site = FakeSite()
        self.marker = self.new_marker()
        self.admin = self.member("ana", admin=True)
        self.vault = Vault([Fernet.generate_key().decode()])
        self.pool = Pool(threads)
        self.registry = Registry([factory])
        slug = factory.descriptor.slug
        self.here = self.connect(slug, credentials or {"site": self._enter(self.site)})
        self.syncing = Syncing(self.uow, interval=INTERVAL, jitter=lambda: 0.5)
        self.announcing = Announcing(self.uow, self.marker)
        self.linking = Linking(self.uow, self.marker)
        self.reports = SyncReports(self.uow)
        tasks = TaskMirroring(self.uow, self.marker)
        self.addresses = HookAddresses(public_url, [Fernet.generate_key().decode()])
        self.hooks = Hooks(self.uow, self.registry, self.vault, self.addresses, self.marker)
        self.tools = Tools(
            syncing=self.syncing,
            mirroring=Mirroring(self.uow, self.announcing.collect, self.marker),
            missing_accounts=MissingAccounts(self.uow, self.marker),
            access=AccessMirroring(self.uow, self.marker),
            tasks=tasks,
            quiet=QuietProjects(self.uow),
            hooks=HookTools(self.hooks, HeardTasks(self.uow), tasks, self.pool),
            pool=self.pool,
            clock=lambda: self.now,
            sleep=_no_time,
        )
        self.http = HttpPool(clock=lambda: self.now, sleep=_no_time, policy=policy)
        self.context = AdapterContext(self.http, boards, lambda: self.now, _no_time)
        self.job = self.new_job()

    def new_job(self) -> SyncJob:
        """As another process would have."""
        return SyncJob(self.tools, self.registry, self.vault, self.context)

    def _enter(self, site: FakeSite) -> str:
        name = f"site{id(site)}"
        FakeAdapter.sites[name] = site
        return name

    def connect(self, provider: str, credentials: Mapping[str, str]) -> IntegrationId:
        """One more integration."""
        made = self.integration(self.admin, provider=provider, site=f"site {len(credentials)}")
        self.run(
            "UPDATE integration SET sealed_credentials = :sealed WHERE id = :id",
            sealed=self.vault.seal(credentials),
            id=made,
        )
        return made

    def another(self, site: FakeSite) -> IntegrationId:
        """One more fake integration."""
        name = self._enter(site)
        made = self.integration(self.admin, provider="fake", site=name)
        self.run(
            "UPDATE integration SET sealed_credentials = :sealed WHERE id = :id",
            sealed=self.vault.seal({"site": name}),
            id=made,
        )
        return made

    def worklog(
        self, project: ProjectId, task: TaskId | None, state: WorklogState, reason: str
    ) -> None:
        """The admin's last hour, and how it stands in the tool."""
        ended = self.now - timedelta(hours=1)
        entry = self.entry(self.admin, project, task, ended - timedelta(hours=1), ended)
        with self.uow.begin() as tx:
            create(
                tx,
                WorklogRow,
                team_id=self.team_id,
                time_entry_id=entry,
                integration_id=self.here,
                task_id=task,
                state=state,
                reason=reason,
                marker=f"m{entry}",
                created_at=self.now,
            )

    # Moving

    def later(self, **amount: float) -> None:
        """Time passes."""
        self.now += timedelta(**amount)

    async def sync(self) -> None:
        """The next sync comes, when it is due."""
        self.later(minutes=6)
        await self.job.run(self.here)

    async def sweep(self) -> None:
        """A day later, when everything is read again."""
        self.later(hours=25)
        await self.job.run(self.here)

    def ask(self, who: Member | None = None, *, full: bool = False) -> None:
        """Somebody wants a sync now."""
        with self.uow.begin() as tx:
            syncing.ask(
                tx,
                self.team_id,
                self.here,
                asked_by=None if who is None else who.id,
                now=self.now,
                full=full,
            )

    def link_new(self, external_id: str) -> ProjectId:
        """An admin makes a project of a provider project, without a sync being due for it."""
        made = self.linking.link(
            who=self.admin, provider_project_id=self.source(external_id), now=self.now
        )
        self.run("DELETE FROM sync_wish")
        self.run("DELETE FROM outbox")
        return made.project_id

    # Looking

    def source(self, external_id: str) -> ProviderProjectId:
        """Our id of a provider project."""
        row = self.one("SELECT id FROM provider_project WHERE external_id = :e", e=external_id)
        return ProviderProjectId(row.id)

    def rows(self, query: str, **values: object) -> list["Row[*tuple[object, ...]]"]:
        """What the database says."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), values).all())

    def one(self, query: str, **values: object) -> "Row[*tuple[object, ...]]":
        """The only row."""
        (row,) = self.rows(query, **values)
        return row

    def run(self, statement: str, **values: object) -> None:
        """Changes something behind everybody's back."""
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def task_keys(self) -> dict[str, str]:
        """Keys of all tasks that are there, by the provider's id."""
        found = self.rows("SELECT external_id, key FROM task WHERE gone_at IS NULL")
        return {str(row.external_id): str(row.key) for row in found}

    def last_run(self) -> "Row[*tuple[object, ...]]":
        """The newest run."""
        return self.rows("SELECT * FROM sync_run ORDER BY id DESC")[0]

    def owed(self, kind: str = "") -> list["Row[*tuple[object, ...]]"]:
        """What the outbox holds."""
        found = self.rows("SELECT * FROM outbox ORDER BY id")
        return [row for row in found if not kind or row.kind == kind]

    def newest(self, tx: Tx, kind: str) -> OutboxRow:
        """The outbox row of a kind that came last."""
        query = select(OutboxRow).where(col(OutboxRow.kind) == kind)
        return tx.entities.scalars(query.order_by(col(OutboxRow.id).desc()).limit(1)).one()

    async def aclose(self) -> None:
        """Ends everything."""
        await self.http.aclose()
        self.pool.close()
        self.close()


async def _no_time(seconds: float) -> None:
    del seconds
    await asyncio.sleep(0)


@asynccontextmanager
async def opened(world: SyncWorld) -> AsyncIterator[SyncWorld]:
    """Closes the world at the end."""
    try:
        yield world
    finally:
        await world.aclose()
