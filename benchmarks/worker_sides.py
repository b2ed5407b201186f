"""Hourlink's workers with something to do, and Procrastinate's without."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography.fernet import Fernet
from procrastinate.schema import SchemaManager
from sqlalchemy import Engine, insert, select, text, update
from sqlmodel import col

from benchmarks.apart import Apart
from benchmarks.figures import Size
from benchmarks.rows import project_row
from benchmarks.soak_fleet import Fleet, cpu, environment
from benchmarks.soak_stage import wait_until
from benchmarks.soak_world import Teams, now
from benchmarks.worker_floor import EMPTY, QUEUE, made
from bot.domain.ids import TeamId
from bot.jobs.distributed import LOOK, QUICK
from bot.jobs.outbox import SLOTS
from bot.services.projects.telling import NAMED
from storage import outbox
from storage.engine import READ_ONLY, open_engine
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import create, table
from storage.unit_of_work import UnitOfWork

LOOKER = "benchmark"
"""What the connections of the benchmark itself are called."""

PATIENCE = 300.0
"""Seconds that anything may take before it is given up."""


@dataclass(frozen=True, slots=True)
class Spent:
    """On one heap of jobs."""

    jobs: int
    seconds: float
    cpu: float
    """Seconds of processor time, of the workers and of what works for them in the database."""

    @property
    def rate(self) -> float:
        """Jobs a second."""
        return self.jobs / self.seconds

    @property
    def each(self) -> float:
        """Milliseconds of processor time for one."""
        return 1000 * self.cpu / self.jobs


class Side:
    """Processes that work one kind of jobs off."""

    def __init__(self, url: str) -> None:
        self.pids: list[int] = []
        self._looking = f"{url}&application_name={LOOKER}"
        self._engine = open_engine(self._looking, pool_size=2)

    def work_off(
        self, jobs: int, begin: Callable[[], object], left: Callable[[], int], what: str
    ) -> Spent:
        """Puts the jobs there, and waits until none is left."""
        before, begun = self._cpu(), time.monotonic()
        begin()
        limit = begun + PATIENCE
        while left():
            if time.monotonic() > limit:
                raise SystemExit(f"waited in vain for {what}")
            time.sleep(0.02)
        taken = time.monotonic() - begun
        after = self._cpu()
        return Spent(jobs, taken, sum(after[pid] - before.get(pid, 0.0) for pid in after))

    def _cpu(self) -> dict[int, float]:
        """Of each worker and each of the processes that serve them.

        Neither what puts the jobs there and looks how many are left, which it does more often the
        busier the machine is; nor what the server does for itself, for both sides together.
        """
        serving = text(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND application_name <> :looker"
        )
        reading = self._engine.execution_options(**{READ_ONLY: True})
        with reading.connect() as connection:
            found = connection.execute(serving, {"looker": LOOKER}).scalars().all()
        return {pid: cpu(pid) for pid in (*self.pids, *found)}


def conninfo(url: str) -> str:
    """As the driver has it."""
    return url.replace("postgresql+psycopg", "postgresql")


def put(url: str, task: str, queue: str, number: int) -> None:
    """Puts jobs into a queue; those who work there are woken."""

    async def defer() -> None:
        app = made(conninfo(url))
        async with app.open_async():
            await app.configure_task(task, queue=queue).batch_defer_async(*[{}] * number)

    asyncio.run(defer())


class Floor(Side):
    """Procrastinate, with nothing to do."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._url = url
        with self._engine.begin() as connection:
            connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
        self._processes: list[subprocess.Popen[str]] = []

    def close(self) -> None:
        """Ends the workers."""
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(30)
        self._engine.dispose()

    def grow(self, number: int) -> None:
        """There are so many workers."""
        while len(self._processes) < number:
            told = ("-m", "benchmarks.worker_floor", conninfo(self._url), str(SLOTS))
            process = subprocess.Popen(  # noqa: S603 - a module of ours
                [sys.executable, *told],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            self._processes.append(process)
            self.pids.append(process.pid)
            if process.stdout is None or "works" not in process.stdout.readline():
                raise SystemExit("Procrastinate's worker did not start")

    def empty_jobs(self, number: int) -> Spent:
        """Puts so many there."""
        return self.work_off(
            number, lambda: put(self._looking, EMPTY, QUEUE, number), self._left, "the floor"
        )

    def _left(self) -> int:
        return _count(self._engine, "procrastinate_jobs WHERE status IN ('todo', 'doing')")


class Ours(Side):
    """Hourlink's workers, and what they are given to do."""

    def __init__(self, url: str, folder: Path, size: Size) -> None:
        super().__init__(url)
        self._uow = UnitOfWork(self._engine)
        self._members, self._projects = size.of(10, 4), size.of(10, 75)
        teams = size.of(10, 1)
        sized = (f"--teams={teams}", f"--members={self._members}", "--seed=1")
        self._outside = Apart("benchmarks.soak_outside", *sized)
        key = Fernet.generate_key().decode()
        hello = self._outside.hello
        self._teams = Teams(self._engine, key, hello["tools"], self._members)
        self._teams.install()
        told = environment(
            slack=hello["slack"], database_url=url, key=key, folder=folder, sync_seconds=86_400
        )
        self._fleet = Fleet(told, folder, web=0, workers=4)
        self._managing = self._managers()
        self._marks = 0
        self.syncs = len(self._teams.integrations)
        self.deliveries = len(self._managing)

    def close(self) -> None:
        """Ends everything."""
        self._fleet.stop()
        self._outside.close()
        self._engine.dispose()

    def grow(self, number: int) -> None:
        """There are so many workers; the first ones read every tool once."""
        for name in self._fleet.workers[len(self.pids) : number]:
            self._fleet.launch(name)
            wait_until(partial(self._fleet.is_up, name), PATIENCE, name)
            self.pids.append(self._fleet.lives[-1].pid)
        wait_until(self._teams.is_synced, PATIENCE, "the first syncs")
        wait_until(lambda: not self._owed(), PATIENCE, "what is owed to be sent")

    def deliver(self) -> Spent:
        """Tells everybody that they manage their projects."""
        return self.work_off(self.deliveries, self._owe, self._owed, "deliveries")

    def sync(self) -> Spent:
        """Has every tool read."""
        begun = now()
        due = update(IntegrationRow).values(next_sync_at=begun)

        def begin() -> None:
            with self._uow.begin() as tx:
                tx.execute(due)
            put(self._looking, LOOK, QUICK, 1)

        def left() -> int:
            late = select(col(IntegrationRow.id)).where(col(IntegrationRow.synced_at) < begun)
            with self._uow.read() as tx:
                return len(tx.execute(late).all())

        return self.work_off(self.syncs, begin, left, "syncs")

    def _managers(self) -> list[tuple[str, int, int]]:
        """Everybody of a team manages some projects: team, project, member."""
        found: list[tuple[str, int, int]] = []
        people = select(col(MemberRow.team_id), table(MemberRow).c.id).order_by(col(MemberRow.id))
        with self._uow.begin() as tx:
            teams: dict[str, list[int]] = {}
            for team, member in tx.execute(people):
                teams.setdefault(team, []).append(member)
            for team, all_ in teams.items():
                for number in range(self._projects):
                    project = create(tx, ProjectRow, **project_row(team, "Own", number, now()))
                    managing = {"team_id": team, "project_id": project, "is_manager": True}
                    managing |= {"by_policy": False, "added_at": now()}
                    rows = [{**managing, "member_id": one} for one in all_]
                    tx.execute(insert(table(ProjectMemberRow)), rows)
                    found += [(team, project, one) for one in all_]
        return found

    def _owe(self) -> None:
        with self._uow.begin() as tx:
            for team in {one[0] for one in self._managing}:
                outbox.add_many(tx, TeamId(team), kind=NAMED, owed=self._owed_to(team), now=now())
        put(self._looking, LOOK, QUICK, 1)  # as a process that serves does

    def _owed_to(self, team: str) -> Iterator[tuple[str, Mapping[str, int | str | None], str]]:
        for _, project, member in (one for one in self._managing if one[0] == team):
            self._marks += 1
            payload = {"project_id": project, "member_id": member, "by": member}
            yield f"manager:{project}:{member}", payload, f"bench{self._marks}"

    def _owed(self) -> int:
        return _count(self._engine, "outbox WHERE state IN ('pending', 'sending')")


def _count(engine: Engine, what: str) -> int:
    reading = engine.execution_options(**{READ_ONLY: True})
    with reading.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one())  # noqa: S608
