"""What a command costs as more teams and more people come: as much as before, if all is well.

    make bench ARGS=growth

Three worlds on each kind of database: 10 teams of one, 10,000 of one, and 10 of 1,000. People of
the first team start, look, stop, open the App Home and search. That may take the same number of
statements, none of which reads a whole table, and not much more processor time.
"""

import argparse
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, insert, text

from benchmarks.figures import SMALL, WHOLE, Figure, Size, ratio, show
from benchmarks.postgresql import postgresql
from benchmarks.task_world import NOW
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.states import AccountLinkState, IntegrationState, ProjectLinkState, Proof
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tasks.task_terms import index_terms
from bot.services.members import Members
from bot.services.tracking.home import Homes
from bot.services.tracking.timer import Tracking
from bot.services.tracking.timesheet import Timesheet
from storage.engine import open_engine
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.migrations import upgrade
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import table
from storage.tasks import task_index
from storage.tasks.task_index import Indexed
from storage.tasks.tasks import TaskRow
from storage.teams import TeamRow
from storage.unit_of_work import UnitOfWork
from tests.statements import Statement, heard, plan

TASKS, ENTRIES = 3, 2
"""Tasks a team, and finished entries a person."""

FEW = 500
"""Rows that PostgreSQL may well read all."""

_SCAN = re.compile(r"^SCAN (\w+)")
_SEQ = re.compile(r"Seq Scan on (\w+)")


@dataclass(frozen=True, slots=True)
class Crowded:
    """One world, and how its people work in it."""

    engine: Engine
    teams: int
    people: int
    """In each team."""


def fill(engine: Engine, teams: int, people: int) -> Crowded:
    """Teams with a tool, a project and tasks each, and people who are on it."""
    with UnitOfWork(engine).begin() as tx:
        for model, rows in _rows(teams, people):
            for first in range(0, len(rows), 5000):
                tx.execute(insert(table(model)), rows[first : first + 5000])
        if task_index.has_own_table(tx):
            found = tx.execute(text("SELECT id, provider_project_id, terms FROM task"))
            task_index.replace(tx, {}, {row[0]: Indexed(*row[1:]) for row in found})
        if engine.dialect.name == "postgresql":
            for name in ("time_entry", "member"):
                # What was inserted named its ids itself.
                counted = f"pg_get_serial_sequence('{name}', 'id')"
                tx.execute(text(f"SELECT setval({counted}, max(id)) FROM {name}"))  # noqa: S608
        tx.execute(text("ANALYZE"))
    return Crowded(engine, teams, people)


def _rows(teams: int, people: int) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    every = range(1, teams + 1)
    owned = {number: {"team_id": f"T{number}"} for number in every}
    who = [(team, (team - 1) * people + one) for team in every for one in range(1, people + 1)]
    yield (
        TeamRow,
        [
            {
                "id": f"T{one}",
                "name": "",
                "bot_user_id": "U0BOT",
                "installed_at": NOW,
                "settings": {},
            }
            for one in every
        ],
    )
    now = datetime.now(UTC)
    person = {"name_words": " x ", "zone": "Europe/Berlin", "refreshed_at": now, "settings": {}}
    flags = dict.fromkeys(("slack_admin", "slack_owner", "named_admin", "is_guest"), False)
    yield (
        MemberRow,
        [
            owned[team]
            | person
            | flags
            | {"id": one, "slack_user_id": f"U{one}", "name": f"P{one}"}
            for team, one in who
        ],
    )
    site = {
        "provider": "redmine",
        "site_id": "s",
        "site_name": "x",
        "site_url": "https://x.test",
        "channel_id": "C0OPS",
        "link_policy": "announce",
        "members_policy": "provider_access",
        "personal_projects": False,
        "state": IntegrationState.ACTIVE,
        "connected_at": NOW,
    }
    first = [(team - 1) * people + 1 for team in every]
    yield (
        IntegrationRow,
        [owned[one] | site | {"id": one, "connected_by": first[one - 1]} for one in every],
    )
    source = {
        "external_id": "p",
        "name": "Web",
        "url": "https://x.test/p",
        "workspace_id": "",
        "workspace_name": "",
        "search_text": "web",
        "left_out": False,
        "is_archived": False,
        "is_personal": False,
        "everyone_has_access": True,
        "first_seen_at": NOW,
        "row_hash": "",
    }
    yield (
        ProviderProjectRow,
        [owned[one] | source | {"id": one, "integration_id": one} for one in every],
    )
    project = {
        "name": "Web",
        "name_folded": "web",
        "code": "WEB",
        "follows_name": True,
        "next_number": 9,
        "created_at": NOW,
    }
    yield ProjectRow, [owned[one] | project | {"id": one} for one in every]
    link = {"state": ProjectLinkState.ACTIVE, "linked_at": NOW}
    yield (
        ProjectLinkRow,
        [owned[one] | link | {"provider_project_id": one, "project_id": one} for one in every],
    )
    account = {"name": "P", "name_words": " p ", "email_is_verified": False, "is_active": True}
    yield (
        ProviderAccountRow,
        [
            owned[team]
            | account
            | {"id": one, "integration_id": team, "external_id": f"a{one}", "row_hash": ""}
            for team, one in who
        ],
    )
    connected = {
        "slot": 0,
        "state": AccountLinkState.CONNECTED,
        "proof": Proof.EMAIL,
        "chosen_by_admin": False,
        "request": 1,
        "asked_at": NOW,
        "decided_at": NOW,
    }
    yield (
        AccountLinkRow,
        [
            owned[team]
            | connected
            | {"member_id": one, "integration_id": team, "provider_account_id": one}
            for team, one in who
        ],
    )
    belongs = {"is_manager": False, "by_policy": True, "added_at": NOW}
    yield (
        ProjectMemberRow,
        [owned[team] | belongs | {"project_id": team, "member_id": one} for team, one in who],
    )
    yield TaskRow, [_task(one, number) for one in every for number in range(TASKS)]
    yield (
        TimeEntryRow,
        [_entry(team, one, number) for team, one in who for number in range(ENTRIES)],
    )


def _task(team: int, number: int) -> dict[str, Any]:
    key, title = f"WEB-{number}", f"Task number {number}"
    place: Any = team
    return {
        "id": (team - 1) * TASKS + number + 1,
        "team_id": f"T{team}",
        "integration_id": team,
        "provider_project_id": team,
        "external_id": f"t{number}",
        "key": key,
        "key_folded": key.casefold(),
        "key_is_ours": False,
        "number": number,
        "title": title,
        "terms": index_terms(
            key=key,
            title=title,
            provider_project_id=place,
            integration_id=place,
            assignee_ids=[],
        ),
        "url": f"https://x.test/{number}",
        "is_done": False,
        "status": "",
        "section": "",
        "labels": [],
        "assignee_ids": [],
        "row_hash": "",
    }


def _entry(team: int, member: int, number: int) -> dict[str, Any]:
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1 + number)
    return {
        "id": (member - 1) * ENTRIES + number + 1,
        "team_id": f"T{team}",
        "member_id": member,
        "project_id": team,
        "task_id": (team - 1) * TASKS + number + 1,
        "started_at": begun,
        "ended_at": begun + timedelta(hours=1),
        "seconds": 3600,
        "work_date": begun.date(),
        "note": "",
        "marker": f"{member}-{number}",
        "permalink": "",
        "created_at": NOW,
    }


def commands(world: Crowded) -> Callable[[int], None]:
    """What somebody does, one thing after another; the number says when, in seconds from now."""
    uow = UnitOfWork(world.engine)
    members, tracking = Members(uow, _marker), Tracking(uow, _marker, str)
    homes, sheet = Homes(uow), Timesheet(uow)

    def work(turn: int) -> None:
        one = 1 + turn % min(world.people, 50)
        now = datetime.now(UTC) + timedelta(seconds=10 * turn)
        known = members.find(TeamId("T1"), SlackUserId(f"U{one}"))
        if known is None:
            raise SystemExit("nobody is there")
        who = known[0]
        tracking.start(who=who, ref=KeyRef("WEB-1"), now=now, channel_id="C0GENERAL")
        tracking.status(who=who, now=now)
        homes.show(who=who, now=now)
        tracking.suggestions(who=who, text="task num", now=now)
        tracking.stop(who=who, now=now + timedelta(seconds=5))
        sheet.day(who=who, now=now)

    return work


def _marker() -> str:
    return secrets.token_hex(12)


def questions(world: Crowded, work: Callable[[int], None]) -> tuple[int, set[str]]:
    """How many statements one turn takes, and the tables that any of them reads as a whole."""
    with heard(world.engine) as said:
        work(0)
    return len(said), {name for one in said for name in _read_whole(world, one)}


def _read_whole(world: Crowded, statement: Statement) -> set[str]:
    if not statement.sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
        return set()
    with world.engine.connect() as connection:
        steps = plan(connection, statement)
    tables = _tables(world)
    if world.engine.dialect.name == "sqlite":
        found = (_SCAN.match(step) for step in steps if "VIRTUAL TABLE" not in step)
        return {one[1] for one in found if one} & set(tables)
    names = {name for step in steps for name in _SEQ.findall(step)}
    return {name for name in names if tables.get(name, 0) > FEW}


def _tables(world: Crowded) -> dict[str, int]:
    """Our tables, and about how many rows they have."""
    if world.engine.dialect.name == "sqlite":
        query = "SELECT name, 0 FROM sqlite_master WHERE type = 'table'"
    else:
        query = "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'"
    with world.engine.connect() as connection:
        return {row[0]: int(row[1]) for row in connection.execute(text(query))}


def _spent(work: Callable[[int], None], first: int, number: int) -> float:
    before = time.process_time()
    for turn in range(first, first + number):
        work(turn)
    return 1e6 * (time.process_time() - before) / number


def _figures(kind: str, worlds: dict[str, Crowded], size: Size) -> Iterator[Figure]:
    number = size.of(50, 15)
    works = {name: commands(world) for name, world in worlds.items()}
    asked = {name: questions(world, works[name]) for name, world in worlds.items()}
    spent: dict[str, list[float]] = {name: [] for name in worlds}
    for turn in range(size.rounds + 1):
        for name, work in works.items():
            spent[name].append(_spent(work, 1 + turn * number, number))
    least, *others = worlds
    for name in others:
        statements, whole = asked[name]
        if statements != asked[least][0] or whole:
            raise SystemExit(f"{name}, {kind}: {statements} statements, reads all of {whole}")
        mine, floor = spent[name][1:], spent[least][1:]
        yield Figure(
            f"{name}, {kind}",
            f"{min(mine):,.0f} µs",
            f"{min(floor):,.0f} µs",
            ratio(mine, floor),
            1.3,
            1.3,
            note=f"{statements} statements for six commands in both, none reads a whole table",
            score=max(theirs / own for own, theirs in zip(mine, floor, strict=True)),
        )


def measure(size: Size) -> list[Figure]:
    """The row."""
    many, large = size.of(10_000, 200), size.of(1000, 50)
    figures: list[Figure] = []
    shapes = {"10 teams of one": (10, 1), "many teams": (many, 1), "large teams": (10, large)}
    for kind in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="hourlink-bench-")))
            made = None if kind == "SQLite" else stack.enter_context(postgresql())
            worlds: dict[str, Crowded] = {}
            for place, (name, (teams, people)) in enumerate(shapes.items()):
                url = made(f"g{place}") if made else f"sqlite:///{folder / str(place)}.db"
                upgrade(url)
                engine = open_engine(url)
                stack.callback(engine.dispose)
                worlds[name] = fill(engine, teams, people)
            figures += _figures(kind, worlds, size)
    return figures


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true")
    show("Growth", measure(SMALL if parser.parse_args().small else WHOLE))


if __name__ == "__main__":
    main()
