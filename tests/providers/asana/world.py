"""What is in an Asana organization, and how it is told."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.providers.asana.words import named, refusal, stamp
from tests.providers.description import Description
from tests.providers.stand_in import NOON, Row, StandIn

TOKEN = "2/right"
"""What everybody's token begins with."""

WORKSPACE = "5500"


def token_of(person_id: str) -> str:
    """Somebody's own token."""
    return f"{TOKEN}-{person_id}"


@dataclass
class Project:
    """A project as Asana keeps it."""

    id: str
    name: str
    is_archived: bool = False
    privacy: str = "private"
    members: tuple[str, ...] = ()
    """People and teams."""
    team: str | None = None
    prefix: str | None = None
    """What its tasks' keys begin with, where it has such a field."""


@dataclass
class Person:
    """A person, and how they stand in the workspace."""

    id: str
    name: str
    email: str | None
    is_active: bool = True
    is_guest: bool = False


@dataclass
class Team:
    """People who share projects."""

    id: str
    members: list[str] = field(default_factory=list)


class AsanaWorld(StandIn, ABC):
    """People, teams, projects and tasks."""

    def __init__(self, description: Description | None) -> None:
        super().__init__(description)
        self.projects: dict[str, Project] = {}
        self.people: dict[str, Person] = {}
        self.teams: dict[str, Team] = {}
        self.workspaces = {WORKSPACE: "Acme"}
        self.asking = ""
        """Who makes the present request."""
        self._count = 120_000

    # Filling

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens it."""
        return {"workspace": "Acme", "token": token_of(next(iter(self.people)))}

    @property
    def project_id(self) -> str:
        """The first project."""
        return next(iter(self.projects))

    def new_id(self) -> str:
        """A number that nothing else has."""
        self._count += 1
        return str(self._count)

    def project(self, name: str, **more: Any) -> str:  # noqa: ANN401
        """Makes a project."""
        made = Project(self.new_id(), name, **more)
        self.projects[made.id] = made
        return made.id

    def person(self, name: str, email: str | None, **more: Any) -> str:  # noqa: ANN401
        """Makes somebody; the first one owns the integration's token."""
        made = Person(self.new_id(), name, email, **more)
        self.people[made.id] = made
        return made.id

    def team(self, *members: str) -> str:
        """Makes a team."""
        made = Team(self.new_id(), list(members))
        self.teams[made.id] = made
        return made.id

    def add_project(self, name: str) -> str:
        """One more project, which its members alone may see."""
        return self.project(name, members=tuple(self.people)[:2])

    def add_task(self, title: str, project_id: str | None = None, **more: Any) -> str:  # noqa: ANN401
        """One more task at the end of a project."""
        row = Row(self.new_id(), project_id or self.project_id, title, self.clock())
        row.more = {"places": [(row.project, "Doing")], "parent": None, "place": len(self.tasks)}
        row.more |= more
        self.tasks[row.id] = row
        return row.id

    def add_subtask(self, title: str, parent: str) -> str:
        """A task that is in no project but through another one; its parent counts as edited."""
        made = self.add_task(title, "", places=[], parent=parent)
        self.tasks[parent].updated = self.clock()
        return made

    def change(self, task_id: str, **more: Any) -> None:  # noqa: ANN401
        """Somebody edits a task."""
        row = self.tasks[task_id]
        row.is_done = bool(more.pop("is_done", row.is_done))
        row.more |= more
        row.updated = self.clock()

    def move(self, task_id: str, *places: tuple[str, str]) -> None:
        """Somebody takes it to other projects and sections, which does not count as an edit."""
        row = self.tasks[task_id]
        row.more["places"] = list(places)
        row.project = places[0][0] if places else ""

    # In Asana's words

    def sees(self, project: Project) -> bool:
        """Whether who asks does; the integration's token is a service account's."""
        return (
            self.asking == next(iter(self.people))
            or project.privacy == "public_to_workspace"
            or self.asking in project.members
        )

    def found_project(self, gid: str) -> Project:
        """The project, or Asana's refusal."""
        found = self.projects.get(gid)
        if found is None:
            raise refusal(404, f"project: Unknown object: {gid}")
        if not self.sees(found):
            raise refusal(403, "You do not have access to this project.")
        return found

    def found_task(self, gid: str) -> Row:
        """The task, or Asana's refusal."""
        if gid not in self.tasks:
            raise refusal(404, f"task: Unknown object: {gid}")
        return self.tasks[gid]

    def person_json(self, person: Person) -> dict[str, Any]:
        """Without an address where who asks may not see it."""
        made = named("user", person.id, person.name)
        return {**made, "email": person.email} if person.email else made

    def project_json(self, project: Project) -> dict[str, Any]:
        """Everything about a project."""
        people = [one for one in project.members if one in self.people]
        made = named("project", project.id, project.name) | {
            "archived": project.is_archived,
            "completed": False,
            "privacy_setting": project.privacy,
            "permalink_url": f"https://app.asana.com/1/{WORKSPACE}/project/{project.id}",
            "members": [named("user", one, self.people[one].name) for one in people],
            "workspace": named("workspace", WORKSPACE, self.workspaces[WORKSPACE]),
            "custom_field_settings": [],
        }
        shared = next((one for one in (project.team, *project.members) if one in self.teams), None)
        if shared:
            made["team"] = named("team", shared, "A team")
        if project.prefix:
            made["custom_field_settings"] = [
                {
                    "gid": "91",
                    "resource_type": "custom_field_setting",
                    "custom_field": {
                        "gid": "88",
                        "resource_type": "custom_field",
                        "name": "ID",
                        "representation_type": "custom_id",
                        "id_prefix": project.prefix,
                    },
                }
            ]
        return made

    def task_json(self, row: Row) -> dict[str, Any]:
        """Everything about a task."""
        below = [one for one in self.tasks.values() if one.more["parent"] == row.id]
        more, parent, assignee = row.more, row.more["parent"], row.more.get("assignee")
        places = [
            {
                "project": named("project", one, self.projects[one].name),
                "section": named("section", f"9{one}", section),
            }
            for one, section in more["places"]
        ]
        projects = [place["project"] for place in places]
        made = named("task", row.id, row.title) | {
            "resource_subtype": more.get("subtype", "default_task"),
            "completed": row.is_done,
            "assignee": named("user", assignee, self.people[assignee].name) if assignee else None,
            "memberships": places,
            "projects": projects,
            "tags": [named("tag", f"6{one}", one) for one in more.get("tags", ())],
            "parent": named("task", parent, self.tasks[parent].title) if parent else None,
            "permalink_url": f"https://app.asana.com/1/{WORKSPACE}/task/{row.id}",
            "modified_at": stamp(row.updated),
            "num_subtasks": len(below),
            "is_rendered_as_separator": more.get("separator", False),
            "custom_fields": list(more.get("custom_fields", ())),
        }
        if "approval" in more:
            made["approval_status"] = more["approval"]
        return made


def seed(asana: AsanaWorld, *, tasks: int) -> None:
    """A small company's organization."""
    ana = asana.person("Ana Ruiz", "ana@acme.test")
    mia = asana.person("Mia K", "mia@acme.test")
    bo = asana.person("Bo Lund", None, is_guest=True)
    asana.person("Gone G", "gone@acme.test", is_active=False)
    web = asana.project("Acme Web", members=(ana, asana.team(mia, bo)), prefix="WEB")
    ops = asana.project("Operations", privacy="public_to_workspace", members=(ana,))
    asana.project("Old intranet", is_archived=True, members=(ana, mia))
    asana.project("My plans", members=(ana,))
    asana.now = NOON - timedelta(days=30)
    for number in range(1, tasks + 1):
        task_id = asana.add_task(f"Task {number}", web)
        if number % 10 == 0:
            asana.change(task_id, is_done=True)
    asana.add_task("Rotate keys", ops)
    asana.now = NOON
