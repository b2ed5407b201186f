"""What is in a ClickUp Workspace, and how it is told."""

from abc import ABC
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.providers.clickup.words import (
    FEATURES,
    GUEST,
    PROFILE,
    STATUSES,
    TEAM,
    Person,
    Space,
    TaskList,
    milliseconds,
    refusal,
    token_of,
)
from tests.providers.description import Description
from tests.providers.stand_in import NOON, Row, StandIn


class ClickUpWorld(StandIn, ABC):
    """Spaces, lists, people and tasks."""

    def __init__(self, description: Description | None) -> None:
        super().__init__(description)
        self.spaces: dict[str, Space] = {}
        self.lists: dict[str, TaskList] = {}
        self.people: dict[str, Person] = {}
        self.teams = {TEAM: "Acme"}
        self.asking = ""
        """Who makes the present request."""
        self._count = 901_500

    # Filling

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens it."""
        return {"workspace": "Acme", "token": token_of(next(iter(self.people)))}

    @property
    def project_id(self) -> str:
        """The first list."""
        return next(iter(self.lists))

    def new_id(self) -> str:
        """A number that nothing else has."""
        self._count += 1
        return str(self._count)

    def person(self, name: str, email: str, **more: Any) -> str:  # noqa: ANN401
        """Makes somebody; the first one owns the integration's token."""
        made = Person(self.new_id(), name, email, **more)
        self.people[made.id] = made
        return made.id

    def space(self, name: str, **more: Any) -> str:  # noqa: ANN401
        """Makes a Space."""
        made = Space(self.new_id(), name, **more)
        self.spaces[made.id] = made
        return made.id

    def list_in(self, space: str, name: str, **more: Any) -> str:  # noqa: ANN401
        """Makes a list."""
        made = TaskList(self.new_id(), name, space, **more)
        self.lists[made.id] = made
        return made.id

    def add_project(self, name: str) -> str:
        """One more list in the first Space."""
        return self.list_in(next(iter(self.spaces)), name)

    def add_task(self, title: str, project_id: str | None = None, **more: Any) -> str:  # noqa: ANN401
        """One more task."""
        number = self.new_id()
        row = Row(f"86c{number}", project_id or self.project_id, title, self.clock(), int(number))
        row.more = {"made": self.clock() + timedelta(milliseconds=int(number))}
        row.more |= {"status": "to do", "also": (), **more}
        row.is_done = STATUSES[row.more["status"]] == "closed"
        self.tasks[row.id] = row
        return row.id

    def change(self, task_id: str, **more: Any) -> None:  # noqa: ANN401
        """Somebody edits a task."""
        row = self.tasks[task_id]
        row.more |= more
        row.is_done = row.more["status"] in {"complete", "shipped"}
        row.updated = self.clock()

    def move(self, task_id: str, list_id: str) -> None:
        """Somebody gives it another home."""
        self.tasks[task_id].project = list_id
        self.tasks[task_id].updated = self.clock()

    # In ClickUp's words

    def who_sees(self, one: TaskList) -> list[Person]:
        """Everybody who may open a list."""
        members = self.spaces[one.space].members
        return [
            person
            for person in self.people.values()
            if person.id in one.guests
            or (person.id in members if members else person.role != GUEST)
        ]

    def sees(self, one: TaskList) -> bool:
        """Whether who asks does."""
        return self.people[self.asking] in self.who_sees(one)

    def found_list(self, list_id: str) -> TaskList:
        """The list, or ClickUp's refusal."""
        found = self.lists.get(list_id)
        if found is None:
            raise refusal(400, "List ID invalid", "INPUT_003")
        if not self.sees(found):
            raise refusal(401, "Team(s) not authorized", "OAUTH_027")
        return found

    def found_task(self, task_id: str) -> Row:
        """The task, or ClickUp's refusal: a 401, as to another Workspace's."""
        found = self.tasks.get(task_id)
        if found is None or not self.sees(self.lists[found.project]):
            raise refusal(401, "Team not authorized", "OAUTH_027")
        return found

    def person_json(self, person: Person) -> dict[str, Any]:
        """Somebody."""
        return {
            "id": int(person.id),
            "username": person.name,
            "email": person.email,
            "color": "#000000",
            "initials": person.name[:2],
            "profilePicture": "",
            "profileInfo": dict.fromkeys(PROFILE),
        }

    def space_json(self, space: Space) -> dict[str, Any]:
        """A Space; members are told of private ones alone."""
        made: dict[str, Any] = {
            "id": space.id,
            "name": space.name,
            "private": bool(space.members),
            "archived": space.is_archived,
            "statuses": [],
            "multiple_assignees": True,
            "features": {name: {"enabled": True} for name in FEATURES},
        }
        made["features"]["due_dates"] = {
            "enabled": True,
            "start_date": True,
            "remap_due_dates": False,
            "remap_closed_due_date": False,
        }
        if space.members:
            people = [self.people[one] for one in space.members]
            made["members"] = [{"user": self.person_json(one)} for one in people]
        return made

    def list_json(self, one: TaskList) -> dict[str, Any]:
        """A list; one beside the folders is in a hidden one."""
        return {
            "id": one.id,
            "name": one.name,
            "orderindex": 0,
            "content": "",
            "status": None,
            "priority": None,
            "assignee": None,
            "task_count": "0",
            "due_date": None,
            "start_date": None,
            "folder": {
                "id": f"7{one.id}",
                "name": one.folder or "hidden",
                "hidden": not one.folder,
                "access": True,
            },
            "space": {"id": one.space, "name": self.spaces[one.space].name, "access": True},
            "archived": one.is_archived,
            "override_statuses": False,
            "permission_level": "create",
        }

    def task_json(self, row: Row) -> dict[str, Any]:
        """A task."""
        status, home = row.more["status"], self.lists[row.project]
        told = self.list_json(home)
        return {
            "id": row.id,
            "custom_id": row.more.get("key"),
            "name": row.title,
            "status": {
                "status": status,
                "color": "#d3d3d3",
                "type": home.statuses[status],
                "orderindex": 0,
            },
            "date_created": milliseconds(row.more["made"]),
            "date_updated": milliseconds(row.updated),
            "date_closed": None,
            "date_done": None,
            "archived": row.more.get("archived", False),
            "assignees": [self.person_json(self.people[one]) for one in row.more.get("who", ())],
            "text_content": "",
            "description": "",
            "orderindex": "1.0",
            "creator": self.person_json(next(iter(self.people.values()))),
            "watchers": [],
            "checklists": [],
            "priority": {"id": "3", "priority": "normal", "color": "#f8ae00", "orderindex": "3"},
            "due_date": None,
            "start_date": None,
            "points": 1,
            "custom_fields": [],
            "dependencies": [],
            "linked_tasks": [],
            "permission_level": "create",
            "project": told["folder"],
            "tags": [{"name": one} for one in row.more.get("tags", ())],
            "parent": row.more.get("parent"),
            "time_estimate": row.more.get("estimate"),
            "team_id": TEAM,
            "url": f"https://app.clickup.com/t/{row.id}",
            "locations": [{"id": one, "name": self.lists[one].name} for one in row.more["also"]],
            "list": {"id": home.id, "name": home.name, "access": True},
            "folder": told["folder"],
            "space": {"id": home.space},
        }


def seed(clickup: ClickUpWorld, *, tasks: int) -> None:
    """A small company's Workspace."""
    ana = clickup.person("Ana Ruiz", "ana@acme.test", role=1)
    clickup.person("Mia K", "mia@acme.test")
    bo = clickup.person("Bo Lund", "bo@client.test", role=GUEST)
    product = clickup.space("Product")
    web = clickup.list_in(product, "List", folder="Acme Web", guests=(bo,))
    keys = clickup.list_in(product, "Operations")
    clickup.list_in(product, "Old intranet", is_archived=True)
    clickup.list_in(clickup.space("Mine", members=(ana,)), "Plans")
    clickup.now = NOON - timedelta(days=30)
    for number in range(1, tasks + 1):
        status = "complete" if number % 10 == 0 else "to do"
        clickup.add_task(f"Task {number}", web, status=status)
    clickup.add_task("Rotate keys", keys)
    clickup.now = NOON
