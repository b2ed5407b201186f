"""Every report over five million entries of a thousand people, beside the bare sum in SQL.

    .venv/bin/python -m benchmarks.reports [--entries 5000000] [--rounds 5]
        [--database sqlite|postgresql] [--keep FOLDER] [--only month]

Fills an empty database of each kind (``report_world.py``) and has it learn what is in its tables
(ANALYZE), as every database does by itself after a while. Then it asks for each report through the
service, as the handler does: with its comparison, running timers, names and rights. Beside it
stands what the same period's hours cost the database alone: one statement that sums seconds by the
same key, and one for the period before where the report compares. It knows no prices; where the
report tells money, there is a second one that joins the terms and rates of each entry's day and
sums what it earned. All take turns; the table has the medians of milliseconds, and of those of
processor time, of this process and of the server's: on a busy machine they say more. The ratios
are of processor time, to the bare hours and to the bare money.

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
"""Times the bare sum of the same question, and milliseconds, that a report of a month may cost."""
SMALL = 30.0
"""Milliseconds below which nobody asks for a ratio: then names and rights are most of it."""

_DAYS = (
    "e.work_date >= :first AND e.work_date < :after_last AND e.deleted_at IS NULL "
    "AND e.seconds IS NOT NULL"
)
_TEAMS = "e.project_id IN (SELECT id FROM project WHERE team_id = :team)"
_KEYS = {
    Group.PROJECT: "e.project_id",
    Group.TASK: "e.project_id, e.task_id",
    Group.PERSON: "e.member_id",
    Group.DAY: "e.work_date",
    Group.WEEK: "e.work_date",
    Group.MONTH: "e.work_date",
    Group.CLIENT: "e.project_id",
    Group.BILLABLE: "e.project_id",
}
_PRICED = """
WITH t AS (SELECT project_id, method, currency, from_day, LEAD(from_day, 1, '9999-12-31') OVER (
      PARTITION BY project_id ORDER BY from_day) AS until FROM project_terms WHERE team_id = :team),
  r AS (SELECT project_id, member_id, currency, per_hour, from_day, LEAD(from_day, 1, '9999-12-31')
      OVER (PARTITION BY project_id, member_id, currency ORDER BY from_day) AS until
      FROM rate WHERE team_id = :team)
SELECT {key}, t.currency, SUM(e.seconds) AS s, SUM(CASE WHEN u.task_id IS NULL THEN e.seconds *
    CASE t.method WHEN 'project' THEN p.per_hour WHEN 'person' THEN COALESCE(o.per_hour, g.per_hour)
    ELSE 0 END END) AS earned
FROM time_entry e{labelled}
LEFT JOIN unbilled_task u ON u.task_id = e.task_id
LEFT JOIN t ON t.project_id = e.project_id AND e.work_date >= t.from_day AND e.work_date < t.until
LEFT JOIN r p ON p.project_id = e.project_id AND p.member_id IS NULL AND p.currency = t.currency
  AND e.work_date >= p.from_day AND e.work_date < p.until
LEFT JOIN r o ON o.project_id = e.project_id AND o.member_id = e.member_id
  AND o.currency = t.currency AND e.work_date >= o.from_day AND e.work_date < o.until
LEFT JOIN r g ON g.project_id IS NULL AND g.member_id = e.member_id AND g.currency = t.currency
  AND e.work_date >= g.from_day AND e.work_date < g.until
WHERE {where} GROUP BY {key}, t.currency
"""
_LABELLED = {
    "sqlite": "JOIN task k ON k.id = e.task_id CROSS JOIN json_each(k.labels) l",
    "postgresql": "JOIN task k ON k.id = e.task_id "
    "CROSS JOIN json_array_elements_text(k.labels) l (value)",
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
    yield Case("of a person", "admin", TeamChoice(period, Group.TASK, person), "e.member_id = 5")
    for name, filters in (
        ("of a client", Filters(clients=(ClientId(3),))),
        ("billable", Filters(billable=True)),
        ("not billable", Filters(billable=False)),
        ("with a label", Filters(label="urgent")),
    ):
        yield Case(name, "admin", TeamChoice(period, Group.PROJECT, filters))
    for group in (Group.PROJECT, Group.TASK):
        choice = TeamChoice(period, group)
        yield Case(f"a manager's, by {group.value}", "manager", choice, "e.project_id <= 10")
    own = TeamChoice(period, Group.PROJECT, for_team=False)
    yield Case("one's own", "somebody", own, f"e.member_id = {asking.somebody.id}")


def bare(engine: Engine, case: Case, *, priced: bool) -> Callable[[], object]:
    """The hours of the same key and period, perhaps with what they earned; and those before."""
    key, where = _KEYS.get(case.choice.group, "l.value"), f" AND {case.where}" if case.where else ""
    source = "time_entry e"
    if key == "l.value":
        source += f" {_LABELLED[engine.name]}"
    sums = f"SELECT {key}, SUM(e.seconds) AS s FROM {source} WHERE {_TEAMS} AND {_DAYS}{where} "  # noqa: S608
    sums += f"GROUP BY {key} ORDER BY s DESC LIMIT 20"
    if priced:
        sums = _PRICED.format(
            key=key,
            labelled=source.removeprefix("time_entry e"),
            where=f"{_TEAMS} AND {_DAYS}{where}",
        )
    whole = f"SELECT SUM(e.seconds) FROM time_entry e WHERE {_TEAMS} AND {_DAYS}{where}"  # noqa: S608
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
        print(
            f"Made {size.entries:,} entries in {time.perf_counter() - begun:,.0f} s, then ANALYZE"
        )
    return url


@dataclass(frozen=True, slots=True)
class Taken:
    """Medians, in milliseconds."""

    whole: float
    worked: float


def measure(place: Place, chosen: argparse.Namespace, report: Table) -> list[str]:
    """Adds a line for each report; those of a month that cost more than they may."""
    engine = open_engine(place.url)
    uow, slow = UnitOfWork(engine), []
    asking = world.asking(uow)
    for period, name in ((MONTH, "month"), (YEAR, "year")):
        if chosen.only not in {None, name}:
            continue
        for case in cases(period, asking):
            _show_money(uow, shown=case.is_money_seen)
            work = ours(uow, getattr(asking, case.who), case)
            floors = [bare(engine, case, priced=False)]
            if case.is_money_seen:
                floors.append(bare(engine, case, priced=True))
            mine, hours, *money = _taken(place, [work, *floors], chosen.rounds)
            ratios = [mine.worked / one.worked for one in (hours, *money)]
            report.add_row(
                *(engine.name, name, case.name),
                *(f"{one:,.0f}" for one in (mine.whole, mine.worked, hours.worked)),
                "" if not money else f"{money[0].worked:,.0f}",
                f"{ratios[0]:.2f}",
                "" if not money else f"{ratios[1]:.2f}",
                str(_questions(engine, work)),
            )
            over = mine.worked > LIMIT or ratios[-1] > MUST
            if period is MONTH and over and mine.worked > SMALL:
                slow.append(f"{engine.name}: {case.name}")
        report.add_section()
    engine.dispose()
    return slow


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
    for column in ("ms", "cpu ms", "bare hours", "bare money", "to hours", "to money", "questions"):
        report.add_column(column, justify="right")
    with databases(chosen) as places:
        slow = [one for place in places for one in measure(place, chosen, report)]
    Console(width=110).print(report)
    if slow:
        told = f"Over {MUST:g} times the bare sum or {LIMIT:.0f} ms of processor time: "
        raise SystemExit(told + "; ".join(slow))


if __name__ == "__main__":
    main()
