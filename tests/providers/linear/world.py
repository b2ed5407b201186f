"""What is in a Linear stand-in: a workspace with teams, people and issues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.http_server import Seen
from tests.providers.graphql_description import described_by_schema
from tests.providers.stand_in import Row, StandIn

PATH = "/graphql"
WORKSPACE = {"id": "5d5f6a70-1111-4222-8333-944455566677", "name": "Acme", "urlKey": "acme"}
STATES = (
    ("Backlog", "backlog"),
    ("Todo", "unstarted"),
    ("In Progress", "started"),
    ("In Review", "started"),
    ("Done", "completed"),
    ("Released", "completed"),
    ("Canceled", "canceled"),
    ("Duplicate", "duplicate"),
)
"""Names and types, in the order that teams see them in."""


def identity(number: int, kind: str) -> str:
    """An id as Linear makes them."""
    return f"{number:08x}-0000-4000-8000-{kind * 12}"


def key_of(person_id: str) -> str:
    """Somebody's API key."""
    return f"lin_api_{person_id}"


@dataclass
class Person:
    """A user."""

    id: str
    name: str
    email: str
    is_active: bool = True
    is_guest: bool = False
    is_app: bool = False
    is_admin: bool = False


@dataclass
class Team:
    """A team."""

    id: str
    key: str
    name: str
    members: list[str] = field(default_factory=list)
    visibility: str = "public"
    retired: datetime | None = None
    counter: int = 0


class LinearWorld(StandIn):
    """A workspace that nobody can ask anything yet."""

    def __init__(self) -> None:
        super().__init__(described_by_schema("linear-schema.graphql", path=PATH))
        self.page_size = 250
        self.teams: dict[str, Team] = {}
        self.people: dict[str, Person] = {}
        self.me = ""
        self._made = 0

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens it."""
        return {"key": key_of(self.me)}

    @property
    def pinned(self) -> Mapping[str, object]:
        """Linear has one address for everybody."""
        return {"bot.providers.linear.site.API": self.url}

    @property
    def project_id(self) -> str:
        """The first team."""
        return next(iter(self.teams))

    def person(self, name: str, **more: Any) -> str:  # noqa: ANN401
        """One more user; the first one owns the key."""
        login = name.split(maxsplit=1)[0].lower()
        made = Person(identity(len(self.people), "a"), name, f"{login}@acme.test", **more)
        self.people[made.id] = made
        self.me = self.me or made.id
        return made.id

    def team(self, key: str, name: str, *members: str, **more: Any) -> str:  # noqa: ANN401
        """One more team."""
        made = Team(identity(len(self.teams), "b"), key, name, list(members), **more)
        self.teams[made.id] = made
        return made.id

    def add_project(self, name: str) -> str:
        """One more team."""
        return self.team(f"T{len(self.teams)}", name, self.me)

    def add_task(self, title: str, project_id: str | None = None) -> str:
        """One more issue."""
        team = self.teams[project_id or self.project_id]
        team.counter += 1
        self._made += 1
        row = Row(identity(self._made, "d"), team.id, title, self.clock(), team.counter)
        row.more = {"state": "Todo", "archived": None, "trashed": None, "labels": []}
        self.tasks[row.id] = row
        return row.id

    def change(self, task_id: str, **more: Any) -> None:  # noqa: ANN401
        """Somebody edits an issue."""
        row = self.tasks[task_id]
        row.more |= more
        row.updated = self.clock()

    def move(self, task_id: str, team_id: str) -> None:
        """Somebody moves an issue: the same id, another identifier."""
        row, team = self.tasks[task_id], self.teams[team_id]
        team.counter += 1
        row.project, row.number, row.updated = team_id, team.counter, self.clock()

    def is_done(self, row: Row) -> bool:
        """Whether an issue is closed."""
        kind = dict(STATES)[row.more["state"]]
        return kind in {"completed", "canceled", "duplicate"} or bool(row.more["archived"])

    def lists_tasks(self, seen: Seen) -> bool:
        """A page of a team's issues."""
        return isinstance(seen.body, dict) and "query Issues" in seen.body.get("query", "")

    def sees(self, team: Team, person_id: str) -> bool:
        """Whether somebody sees a team's issues."""
        is_guest = self.people[person_id].is_guest
        return person_id in team.members or (team.visibility == "public" and not is_guest)
