"""The worlds of ``growth``: teams and people who are all alike, each team with one tool."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Engine, insert, text

from benchmarks.rows import task_row
from benchmarks.task_world import NOW
from bot.domain.states import AccountLinkState, IntegrationState, ProjectLinkState, Proof
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import table
from storage.tasks import task_index
from storage.tasks.task_index import Indexed
from storage.tasks.tasks import TaskRow
from storage.teams import TeamRow
from storage.unit_of_work import UnitOfWork

TASKS, ENTRIES = 3, 2
"""Tasks a team, and finished entries a person."""


@dataclass(frozen=True, slots=True)
class Crowded:
    """One world, and how its people work in it."""

    engine: Engine
    people: int
    """In each team."""


def fill(engine: Engine, teams: int, people: int) -> Crowded:
    """Teams with a tool, a project and tasks each, and people who are on it."""
    with UnitOfWork(engine).begin() as tx:
        for model, rows in _rows(_Crowd(range(1, teams + 1), people)):
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
    return Crowded(engine, people)


Rows: TypeAlias = tuple[Any, list[dict[str, Any]]]
"""A table, and what goes into it."""


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Teams and people by number: whatever a team has one of has the team's own."""

    teams: range
    people: int
    """In each team."""

    @property
    def everybody(self) -> list[tuple[int, int]]:
        """The team and the number of each person."""
        return [
            (team, (team - 1) * self.people + one)
            for team in self.teams
            for one in range(1, self.people + 1)
        ]

    def of_teams(
        self, row: dict[str, Any], **numbered: Callable[[int], Any]
    ) -> list[dict[str, Any]]:
        """A row for each team."""
        return [
            row | {"id": team, "team_id": f"T{team}"} | {k: of(team) for k, of in numbered.items()}
            for team in self.teams
        ]


def _rows(crowd: _Crowd) -> Iterator[Rows]:
    yield from _teams(crowd)
    yield from _tools(crowd)
    yield from _accounts(crowd)
    yield TaskRow, [_task(team, number) for team in crowd.teams for number in range(TASKS)]
    yield (
        TimeEntryRow,
        [_entry(team, one, number) for team, one in crowd.everybody for number in range(ENTRIES)],
    )


def _teams(crowd: _Crowd) -> Iterator[Rows]:
    team = {"name": "", "bot_user_id": "U0BOT", "installed_at": NOW, "settings": {}}
    yield TeamRow, [team | {"id": f"T{number}"} for number in crowd.teams]
    now = datetime.now(UTC)
    person = {"name_words": " x ", "zone": "Europe/Berlin", "refreshed_at": now, "settings": {}}
    flags = dict.fromkeys(("slack_admin", "slack_owner", "named_admin", "is_guest"), False)
    yield (
        MemberRow,
        [
            person
            | flags
            | {"id": one, "team_id": f"T{number}", "slack_user_id": f"U{one}", "name": f"P{one}"}
            for number, one in crowd.everybody
        ],
    )


def _tools(crowd: _Crowd) -> Iterator[Rows]:
    """A tool for each team, with one provider project that feeds one project."""
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
    first_person = {"connected_by": lambda team: (team - 1) * crowd.people + 1}
    yield IntegrationRow, crowd.of_teams(site, **first_person)
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
    yield ProviderProjectRow, crowd.of_teams(source, integration_id=int)
    project = {
        "name": "Web",
        "name_folded": "web",
        "code": "WEB",
        "follows_name": True,
        "next_number": 9,
        "created_at": NOW,
    }
    yield ProjectRow, crowd.of_teams(project)
    link = {"state": ProjectLinkState.ACTIVE, "linked_at": NOW}
    yield ProjectLinkRow, crowd.of_teams(link, provider_project_id=int, project_id=int)


def _accounts(crowd: _Crowd) -> Iterator[Rows]:
    """A connected account for each person, who is on their team's project."""
    account = {"name": "P", "name_words": " p ", "email_is_verified": False, "is_active": True}
    connected = {
        "slot": 0,
        "state": AccountLinkState.CONNECTED,
        "proof": Proof.EMAIL,
        "chosen_by_admin": False,
        "request": 1,
        "asked_at": NOW,
        "decided_at": NOW,
    }
    belongs = {"is_manager": False, "by_policy": True, "added_at": NOW}
    accounts, links, members = [], [], []
    for team, one in crowd.everybody:
        there = {"team_id": f"T{team}", "integration_id": team}
        accounts.append(account | there | {"id": one, "external_id": f"a{one}", "row_hash": ""})
        links.append(connected | there | {"member_id": one, "provider_account_id": one})
        members.append(belongs | {"team_id": f"T{team}", "project_id": team, "member_id": one})
    yield ProviderAccountRow, accounts
    yield AccountLinkRow, links
    yield ProjectMemberRow, members


def _task(team: int, number: int) -> dict[str, Any]:
    key, title = f"WEB-{number}", f"Task number {number}"
    row = task_row(f"T{team}", team, team, number, key=key, title=title)
    return row | {"id": (team - 1) * TASKS + number + 1}


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
