"""How long ``/track start`` takes while a first sync of 100,000 tasks goes on.

    python -m benchmarks.beside_sync [--tasks 100000 --database sqlite]

The service is called as a command calls it, through the process's pool of threads, 25 times a
second. On SQLite the sync goes on in the same process, as ``hourlink serve`` has it; on PostgreSQL
in a worker of its own. Afterwards the same process is timed once more, with nothing else to do.

It fails when 5 % of the calls take longer than 150 ms beside the sync, or 1 % longer than 300 ms.
"""

import argparse
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.apart import Apart
from benchmarks.sync import KINDS, Place

MUST = {"p95": 150.0, "p99": 300.0}
IDLE = 10.0
"""Seconds."""


def measure(site: str, place: Place) -> dict[str, Mapping[str, Any]]:
    """The calls beside a first sync, and those beside nothing."""
    ours = "benchmarks.sync_ours"
    with Apart(ours, place.prepared) as process:
        process.ask("prepare", site=site)
    database = place.copy("beside")
    with ExitStack() as stack:
        worker = stack.enter_context(Apart(ours, database))
        web = worker
        if not database.startswith("sqlite"):
            web = stack.enter_context(Apart(ours, database, "--web"))
        worker.ask("begin")
        beside = web.ask("track", seconds=None)
        return {"beside a first sync": beside, "idle": web.ask("track", seconds=IDLE)}


def slow(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What takes longer than it may."""
    beside = found["beside a first sync"]
    return [f"{name} {beside[name]:.0f} ms" for name, most in MUST.items() if beside[name] > most]


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--projects", type=int, default=100, help="the tasks are in so many")
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    options = parser.parse_args()
    kinds = list(KINDS) if options.database == "both" else [options.database]
    heads = ("/track start, ms", "calls", "p50", "p95", "p99", "most", "tasks synced")
    table = Table(*heads, title=f"load {os.getloadavg()[0]:.1f}")
    problems: list[str] = []
    site = ("benchmarks.sync_site", f"--tasks={options.tasks}", f"--projects={options.projects}")
    with TemporaryDirectory(prefix="hourlink-bench-") as folder, Apart(*site) as running:
        for kind in kinds:
            with KINDS[kind](Path(folder)) as place:
                found = measure(str(running.hello["url"]), place)
            for name, row in found.items():
                times = (f"{row[what]:.1f}" for what in ("p50", "p95", "p99", "most"))
                table.add_row(
                    f"{place.name}, {name}", str(row["calls"]), *times, f"{row['tasks']:,}"
                )
            problems += [f"{place.name}: {one}" for one in slow(found)]
    Console(width=120).print(table)
    if problems:
        raise SystemExit(f"Too slow beside a sync: {'; '.join(problems)}")


if __name__ == "__main__":
    main()
