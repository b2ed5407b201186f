"""What many teams need, computed from what one costs; nothing but arithmetic.

The costs are measured by ``benchmarks.scale_measure``, which keeps them in ``scale_costs.json``.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from bot.jobs.outbox import SLOTS
from bot.jobs.runner import AT_ONCE
from bot.services.sync.syncing import QUIET_KEPT

COSTS = Path(__file__).with_name("scale_costs.json")

BUSY = 0.6
"""The part of a core that a process should take in the busiest hour, so that answers stay quick."""

CONNECTIONS_WORKER = 22
"""A worker's most: 16 for its threads, 4 for its queue, 1 that listens, 1 for the time."""

CONNECTIONS_WEB = 25
"""A web process's: 16 for its threads, 4 for programs that read, 4 for its queue, 1 for time."""

DEFAULT_CONNECTIONS = 97
"""PostgreSQL's own limit, without the three that it keeps for its operator."""

KEPT_DAYS = QUIET_KEPT.days
"""How long the record of a sync without news is kept."""

DATABASE_CORES = 4
"""Of a database server of a common size."""

_HOUR, _DAY = 3600, 86_400


@dataclass(frozen=True, slots=True)
class Costs:
    """Measured: processor time in seconds, sizes in bytes, memory in megabytes."""

    measured: str
    web_command: float
    """Of the web process, for a command."""
    worker_delivery: float
    """Of the worker, for a worklog that is written to a tool."""
    worker_sync: float
    """Of the worker, for a tool in which nothing has changed."""
    worker_idle: float
    """Of a worker, each second in which there is nothing to do."""
    database_command: float
    database_delivery: float
    database_sync: float
    database_idle: float
    """Of PostgreSQL, for each second of an idle worker and an idle web process together."""
    transactions_command: float
    transactions_delivery: float
    transactions_sync: float
    transactions_idle: float
    calls_sync: float
    """Requests to the tool in a sync."""
    calls_delivery: float
    bytes_team: float
    """Of a team with its tools, before anybody tracks."""
    bytes_entry: float
    """Of a time entry with its history and its worklog."""
    bytes_sync: float
    """Of a sync run's record."""
    memory_web: float
    memory_worker: float


@dataclass(frozen=True, slots=True)
class Load:
    """What the teams do. Assumed, not measured: put your own numbers in."""

    teams: int = 10_000
    tools: int = 4
    """Of a team."""
    sync_seconds: int = 300
    at_once: int = AT_ONCE
    """Tools that one worker reads at the same time."""
    members: int = 10
    """Of a team, who track on a work day."""
    commands: float = 10.0
    """Of each of them a day."""
    hours: float = 8.0
    peak: float = 3.0
    """How much more than the average the busiest moments of those hours bring."""
    written: float = 0.5
    """The part of the commands after which a worklog is written to a tool."""
    answer: float = 0.25
    """Seconds that a tool takes for a request."""
    work_days: int = 230
    """A year."""

    @property
    def commands_each_second(self) -> float:
        """In the busiest moments."""
        each_day = self.teams * self.members * self.commands
        return each_day / (self.hours * _HOUR) * self.peak

    @property
    def deliveries_each_second(self) -> float:
        """In the busiest moments."""
        return self.commands_each_second * self.written

    @property
    def syncs_each_second(self) -> float:
        """Day and night."""
        return self.teams * self.tools / self.sync_seconds

    @property
    def entries_each_year(self) -> float:
        """About one for each worklog."""
        return self.teams * self.members * self.commands * self.written * self.work_days


@dataclass(frozen=True, slots=True)
class Needs:
    """What it takes."""

    web: int
    workers: int
    web_cores: float
    worker_cores: float
    database_cores: float
    connections: int
    transactions: float
    """A second, in the busiest moments."""
    memory: float
    """Gigabytes, of Hourlink's own processes."""
    database: float
    """Gigabytes, after a year."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Something that fills up."""

    what: str
    carries: int
    """Teams."""
    then: str
    """What to do about it."""


def sync_takes(costs: Costs, load: Load) -> float:
    """Seconds that a worker is at one tool: mostly it waits for answers."""
    return costs.calls_sync * load.answer + costs.worker_sync


def delivery_takes(costs: Costs, load: Load) -> float:
    """Seconds of one delivery."""
    return costs.calls_delivery * load.answer + costs.worker_delivery


def worker_cores(costs: Costs, load: Load) -> float:
    """Of all workers together, without what they take idly."""
    return (
        load.syncs_each_second * costs.worker_sync
        + load.deliveries_each_second * costs.worker_delivery
    )


def needs(costs: Costs, load: Load) -> Needs:
    """What it takes; of web processes and workers one more, for a restart."""
    web_cores = load.commands_each_second * costs.web_command
    web = math.ceil(web_cores / BUSY) + 1
    by_time = worker_cores(costs, load) / (BUSY - costs.worker_idle)
    by_syncs = load.syncs_each_second * sync_takes(costs, load) / load.at_once
    by_deliveries = load.deliveries_each_second * delivery_takes(costs, load) / SLOTS
    workers = math.ceil(max(by_time, by_syncs, by_deliveries)) + 1
    return Needs(
        web=web,
        workers=workers,
        web_cores=web_cores,
        worker_cores=worker_cores(costs, load) + workers * costs.worker_idle,
        database_cores=database_cores(costs, load) + workers * costs.database_idle,
        connections=web * CONNECTIONS_WEB + workers * CONNECTIONS_WORKER,
        transactions=(
            load.commands_each_second * costs.transactions_command
            + load.deliveries_each_second * costs.transactions_delivery
            + load.syncs_each_second * costs.transactions_sync
            + workers * costs.transactions_idle
        ),
        memory=(web * costs.memory_web + workers * costs.memory_worker) / 1024,
        database=size(costs, load) / 1e9,
    )


def database_cores(costs: Costs, load: Load) -> float:
    """Of PostgreSQL, in the busiest moments."""
    return (
        load.commands_each_second * costs.database_command
        + load.deliveries_each_second * costs.database_delivery
        + load.syncs_each_second * costs.database_sync
    )


def size(costs: Costs, load: Load) -> float:
    """Bytes of the database after a year."""
    runs = load.syncs_each_second * _DAY * KEPT_DAYS
    return (
        load.teams * costs.bytes_team
        + load.entries_each_year * costs.bytes_entry
        + runs * costs.bytes_sync
    )


def bounds(costs: Costs, load: Load) -> list[Bound]:
    """How many such teams one of each thing carries; the least gives way first."""
    share = 1 / load.teams
    asked = {
        f"one worker, {load.at_once} tools at a time": (
            load.syncs_each_second * sync_takes(costs, load) / load.at_once,
            "more at a time (`HOURLINK_SYNCS_AT_ONCE`), or seldom (`HOURLINK_SYNC_SECONDS`)",
        ),
        f"one worker, {SLOTS} deliveries at a time": (
            load.deliveries_each_second * delivery_takes(costs, load) / SLOTS,
            "more workers",
        ),
        "one worker, processor time": (
            worker_cores(costs, load) / (BUSY - costs.worker_idle),
            "more workers",
        ),
        "one web process, processor time": (
            load.commands_each_second * costs.web_command / BUSY,
            "more web processes behind a balancer",
        ),
        "PostgreSQL's 100 connections": (
            needs(costs, load).connections / DEFAULT_CONNECTIONS,
            "`max_connections`",
        ),
        f"PostgreSQL on {DATABASE_CORES} cores": (
            database_cores(costs, load) / (DATABASE_CORES * BUSY),
            "a larger database server; there is one, so this is where it ends",
        ),
    }
    found = [
        Bound(what, math.floor(1 / (part * share)), then)
        for what, (part, then) in asked.items()
        if part  # what costs nothing never fills
    ]
    return sorted(found, key=lambda bound: bound.carries)


def read(path: Path = COSTS) -> Costs:
    """What was measured."""
    return Costs(**json.loads(path.read_text(encoding="utf-8")))
