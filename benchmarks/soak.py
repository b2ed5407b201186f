"""The soak: many teams track at full speed while processes, the database and the tools fail.

    .venv/bin/python -m benchmarks.soak [--minutes 10] [--workers 1,2,3] [--teams 50] [--seed N]

On a PostgreSQL of its own with real ``hourlink serve`` and ``hourlink worker`` processes: people
of every team type signed commands as Slack sends them, at half of the highest rate that this
machine holds while nothing fails. Meanwhile a worker and a web process are killed every 15
seconds, PostgreSQL is restarted twice (politely and as in a crash), tools fail 5 % of their
calls, and Slack 2 %. At the end every command that was told as done has to be in the database
exactly once, tools have to have every record once, and nothing is stuck, doubled or held. It ends
with 1 where something of that is not so. ``--database sqlite`` does the same with one process on
SQLite.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.soak_fleet import slope
from benchmarks.soak_run import Outcome, run
from benchmarks.soak_stage import Plan, end_what_was_begun

WARM = 180.0
"""Seconds until a process has loaded what it uses and opened its connections, on a busy machine."""

FLAT = 2.0
"""Megabytes a minute that memory may seem to grow by, within the noise of some minutes."""

COLUMNS = (
    "workers",
    "commands/s",
    "p50 ms",
    "p99 ms",
    "jobs/s",
    "taken up after s",
    "web MB",
    "worker MB",
    "growth MB/min",
    "kills",
    "quiet after s",
)


def row(outcome: Outcome) -> list[str]:
    """A run's line of the table."""
    plan, driven = outcome.plan, outcome.driven
    seconds = plan.seconds
    taken = sorted([*outcome.taken_up.deliveries, *outcome.taken_up.syncs])
    middle = f"{taken[len(taken) // 2]:.0f} (most {taken[-1]:.0f})" if taken else "-"
    return [
        str(plan.workers or "SQLite"),
        f"{driven['answered'] / driven['seconds']:.1f}",
        f"{driven['p50'] * 1000:.0f}",
        f"{driven['p99'] * 1000:.0f}",
        f"{(outcome.deliveries + outcome.syncs) / seconds:.1f}",
        middle,
        _most(outcome, "web"),
        _most(outcome, "worker"),
        _growth(outcome),
        str(outcome.kills),
        f"{outcome.quiet_after:.0f}",
    ]


def notes(outcome: Outcome) -> list[str]:
    """What else there is to say of a run."""
    driven, told, outside = outcome.driven, outcome.told, outcome.outside
    return [
        f"seed {outcome.plan.seed}; rate {outcome.rate:.0f}/s; {'; '.join(outcome.steps)}",
        (
            f"{driven['sent']} commands, {len(told['done'])} of them changes told as done, "
            f"{driven['again']} repeated, slowest {driven['most']:.1f} s"
        ),
        f"said otherwise: {told['words']}",
        (
            f"{outcome.deliveries} deliveries and {outcome.syncs} syncs; {outside['calls']} calls "
            f"to tools, {outside['met']} failed; {len(outside['posts'])} messages, "
            f"{outcome.unknown} of unknown outcome; {outcome.hurried} late tries were hurried"
        ),
    ]


def grows(outcome: Outcome) -> list[str]:
    """Processes whose memory is not flat."""
    found = []
    for life in outcome.lives:
        growth = slope(life.memory, WARM)
        if growth is not None and growth > FLAT and life.memory[-1][0] > 2 * WARM:
            found.append(f"{life.name} grows by {growth:.1f} MB a minute")
    return found


def table(outcomes: Sequence[Outcome]) -> Table:
    """The table."""
    plan = outcomes[0].plan
    made = Table(
        title=f"{plan.teams} teams, {plan.teams * 4} tools, {plan.seconds / 60:.1f} minutes each"
    )
    for column in COLUMNS:
        made.add_column(column, justify="right")
    for outcome in outcomes:
        made.add_row(*row(outcome))
    return made


def _most(outcome: Outcome, group: str) -> str:
    sizes = [
        size for life in outcome.lives if life.name.startswith(group) for _, size in life.memory
    ]
    return f"{max(sizes):.0f}" if sizes else "-"


def _growth(outcome: Outcome) -> str:
    """Of the processes that lived longest, web and worker."""
    found = []
    for group in ("web", "worker"):
        lives = [life for life in outcome.lives if life.name.startswith(group) and life.memory]
        if lives:
            oldest = max(lives, key=lambda life: life.memory[-1][0])
            growth = slope(oldest.memory, WARM)
            found.append("-" if growth is None else f"{growth:+.2f}")
    return " / ".join(found)


def plans(chosen: argparse.Namespace) -> list[Plan]:
    """The runs that were asked for."""
    common = Plan(
        seconds=chosen.minutes * 60,
        teams=chosen.teams,
        members=chosen.members,
        seed=chosen.seed,
        rate=chosen.rate,
        every=chosen.every,
    )
    if chosen.database == "sqlite":
        return [replace(common, web=1, workers=0)]
    return [replace(common, workers=int(number)) for number in chosen.workers.split(",")]


def options() -> argparse.ArgumentParser:
    """What may be chosen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0, help="of trouble, for each run")
    parser.add_argument("--teams", type=int, default=50)
    parser.add_argument("--members", type=int, default=10, help="people in each team")
    parser.add_argument("--workers", default="1,2,3", help="a run for each number")
    parser.add_argument("--rate", type=float, help="commands a second; else half of the highest")
    parser.add_argument("--every", type=float, default=15.0, help="seconds between two kills")
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--write", type=Path, metavar="FILE", help="the table, in Markdown")
    return parser


def main() -> None:
    """The command."""
    chosen = options().parse_args()
    end_what_was_begun()
    began = time.monotonic()

    def say(line: str) -> None:
        load = os.getloadavg()[0]
        print(f"[{time.monotonic() - began:5.0f} s, load {load:.1f}] {line}", flush=True)

    outcomes, is_broken = [], False
    for plan in plans(chosen):
        say(f"seed {plan.seed}, {plan.workers or 'no'} workers")
        outcome = run(plan, say)
        outcomes.append(outcome)
        for line in notes(outcome):
            say(line)
        for finding in [*outcome.findings, *grows(outcome)]:
            is_broken = True
            say(f"BROKEN: {finding}")
    Console(width=150).print(table(outcomes))
    if chosen.write is not None:
        chosen.write.write_text("\n".join(markdown(outcomes)) + "\n", encoding="utf-8")
    if is_broken:
        sys.exit(1)


def markdown(outcomes: Sequence[Outcome]) -> list[str]:
    """The table for a page."""
    head = [f"| {' | '.join(COLUMNS)} |", f"|{' ---: |' * len(COLUMNS)}"]
    return head + [f"| {' | '.join(row(outcome))} |" for outcome in outcomes]


if __name__ == "__main__":
    main()
