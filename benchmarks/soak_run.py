"""One run of the soak: from an empty database to the findings."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from benchmarks.postgresql import Databases
from benchmarks.soak_checks import Evidence, findings, locks
from benchmarks.soak_fleet import Fleet, Life
from benchmarks.soak_members import is_done
from benchmarks.soak_stage import FEW, Plan, Stage, database, wait_until
from benchmarks.soak_trouble import TakenUp, Troubles, Watch
from benchmarks.soak_world import now
from bot.domain.states import OutboxState
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.outbox import LEASE, OutboxRow

SLOW = 1.0
"""Seconds that 99 of 100 answers stay below."""

BEHIND = 0.05
"""Of the commands sent, this part may be owed to tools when they end."""

IN_TROUBLE = 0.5
"""Of the rate that is held without trouble, this part is driven in it: a killed worker's work
waits for its lease, and a restarted process takes its time to start."""


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
    with staged(plan, say) as (stage, server):
        return _Soak(stage).go(server)


@contextmanager
def staged(
    plan: Plan,
    say: Callable[[str], None] = lambda _: None,
    before: Callable[[Stage], object] = lambda _: None,
) -> Iterator[tuple[Stage, Databases | None]]:
    """A stage that is ready, and its server; everything is gone when the block ends.

    Args:
        plan: How large.
        say: Told how far it is.
        before: Called while the database is still empty.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hourlink-soak-")))
        server, url = stack.enter_context(database(plan, folder))
        upgrade(url)
        engine = open_engine(url, pool_size=4)
        stack.callback(engine.dispose)
        stage = Stage(plan, say, engine)
        stack.callback(stage.close)
        before(stage)
        stage.prepare(url, folder)
        yield stage, server


class _Soak:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._plan = stage.plan
        self._outcome = Outcome(stage.plan)

    def go(self, server: Databases | None) -> Outcome:
        """Tracks while processes are killed, and looks at what is left."""
        fleet, outcome, plan = self._stage.fleet, self._outcome, self._plan
        outcome.rate = plan.rate or self._highest()
        watch = Watch(fleet, self._stage.reading)
        watch.start()
        self._stage.say(f"{outcome.rate:.0f} commands a second for {plan.seconds:.0f} s")
        self._stage.outside.ask("trouble", on=True)
        before = self._stage.done()
        with _beside(self._drive):
            troubles = self._troubles(fleet, watch, server)
            troubles.befall(plan.seconds)
        outcome.deliveries, outcome.syncs = (
            now_ - then for now_, then in zip(self._stage.done(), before, strict=True)
        )
        outcome.kills = troubles.kills
        self._stage.outside.ask("trouble", on=False)
        self._become_quiet()
        watch.stop()
        outcome.taken_up, outcome.lives = watch.taken_up, fleet.lives
        if late := fleet.stop():
            self._stage.say(f"took too long to end: {', '.join(late)}")
        self._judge()
        return outcome

    def _drive(self) -> None:
        outcome = self._outcome
        outcome.driven = self._stage.people.ask(
            "drive", rate=outcome.rate, seconds=self._plan.seconds
        )

    def _troubles(self, fleet: Fleet, watch: Watch, server: Databases | None) -> Troubles:
        plan = self._plan
        modes = plan.restarts if server is not None else ()

        def restart(mode: Any) -> Callable[[], None]:  # noqa: ANN401 - one of two words
            def do() -> None:
                assert server is not None  # noqa: S101 - there are no modes without it
                began = time.monotonic()
                server.restart(mode)
                self._stage.say(
                    f"PostgreSQL restarted ({mode}) in {time.monotonic() - began:.1f} s"
                )

            return do

        share = plan.seconds / (len(modes) + 1)
        return Troubles(
            fleet,
            watch,
            random.Random(plan.seed),  # noqa: S311 - moments, not secrets
            plan.every,
            [(share * number, restart(mode)) for number, mode in enumerate(modes, start=1)],
            lambda: self._stage.outside.ask("grow"),
            spare_until=plan.seconds * 0.75,
        )

    def _highest(self) -> float:
        """The highest rate at which answers stay quick and what is owed does not pile up.

        Some seconds without trouble tell it, so a part of it is what is taken.
        """
        held, rate = 5.0, 10.0
        while True:
            waiting = self._stage.waiting()
            told = self._stage.people.ask("drive", rate=rate, seconds=8.0)
            behind = self._stage.waiting() - waiting
            step = (
                f"{rate:.0f}/s: p99 {told['p99'] * 1000:.0f} ms, {behind} more owed, "
                f"{told['missed']} missed"
            )
            self._outcome.steps.append(step)
            self._stage.say(step)
            is_held = (
                told["p99"] < SLOW
                and behind < told["sent"] * BEHIND
                and told["missed"] < told["sent"] / 50
            )
            if not is_held:
                wait_until(lambda: self._stage.waiting() < FEW, 120, "what is owed to be sent")
                return held * IN_TROUBLE
            held, rate = rate, rate * 1.3

    def _become_quiet(self) -> None:
        """Waits until every tool was read once more, and nothing is owed."""
        began, begun, is_read = time.monotonic(), now(), False
        while time.monotonic() - began < self._plan.quiet:
            self._hurry()
            is_running = self._stage.count("sync_run WHERE state = 'running'") > 0
            if not is_read:
                is_read = self._stage.reads_again(begun)
                if is_read:  # nothing is read any more, so that nothing is in hand at the end
                    self._stage.next_syncs_at(begun + timedelta(days=1))
            elif not is_running and not self._stage.waiting():
                break
            time.sleep(0.5)
        self._outcome.quiet_after = time.monotonic() - began
        self._stage.say(f"quiet after {self._outcome.quiet_after:.0f} s")

    def _hurry(self) -> None:
        """What failed often waits for minutes; nobody here has the time.

        What is due later than a lease lasts is in nobody's hands.
        """
        row = OutboxRow
        waiting = col(row.state).in_([OutboxState.PENDING, OutboxState.SENDING])
        later = update(row).where(waiting, col(row.due_at) > now() + LEASE)
        with self._stage.engine.begin() as connection:
            self._outcome.hurried += connection.execute(later.values(due_at=now())).rowcount

    def _judge(self) -> None:
        outcome, teams = self._outcome, self._stage.teams
        told = self._stage.people.ask("told")
        late = {int(one): said for one, said in self._stage.outside.ask("late")["late"].items()}
        done = list(told["done"])
        done += [one for one in told["later"] if is_done(late.get(one, ""))]
        unchanged = list(told["unchanged"])
        unchanged += [one for one in told["later"] if "othing was changed" in late.get(one, "")]
        outcome.told = told | {"done": done}
        outcome.outside = outside = self._stage.outside.ask("told")
        evidence = Evidence(
            done=done,
            unchanged=unchanged,
            integrations=teams.integrations,
            writes=[bool(tool["writes"]) for tool in self._stage.outside.hello["tools"]],
            records=outside["records"],
            posts=outside["posts"],
            grown=outside["grown"],
            strangers=outside["strangers"],
        )
        outcome.findings = [*findings(self._stage.reading, evidence), *locks(self._stage.reading)]
        outcome.unknown = self._stage.count("announcement WHERE state = 'unknown'")


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Does one thing while another is done in the block."""
    with ThreadPoolExecutor(1) as threads:
        doing = threads.submit(work)
        yield
        doing.result()
