"""Hourlink's own background work in a process of its own: runner, worker, adapter, database.

Everything is wired as ``hourlink serve`` wires it; only Slack is never spoken to.
"""

import argparse
import asyncio
import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TypeAlias

from pydantic import SecretStr
from sqlalchemy import delete, select
from sqlmodel import col

from benchmarks.apart import measured, say
from bot import logs
from bot.domain.ids import IntegrationId, ProviderProjectId, SlackUserId, TeamId
from bot.domain.linking.linking import LinkWish
from bot.domain.people.people import Member, SlackPerson
from bot.domain.states import AccountLinkState, IntegrationState, Proof
from bot.domain.sync.sync import SyncRun
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking_errors import AlreadyOn
from bot.features.all import Features, build_features
from bot.jobs.runner import Duties, Runner
from bot.server import run
from bot.services.linking.making import make_links
from bot.services.sync import syncing
from bot.services.tracking.timer import Tracking
from bot.services.vault import Vault
from bot.settings import Settings
from bot.wiring import Core, Makers, adapter_context, build_core, build_makers, build_runner
from storage import members, teams
from storage.linking.integrations import IntegrationRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.sql import create, table
from storage.sync import integration_sync, sync_runs
from storage.sync.sync_wishes import SyncWishRow
from storage.tasks.tasks import TaskRow

TEAM = TeamId("T0BENCH")
HERE = IntegrationId(1)
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
"""Of nothing that is secret."""
CALLS_A_SECOND = 25
TO_TRACK = 500


_Duty: TypeAlias = Callable[..., Awaitable[dict[str, object]]]


class Process:
    """One running Hourlink."""

    def __init__(self, core: Core, makers: Makers, features: Features) -> None:
        self._core = core
        self._makers = makers
        self._syncing = features.syncing
        self._sync = features.sync.run
        self._synced = asyncio.Event()
        self._tracking = Tracking(core.uow, makers.new_marker, str.capitalize)
        self._runner: Runner | None = None

    async def start(self) -> None:
        """The runner begins, and waits for something to be due."""

        async def due() -> list[IntegrationId]:
            return await self._core.pool(self._syncing.due, self._makers.clock())

        async def sync(integration_id: IntegrationId) -> None:
            await self._sync(integration_id)
            self._synced.set()

        duties = Duties(
            deliver=_nothing,
            syncs_due=due,
            sync=sync,
            remind=_nothing,
            renew=_nothing,
            tidy=_nothing,
        )
        self._runner = await build_runner(self._core, self._makers, "worker", duties)
        await self._runner.start()
        await self._makers.sleep(1)

    async def stop(self) -> None:
        """Ends the runner."""
        if self._runner is not None:
            await self._runner.stop()

    async def prepare(self, site: str) -> dict[str, object]:
        """A team connects the site, and links every project before any task is read."""
        await self._core.pool(self._connect, site)
        await self._run(full=False)
        await self._core.pool(self._link)
        return {}

    async def sync(self, *, full: bool) -> dict[str, object]:
        """One sync, and what it cost."""
        with measured() as cost:
            await self._run(full=full)
        run = await self._core.pool(self._last_run)
        if run.error or run.ended_at is None:
            raise SystemExit(f"the sync failed: {run.error}")
        return {
            **cost.told(),
            "requests": run.requests,
            "pages": run.pages,
            "created": run.created,
            "changed": run.changed,
            "unchanged": run.unchanged,
        }

    async def begin(self) -> dict[str, object]:
        """Begins a sync, and waits for nothing."""
        await self._core.pool(self._ask, full=False)
        if self._runner is not None:
            self._runner.wake()
        return {}

    async def track(self, *, seconds: float | None) -> dict[str, object]:
        """How long ``/track start TASK-12`` takes; milliseconds.

        Args:
            seconds: For how long; None for as long as a sync goes on, from the first tasks on.
        """
        while len(keys := await self._core.pool(self._keys)) < TO_TRACK:
            await self._makers.sleep(0.1)
        who = await self._core.pool(self._ana)
        taken: list[float] = []
        pick, begun = random.Random(5), time.perf_counter()  # noqa: S311 - repeatable
        while True:
            ref, asked = KeyRef(pick.choice(keys)), time.perf_counter()
            with suppress(AlreadyOn):
                await self._core.pool(
                    self._tracking.start, who=who, ref=ref, now=self._makers.clock()
                )
            taken.append(1000 * (time.perf_counter() - asked))
            await self._makers.sleep(1 / CALLS_A_SECOND)
            if seconds is not None and asked - begun >= seconds:
                break
            if seconds is None and not len(taken) % CALLS_A_SECOND:
                run = await self._core.pool(self._last_run)
                if run.ended_at is not None:
                    break
        cut = statistics.quantiles(taken, n=100, method="inclusive")
        told = {"calls": len(taken), "p50": cut[49], "p95": cut[94], "p99": cut[98]}
        return {
            **told,
            "most": max(taken),
            "tasks": (await self._core.pool(self._last_run)).created,
        }

    async def _run(self, *, full: bool) -> None:
        self._synced.clear()
        await self._core.pool(self._ask, full=full)
        if self._runner is not None:
            self._runner.wake()
        await self._synced.wait()

    def _ask(self, *, full: bool) -> None:
        now = self._makers.clock()
        with self._core.uow.begin() as tx:
            syncing.ask(tx, TEAM, HERE, asked_by=None, now=now, full=full)

    def _last_run(self) -> SyncRun:
        with self._core.uow.read() as tx:
            return sync_runs.latest(tx, TEAM, HERE, limit=1)[0]

    def _connect(self, site: str) -> None:
        now = self._makers.clock()
        with self._core.uow.begin() as tx:
            teams.save_installed(tx, TEAM, name="Bench", bot_user_id="U0BOT", now=now)
            person = SlackPerson(SlackUserId("U0ANA"), "Ana", None, "UTC", is_admin=True)
            members.save(tx, TEAM, person, now)
            create(
                tx,
                IntegrationRow,
                team_id=TEAM,
                provider="redmine",
                site_id=site,
                site_name=site,
                site_url=site,
                channel_id="C0OPS",
                link_policy="announce",
                members_policy="provider_access",
                personal_projects=False,
                state=IntegrationState.ACTIVE,
                connected_by=1,
                connected_at=now,
                sealed_credentials=Vault([KEY]).seal({"url": site, "api_key": "benchmark"}),
            )

    def _link(self) -> None:
        now, new_marker = self._makers.clock(), self._makers.new_marker
        with self._core.uow.begin() as tx:
            ana = self._ana()
            found = tx.execute(select(table(ProviderProjectRow).c.id)).scalars()
            wishes = [LinkWish(ProviderProjectId(one)) for one in found]
            make_links(tx, TEAM, wishes, by=ana.id, now=now, new_marker=new_marker)
            # What is linked is read at once, project by project; here all comes in one sync, and
            # when it is measured.
            tx.execute(delete(table(SyncWishRow)))
            integration_sync.set_next_sync(tx, TEAM, HERE, now + timedelta(days=1))
            account = select(table(ProviderAccountRow).c.id).order_by("id").limit(1)
            create(
                tx,
                AccountLinkRow,
                team_id=TEAM,
                member_id=ana.id,
                integration_id=HERE,
                slot=0,
                provider_account_id=tx.execute(account).scalar_one(),
                state=AccountLinkState.CONNECTED,
                proof=Proof.EMAIL,
                chosen_by_admin=False,
                request=1,
                asked_at=now,
                decided_at=now,
            )

    def _ana(self) -> Member:
        with self._core.uow.read() as tx:
            found = members.by_slack_id(tx, TEAM, SlackUserId("U0ANA"))
        if found is None:
            raise SystemExit("nobody is there")
        return found

    def _keys(self) -> list[str]:
        with self._core.uow.read() as tx:
            return list(tx.execute(select(col(TaskRow.key)).limit(TO_TRACK)).scalars())


async def _nothing() -> None:
    """Slack is not spoken to."""


async def serve(database: str, *, works: bool) -> None:
    """Runs, and does what it is asked to, until there are no more orders.

    Args:
        database: Its address.
        works: It does background work, too.
    """
    settings = Settings(
        database_url=SecretStr(database),
        secret_keys=(SecretStr(KEY),),
        sync_seconds=24 * 3600,
        slack_api_url="http://127.0.0.1:9/",
    )
    async with (
        build_makers(settings) as makers,
        build_core(settings, makers) as core,
        adapter_context(settings, makers) as context,
    ):
        process = Process(core, makers, build_features(core, makers, context))
        if works:
            await process.start()
        gc.freeze()  # as ``hourlink`` does
        say()
        duties: dict[str, _Duty] = {
            "prepare": process.prepare,
            "sync": process.sync,
            "begin": process.begin,
            "track": process.track,
        }
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            say(**await duties[order.pop("do")](**order))
        await process.stop()


def main() -> None:
    """Serves a database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--web", action="store_true", help="without background work")
    options = parser.parse_args()
    logs.configure("info", "console", sys.stderr)
    run(serve(options.database, works=not options.web))


if __name__ == "__main__":
    main()
