"""A stand-in for Asana: projects, people and tasks, paged by tokens, with the fields asked for."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest

from bot.providers import asana_site
from bot.providers.asana import Asana
from tests.http_server import Say, Seen
from tests.providers.asana.fields import picked
from tests.providers.description import KnownError, described
from tests.providers.stand_in import NOON, Refusal, Row, StandIn, route

TOKEN = "2/right"
"""What everybody's token begins with."""

BASE = "/api/1.0"
WORKSPACE = "5500"

_NOBODY = (
    "Without an assignee, or a parent, Asana says null, as the description's own words tell; its "
    "schema joins a nullable type with one that is not, which no null can satisfy."
)

KNOWN_ERRORS = (
    KnownError("GET /api/1.0/tasks/{task_gid}", "$.data.assignee: None", _NOBODY),
    KnownError("GET /api/1.0/tasks/{task_gid}", "$.data.parent: None", _NOBODY),
    KnownError(
        "GET /api/1.0/workspaces/{workspace_gid}/tasks/search",
        "Unknown response http status: 402",
        "It is named in the text above the list of statuses, for plans without search.",
    ),
)


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


def _number(row: Mapping[str, Any]) -> int:
    return int(row["gid"])


class AsanaStandIn(StandIn):
    """One organization, on a paid plan."""

    factory = Asana
    enumerated: ClassVar[tuple[str, ...]] = ("approval_status", "assignee.resource_type")

    def __init__(self) -> None:
        super().__init__(described("asana.yaml", known_errors=KNOWN_ERRORS, base_path=BASE))
        self.projects: dict[str, Project] = {}
        self.people: dict[str, Person] = {}
        self.teams: dict[str, Team] = {}
        self.workspaces = {WORKSPACE: "Acme"}
        self.has_search = True
        """The plan has search, and time tracking too."""
        self._asking = ""
        self._marks: dict[str, tuple[str, int]] = {}
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

    def lists_tasks(self, seen: Seen) -> bool:
        """The list of a project's tasks."""
        return seen.path == f"{BASE}/tasks"

    # Running

    @asynccontextmanager
    async def running(self) -> AsyncIterator["AsanaStandIn"]:
        """Answers in the place of the only Asana there is."""
        async with super().running():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(asana_site, "API", f"{self.url}{BASE}")
                yield self

    def authorised(self, seen: Seen) -> None:
        """A wrong token gets 401, whatever it asks for."""
        given = seen.headers.get("authorization", "")
        for person in self.people.values():
            if given == f"Bearer {token_of(person.id)}":
                self._asking = person.id
                return
        raise refusal(401, "Not Authorized")

    # Answering

    @route("GET", f"{BASE}/users/me")
    def me(self, seen: Seen) -> object:
        """Whose token it is, and what it opens."""
        spaces = [named("workspace", gid, name) for gid, name in self.workspaces.items()]
        return shown(seen, {**self.person_json(self.people[self._asking]), "workspaces": spaces})

    @route("GET", f"{BASE}/users")
    def users(self, seen: Seen) -> object:
        """People of the workspace, or of a team in it, by id."""
        self._in_workspace(seen.query["workspace"])
        people = list(self.people.values())
        if "team" in seen.query:
            people = [self.people[one] for one in self.teams[seen.query["team"]].members]
        found = sorted((one for one in people if one.is_active), key=lambda one: one.id)
        return self._page(seen, [self.person_json(one) for one in found])

    @route("GET", f"{BASE}/workspaces/(?P<workspace>[^/]+)/users/(?P<gid>[^/]+)")
    def one_user(self, seen: Seen, workspace: str, gid: str) -> object:
        """Somebody in the workspace."""
        self._in_workspace(workspace)
        if gid not in self.people:
            raise refusal(404, f"user: Unknown object: {gid}")
        return shown(seen, self.person_json(self.people[gid]))

    @route("GET", f"{BASE}/workspaces/(?P<workspace>[^/]+)/workspace_memberships")
    def standing(self, seen: Seen, workspace: str) -> object:
        """How people stand in the workspace, those who left too."""
        self._in_workspace(workspace)
        rows = [
            {
                "gid": f"7{one.id}",
                "resource_type": "workspace_membership",
                "user": named("user", one.id, one.name),
                "is_active": one.is_active,
                "is_guest": one.is_guest,
            }
            for one in self.people.values()
        ]
        return self._page(seen, rows)

    @route("GET", f"{BASE}/projects")
    def every_project(self, seen: Seen) -> object:
        """Projects that who asks may see; archived ones and others unless one kind is wanted."""
        self._in_workspace(seen.query["workspace"])
        wanted = seen.query.get("archived")
        found = [
            self.project_json(one)
            for one in self.projects.values()
            if self.sees(one) and wanted in {None, str(one.is_archived).lower()}
        ]
        return self._page(seen, found)

    @route("GET", f"{BASE}/projects/(?P<gid>[^/]+)")
    def one_project(self, seen: Seen, gid: str) -> object:
        """A project."""
        return shown(seen, self.project_json(self.found_project(gid)))

    @route("GET", f"{BASE}/projects/(?P<gid>[^/]+)/project_memberships")
    def members(self, seen: Seen, gid: str) -> object:
        """People and teams that a project is shared with."""
        rows = []
        for one in self.found_project(gid).members:
            kind = "team" if one in self.teams else "user"
            member = named(kind, one, "A team" if kind == "team" else self.people[one].name)
            rows.append(
                {
                    "gid": f"8{one}",
                    "resource_type": "project_membership",
                    "member": member,
                    "access_level": "editor",
                }
            )
        return self._page(seen, rows)

    @route("GET", f"{BASE}/tasks")
    def list_of_tasks(self, seen: Seen) -> object:
        """A project's tasks as people arranged them, changed since a moment or ever."""
        project = self.found_project(seen.query["project"])
        since = datetime.fromisoformat(seen.query.get("modified_since", "2000-01-01T00:00:00Z"))
        found = [
            row
            for row in self.tasks.values()
            if row.updated >= since and project.id in (one for one, _ in row.more["places"])
        ]
        rows = [self.task_json(row) for row in found]
        return self._page(seen, rows, self.page_size, rank=self._position)

    @route("GET", f"{BASE}/tasks/(?P<gid>[^/]+)")
    def one_task(self, seen: Seen, gid: str) -> object:
        """A task."""
        return shown(seen, self.task_json(self.found_task(gid)))

    @route("GET", f"{BASE}/tasks/(?P<gid>[^/]+)/subtasks")
    def subtasks(self, seen: Seen, gid: str) -> object:
        """What belongs to a task."""
        found = [row for row in self.tasks.values() if row.more["parent"] == gid]
        return self._page(seen, [self.task_json(row) for row in found])

    @route("GET", f"{BASE}/workspaces/(?P<workspace>[^/]+)/tasks/search")
    def search(self, seen: Seen, workspace: str) -> object:
        """At most a hundred tasks, newest edits first, and no second page."""
        self._in_workspace(workspace)
        if not self.has_search:
            raise refusal(402, "Search is only available to premium users.")
        wanted = set(seen.query["projects.any"].split(","))
        after = datetime.fromisoformat(seen.query["modified_at.after"])
        found = [
            row
            for row in self.tasks.values()
            if row.updated > after and wanted.intersection(one for one, _ in row.more["places"])
        ]
        found.sort(key=lambda row: row.updated, reverse=True)
        rows = [self.task_json(row) for row in found[: int(seen.query["limit"])]]
        return {"data": [picked(row, _fields(seen)) for row in rows]}

    # In Asana's words

    def sees(self, project: Project) -> bool:
        """Whether who asks does; the integration's token is a service account's."""
        return (
            self._asking == next(iter(self.people))
            or project.privacy == "public_to_workspace"
            or self._asking in project.members
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

    def _in_workspace(self, gid: str) -> None:
        if gid not in self.workspaces:
            raise refusal(404, f"workspace: Unknown object: {gid}")

    def _position(self, task: Mapping[str, Any]) -> int:
        return int(self.tasks[task["gid"]].more["place"])

    def _page(
        self,
        seen: Seen,
        rows: Iterable[dict[str, Any]],
        most: int = 100,
        rank: Callable[[Mapping[str, Any]], int] = _number,
    ) -> object:
        """A page, and the mark of the next one, which holds for this list alone.

        A mark stands behind the last row that was given, so what goes before it shifts nothing.
        """
        size = min(int(seen.query.get("limit", 20)), most)
        rows, start = sorted(rows, key=rank), 0
        if mark := seen.query.get("offset"):
            if self._marks.get(mark, ("",))[0] != seen.path:
                said = "offset: Your pagination token has expired."
                raise refusal(400, said)
            last = self._marks[mark][1]
            start = next((n for n, row in enumerate(rows) if rank(row) > last), len(rows))
        page = rows[start : start + size]
        following = None
        if start + size < len(rows):
            mark = f"eyJ{len(self._marks)}"
            self._marks[mark] = (seen.path, rank(page[-1]))
            path = f"{seen.path.removeprefix(BASE)}?offset={mark}"
            following = {"offset": mark, "path": path, "uri": f"{self.url}{BASE}{path}"}
        return {"data": [picked(row, _fields(seen)) for row in page], "next_page": following}

    def expire_marks(self) -> None:
        """Nobody may read on from where they were."""
        self._marks.clear()


def named(kind: str, gid: str, name: str) -> dict[str, Any]:
    """The compact form of anything."""
    return {"gid": gid, "resource_type": kind, "name": name}


def shown(seen: Seen, item: Mapping[str, Any], status: int = 200) -> Say:
    """One thing, with the fields that were asked for."""
    return Say(status, {"data": picked(item, _fields(seen))})


def refusal(status: int, message: str) -> Refusal:
    """Asana's way to say no."""
    return Refusal(status, {"errors": [{"message": message, "help": "See the documentation."}]})


def stamp(moment: datetime) -> str:
    """A moment as Asana writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _fields(seen: Seen) -> Iterable[str]:
    return [one for one in seen.query.get("opt_fields", "").split(",") if one]


def acme(*, tasks: int = 230) -> AsanaStandIn:
    """A small company's organization."""
    asana = AsanaStandIn()
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
    return asana
