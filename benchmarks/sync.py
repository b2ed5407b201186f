"""A sync of 100,000 tasks beside its floor and beside dlt, in one run.

    make bench ARGS='sync [--tasks 100000 --rounds 3 --database sqlite --without-dlt --write]'

A stand-in for Redmine holds every page ready in a process of its own. Three others read them, in
turns, round by round, each with a database of its own:

- *Hourlink*: the whole of it, as ``hourlink serve`` wires it: runner, worker, adapter, client;
- *floor*: the same pages read with httpx and ``json``, and a raw ``executemany`` upsert into the
  same table. Once more without the index of task search, to say what that costs by itself;
- *dlt*: the same pages, as anyone would load them with it (``benchmarks/sync_dlt.py``), by merge;
  and once more with nine columns mapped for it, as little as it can be given. It is stopped after
  ``--limit`` seconds.

Five syncs follow one another:

- *first sync*: no task is there;
- *nothing changed*, *1 % changed*: what comes every five minutes. Hourlink asks for changes, and
  dlt, with a cursor of its own, gets the pages of that;
- *the same, swept*: what comes once a day. Hourlink reads everything, and writes what changed.
  The floor and dlt write everything.

Ratios are the medians of the rounds' own ratios, so that a busy machine slows both sides alike.
Memory is the peak of Hourlink's process above what it held just before, while it had nothing to do.
"""

import argparse
import os
import platform
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.apart import Apart, TookTooLong
from benchmarks.postgresql import postgresql
from benchmarks.sync_table import (
    BARE,
    CASES,
    DLT,
    FLOOR,
    HEADS,
    LEAN,
    OURS,
    Case,
    Measured,
    lines,
    markdown,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "sync.md"
MARK, END = "<!-- timed: sync -->\n", "<!-- end -->"


New = Callable[[str], str]
"""Makes a database that is empty; one called *like* something is a copy of what is prepared."""


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of database, and where the benchmark puts what it needs."""

    name: str
    prepared: str
    """With a team, an integration and its projects linked, but no tasks."""
    copy: New
    empty: New
    folder: Path


@contextmanager
def sqlite(folder: Path) -> Iterator[Place]:
    """Files."""

    def address(name: str) -> str:
        return f"sqlite:///{folder / name}.db"

    def copy(name: str) -> str:
        shutil.copy(folder / "prepared.db", folder / f"{name}.db")
        return address(name)

    yield Place("SQLite", address("prepared"), copy, address, folder)


@contextmanager
def in_postgresql(folder: Path) -> Iterator[Place]:
    """A server of the benchmark's own."""
    with postgresql() as made:
        prepared = made("prepared")
        yield Place("PostgreSQL", prepared, lambda name: made(name, "prepared"), made, folder)


KINDS = {"sqlite": sqlite, "postgresql": in_postgresql}


class Bench:
    """All sides on one kind of database."""

    def __init__(self, site: Apart, place: Place, options: argparse.Namespace) -> None:
        self._site = site
        self._url = str(site.hello["url"])
        self._place = place
        self._limit = float(options.limit)
        self._rounds = int(options.rounds)
        self._with_dlt = not options.without_dlt
        self._cases = CASES[:1] if options.first else CASES

    def run(self) -> Measured:
        """Warms up, noting which pages a sync reads, and measures the rounds."""
        with Apart("benchmarks.sync_ours", self._place.prepared) as ours:
            ours.ask("prepare", site=self._url)
        self._site.ask("seen")
        pages: dict[str, list[str]] = {}
        self._site.ask("edit", every=0)
        with Apart("benchmarks.sync_ours", self._place.copy("warm")) as ours:
            for case in self._cases:
                self._edit(case)
                ours.ask("sync", full=case.full)
                pages[case.name] = self._site.ask("seen")["seen"]
        found: Measured = defaultdict(list)
        for number in range(self._rounds):
            self._round(number, pages, found)
        return found

    def _round(self, number: int, pages: dict[str, list[str]], found: Measured) -> None:
        copy, url = self._place.copy, self._url
        self._site.ask("edit", every=0)
        with ExitStack() as stack:
            ours = stack.enter_context(Apart("benchmarks.sync_ours", copy(f"ours{number}")))
            floor = stack.enter_context(Apart("benchmarks.sync_floor", copy(f"fl{number}"), url))
            bare = stack.enter_context(
                Apart("benchmarks.sync_floor", copy(f"bare{number}"), url, "--bare")
            )
            others = {FLOOR: floor, BARE: bare}
            for side, how in ((DLT, ()), (LEAN, ("--lean",))) if self._with_dlt else ():
                name = f"dlt{number}{len(how)}"
                where = (self._place.empty(name), url, str(self._place.folder / name))
                others[side] = stack.enter_context(Apart("benchmarks.sync_dlt", *where, *how))
            for case in self._cases:
                self._edit(case)
                self._note(found, case, OURS, ours.ask("sync", full=case.full))
                for side, process in list(others.items()):
                    limit = self._limit if side in {DLT, LEAN} else None
                    what = {"addresses": pages[case.name], "full": case.full, "new": case.new}
                    try:
                        took = process.ask("sync", within=limit, **what)
                    except TookTooLong:
                        del others[side]
                    else:
                        self._note(found, case, side, took)
                self._site.ask("seen")

    @staticmethod
    def _note(found: Measured, case: Case, side: str, took: dict[str, Any]) -> None:
        found[case.name, side].append(took)
        told = f"{case.name}, {side}: {took['seconds']:.2f} s, {took['cpu']:.2f} s of processor"
        print(told, f"{took['memory']:.0f} MB", sep=", ", file=sys.stderr, flush=True)

    def _edit(self, case: Case) -> None:
        if case.edited is not None:
            self._site.ask("edit", every=case.edited)


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--projects", type=int, default=100, help="the tasks are in so many")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--first", action="store_true", help="the first sync only")
    parser.add_argument("--without-dlt", action="store_true")
    parser.add_argument("--limit", type=float, default=90, help="seconds that one load by dlt gets")
    parser.add_argument("--write", action="store_true", help="write the table into docs/sync.md")
    options = parser.parse_args()
    kinds = list(KINDS) if options.database == "both" else [options.database]
    rows: list[Sequence[str]] = []
    site = ("benchmarks.sync_site", f"--tasks={options.tasks}", f"--projects={options.projects}")
    with TemporaryDirectory(prefix="hourlink-bench-") as folder, Apart(*site) as running:
        for kind in kinds:
            with KINDS[kind](Path(folder)) as place:
                found = Bench(running, place, options).run()
                rows += lines(place.name, found, options.tasks)
    said = (
        f"{options.tasks:,} tasks in {options.projects:,} projects, {options.rounds} rounds, "
        f"{datetime.now(UTC):%d %B %Y}; Python {platform.python_version()}, {platform.system()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}."
    )
    table = Table(title=said)
    for head in HEADS:
        table.add_column(head, justify="right" if head else "left")
    for row in rows:
        table.add_row(*row)
    Console(width=170).print(table)
    if options.write:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(MARK)
        PAGE.write_text(
            before + MARK + markdown(rows, said) + END + rest.partition(END)[2], encoding="utf-8"
        )


if __name__ == "__main__":
    main()
