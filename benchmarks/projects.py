"""The Projects section of a team with 20,000 provider projects and 400 projects, in milliseconds.

    .venv/bin/python -m benchmarks.projects [--tidy] [--database URL | --postgresql]

Fills an empty database (a SQLite file of its own, unless told otherwise) with 120,000 tasks, a
million time entries and 40,000 sync runs, and calls the services as the handlers do: every list
with its filters and searches, the page of a project, what is ticked, the question before unlinking
all 400, the Overview and the run history. The median of some calls; no screen may take more than
300. Without ``--tidy`` the database has not yet learned what is in its tables.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Engine, text

from benchmarks.measuring import Watch, database, options
from benchmarks.rows import add, add_site, project_row, source_row, task_row
from bot.domain.ids import IntegrationId, ProjectId, SlackUserId, TeamId
from bot.domain.people.people import Member, SlackPerson
from bot.domain.projects.project_lists import ListQuery, Shown
from bot.services.linking.overview import Overviews
from bot.services.linking.unlinking import Unlinking
from bot.services.projects.archiving import ProjectArchiving
from bot.services.projects.listing import ProjectLists
from bot.services.projects.summary import ProjectSummaries
from bot.services.sync.run_history import RunHistories
from storage import members, teams
from storage.engine import open_engine
from storage.entries.time_entries import TimeEntryRow
from storage.linking import provider_projects
from storage.linking.project_links import ProjectLinkRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sync.sync_runs import SyncRunRow
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEAM = TeamId("T0BENCH")
SOURCES, PROJECTS, TASKS, PEOPLE, RUNS = 20_000, 400, 300, 200, 40_000
ENTRIES = 2_500
"""On each project: a million in all."""


def fill(uow: UnitOfWork) -> Member:
    """Two tools; 400 of their 20,000 projects are linked. The admin."""
    with uow.begin() as tx:
        teams.save_installed(tx, TEAM, name="Bench", bot_user_id="U0BOT", now=NOW)
        people = [
            SlackPerson(
                user_id=SlackUserId(f"U{number:04d}"),
                name=f"Person {number}",
                email=None,
                zone="UTC",
                is_admin=number == 0,
            )
            for number in range(PEOPLE)
        ]
        members.save_many(tx, TEAM, people, NOW)
        ana = members.by_slack_id(tx, TEAM, people[0].user_id)
        if ana is None:
            raise SystemExit("nobody is there")
        sites = [add_site(tx, TEAM, f"site{number}", ana.id, NOW) for number in range(2)]
        add(tx, provider_projects.ProviderProjectRow, map(_source, range(1, SOURCES + 1)))
        numbers = range(1, PROJECTS + 1)
        add(tx, ProjectRow, (project_row(TEAM, "Project", number, NOW) for number in numbers))
        add(tx, ProjectLinkRow, map(_link, range(1, PROJECTS + 1)))
        add(tx, ProjectMemberRow, _on_projects())
        add(tx, TaskRow, _tasks())
        add(tx, SyncRunRow, (_run(sites[n % 2], n) for n in range(RUNS)))
    for first in range(1, PROJECTS + 1, 40):
        with uow.begin() as tx:
            add(tx, TimeEntryRow, _entries(range(first, first + 40)))
    return ana


def tidy(engine: Engine) -> None:
    """What a database does by itself after a while: it learns what is in its tables."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if engine.name == "sqlite" else "VACUUM ANALYZE"))


def _source(number: int) -> dict[str, object]:
    ignored_at = NOW if number > PROJECTS and number % 20 == 1 else None
    return source_row(TEAM, IntegrationId(1 + number % 2), number, NOW) | {"ignored_at": ignored_at}


def _link(number: int) -> dict[str, object]:
    return {
        "team_id": TEAM,
        "provider_project_id": number,
        "project_id": number,
        "state": "active",
        "linked_at": NOW,
    }


def _on_projects() -> Iterator[dict[str, object]]:
    for project in range(1, PROJECTS + 1):
        for place in range(20):
            yield {
                "team_id": TEAM,
                "project_id": project,
                "member_id": 1 + (project * 7 + place) % PEOPLE,
                "is_manager": place == 0,
                "by_policy": True,
                "added_at": NOW,
            }


def _tasks() -> Iterator[dict[str, object]]:
    for project in range(1, PROJECTS + 1):
        for number in range(TASKS):
            key = f"P{project}-{number}"
            site, title = 1 + project % 2, f"Task {number}"
            row = task_row(TEAM, site, project, number, key=key, title=title)
            yield row | {"external_id": f"t{project}-{number}"}


def _entries(projects: Iterable[int]) -> Iterator[dict[str, object]]:
    for project in projects:
        for number in range(ENTRIES):
            begun = NOW - timedelta(days=1 + number % 400, hours=number % 7)
            yield {
                "team_id": TEAM,
                "member_id": 1 + (project * 7 + number % 20) % PEOPLE,
                "project_id": project,
                "task_id": (project - 1) * TASKS + 1 + number % TASKS,
                "started_at": begun,
                "ended_at": begun + timedelta(minutes=30),
                "seconds": 1800,
                "work_date": begun.date(),
                "note": "",
                "marker": f"{project:x}-{number:x}",
                "created_at": begun,
            }


def _run(site: IntegrationId, number: int) -> dict[str, object]:
    begun = NOW - number * timedelta(minutes=5)
    return {
        "team_id": TEAM,
        "integration_id": site,
        "is_full": False,
        "state": "done",
        "started_at": begun,
        "ended_at": begun + timedelta(seconds=4),
        **dict.fromkeys(("pages", "requests", "created", "changed", "unchanged", "gone"), 1),
        "cursor": {},
    }


def screens(uow: UnitOfWork, ana: Member) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every screen, and what its handler asks of the services."""
    lists, summaries = ProjectLists(uow), ProjectSummaries(uow)
    unlinking, archiving = Unlinking(uow, str), ProjectArchiving(uow, str)

    def page(query: ListQuery) -> Callable[[], object]:
        return lambda: lists.page(who=ana, query=query, now=NOW)

    for shown in Shown:
        yield f"Projects, {shown.value.replace('_', ' ')}", page(ListQuery(shown))
    yield "Projects, the last page", page(ListQuery(page=999))
    yield "Projects, searched", page(ListQuery(text="project 39"))
    yield "Projects, searched by tool", page(ListQuery(text="acme shop site1"))
    yield "Unlinked, the last page", page(ListQuery(Shown.UNLINKED, page=9999))
    yield "Unlinked, searched", page(ListQuery(Shown.UNLINKED, text="shop relaunch 19"))
    yield "Unlinked, of one tool", page(ListQuery(Shown.UNLINKED, IntegrationId(2)))
    chosen = lists.start_choosing(who=ana, query=ListQuery(), now=NOW).query
    yield "Tick all 400 projects", lambda: lists.tick_all(who=ana, query=chosen)
    waiting = replace(chosen, shown=Shown.UNLINKED)
    yield "Tick all that is unlinked", lambda: lists.tick_all(who=ana, query=waiting)
    yield "A page with its ticks", page(chosen)
    yield "What can be done with the ticked", lambda: lists.chosen(who=ana, query=chosen)
    ids = [ProjectId(number) for number in range(1, PROJECTS + 1)]

    def question() -> object:
        sources = unlinking.feeding(who=ana, project_ids=ids)
        return unlinking.preview(who=ana, provider_project_ids=sources, now=NOW)

    yield "Before unlinking all 400", question
    yield (
        "Before unlinking one",
        lambda: unlinking.preview(
            who=ana, provider_project_ids=unlinking.feeding(who=ana, project_ids=ids[:1]), now=NOW
        ),
    )
    yield "Before archiving all 400", lambda: archiving.preview(who=ana, project_ids=ids, now=NOW)
    yield "A project's page", lambda: summaries.summary(who=ana, project_id=ProjectId(7), now=NOW)
    yield "The Overview", lambda: Overviews(uow).everything(who=ana)
    for number in (0, 2_000):
        yield (
            f"Run history, page {number + 1:,}",
            partial(RunHistories(uow).page, who=ana, integration_id=IntegrationId(1), page=number),
        )


def main() -> None:
    """Prints a table, and ends with 1 where something takes longer than it may."""
    parser = options(__doc__)
    parser.add_argument(
        "--tidy", action="store_true", help="with the database's statistics up to date"
    )
    chosen = parser.parse_args()
    with database(chosen) as url:
        engine = open_engine(url)
        uow = UnitOfWork(engine)
        ana = fill(uow)
        if chosen.tidy:
            tidy(engine)
        watch = Watch(engine)
        for name, work in screens(uow, ana):
            watch.often(name, work, calls=7)
        engine.dispose()
    watch.report(f"{SOURCES:,} provider projects, {PROJECTS} projects")


if __name__ == "__main__":
    main()
