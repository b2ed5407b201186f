"""A busy member's own time among 200,000 time entries and 20,000 tasks, in milliseconds.

    .venv/bin/python -m benchmarks.home [--entries 200000] [--tasks 20000]
        [--database URL | --postgresql]

Fills an empty database (a SQLite file of its own, unless told otherwise) with two years of a
team of fifty, and calls the services as the handlers do: the App Home, a day, a week, and a year as
a report. The median of some calls, and how many questions the database is asked.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from benchmarks.measuring import Watch, database, options
from benchmarks.rows import task_row
from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId, TaskId
from bot.domain.people.people import Member
from bot.domain.periods import Around, Unit
from bot.domain.reports.reports import Group, ReportWish
from bot.services.reports.own import Reports
from bot.services.tracking.home import Homes
from bot.services.tracking.timesheet import Timesheet
from bot.views.reports.own import show_report
from bot.views.tracking.home import Page, home
from storage.entries.time_entries import TimeEntryRow
from storage.sql import table
from storage.tasks import task_index
from storage.tasks.task_index import Indexed
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx
from tests.builders import NOON, World

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
        rows: list[dict[str, Any]] = []
        for number in range(first, min(first + BATCH, count)):
            source = places[number % PROJECTS][0]
            key, title = f"P{number % PROJECTS}-{number}", f"Task number {number} of many"
            assignees = ["a1"] if number % 50 == 0 else []
            row = task_row(
                world.team_id, board, source, number, key=key, title=title, assignees=assignees
            )
            labels = ["css"] if number % 4 == 0 else []
            rows.append(row | {"is_done": number % 3 == 0, "labels": labels})
        ids = tx.execute(
            insert(table(TaskRow)).returning(table(TaskRow).c.id, sort_by_parameter_order=True),
            rows,
        ).scalars()
        fresh = [TaskId(one) for one in ids]
        held = [Indexed(row["provider_project_id"], row["terms"]) for row in rows]
        if task_index.has_own_table(tx):
            task_index.replace(tx, {}, dict(zip(fresh, held, strict=True)))
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
        rows: list[dict[str, Any]] = []
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


def main() -> None:
    """Prints a table, and ends with 1 where something takes longer than it may."""
    parser = options(__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--tasks", type=int, default=20_000)
    chosen = parser.parse_args()
    with database(chosen) as url:
        world = World(url)
        ana = fill(world, chosen.entries, chosen.tasks)
        homes, sheet = Homes(world.uow), Timesheet(world.uow)
        reports = Reports(world.uow)
        watch = Watch(world.engine)

        def shown() -> object:
            return home(Page(homes.show(who=ana, now=NOON)), {})

        def year(group: Group) -> Callable[[], object]:
            wish = ReportWish(Around(Unit.YEAR, 0), group)
            return lambda: show_report(reports.wished(who=ana, now=NOON, wish=wish))

        watch.often("App Home", shown)
        watch.often("/track today", lambda: sheet.day(who=ana, now=NOON))
        watch.often("/track week", lambda: sheet.week(who=ana, now=NOON))
        for group in Group:
            watch.often(f"/track report this year by {group}", year(group))
        world.close()
    watch.report(f"{chosen.entries:,} entries, {chosen.tasks:,} tasks")


if __name__ == "__main__":
    main()
