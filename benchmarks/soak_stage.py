"""The stage of a soak: a database, teams with tools, Slack, people, and Hourlink's processes."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import Engine, exists, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from benchmarks.apart import Apart
from benchmarks.postgresql import Databases, postgresql
from benchmarks.soak_fleet import Fleet, environment
from benchmarks.soak_world import Teams
from bot.domain.states import SyncRunState
from storage.engine import READ_ONLY
from storage.linking.integrations import IntegrationRow
from storage.sync.sync_runs import SyncRunRow

CONNECTIONS = 200
"""Each process has up to 16 and a few for its queue; PostgreSQL's own default is 100."""

FIRST_SYNCS = 600.0
"""Seconds that the first syncs may take."""

FEW = 10
"""Of what is owed, so much is always on its way."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard, and for how long."""

    seconds: float = 600.0
    teams: int = 50
    members: int = 10
    """In each team."""
    web: int = 2
    workers: int = 3
    """0 is SQLite: the one web process does everything."""
    seed: int = 1
    rate: float | None = None
    """Commands a second; None finds the highest."""
    every: float = 15.0
    """Seconds between two kills of a worker and of a web process."""
    restarts: tuple[str, ...] = ("fast", "immediate")
    sync_seconds: int = 60
    quiet: float = 600.0
    """Seconds that what is owed may take once there is no trouble any more."""

    @property
    def is_sqlite(self) -> bool:
        """One process does everything."""
        return self.workers == 0


@contextmanager
def database(plan: Plan, folder: Path) -> Iterator[tuple[Databases | None, str]]:
    """An empty one, and its server where it has one."""
    if plan.is_sqlite:
        yield None, f"sqlite:///{folder / 'soak.db'}"
        return
    with postgresql({"max_connections": str(CONNECTIONS)}) as server:
        yield server, server("soak")


class Stage:
    """Everything that runs."""

    def __init__(self, plan: Plan, say: Callable[[str], None], engine: Engine) -> None:
        self.plan = plan
        self.say = say
        self.engine = engine
        self.reading = engine.execution_options(**{READ_ONLY: True})
        sized = (f"--teams={plan.teams}", f"--members={plan.members}", f"--seed={plan.seed}")
        self.outside = Apart("benchmarks.soak_outside", *sized)
        self.people = Apart("benchmarks.soak_members")
        self._fleet: Fleet | None = None
        self._teams: Teams | None = None

    @property
    def fleet(self) -> Fleet:
        """Hourlink's processes, once they are prepared."""
        assert self._fleet is not None  # noqa: S101 - as said
        return self._fleet

    @property
    def teams(self) -> Teams:
        """The teams, once they are prepared."""
        assert self._teams is not None  # noqa: S101 - as said
        return self._teams

    def close(self) -> None:
        """Ends everything that runs, also where something went wrong."""
        if self._fleet is not None:
            self._fleet.stop()
        self.people.close()
        self.outside.close()

    def prepare(self, url: str, folder: Path) -> None:
        """Teams, their tools, a first sync of each, and people who are connected."""
        plan, outside = self.plan, self.outside.hello
        key = Fernet.generate_key().decode()
        self._teams = teams = Teams(self.engine, key, outside["tools"], plan.members)
        teams.install()
        self.say(f"{plan.teams} teams, {len(teams.integrations)} tools")
        told = environment(
            slack=outside["slack"],
            database_url=url,
            key=key,
            folder=folder,
            sync_seconds=plan.sync_seconds,
        )
        self._fleet = Fleet(told, folder, web=plan.web, workers=plan.workers)
        self._fleet.start()
        began = time.monotonic()
        wait_until(teams.is_synced, FIRST_SYNCS, "the first syncs")
        self.say(f"first syncs took {time.monotonic() - began:.1f} s")
        teams.connect_people()
        self.people.ask(
            "begin",
            addresses=self._fleet.addresses,
            slack=outside["slack"],
            seed=plan.seed,
            teams=teams.trackable(),
        )

    def done(self) -> tuple[int, int]:
        """Deliveries and syncs so far."""
        return (
            self.count("outbox WHERE state = 'done'"),
            self.count("sync_run WHERE state <> 'running'"),
        )

    def waiting(self) -> int:
        """What is owed."""
        return self.count("outbox WHERE state IN ('pending', 'sending')")

    def count(self, what: str) -> int:
        """How many rows there are; ``what`` follows FROM. A database that is away is waited for."""
        query = text(f"SELECT count(*) FROM {what}")  # noqa: S608 - ours
        for _ in range(100):
            with suppress(DBAPIError), self.reading.connect() as connection:
                return int(connection.execute(query).scalar_one())
            time.sleep(0.2)
        raise AssertionError(what)

    def reads_again(self, since: datetime) -> bool:
        """Has every tool read from its beginning after a moment; whether all have been."""
        site, one = IntegrationRow, SyncRunRow
        is_read = exists().where(
            col(one.integration_id) == col(site.id),
            col(one.started_at) >= since,
            col(one.state) == SyncRunState.DONE,
        )
        hurry = update(site).where(~is_read, col(site.next_sync_at) > since)
        with self.engine.begin() as connection:
            connection.execute(hurry.values(next_sync_at=since))
            unread = connection.execute(select(col(site.id)).where(~is_read).limit(1))
            return unread.first() is None

    def next_syncs_at(self, moment: datetime) -> None:
        """Every tool that is not being read is read next then."""
        site = IntegrationRow
        planned = update(site).where(col(site.next_sync_at).is_not(None))
        with self.engine.begin() as connection:
            connection.execute(planned.values(next_sync_at=moment))


def end_what_was_begun() -> None:
    """Told to stop, this process ends what it began first."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def wait_until(check: Callable[[], bool], seconds: float, what: str) -> None:
    """Waits until something is so."""
    limit = time.monotonic() + seconds
    while not check():
        if time.monotonic() > limit:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.25)
