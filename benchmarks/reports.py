"""Every report over five million entries of a thousand people, beside plain SQL.

    make bench ARGS=reports
    .venv/bin/python -m benchmarks.reports [--entries 5000000] [--rounds 5]
        [--database sqlite|postgresql] [--keep FOLDER] [--only month]

Fills an empty database of each kind (``report_world.py``). Then it asks for each report through the
service, as the handler does: with its comparison, running timers, names and rights. Beside it
stands the *floor*, plain SQL that answers the very same (``report_floors.py`` says how), and what
the hours alone cost, without knowing which of them are billable and what they earned. All take
turns; the table has the medians of milliseconds, and of those of processor time, of this process
and of the server's: on a busy machine they say more. The ratios are of processor time.

Of reports that take less than 30 ms nobody asks for a ratio: names and rights are most of it. With
``--keep`` a filled database is left in the folder and used again.
"""

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import report_world as world
from benchmarks.figures import Figure, Size
from benchmarks.postgresql import postgresql
from benchmarks.report_floors import Case, bare, cases, hours
from bot.domain.people.people import Member
from bot.domain.periods import Period, Unit
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.domain.reports.team_reports import TeamReport
from bot.services.reports.team import TeamReports
from storage import teams
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.unit_of_work import UnitOfWork
from tests.statements import asked

MONTH = Period(date(2026, 10, 1), date(2026, 11, 1), Unit.MONTH)
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1), Unit.YEAR)
ROUNDS = 5
MUST, LIMIT = 2.0, 500.0
"""Times the floor, and milliseconds of processor, that a report of a month may cost."""
SMALL = 30.0
"""Milliseconds below which nobody asks for a ratio: then names and rights are most of it."""


def ours(uow: UnitOfWork, who: Member, case: Case) -> Callable[[], TeamReport]:
    """What a click on the report's button asks of the service."""
    reports = TeamReports(uow)
    return lambda: reports.chosen(who=who, now=world.NOW, choice=case.choice)


@dataclass(frozen=True, slots=True)
class Place:
    """A filled database, and the process that serves it."""

    url: str
    server: int = 0
    """Its id; 0 where it is this process."""

    def worked(self) -> float:
        """Milliseconds of processor time so far, the server's too where the system tells it."""
        own = time.process_time() * 1000
        if not self.server:
            return own
        ended = Path(f"/proc/{self.server}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks = sum(map(int, ended[13:15]))
        found = own + ticks * 1000 / os.sysconf("SC_CLK_TCK")
        children = Path(f"/proc/{self.server}/task/{self.server}/children").read_text("ascii")
        for child in children.split():
            told = Path(f"/proc/{child}/schedstat")
            if told.exists():
                found += int(told.read_text("ascii").split()[0]) / 1e6
        return found


@contextmanager
def databases(chosen: argparse.Namespace) -> Iterator[Iterator[Place]]:
    """Those that were chosen, filled."""
    size = world.size_of(chosen.entries)
    with ExitStack() as stack:
        if chosen.keep:
            folder = Path(chosen.keep)
            folder.mkdir(parents=True, exist_ok=True)
        else:
            temporary = tempfile.TemporaryDirectory(prefix="hourlink-bench-")
            folder = Path(stack.enter_context(temporary))

        def each() -> Iterator[Place]:
            if chosen.database in {None, "sqlite"}:
                path = folder / "reports.db"
                url, is_new = f"sqlite:///{path}", not path.exists()
                _fill(url, size, is_new=is_new)
                yield Place(url)
            if chosen.database in {None, "postgresql"}:
                kept = folder / "postgresql" if chosen.keep else None
                is_new = kept is None or not kept.exists()
                made = stack.enter_context(postgresql(kept=kept))
                url = made("reports")
                _fill(url, size, is_new=is_new)
                yield Place(url, made.pid if Path("/proc").exists() else 0)

        yield each()


def _fill(url: str, size: world.Size, *, is_new: bool) -> None:
    if is_new:
        begun = time.perf_counter()
        upgrade(url)
        world.build(url, size)
        taken = time.perf_counter() - begun
        print(f"Made {size.entries:,} entries in {taken:,.0f} s", file=sys.stderr)


@dataclass(frozen=True, slots=True)
class Taken:
    """Medians, in milliseconds."""

    whole: float
    worked: float


@dataclass(frozen=True, slots=True)
class Timed:
    """A report, its floor, and the hours alone."""

    case: Case
    mine: Taken
    floor: Taken
    hours: Taken
    questions: int

    @property
    def ratio(self) -> float:
        """To the floor, in processor time."""
        return self.mine.worked / self.floor.worked

    @property
    def counts(self) -> bool:
        """It takes so long that the ratio says something."""
        return self.mine.worked > SMALL


def timed(place: Place, period: Period, rounds: int) -> Iterator[Timed]:
    """Every report of a period, over one database."""
    engine = open_engine(place.url)
    uow = UnitOfWork(engine)
    asking = world.asking(uow)
    gc.collect()
    gc.freeze()  # as a process that serves does when it is ready
    for case in cases(period, asking):
        _show_money(uow, shown=case.is_money_seen)
        work, floor = ours(uow, getattr(asking, case.who), case), bare(engine, case)
        _compare(case, work(), floor())
        mine, theirs, less = _taken(place, [work, floor, hours(engine, case)], rounds)
        yield Timed(case, mine, theirs, less, len(asked(engine, work)))
    gc.unfreeze()
    engine.dispose()


def _compare(case: Case, report: TeamReport, floor: Sequence[Sequence[Any]]) -> None:
    """Both say the same, as far as both say it in one number."""
    before = floor[1][0][0] if report.before is not None else 0
    longest = report.most if case.is_money_seen else floor[0][0][-2]
    if (before, longest) != (report.before_seconds, report.most):
        raise SystemExit(f"{case.name}: the floor answers something else")


def measure(size: Size) -> list[Figure]:
    """The row: the worst of a month's reports on each database, and the slowest."""
    found: list[Figure] = []
    for kind in ("sqlite", "postgresql"):
        entries, rounds = size.of(5_000_000, 25_000), size.of(5, 2)
        chosen = argparse.Namespace(entries=entries, keep=None, database=kind)
        with databases(chosen) as places:
            for place in places:
                found += _figures(kind, list(timed(place, MONTH, rounds)))
    return found


def _figures(kind: str, reports: Sequence[Timed]) -> Iterator[Figure]:
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
    worst = max([one for one in reports if one.counts] or reports, key=lambda one: one.ratio)
    slowest = max(reports, key=lambda one: one.mine.worked)
    spent, floor = (sum(getattr(one, side).worked for one in reports) for side in ("mine", "floor"))
    beside = [one.mine.worked / one.hours.worked for one in reports if one.counts]
    apart = f"{min(beside):.1f} to {max(beside):.1f}" if beside else "many"
    yield Figure(
        f"reports of a month, {name}",
        f"{worst.mine.worked:,.0f} ms",
        f"{worst.floor.worked:,.0f} ms",
        worst.ratio,
        MUST,
        1.3,
        note=f"this is the worst, {worst.case.name}; all together {spent / floor:.2f} times the "
        f"floor, each {apart} times the hours alone",
        score=floor / spent,
    )
    yield Figure(
        f"slowest report of a month, {name}",
        f"{slowest.mine.worked:,.0f} ms",
        f"{LIMIT:,.0f} ms",
        slowest.mine.worked / LIMIT,
        1,
        1,
        note=f"{slowest.case.name}; the floor is what it may take",
    )


def _taken(place: Place, all_: Sequence[Callable[[], object]], rounds: int) -> list[Taken]:
    """Turn by turn, after a first turn that warms up."""
    found: list[list[tuple[float, float]]] = [[] for _ in all_]
    for number in range(rounds + 1):
        for work, into in zip(all_, found, strict=True):
            begun, worked = time.perf_counter(), place.worked()
            work()
            if number:
                into.append(((time.perf_counter() - begun) * 1000, place.worked() - worked))
    return [Taken(*(statistics.median(one) for one in zip(*taken, strict=True))) for taken in found]


def _show_money(uow: UnitOfWork, *, shown: bool) -> None:
    with uow.begin() as tx:
        seen_by = MoneySeenBy.MANAGERS if shown else MoneySeenBy.ADMINS
        teams.save_settings(tx, world.TEAM, TeamSettings(money_seen_by=seen_by))


def main() -> None:
    """Prints a table; ends with 1 where a report of a month is slower than it may be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="both by default")
    parser.add_argument("--keep", metavar="FOLDER", help="fill it once, and use it again")
    parser.add_argument("--only", choices=("month", "year"))
    chosen = parser.parse_args()
    table = Table(title=f"Reports over {chosen.entries:,} entries, load {os.getloadavg()[0]:.1f}")
    for column in ("database", "period", "report"):
        table.add_column(column)
    for column in ("ms", "cpu ms", "floor", "hours", "to floor", "to hours", "questions"):
        table.add_column(column, justify="right")
    slow = []
    with databases(chosen) as places:
        for place in places:
            kind = place.url.partition(":")[0].partition("+")[0]
            for period, name in ((MONTH, "month"), (YEAR, "year")):
                if chosen.only not in {None, name}:
                    continue
                for one in timed(place, period, chosen.rounds):
                    table.add_row(kind, name, *_cells(one))
                    over = one.mine.worked > LIMIT or one.ratio > MUST
                    if period is MONTH and over and one.counts:
                        slow.append(f"{kind}: {one.case.name}")
                table.add_section()
    Console(width=110).print(table)
    if slow:
        told = f"Over {MUST:g} times the floor or {LIMIT:.0f} ms of processor time: "
        raise SystemExit(told + "; ".join(slow))


def _cells(one: Timed) -> tuple[str, ...]:
    spent = (one.mine.whole, one.mine.worked, one.floor.worked, one.hours.worked)
    beside = (one.ratio, one.mine.worked / one.hours.worked)
    return (
        one.case.name,
        *(f"{each:,.0f}" for each in spent),
        *(f"{each:.2f}" for each in beside),
        str(one.questions),
    )


if __name__ == "__main__":
    main()
