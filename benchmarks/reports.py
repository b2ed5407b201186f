"""Every report over five million entries of a thousand people, beside the bare sum in SQL.

    .venv/bin/python -m benchmarks.reports [--entries 5000000] [--rounds 5]
        [--database sqlite|postgresql] [--keep FOLDER] [--only month]

Fills an empty database of each kind (``report_world.py``) and has it learn what is in its tables
(ANALYZE), as every database does by itself after a while. Then it asks for each report through the
service, as the handler does: with its comparison, running timers, names and rights. Beside it
stands what the same period's hours cost the database alone: one statement that sums seconds by the
same key, and one for the period before where the report compares. It knows no prices, also where
the report tells money. The two take turns; the table has their medians, and the ratio.

With ``--keep`` a filled database is left in the folder and used again.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event, text

from benchmarks import report_world as world
from benchmarks.postgresql import postgresql
from bot.domain.ids import ClientId, MemberId
from bot.domain.people import Member
from bot.domain.periods import Period, Unit
from bot.domain.preferences import MoneySeenBy, TeamSettings
from bot.domain.reports import Group
from bot.domain.team_reports import Filters, TeamChoice
from bot.services.team_reports import TeamReports
from storage import teams
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.unit_of_work import UnitOfWork

MONTH = Period(date(2026, 10, 1), date(2026, 11, 1), Unit.MONTH)
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1), Unit.YEAR)
ROUNDS = 5
MUST, LIMIT = 2.0, 500.0
"""Times the bare sum, and milliseconds, that a report of a month may take."""

_DAYS = (
    "work_date >= :first AND work_date < :after_last AND deleted_at IS NULL AND seconds IS NOT NULL"
)
_TEAMS = "project_id IN (SELECT id FROM project WHERE team_id = :team)"
_KEYS = {
    Group.PROJECT: "project_id",
    Group.TASK: "project_id, task_id",
    Group.PERSON: "member_id",
    Group.DAY: "work_date",
    Group.WEEK: "work_date",
    Group.MONTH: "work_date",
    Group.CLIENT: "project_id",
    Group.BILLABLE: "project_id",
}
_LABELLED = {
    "sqlite": "JOIN task t ON t.id = e.task_id, json_each(t.labels) l",
    "postgresql": "JOIN task t ON t.id = e.task_id, json_array_elements_text(t.labels) l (value)",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A report, and who asks for it."""

    name: str
    who: str
    choice: TeamChoice
    where: str = ""
    """What the bare sum is narrowed by."""
    is_money_seen: bool = True


def cases(period: Period, asking: world.Asking) -> Iterator[Case]:
    """Every report of a period."""
    for group in Group:
        yield Case(f"by {group.value}", "admin", TeamChoice(period, group))
    for group in (Group.PROJECT, Group.PERSON, Group.TASK):
        without = Case(f"by {group.value}, no money", "lead", TeamChoice(period, group))
        yield Case(without.name, without.who, without.choice, is_money_seen=False)
    person = Filters(people=(MemberId(5),))
    yield Case("of a person", "admin", TeamChoice(period, Group.TASK, person), "member_id = 5")
    for name, filters in (
        ("of a client", Filters(clients=(ClientId(3),))),
        ("billable", Filters(billable=True)),
        ("not billable", Filters(billable=False)),
        ("with a label", Filters(label="urgent")),
    ):
        yield Case(name, "admin", TeamChoice(period, Group.PROJECT, filters))
    for group in (Group.PROJECT, Group.TASK):
        choice = TeamChoice(period, group)
        yield Case(f"a manager's, by {group.value}", "manager", choice, "project_id <= 10")
    own = TeamChoice(period, Group.PROJECT, for_team=False)
    yield Case("one's own", "somebody", own, f"member_id = {asking.somebody.id}")


def bare(engine: Engine, case: Case) -> Callable[[], None]:
    """The hours of the same key and period, and those of the period before."""
    key, where = _KEYS.get(case.choice.group), f" AND {case.where}" if case.where else ""
    if key is None:
        sums = (
            f"SELECT l.value, SUM(seconds) FROM time_entry e {_LABELLED[engine.name]} "  # noqa: S608
            f"WHERE {_TEAMS.replace('team_id', 'project.team_id')} AND {_DAYS} GROUP BY l.value"
        )
    else:
        sums = (
            f"SELECT {key}, SUM(seconds) AS s FROM time_entry WHERE {_TEAMS} AND {_DAYS}{where} "  # noqa: S608
            f"GROUP BY {key} ORDER BY s DESC LIMIT 20"
        )
    whole = f"SELECT SUM(seconds) FROM time_entry WHERE {_TEAMS} AND {_DAYS}{where}"  # noqa: S608
    period, before = case.choice.period, case.choice.period.moved(-1)

    def ask() -> None:
        with engine.connect() as connection:
            for sql, days in ((sums, period), (whole, before)):
                if days is not None:
                    names = {"team": world.TEAM, "first": str(days.first)}
                    names["after_last"] = str(days.after_last)
                    connection.execute(text(sql), names).all()

    return ask


def ours(uow: UnitOfWork, who: Member, case: Case) -> Callable[[], object]:
    """What a click on the report's button asks of the service."""
    reports = TeamReports(uow)
    return lambda: reports.chosen(who=who, now=world.NOW, choice=case.choice)


@contextmanager
def databases(chosen: argparse.Namespace) -> Iterator[Iterator[str]]:
    """The addresses of those that were chosen, filled."""
    size = world.size_of(chosen.entries)
    with ExitStack() as stack:
        if chosen.keep:
            folder = Path(chosen.keep)
            folder.mkdir(parents=True, exist_ok=True)
        else:
            temporary = tempfile.TemporaryDirectory(prefix="hourlink-bench-")
            folder = Path(stack.enter_context(temporary))

        def each() -> Iterator[str]:
            if chosen.database in {None, "sqlite"}:
                path = folder / "reports.db"
                url, is_new = f"sqlite:///{path}", not path.exists()
                yield _filled(url, size, is_new=is_new)
            if chosen.database in {None, "postgresql"}:
                kept = folder / "postgresql" if chosen.keep else None
                is_new = kept is None or not kept.exists()
                made = stack.enter_context(postgresql(kept=kept))
                yield _filled(made("reports"), size, is_new=is_new)

        yield each()


def _filled(url: str, size: world.Size, *, is_new: bool) -> str:
    if is_new:
        begun = time.perf_counter()
        upgrade(url)
        world.build(url, size)
        print(
            f"Made {size.entries:,} entries in {time.perf_counter() - begun:,.0f} s, then ANALYZE"
        )
    return url


def measure(url: str, chosen: argparse.Namespace, report: Table) -> list[str]:
    """Adds a line for each report; those of a month that are slower than they may be."""
    engine = open_engine(url)
    uow, slow = UnitOfWork(engine), []
    asking = world.asking(uow)
    for period, name in ((MONTH, "month"), (YEAR, "year")):
        if chosen.only not in {None, name}:
            continue
        for case in cases(period, asking):
            _show_money(uow, shown=case.is_money_seen)
            work = ours(uow, getattr(asking, case.who), case)
            mine, floor = _taken((work, bare(engine, case)), chosen.rounds)
            line = (engine.name, name, case.name, f"{mine:,.1f}", f"{floor:,.1f}")
            report.add_row(*line, f"{mine / floor:.2f}", str(_questions(engine, work)))
            if period is MONTH and (mine > LIMIT or mine > max(MUST * floor, 10)):
                slow.append(f"{engine.name}: {case.name}")
        report.add_section()
    engine.dispose()
    return slow


def _taken(both: Sequence[Callable[[], object]], rounds: int) -> tuple[float, float]:
    """The medians in milliseconds, turn by turn, after a first turn that warms up."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for work, into in zip(both, taken, strict=True):
            begun = time.perf_counter()
            work()
            if number:
                into.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _show_money(uow: UnitOfWork, *, shown: bool) -> None:
    with uow.begin() as tx:
        seen_by = MoneySeenBy.MANAGERS if shown else MoneySeenBy.ADMINS
        teams.save_settings(tx, world.TEAM, TeamSettings(money_seen_by=seen_by))


def _questions(engine: Engine, work: Callable[[], object]) -> int:
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(not one.startswith("BEGIN") for one in sent)


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
    report = Table(title=f"Reports over {chosen.entries:,} entries, load {os.getloadavg()[0]:.1f}")
    for column in ("database", "period", "report"):
        report.add_column(column)
    for column in ("ms", "bare ms", "ratio", "questions"):
        report.add_column(column, justify="right")
    with databases(chosen) as urls:
        slow = [one for url in urls for one in measure(url, chosen, report)]
    Console(width=110).print(report)
    if slow:
        raise SystemExit(f"Over {MUST:g} times the bare sum or {LIMIT:.0f} ms: {'; '.join(slow)}")


if __name__ == "__main__":
    main()
