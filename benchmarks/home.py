"""A busy member's own time among 200,000 time entries and 20,000 tasks, in milliseconds.

    .venv/bin/python -m benchmarks.home [--entries 200000] [--tasks 20000] [--database URL]

Fills an empty database (a SQLite file of its own, unless an address is given) with two years of a
team of fifty, and calls the services as the handlers do: the App Home, a day, a week, and a year as
a report. The median of some calls, and how many questions the database is asked.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event, insert

from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId, TaskId
from bot.domain.people import Member
from bot.domain.periods import Around, Unit
from bot.domain.reports import Group, ReportWish
from bot.domain.task_terms import index_terms
from bot.domain.timesheet import Day
from bot.services.account_links import AccountLinks
from bot.services.home import Homes
from bot.services.reports import Reports
from bot.services.timesheet import Timesheet
from bot.views.home import Page, home
from bot.views.report import show_report
from storage import task_index
from storage.migrations import upgrade
from storage.sql import table
from storage.tasks import TaskRow
from storage.time_entries import TimeEntryRow
from storage.unit_of_work import Tx
from tests.builders import NOON, World

CALLS = 15
PEOPLE = 50
PROJECTS = 100
DAYS = 500
BATCH = 5000
HOUR = timedelta(hours=1)


def fill(world: World, entries: int, tasks: int) -> Member:
    """The team, its projects and tasks, and what everybody tracked; one of them."""
    admin = world.member("admin", admin=True)
    board = world.integration(admin)
    people = [world.member(f"m{number}") for number in range(PEOPLE)]
    ana = people[0]
    account = world.account(board, "Ana")
    world.connected(ana, board, account)
    places: list[tuple[ProviderProjectId, ProjectId]] = []
    for number in range(PROJECTS):
        source = world.provider_project(board, f"Project {number}", key=f"P{number}")
        letters = chr(65 + number // 26) + chr(65 + number % 26)
        project = world.project(f"Project {number}", f"P{letters}")
        world.link(source, project)
        world.joins(ana, project)
        places.append((source, project))
    with world.uow.begin() as tx:
        made = _tasks(tx, world, board, places, tasks)
        on = [(places[at % PROJECTS][1], task) for at, task in enumerate(made)]
        _entries(tx, world, people, on, entries)
    world.timer(ana, places[0][1], made[0], NOON - HOUR)
    return ana


def _tasks(
    tx: Tx,
    world: World,
    board: IntegrationId,
    places: Sequence[tuple[ProviderProjectId, ProjectId]],
    count: int,
) -> list[TaskId]:
    made: list[TaskId] = []
    for first in range(0, count, BATCH):
        rows = []
        for number in range(first, min(first + BATCH, count)):
            source = places[number % PROJECTS][0]
            key, title = f"P{number % PROJECTS}-{number}", f"Task number {number} of many"
            assignees = ["a1"] if number % 50 == 0 else []
            rows.append(
                {
                    "team_id": world.team_id,
                    "integration_id": board,
                    "provider_project_id": source,
                    "external_id": f"t{number}",
                    "key": key,
                    "key_folded": key.casefold(),
                    "key_is_ours": False,
                    "number": number,
                    "title": title,
                    "terms": index_terms(
                        key=key,
                        title=title,
                        provider_project_id=source,
                        integration_id=board,
                        assignee_ids=assignees,
                    ),
                    "url": f"https://acme.test/t/{key}",
                    "is_done": number % 3 == 0,
                    "status": "",
                    "section": "",
                    "labels": ["css"] if number % 4 == 0 else [],
                    "assignee_ids": assignees,
                    "row_hash": "",
                }
            )
        ids = tx.execute(
            insert(table(TaskRow)).returning(table(TaskRow).c.id, sort_by_parameter_order=True),
            rows,
        ).scalars()
        fresh = [TaskId(one) for one in ids]
        terms = {one: str(row["terms"]) for one, row in zip(fresh, rows, strict=True)}
        if task_index.has_own_table(tx):
            task_index.replace(tx, {}, terms)
        made += fresh
    return made


def _entries(
    tx: Tx,
    world: World,
    people: Sequence[Member],
    on: Sequence[tuple[ProjectId, TaskId]],
    count: int,
) -> None:
    each = max(1, count // PEOPLE // DAYS)
    for first in range(0, count, BATCH):
        rows = []
        for number in range(first, min(first + BATCH, count)):
            who, turn = people[number % PEOPLE], number // PEOPLE
            start = NOON - timedelta(days=turn // each) - HOUR * (1 + turn % each)
            task = (number * 7919) % len(on)
            rows.append(
                {
                    "team_id": world.team_id,
                    "member_id": who.id,
                    "project_id": on[task][0],
                    "task_id": on[task][1],
                    "started_at": start,
                    "ended_at": start + HOUR / 2,
                    "seconds": 1800,
                    "work_date": start.date(),
                    "note": "",
                    "marker": f"bench{number}",
                    "permalink": "",
                    "created_at": NOON,
                }
            )
        tx.execute(insert(table(TimeEntryRow)), rows)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(*arguments: object) -> None:
        sent.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def median(work: Callable[[], object]) -> float:
    """Milliseconds of a call, the median; the first one only warms up."""
    work()
    taken = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


@contextmanager
def database(url: str | None) -> Iterator[str]:
    """The address given, or a file that is gone at the end; with every table."""
    with tempfile.TemporaryDirectory(prefix="hourlink-bench-") as folder:
        chosen = url or f"sqlite:///{Path(folder) / 'bench.db'}"
        upgrade(chosen)
        yield chosen


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--database", help="an empty database's address")
    chosen = parser.parse_args()
    with database(chosen.database) as url:
        world = World(url)
        ana = fill(world, chosen.entries, chosen.tasks)
        homes, sheet = Homes(world.uow), Timesheet(world.uow)
        reports = Reports(world.uow)
        accounts = AccountLinks(world.uow, str)

        def shown() -> object:
            mine = homes.show(who=ana, now=NOON)
            return home(Page(mine, accounts.mine(ana), ()), {})

        def day() -> Day:
            return sheet.day(who=ana, now=NOON)

        def year(group: Group) -> Callable[[], object]:
            wish = ReportWish(Around(Unit.YEAR, 0), group)
            return lambda: show_report(reports.wished(who=ana, now=NOON, wish=wish))

        name = world.engine.dialect.name
        title = f"{chosen.entries:,} entries, {chosen.tasks:,} tasks, {name}"
        printed = Table("", title=title)
        printed.add_column("ms", justify="right")
        printed.add_column("questions", justify="right")
        works: list[tuple[str, Callable[[], object]]] = [
            ("App Home", shown),
            ("/track today", day),
            ("/track week", lambda: sheet.week(who=ana, now=NOON)),
            *((f"/track report this year by {group}", year(group)) for group in Group),
        ]
        for label, work in works:
            with counted(world.engine) as sent:
                work()
            asked = sum(not one.startswith("BEGIN") for one in sent)
            printed.add_row(label, f"{median(work):.1f}", str(asked))
        world.close()
    Console().print(printed)


if __name__ == "__main__":
    main()
