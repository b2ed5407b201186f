"""What many teams need, as tables: ``python -m benchmarks.scale [--teams 5000 --members 20 ...]``.

The tables of ``docs/scale.md`` are what this prints.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import fields

from benchmarks.scale_needs import Costs, Load, bounds, needs, read

SHOWN = (100, 1_000, 10_000)
"""Teams."""


def page(costs: Costs, loads: Sequence[Load]) -> Iterator[str]:
    """The tables, in Markdown."""
    yield from _measured(costs)
    yield ""
    yield from _needed(costs, loads)
    yield ""
    yield from _bounded(costs, loads[-1])


def _measured(costs: Costs) -> Iterator[str]:
    yield f"Measured {costs.measured}:"
    yield ""
    yield "| For each | Hourlink, ms | PostgreSQL, ms | Transactions | Calls to the tool |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    rows = (
        ("command", costs.web_command, "command", "-"),
        ("worklog written", costs.worker_delivery, "delivery", f"{costs.calls_delivery:.1f}"),
        ("sync without news", costs.worker_sync, "sync", f"{costs.calls_sync:.1f}"),
        ("second of an idle worker", costs.worker_idle, "idle", "-"),
    )
    for name, ours, key, calls in rows:
        theirs = getattr(costs, f"database_{key}") * 1000
        asked = getattr(costs, f"transactions_{key}")
        yield f"| {name} | {ours * 1000:.1f} | {theirs:.1f} | {asked:.1f} | {calls} |"
    yield ""
    yield (
        f"A team takes {costs.bytes_team / 1000:.0f} kB, a time entry with everything that "
        f"belongs to it {costs.bytes_entry / 1000:.1f} kB, a sync's record "
        f"{costs.bytes_sync / 1000:.2f} kB; a web process {costs.memory_web:.0f} MB of memory, "
        f"a worker {costs.memory_worker:.0f} MB."
    )


def _needed(costs: Costs, loads: Sequence[Load]) -> Iterator[str]:
    heads = [f"{load.teams:,} teams" for load in loads]
    yield f"| | {' | '.join(heads)} |"
    yield f"| --- |{' ---: |' * len(heads)}"
    found = [needs(costs, load) for load in loads]
    lines = {
        "commands a second, at the peak": [f"{load.commands_each_second:.1f}" for load in loads],
        "syncs a second": [f"{load.syncs_each_second:.1f}" for load in loads],
        "web processes": [str(one.web) for one in found],
        "workers": [str(one.workers) for one in found],
        "cores for them": [f"{one.web_cores + one.worker_cores:.1f}" for one in found],
        "memory for them, GB": [f"{one.memory:.1f}" for one in found],
        "cores for PostgreSQL": [f"{one.database_cores:.1f}" for one in found],
        "connections, at most": [str(one.connections) for one in found],
        "transactions a second": [f"{one.transactions:,.0f}" for one in found],
        "database after a year, GB": [f"{one.database:.1f}" for one in found],
    }
    for name, values in lines.items():
        yield f"| {name} | {' | '.join(values)} |"


def _bounded(costs: Costs, load: Load) -> Iterator[str]:
    yield "| Gives way at | | Then |"
    yield "| ---: | --- | --- |"
    for bound in bounds(costs, load):
        yield f"| {bound.carries:,} teams | {bound.what} | {bound.then} |"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for field in fields(Load):
        default = field.default
        parser.add_argument(
            f"--{field.name.replace('_', '-')}", type=type(default), default=default
        )
    chosen = vars(parser.parse_args())
    sizes = {*SHOWN, chosen["teams"]} if chosen["teams"] in SHOWN else {chosen["teams"]}
    loads = [Load(**{**chosen, "teams": teams}) for teams in sorted(sizes)]
    print("\n".join(page(read(), loads)))


if __name__ == "__main__":
    main()
