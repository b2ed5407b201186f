"""Measures what a team, a command and a sync cost: ``python -m benchmarks.scale_measure``.

The soak's stage without its troubles: one web process and one worker on PostgreSQL. Processor
time is what the processes themselves took, so other programs on the machine disturb it little.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text, update

from benchmarks.postgresql import Databases
from benchmarks.scale_needs import COSTS, Costs
from benchmarks.soak_fleet import cpu, memory
from benchmarks.soak_run import staged
from benchmarks.soak_stage import Plan, Stage, end_what_was_begun, wait_until
from benchmarks.soak_world import now
from bot.domain.linking.write_back import WriteMode
from storage.linking.integrations import IntegrationRow

IDLE, DRIVEN, WARMING = 12.0, 20.0, 5.0
"""Seconds of the phases: nobody does anything, people type, and the first of everything."""

SETTLED = 1.5
"""Seconds until PostgreSQL's own numbers are up to date."""


@dataclass(frozen=True, slots=True)
class Meter:
    """What was taken so far."""

    at: float
    web: float
    worker: float
    database: float
    transactions: int
    calls: int

    def since(self, before: "Meter") -> "Meter":
        """What was taken from then to now."""
        mine, theirs = asdict(self), asdict(before)
        return Meter(**{name: mine[name] - theirs[name] for name in mine})


class Measuring:
    """One phase after another."""

    def __init__(self, stage: Stage, server: Databases) -> None:
        self._stage = stage
        self._server = server
        self._pids = {life.name: life.pid for life in stage.fleet.lives}

    def costs(self, described: str, empty: int) -> Costs:
        """Everything, with what an idle second takes subtracted."""
        stage, teams = self._stage, self._stage.plan.teams
        tools = len(stage.teams.integrations)
        sized = database_size(self._stage)
        self._rest()
        idle = self._phase(lambda: time.sleep(IDLE))
        parts = ("web", "worker", "database")
        idle_at: dict[str, float] = {name: getattr(idle, name) / idle.at for name in parts}
        asked_at = idle.transactions / idle.at

        def without(meter: Meter, name: str) -> float:
            return float(getattr(meter, name)) - idle_at[name] * meter.at

        rounds = 3

        def sync() -> None:
            for _ in range(rounds):
                self._sync_all()

        syncs = self._phase(sync)
        synced = database_size(self._stage)
        self._rest()
        self._write(WriteMode.OFF)
        self._drive(WARMING)
        quiet_commands = 0

        def only_commands() -> None:
            nonlocal quiet_commands
            quiet_commands = self._drive(DRIVEN)

        alone = self._phase(only_commands)
        self._write(WriteMode.ON)
        self._drive(WARMING)
        sent, entries = self._stage.done()[0], self._entries()
        tracked, commands = database_size(self._stage), 0

        def with_writing() -> None:
            nonlocal commands
            commands = self._drive(DRIVEN)

        both = self._phase(with_writing)
        deliveries, entries = self._stage.done()[0] - sent, self._entries() - entries
        tracked = database_size(self._stage) - tracked
        runs = rounds * tools
        command = without(alone, "database") / quiet_commands
        asked = (alone.transactions - asked_at * alone.at) / quiet_commands
        return Costs(
            measured=described,
            web_command=without(alone, "web") / quiet_commands,
            worker_delivery=without(both, "worker") / deliveries,
            worker_sync=without(syncs, "worker") / runs,
            worker_idle=idle_at["worker"],
            database_command=command,
            database_delivery=(without(both, "database") - command * commands) / deliveries,
            database_sync=without(syncs, "database") / runs,
            database_idle=idle_at["database"],
            transactions_command=asked,
            transactions_delivery=(both.transactions - asked_at * both.at - asked * commands)
            / deliveries,
            transactions_sync=(syncs.transactions - asked_at * syncs.at) / runs,
            transactions_idle=asked_at,
            calls_sync=syncs.calls / runs,
            calls_delivery=both.calls / deliveries,
            bytes_team=(sized - empty) / teams,
            bytes_entry=tracked / entries,
            bytes_sync=(synced - sized) / runs,
            memory_web=memory(self._pids["web0"]) or 0.0,
            memory_worker=memory(self._pids["worker0"]) or 0.0,
        )

    def _phase(self, work: Callable[[], object]) -> Meter:
        before = self._read()
        work()
        return self._read().since(before)

    def _read(self) -> Meter:
        time.sleep(SETTLED)
        stage = self._stage
        with stage.reading.connect() as connection:
            asked = connection.execute(
                text(
                    "SELECT xact_commit + xact_rollback FROM pg_stat_database "
                    "WHERE datname = current_database()"
                )
            ).scalar_one()
        return Meter(
            at=time.monotonic(),
            web=cpu(self._pids["web0"]),
            worker=cpu(self._pids["worker0"]),
            database=database_cpu(self._server.pid),
            transactions=int(asked),
            calls=int(stage.outside.ask("calls")["calls"]),
        )

    def _rest(self) -> None:
        """Nothing is due for a day."""
        wait_until(lambda: not self._stage.waiting(), 120, "what is owed to be sent")
        self._stage.next_syncs_at(now() + timedelta(days=1))

    def _sync_all(self) -> None:
        begun = now()
        wait_until(lambda: self._stage.reads_again(begun), 120, "every tool to be read")

    def _write(self, mode: WriteMode) -> None:
        stage = self._stage
        writing = [
            one
            for one, tool in zip(
                stage.teams.integrations, stage.outside.hello["tools"], strict=True
            )
            if tool["writes"]
        ]
        query = update(IntegrationRow).where(IntegrationRow.id.in_(writing))  # type: ignore[union-attr]
        with stage.engine.begin() as connection:
            connection.execute(query.values(write_mode=mode))

    def _drive(self, seconds: float) -> int:
        told = self._stage.people.ask("drive", rate=8.0, seconds=seconds)
        wait_until(lambda: not self._stage.waiting(), 120, "what is owed to be sent")
        return int(told["answered"])

    def _entries(self) -> int:
        return self._stage.count("time_entry")


def database_cpu(postmaster: int) -> float:
    """Seconds of processor time of PostgreSQL: of the living, and of those that ended."""
    total = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            continue
        pid, parent = int(path.parent.name), int(fields[1])
        if parent == postmaster:
            total += int(fields[11]) + int(fields[12])
        elif pid == postmaster:
            total += sum(int(one) for one in fields[11:15])
    return total / os.sysconf("SC_CLK_TCK")


def database_size(stage: Stage) -> int:
    """Bytes of the tables that keep what is in them, with their indexes, and nothing dead."""
    with stage.engine.connect() as connection:
        at_once = connection.execution_options(isolation_level="AUTOCOMMIT")
        at_once.execute(text("VACUUM FULL"))
        query = text(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace AND relname NOT IN ('outbox', 'request') "
            "AND relname NOT LIKE 'procrastinate%'"
        )
        return int(connection.execute(query).scalar_one())


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--teams", type=int, default=40)
    chosen = parser.parse_args()
    end_what_was_begun()
    plan = Plan(teams=chosen.teams, members=5, web=1, workers=1, sync_seconds=86_400)
    empty: list[int] = []

    def say(line: str) -> None:
        print(line, flush=True)

    with staged(plan, say, lambda stage: empty.append(database_size(stage))) as (stage, server):
        if server is None:
            raise SystemExit("it takes PostgreSQL")
        load = os.getloadavg()[0]
        cores = os.cpu_count() or 1
        described = f"on {date.today():%-d %B %Y}, {cores} cores, load {load:.0f}"  # noqa: DTZ011
        costs = Measuring(stage, server).costs(described, empty[0])
    rounded = {
        name: value if isinstance(value, str) else float(f"{value:.4g}")
        for name, value in asdict(costs).items()
    }
    COSTS.write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")
    print(COSTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
