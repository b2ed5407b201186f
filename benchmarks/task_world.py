"""A team with very many tasks, written as the sync writes them."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from sqlalchemy import insert, text

from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProjectId,
    ProviderAccountId,
    ProviderProjectId,
    SlackUserId,
    TaskId,
    TeamId,
)
from bot.domain.people.people import Member, SlackPerson
from bot.domain.states import AccountLinkState, IntegrationState, ProjectLinkState, Proof
from bot.integrations.api import ProviderAccount, ProviderProject, ProviderTask
from bot.services.sync import mirror_rows
from bot.services.sync.mirror_rows import TaskKey
from storage import members, teams
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import create, table
from storage.sync import task_sync
from storage.tasks.task_index import KnownWords
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx, UnitOfWork
from storage.upserts import Upsert

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEAM = TeamId("T0BENCH")
PAGE = 500
PROJECTS = 200
OWN_PROJECTS = 40
PEOPLE = 200
RECENT = 300
_PLAIN = """
    fix header footer login page menu button crash update design review test deploy api user
    account invoice payment search export import report chart email password reset signup
    checkout basket cart order shipping tax refund mobile android browser server database
    migration backup restore cache queue worker timeout error warning log metric alert dashboard
    settings profile avatar upload image video audio text font color theme layout grid table list
""".split()  # noqa: SIM905 - easier to read than a list of so many
_SYLLABLES = [
    head + tail
    for head in (*"bcdfghklmnprstv", "st", "tr", "pl", "gr")
    for tail in (*"aeiou", "ai", "ea")
]


@dataclass(frozen=True, slots=True)
class Made:
    """One task as the provider tells it, and where."""

    source: int
    number: int
    task: ProviderTask


@dataclass(slots=True)
class World:
    """What was made."""

    uow: UnitOfWork
    member: Member
    admin: Member
    integration: IntegrationId
    sources: list[ProviderProjectId]
    tasks: list[Made]


def words(pick: random.Random, count: int = 12_000) -> list[str]:
    """A vocabulary in which some words are far more usual than others."""
    found = dict.fromkeys(_PLAIN)
    while len(found) < count:
        found["".join(pick.choices(_SYLLABLES, k=pick.randint(2, 4)))] = None
    return list(found)


def tasks(count: int) -> list[Made]:
    """Titles of three to eight words; large and small projects; most tasks assigned to somebody."""
    pick = random.Random(1)  # noqa: S311 - repeatable, not secret
    vocabulary = words(pick)
    usual = list(accumulate(1 / (place + 5) for place in range(len(vocabulary))))
    large = list(accumulate(1 / (place + 1) ** 0.7 for place in range(PROJECTS)))
    numbers = [0] * PROJECTS
    made: list[Made] = []
    for one in range(count):
        source = pick.choices(range(PROJECTS), cum_weights=large)[0]
        numbers[source] += 1
        title = " ".join(pick.choices(vocabulary, cum_weights=usual, k=pick.randint(3, 8)))
        assignees = (f"a{pick.randrange(PEOPLE)}",) if pick.random() < 0.8 else ()  # noqa: PLR2004
        is_done = pick.random() < 0.6  # noqa: PLR2004
        task = ProviderTask(
            f"t{one}",
            f"p{source}",
            title.capitalize(),
            f"https://x.test/{one}",
            is_done=is_done,
            assignee_ids=assignees,
            status="Closed" if is_done else "Open",
        )
        made.append(Made(source, numbers[source], task))
    return made


def build(uow: UnitOfWork, made: list[Made]) -> World:
    """People, places and links, but no task yet."""
    with uow.begin() as tx:
        teams.save_installed(tx, TEAM, name="Bench", bot_user_id="U0BOT", now=NOW)
        admin, member = _person(tx, "Ana", is_admin=True), _person(tx, "Bo", is_admin=False)
        site = _site(tx, admin)
        for number in range(PEOPLE):
            _account(tx, site, number)
        for account, person in enumerate((admin, member), start=1):
            _connected(tx, site, person, ProviderAccountId(account))
        sources = [_place(tx, site, number) for number in range(PROJECTS)]
        pick = random.Random(2)  # noqa: S311 - repeatable, not secret
        own = pick.sample(range(1, PROJECTS + 1), OWN_PROJECTS)
        tx.execute(
            insert(table(ProjectMemberRow)),
            [_belonging(member, ProjectId(project)) for project in own],
        )
    return World(uow, member, admin, site, sources, made)


def pages(world: World, *, changed: str = "", every: int = 1) -> Iterator[list[dict[str, object]]]:
    """Rows as a sync writes them, a page at a time; ``changed`` is added to the titles."""
    some = world.tasks[::every]
    for start in range(0, len(some), PAGE):
        yield [_row(world, one, changed) for one in some[start : start + PAGE]]


def load(
    world: World, written: Iterator[list[dict[str, object]]], *, indexed: bool = True
) -> float:
    """Writes pages through the storage function of the sync, or bare; seconds of work."""
    words, upsert, taken = KnownWords(), Upsert(table(TaskRow)), 0.0
    for page in written:
        begun = time.perf_counter()
        with world.uow.begin() as tx:
            if indexed:
                names = [str(row["external_id"]) for row in page]
                known = task_sync.stored(tx, TEAM, world.integration, names)
                task_sync.write(tx, TEAM, world.integration, page, words, known=known)
            else:
                upsert(tx, page)
        taken += time.perf_counter() - begun
    return taken


def track(world: World) -> None:
    """What both people worked on lately."""
    pick = random.Random(3)  # noqa: S311 - repeatable, not secret
    rows = []
    for person in (world.member, world.admin):
        for number, task in enumerate(
            pick.sample(range(1, len(world.tasks)), min(RECENT, len(world.tasks) // 2))
        ):
            begun = NOW - timedelta(hours=2 * number + 2)
            rows.append(_entry(person.id, TaskId(task), begun, f"{person.id}-{number}"))
    with world.uow.begin() as tx:
        tx.execute(insert(table(TimeEntryRow)), rows)
        tx.execute(text("ANALYZE"))


def _row(world: World, one: Made, changed: str) -> dict[str, object]:
    task = one.task
    if changed:
        task = ProviderTask(
            task.external_id,
            task.project_id,
            f"{task.title} {changed}",
            task.url,
            is_done=task.is_done,
            assignee_ids=task.assignee_ids,
            status=task.status,
        )
    place = world.sources[one.source]
    key = TaskKey(f"{_code(one.source)}-{one.number}", one.number, is_ours=True)
    row_hash = mirror_rows.task_hash(task, place)
    row = mirror_rows.task_row(task, (TEAM, world.integration, place), row_hash, key)
    return row | {"gone_at": None, "seen_in_run": None}


def _code(source: int) -> str:
    return f"P{chr(65 + source // 26)}{chr(65 + source % 26)}"


def _person(tx: Tx, name: str, *, is_admin: bool) -> Member:
    person = SlackPerson(SlackUserId(f"U0{name.upper()}"), name, None, "UTC", is_admin=is_admin)
    members.save(tx, TEAM, person, NOW)
    found = members.by_slack_id(tx, TEAM, person.user_id)
    if found is None:
        raise SystemExit("nobody is there")
    return found


def _site(tx: Tx, admin: Member) -> IntegrationId:
    made = create(
        tx,
        IntegrationRow,
        team_id=TEAM,
        provider="redmine",
        site_id="s",
        site_name="x.test",
        site_url="https://x.test",
        channel_id="C0OPS",
        link_policy="announce",
        members_policy="provider_access",
        personal_projects=False,
        state=IntegrationState.ACTIVE,
        connected_by=admin.id,
        connected_at=NOW,
    )
    return IntegrationId(made)


def _account(tx: Tx, site: IntegrationId, number: int) -> None:
    told = mirror_rows.account_row(ProviderAccount(f"a{number}", f"Person {number}"))
    create(tx, ProviderAccountRow, **mirror_rows.owned(told, TEAM, site, f"a{number}"))


def _connected(tx: Tx, site: IntegrationId, person: Member, account: ProviderAccountId) -> None:
    create(
        tx,
        AccountLinkRow,
        team_id=TEAM,
        member_id=person.id,
        integration_id=site,
        slot=0,
        provider_account_id=account,
        state=AccountLinkState.CONNECTED,
        proof=Proof.EMAIL,
        chosen_by_admin=False,
        request=1,
        asked_at=NOW,
        decided_at=NOW,
    )


def _place(tx: Tx, site: IntegrationId, number: int) -> ProviderProjectId:
    name = f"Project {number}"
    told = mirror_rows.project_row(ProviderProject(f"p{number}", name, f"https://x.test/{number}"))
    seen = {"everyone_has_access": True, "first_seen_at": NOW, "search_text": name.casefold()}
    source = create(
        tx, ProviderProjectRow, **mirror_rows.owned(told | seen, TEAM, site, f"p{number}")
    )
    project = create(
        tx,
        ProjectRow,
        team_id=TEAM,
        name=name,
        name_folded=name.casefold(),
        code=_code(number),
        follows_name=True,
        next_number=1,
        created_at=NOW,
    )
    create(
        tx,
        ProjectLinkRow,
        team_id=TEAM,
        provider_project_id=source,
        project_id=project,
        state=ProjectLinkState.ACTIVE,
        linked_at=NOW,
    )
    return ProviderProjectId(source)


def _belonging(member: Member, project: ProjectId) -> dict[str, object]:
    return {
        "team_id": TEAM,
        "project_id": project,
        "member_id": member.id,
        "is_manager": False,
        "by_policy": False,
        "added_at": NOW,
    }


def _entry(member_id: MemberId, task_id: TaskId, begun: datetime, marker: str) -> dict[str, object]:
    return {
        "team_id": TEAM,
        "member_id": member_id,
        "project_id": 1,
        "task_id": task_id,
        "started_at": begun,
        "ended_at": begun + timedelta(hours=1),
        "seconds": 3600,
        "work_date": begun.date(),
        "note": "",
        "marker": marker,
        "created_at": NOW,
    }


def titles(world: World, people_see: Sequence[ProviderProjectId]) -> list[str]:
    """Of the tasks in these places."""
    seen = set(people_see)
    return [one.task.title for one in world.tasks if world.sources[one.source] in seen]
