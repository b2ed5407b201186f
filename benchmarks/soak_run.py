"""One run of the soak: from an empty database to the findings."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Engine, or_, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from benchmarks.apart import Apart
from benchmarks.postgresql import Databases, postgresql
from benchmarks.soak_checks import Evidence, findings, locks
from benchmarks.soak_fleet import Fleet, Life, environment
from benchmarks.soak_members import is_done
from benchmarks.soak_trouble import TakenUp, Troubles, Watch
from benchmarks.soak_world import Teams, now
from bot.domain.states import OutboxState
from storage.engine import READ_ONLY, open_engine
from storage.integrations import IntegrationRow
from storage.migrations import upgrade
from storage.outbox import LEASE, OutboxRow

CONNECTIONS = 200
"""Each process has up to 16 and a few for its queue; PostgreSQL's own default is 100."""

FIRST_SYNCS = 180.0
"""Seconds that the first syncs may take."""


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
    quiet: float = 240.0
    """Seconds that what is owed may take once there is no trouble any more."""

    @property
    def is_sqlite(self) -> bool:
        """One process does everything."""
        return self.workers == 0


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    plan: Plan
    rate: float = 0.0
    driven: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    outside: Mapping[str, Any] = field(default_factory=dict)
    deliveries: int = 0
    syncs: int = 0
    kills: int = 0
    quiet_after: float = 0.0
    """Seconds from the end of the trouble until nothing was owed."""
    taken_up: TakenUp = field(default_factory=TakenUp)
    lives: list[Life] = field(default_factory=list)
    hurried: int = 0
    """Tries that would have waited for long after several failures, and were made at once."""
    findings: list[str] = field(default_factory=list)
    unknown: int = 0
    """Announcements of which nobody knows whether they arrived, and nobody may look."""
    steps: list[str] = field(default_factory=list)
    """How the rate was found."""


def run(plan: Plan, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Fills a database, tracks, kills, and looks at what is left."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hourlink-soak-")))
        server, url = stack.enter_context(_database(plan, folder))
        upgrade(url)
        engine = open_engine(url, pool_size=4)
        stack.callback(engine.dispose)
        soak = _Soak(plan, say, engine)
        stack.callback(soak.close)
        soak.prepare(url, folder)
        return soak.go(server)


@contextmanager
def _database(plan: Plan, folder: Path) -> Iterator[tuple[Databases | None, str]]:
    if plan.is_sqlite:
        yield None, f"sqlite:///{folder / 'soak.db'}"
        return
    with postgresql({"max_connections": str(CONNECTIONS)}) as server:
        yield server, server("soak")


class _Soak:
    def __init__(self, plan: Plan, say: Callable[[str], None], engine: Engine) -> None:
        self._plan = plan
        self._say = say
        self._engine = engine
        self._reading = engine.execution_options(**{READ_ONLY: True})
        self._outcome = Outcome(plan)
        sized = (f"--teams={plan.teams}", f"--members={plan.members}", f"--seed={plan.seed}")
        self._outside = Apart("benchmarks.soak_outside", *sized)
        self._people = Apart("benchmarks.soak_members")
        self._fleet: Fleet | None = None
        self._teams: Teams | None = None

    def close(self) -> None:
        """Ends everything that runs, also where something went wrong."""
        if self._fleet is not None:
            with suppress(AssertionError):
                self._fleet.stop()
        self._people.close()
        self._outside.close()

    def prepare(self, url: str, folder: Path) -> None:
        """Teams, their tools, a first sync of each, and people who are connected."""
        plan, outside = self._plan, self._outside.hello
        key = Fernet.generate_key().decode()
        self._teams = teams = Teams(self._engine, key, outside["tools"], plan.members)
        teams.install()
        self._say(f"{plan.teams} teams, {len(teams.integrations)} tools")
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
        _wait(teams.is_synced, FIRST_SYNCS, "the first syncs")
        self._say(f"first syncs took {time.monotonic() - began:.1f} s")
        teams.connect_people()
        self._people.ask(
            "begin",
            addresses=self._fleet.addresses,
            slack=outside["slack"],
            seed=plan.seed,
            teams=teams.trackable(),
        )

    def go(self, server: Databases | None) -> Outcome:
        """Tracks while processes are killed, and looks at what is left."""
        fleet, outcome, plan = self._fleet, self._outcome, self._plan
        assert fleet is not None  # noqa: S101 - prepared before
        outcome.rate = plan.rate or self._highest()
        watch = Watch(fleet, self._reading)
        watch.start()
        self._say(f"{outcome.rate:.0f} commands a second for {plan.seconds:.0f} s")
        self._outside.ask("trouble", on=True)
        before = self._done()
        with _beside(self._drive):
            troubles = self._troubles(fleet, watch, server)
            troubles.befall(plan.seconds)
        outcome.deliveries, outcome.syncs = (
            now_ - then for now_, then in zip(self._done(), before, strict=True)
        )
        outcome.kills = troubles.kills
        self._outside.ask("trouble", on=False)
        self._become_quiet()
        watch.stop()
        outcome.taken_up, outcome.lives = watch.taken_up, fleet.lives
        fleet.stop()
        self._judge()
        return outcome

    def _drive(self) -> None:
        outcome = self._outcome
        outcome.driven = self._people.ask("drive", rate=outcome.rate, seconds=self._plan.seconds)

    def _troubles(self, fleet: Fleet, watch: Watch, server: Databases | None) -> Troubles:
        plan = self._plan
        modes = plan.restarts if server is not None else ()

        def restart(mode: Any) -> Callable[[], None]:  # noqa: ANN401 - one of two words
            def do() -> None:
                assert server is not None  # noqa: S101 - there are no modes without it
                began = time.monotonic()
                server.restart(mode)
                self._say(f"PostgreSQL restarted ({mode}) in {time.monotonic() - began:.1f} s")

            return do

        share = plan.seconds / (len(modes) + 1)
        return Troubles(
            fleet,
            watch,
            random.Random(plan.seed),  # noqa: S311 - moments, not secrets
            plan.every,
            [(share * number, restart(mode)) for number, mode in enumerate(modes, start=1)],
            lambda: self._outside.ask("grow"),
            spare_until=plan.seconds * 0.75,
        )

    def _highest(self) -> float:
        """The highest rate at which answers stay quick and what is owed does not pile up."""
        held, rate = 5.0, 10.0
        while True:
            waiting = self._waiting()
            told = self._people.ask("drive", rate=rate, seconds=8.0)
            behind = self._waiting() - waiting
            step = (
                f"{rate:.0f}/s: p99 {told['p99'] * 1000:.0f} ms, {behind} more owed, "
                f"{told['missed']} missed"
            )
            self._outcome.steps.append(step)
            self._say(step)
            is_held = told["p99"] < 1.0 and behind < rate * 2 and told["missed"] < told["sent"] / 50
            if not is_held:
                _wait(lambda: self._waiting() < 10, 120, "what is owed to be sent")  # noqa: PLR2004
                return held
            held, rate = rate, rate * 1.3

    def _become_quiet(self) -> None:
        """Waits until every tool was read once more, and nothing is owed."""
        began, begun = time.monotonic(), now()
        self._next_syncs_at(begun)
        site, is_read = IntegrationRow, False
        unread = or_(col(site.synced_at) < begun, col(site.next_sync_at).is_(None))
        while time.monotonic() - began < self._plan.quiet:
            self._hurry()
            time.sleep(0.5)
            is_running = self._count("sync_run WHERE state = 'running'") > 0
            if not is_read:
                with self._reading.connect() as connection:
                    is_read = not connection.execute(select(col(site.id)).where(unread)).first()
                if is_read:  # nothing is read any more, so that nothing is in hand at the end
                    self._next_syncs_at(begun + timedelta(days=1))
            elif not is_running and not self._waiting():
                break
        self._outcome.quiet_after = time.monotonic() - began
        self._say(f"quiet after {self._outcome.quiet_after:.0f} s")

    def _next_syncs_at(self, moment: datetime) -> None:
        site = IntegrationRow
        planned = update(site).where(col(site.next_sync_at).is_not(None))
        with self._engine.begin() as connection:
            connection.execute(planned.values(next_sync_at=moment))

    def _hurry(self) -> None:
        """What failed often waits for minutes; nobody here has the time.

        What is due later than a lease lasts is in nobody's hands.
        """
        row = OutboxRow
        waiting = col(row.state).in_([OutboxState.PENDING, OutboxState.SENDING])
        later = update(row).where(waiting, col(row.due_at) > now() + LEASE)
        with self._engine.begin() as connection:
            self._outcome.hurried += connection.execute(later.values(due_at=now())).rowcount

    def _judge(self) -> None:
        outcome, teams = self._outcome, self._teams
        assert teams is not None  # noqa: S101 - prepared before
        told = self._people.ask("told")
        late = {int(one): said for one, said in self._outside.ask("late")["late"].items()}
        done = list(told["done"])
        done += [one for one in told["later"] if is_done("log", late.get(one, ""), again=False)]
        unchanged = list(told["unchanged"])
        unchanged += [one for one in told["later"] if "othing was changed" in late.get(one, "")]
        outcome.told = told | {"done": done}
        outcome.outside = outside = self._outside.ask("told")
        evidence = Evidence(
            done=done,
            unchanged=unchanged,
            integrations=teams.integrations,
            writes=[bool(tool["writes"]) for tool in self._outside.hello["tools"]],
            records=outside["records"],
            posts=outside["posts"],
            grown=outside["grown"],
            strangers=outside["strangers"],
        )
        outcome.findings = [*findings(self._reading, evidence), *locks(self._reading)]
        outcome.unknown = self._count("announcement WHERE state = 'unknown'")

    def _done(self) -> tuple[int, int]:
        return (
            self._count("outbox WHERE state = 'done'"),
            self._count("sync_run WHERE state <> 'running'"),
        )

    def _waiting(self) -> int:
        return self._count("outbox WHERE state IN ('pending', 'sending')")

    def _count(self, what: str, **values: object) -> int:
        query = text(f"SELECT count(*) FROM {what}")  # noqa: S608 - ours
        for _ in range(100):
            with suppress(DBAPIError), self._reading.connect() as connection:
                return int(connection.execute(query, values).scalar_one())
            time.sleep(0.2)
        raise AssertionError(what)


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Does one thing while another is done in the block."""
    with ThreadPoolExecutor(1) as threads:
        doing = threads.submit(work)
        yield
        doing.result()


def _wait(check: Callable[[], bool], seconds: float, what: str) -> None:
    limit = time.monotonic() + seconds
    while not check():
        if time.monotonic() > limit:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.25)
