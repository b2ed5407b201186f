"""A team whose reports have much to add up: millions of entries of a thousand people in four years.

Everything follows from numbers, so that two databases hold the same. A person works on five
projects at a time, others each quarter; projects have clients, terms that change, rates of their
own or of people, tasks with labels, and tasks that nobody is billed for. The entries are made
inside the database, day by day as they would have come.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Column, Date, Engine, Integer, MetaData, Table, insert, text
from sqlmodel import SQLModel

from benchmarks.rows import add, add_site, project_row
from bot.domain.ids import IntegrationId, MemberId, SlackUserId, TeamId
from bot.domain.money.billing import ALWAYS, Method
from bot.domain.people.people import Member, SlackPerson
from storage import members, teams
from storage.engine import open_engine
from storage.entries.time_entries import TimeEntryRow
from storage.indexes import spell_out
from storage.linking import provider_projects
from storage.money.billing import ProjectTermsRow, RateRow
from storage.money.clients import ClientRow
from storage.money.unbilled_tasks import UnbilledTaskRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from storage.types import UtcDateTime
from storage.unit_of_work import Tx, UnitOfWork

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEAM = TeamId("T0BENCH")
DAYS, A_DAY = 1000, 5
"""Days of work, and entries of a person on each."""
TASKS = 200
"""Of each project."""
LABELS = ("bug", "design", "meeting", "support", "urgent", "research", "release", "docs")
_LENGTHS = 8
_DAYS_AT_ONCE = 50
_MANAGED = 10

_SCRATCH = MetaData()
_SLOTS = Table(
    "bench_slot",
    _SCRATCH,
    Column("day", Integer),
    Column("slot", Integer),
    Column("variant", Integer),
    Column("work_date", Date),
    Column("seconds", Integer),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)
_PEOPLE = Table("bench_person", _SCRATCH, Column("number", Integer))

_HASH = (
    "(((p.number * 7919 + {day} * 104729 + {slot} * 1299709 + 13) * 2654435761) / 65536) % 65536"
)
_ENTRIES = """
INSERT INTO time_entry (team_id, member_id, project_id, task_id, started_at, ended_at, seconds,
    work_date, note, marker, permalink, created_at)
SELECT :team, p.number + 1, q.project, CASE WHEN q.hash % 10 = 0 THEN NULL
      ELSE (q.project - 1) * :tasks + 1 + (q.hash / 16) % :tasks END,
    s.started_at, s.ended_at, s.seconds, s.work_date, 'Work on what was agreed',
    'b' || (s.day * 100000 + p.number * 10 + s.slot), '', s.ended_at
FROM (SELECT h.day, h.slot, h.number, h.hash,
        1 + (h.number * 7 + (h.day / 60) * 3 + (h.hash % 5) * 11) % :projects AS project
      FROM (SELECT d.day, d.slot, p.number, {hash} AS hash
            FROM (SELECT DISTINCT day, slot FROM bench_slot WHERE day >= :first AND day < :last) d
            CROSS JOIN bench_person p) h) q
JOIN bench_person p ON p.number = q.number
JOIN bench_slot s ON s.day = q.day AND s.slot = q.slot AND s.variant = (q.hash / 8) % :lengths
ORDER BY s.day, s.slot, p.number
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    people: int
    projects: int

    @property
    def entries(self) -> int:
        """All of them."""
        return self.people * DAYS * A_DAY


def size_of(entries: int) -> Size:
    """About so many entries."""
    people = max(5, entries // (DAYS * A_DAY))
    return Size(people, max(12, people * 3 // 10))


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for reports."""

    admin: Member
    manager: Member
    """Of ten projects."""
    lead: Member
    """Manages all projects."""
    somebody: Member


def build(url: str, size: Size) -> None:
    """Fills an empty database.

    PostgreSQL learns what is in its tables, as it does by itself after a while; SQLite never does.
    """
    engine = open_engine(url)
    with UnitOfWork(engine).begin() as tx:
        _people(tx, size)
        _work(tx, size)
        _money(tx, size)
    _entries(engine, size)
    if engine.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
    engine.dispose()


def asking(uow: UnitOfWork) -> Asking:
    """The admin, a manager, and somebody else.

    Raises:
        SystemExit: the database was not made by ``build``.
    """
    with uow.read() as tx:
        found = [members.by_slack_id(tx, TEAM, _user(number)) for number in range(4)]
    admin, manager, lead, somebody = found
    if admin is None or manager is None or lead is None or somebody is None:
        raise SystemExit("this database holds no team of this benchmark")
    return Asking(admin, manager, lead, somebody)


def _user(number: int) -> SlackUserId:
    return SlackUserId(f"U{number:05d}")


def _people(tx: Tx, size: Size) -> None:
    teams.save_installed(tx, TEAM, name="Bench", bot_user_id="U0BOT", now=NOW)
    people = [
        SlackPerson(
            user_id=_user(number),
            name=f"Person {number}",
            email=None,
            zone="Europe/Berlin",
            is_admin=number == 0,
        )
        for number in range(size.people)
    ]
    members.save_many(tx, TEAM, people, NOW)


def _work(tx: Tx, size: Size) -> None:
    site = add_site(tx, TEAM, "site", MemberId(1), NOW)
    numbers = range(1, size.projects + 1)
    add(tx, provider_projects.ProviderProjectRow, (_source(site, number) for number in numbers))
    add(tx, ClientRow, map(_client, range(1, _clients(size) + 1)))
    add(tx, ProjectRow, (project_row(TEAM, "Project", number, NOW) for number in numbers))
    add(tx, TaskRow, (_task(site, number, at) for number in numbers for at in range(TASKS)))
    managing = {"team_id": TEAM, "is_manager": True, "by_policy": False, "added_at": NOW}
    for member, managed in ((2, numbers[:_MANAGED]), (3, numbers)):
        who = {**managing, "member_id": member}
        add(tx, ProjectMemberRow, [{**who, "project_id": one} for one in managed])


def _money(tx: Tx, size: Size) -> None:
    by = {"team_id": TEAM, "set_by": 1, "set_at": NOW}
    numbers = range(1, size.projects + 1)
    add(tx, ProjectTermsRow, ({**one, **by} for at in numbers for one in _terms(at, size)))
    rates = (*(_project_rates(numbers, size)), *_person_rates(size))
    add(tx, RateRow, ({**one, **by} for one in rates))
    free = ({**by, "task_id": one} for one in range(7, size.projects * TASKS, 50))
    add(tx, UnbilledTaskRow, free)


def _clients(size: Size) -> int:
    return max(3, size.projects // 5)


def _currency(client: int) -> str:
    return ("EUR", "EUR", "EUR", "USD", "GBP")[client % 5]


def _source(site: IntegrationId, number: int) -> dict[str, object]:
    return {
        "team_id": TEAM,
        "integration_id": site,
        "external_id": f"p{number}",
        "name": f"Project {number}",
        "key": f"P{number}",
        "url": f"https://acme.test/p/{number}",
        "workspace_id": "",
        "workspace_name": "",
        "search_text": f"project {number}",
        "left_out": False,
        "is_archived": False,
        "is_personal": False,
        "everyone_has_access": True,
        "first_seen_at": NOW,
        "row_hash": "",
    }


def _client(number: int) -> dict[str, object]:
    name = f"Client {number}"
    return {
        "team_id": TEAM,
        "name": name,
        "name_folded": name.casefold(),
        "currency": _currency(number),
        "created_at": NOW,
    }


def _task(site: IntegrationId, project: int, number: int) -> dict[str, object]:
    key = f"P{project}-{number}"
    labels = [LABELS[(project + number) % len(LABELS)], LABELS[number % 3]]
    return {
        "team_id": TEAM,
        "integration_id": site,
        "provider_project_id": project,
        "external_id": f"t{project}-{number}",
        "key": key,
        "key_folded": key.casefold(),
        "key_is_ours": False,
        "number": number,
        "title": f"Task {number}",
        "terms": f"{key} task {number}".casefold(),
        "url": "",
        "is_done": False,
        "status": "",
        "section": "",
        "labels": sorted(set(labels))[: number % 4],
        "assignee_ids": [],
        "row_hash": "",
    }


def _terms(number: int, size: Size) -> Iterator[dict[str, object]]:
    """Every fourth has others from a new year on; every 20th another client from a mid-month on."""
    ways = [*[Method.PROJECT_RATE] * 4, *[Method.PERSON_RATE] * 3, Method.FIXED_FEE]
    ways += [Method.NON_BILLABLE] * 2
    client = number % (_clients(size) + 1)
    first = {
        "project_id": number,
        "from_day": ALWAYS,
        "client_id": client or None,
        "method": ways[number % len(ways)],
        "currency": _currency(client),
        "fee": 500_000 if ways[number % len(ways)] is Method.FIXED_FEE else None,
    }
    yield first
    if number % 4 == 0:
        method = ways[number // 4 % len(ways)]
        fee = 500_000 if method is Method.FIXED_FEE else None
        yield {**first, "from_day": date(2025, 1, 1), "method": method, "fee": fee}
    if number % 20 == 1:
        other = 1 + client % _clients(size)
        changed = {"client_id": other, "currency": _currency(other)}
        yield {**first, "from_day": date(2026, 10, 15), **changed}


def _project_rates(numbers: Iterable[int], size: Size) -> Iterator[dict[str, object]]:
    for number in numbers:
        for currency in sorted({str(one["currency"]) for one in _terms(number, size)}):
            rate = {"project_id": number, "member_id": None, "currency": currency}
            cents = 6000 + number % 17 * 250
            for year in (None, 2024, 2025, 2026):
                day = ALWAYS if year is None else date(year, 1, 1)
                yield {**rate, "from_day": day, "per_hour": cents}
                cents += 300
            if number % 10 == 1:
                yield {**rate, "from_day": date(2025, 6, 16), "per_hour": cents}
                yield {**rate, "from_day": date(2026, 10, 12), "per_hour": cents + 500}
            for person in range(number % 5, size.people, 97):
                yield {**rate, "member_id": person + 1, "from_day": ALWAYS, "per_hour": 12_345}


def _person_rates(size: Size) -> Iterator[dict[str, object]]:
    """In euros, every fourth in dollars as well: other time of people stays without a rate."""
    for person in range(1, size.people + 1):
        for currency in ("EUR", "USD") if person % 4 == 0 else ("EUR",):
            rate = {"project_id": None, "member_id": person, "currency": currency}
            cents = 5000 + person % 23 * 150
            for year in (None, 2024, 2025, 2026):
                day = ALWAYS if year is None else date(year, 1, 1)
                yield {**rate, "from_day": day, "per_hour": cents}
                cents += 200


def _days() -> list[date]:
    found: list[date] = []
    day = NOW.date()
    while len(found) < DAYS:
        if day.weekday() < 5:  # noqa: PLR2004 - Monday to Friday
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def _slots() -> Iterator[dict[str, object]]:
    for number, day in enumerate(_days()):
        for slot in range(A_DAY):
            begun = datetime.combine(day, time(7), UTC) + slot * timedelta(minutes=100)
            for variant in range(_LENGTHS):
                seconds = 1200 + 607 * variant
                yield {
                    "day": number,
                    "slot": slot,
                    "variant": variant,
                    "work_date": day,
                    "seconds": seconds,
                    "started_at": begun,
                    "ended_at": begun + timedelta(seconds=seconds),
                }


def _entries(engine: Engine, size: Size) -> None:
    """Made without indexes, which come at the end."""
    spell_out(SQLModel.metadata)
    indexes = sorted(table(TimeEntryRow).indexes, key=lambda one: str(one.name))
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
        _SCRATCH.create_all(connection)
        connection.execute(insert(_SLOTS), list(_slots()))
        people = [{"number": number} for number in range(size.people)]
        connection.execute(insert(_PEOPLE), people)
        connection.execute(text("CREATE INDEX bench_slot_day ON bench_slot (day, slot, variant)"))
    statement = text(_ENTRIES.format(hash=_HASH.format(day="d.day", slot="d.slot")))
    values = {"team": TEAM, "tasks": TASKS, "projects": size.projects, "lengths": _LENGTHS}
    for first in range(0, DAYS, _DAYS_AT_ONCE):
        days = {"first": first, "last": first + _DAYS_AT_ONCE}
        with engine.begin() as connection:
            connection.execute(statement, values | days)
    with engine.begin() as connection:
        _SCRATCH.drop_all(connection)
        for index in indexes:
            index.create(connection)
