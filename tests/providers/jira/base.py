"""What Cloud and Data Center have in common: projects, people and issues behind REST."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from bot.providers.jira.adapter import Jira
from tests.http_server import Say, Seen
from tests.providers.description import Description
from tests.providers.jira.hooks import Hooks
from tests.providers.jira.work import STATUSES, WORKFLOW, Worklogs, transitions
from tests.providers.stand_in import NOON, Refusal, Row, StandIn, route

TOKEN = "ATATT-right"


def token_of(person_id: str) -> str:
    """Somebody's own token."""
    return f"{TOKEN}-{person_id}"


_CLAUSE = re.compile(
    r"project (?:= (?P<project>\d+)|in \((?P<among>[\d, ]+)\))"
    r"(?: AND updated >= (?P<since>\d+))?(?: ORDER BY key ASC)?"
)


@dataclass
class Project:
    """A project as Jira keeps it."""

    id: str
    key: str
    name: str
    is_archived: bool = False
    seen_by: frozenset[str] | None = None
    """Ids of people; None for everyone."""
    counter: int = 0


@dataclass
class Person:
    """A user, under Cloud's id and Data Center's."""

    id: str
    name: str
    email: str | None
    is_active: bool = True
    kind: str = "atlassian"
    login: str = field(default="")


class JiraStandIn(StandIn):
    """A Jira without its paging of issues, which is where the two differ."""

    factory = Jira
    prefix: ClassVar[str]
    deployment: ClassVar[str]
    enumerated: ClassVar[tuple[str, ...]] = ("fields.status.statusCategory.key",)

    def __init__(self, description: Description | None = None) -> None:
        super().__init__(description)
        self.projects: dict[str, Project] = {}
        self.people: dict[str, Person] = {}
        self.hooks = Hooks(self)
        self.worklogs = Worklogs(self)
        self.asks: dict[str, str] = {}
        """Fields that transitions want filled in, by the transition's id."""
        self.me = ""
        self._asking = ""
        self.is_admin = True
        self.may_log_work = True
        self.hides_people = False
        """Whose token it is may not browse users and groups."""
        self._next_issue = 10_400

    # Filling

    @property
    def project_id(self) -> str:
        """The first project."""
        return next(iter(self.projects))

    def project(self, name: str, key: str, **more: Any) -> str:  # noqa: ANN401
        """Makes a project."""
        made = Project(str(10_000 + len(self.projects)), key, name, **more)
        self.projects[made.id] = made
        return made.id

    def person(self, person_id: str, name: str, email: str | None, **more: Any) -> str:  # noqa: ANN401
        """Makes a user; the first one owns the token."""
        self.people[person_id] = Person(person_id, name, email, **more)
        self.me = self.me or person_id
        return person_id

    def add_project(self, name: str) -> str:
        """One more project."""
        return self.project(name, f"P{len(self.projects)}")

    def add_task(self, title: str, project_id: str | None = None) -> str:
        """One more issue."""
        project = self.projects[project_id or self.project_id]
        project.counter += 1
        self._next_issue += 1
        row = Row(str(self._next_issue), project.id, title, self.clock(), project.counter)
        row.more = {"status": "To Do", "labels": [], "assignee": None, "parent": None}
        self.tasks[row.id] = row
        return row.id

    def lists_tasks(self, seen: Seen) -> bool:
        """Both search by POST."""
        return seen.method == "POST" and "/search" in seen.path

    def change(self, task_id: str, **more: Any) -> None:  # noqa: ANN401
        """Somebody edits an issue's fields."""
        row = self.tasks[task_id]
        row.more |= more
        row.is_done = STATUSES[row.more["status"]][1] == "done"
        row.updated = self.clock()

    def move(self, task_id: str, project_id: str) -> None:
        """Somebody moves an issue: the same id under another key."""
        row, project = self.tasks[task_id], self.projects[project_id]
        project.counter += 1
        row.project, row.number, row.updated = project.id, project.counter, self.clock()

    # Answering

    def authorised(self, seen: Seen) -> None:
        """Jira answers 401 to a wrong token, and as to a stranger where there is none."""
        given = seen.headers.get("authorization")
        asking = self.asking(seen)
        if given is not None and asking is None:
            raise Refusal(401, "Client must be authenticated to access this resource.")
        self._asking = asking.id if asking else ""
        if given is None and not seen.path.endswith("/serverInfo"):
            raise Refusal(401, "")

    def asking(self, seen: Seen) -> Person | None:
        """Whose token a request carries."""
        given = seen.headers.get("authorization", "")
        for person in self.people.values():
            if given == self.authorisation_of(person):
                return person
        return None

    @abstractmethod
    def authorisation_of(self, person: Person) -> str:
        """The header that somebody's token makes."""

    @abstractmethod
    def person_json(self, person: Person) -> dict[str, Any]:
        """A user as this kind of Jira shows one."""

    @route("GET", r"/rest/api/2/serverInfo")
    def server_info(self, _: Seen) -> object:
        """What it is; told to anybody."""
        return {
            "baseUrl": self.url,
            "version": "10.3.0",
            "versionNumbers": [10, 3, 0],
            "deploymentType": self.deployment,
            "buildNumber": 100_300,
            "serverTime": stamp(self.clock()),
            "serverTitle": "Jira",
        }

    @route("GET", r"/rest/api/[23]/myself")
    def myself(self, _: Seen) -> object:
        """Whose token it is."""
        return self.person_json(self.people[self._asking])

    @route("GET", r"/rest/api/[23]/user")
    def one_user(self, seen: Seen) -> object:
        """A user by account id (Cloud) or key (Data Center)."""
        wanted = seen.query.get("accountId" if self.deployment == "Cloud" else "key", "")
        if wanted not in self.people:
            raise Refusal(404, {"errorMessages": ["The user does not exist."], "errors": {}})
        return self.person_json(self.people[wanted])

    @route("GET", r"/rest/api/[23]/project/(?P<id_or_key>[^/]+)")
    def one_project(self, _: Seen, id_or_key: str) -> object:
        """A project by id or key."""
        lead = self.person_json(self.people[self.me])
        return {**self.project_json(self.found_project(id_or_key)), "lead": lead}

    @route("GET", r"/rest/api/[23]/mypermissions")
    def permissions(self, seen: Seen) -> object:
        """What who asks may do."""
        held = {
            "ADMINISTER": self.asks_as_admin,
            "USER_PICKER": not self.hides_people,
            "WORK_ON_ISSUES": self.may_log_work,
        }
        asked = seen.query["permissions"].split(",")
        return {
            "permissions": {one: {"key": one, "havePermission": held[one]} for one in asked},
        }

    @route("GET", r"/rest/api/[23]/issue/(?P<id_or_key>[^/]+)")
    def one_issue(self, seen: Seen, id_or_key: str) -> object:
        """An issue by id or key, with the fields that were asked for."""
        row = self.found_issue(id_or_key)
        return self.issue_json(row, seen.query.get("fields", "*all").split(","))

    @route("GET", r"/rest/api/[23]/issue/(?P<issue>[^/]+)/worklog")
    def worklogs_of(self, seen: Seen, issue: str) -> object:
        """An issue's worklogs."""
        return self.worklogs.listed(seen, self.found_issue(issue))

    @route("POST", r"/rest/api/[23]/issue/(?P<issue>[^/]+)/worklog")
    def new_worklog(self, seen: Seen, issue: str) -> object:
        """A new worklog."""
        return self.worklogs.write(seen, self.found_issue(issue))

    @route("GET", r"/rest/api/[23]/issue/(?P<issue>[^/]+)/worklog/(?P<number>[^/]+)")
    def one_worklog(self, seen: Seen, issue: str, number: str) -> object:
        """One worklog."""
        return self.worklogs.one(seen, self.found_issue(issue), number)

    @route("PUT", r"/rest/api/[23]/issue/(?P<issue>[^/]+)/worklog/(?P<number>[^/]+)")
    def change_worklog(self, seen: Seen, issue: str, number: str) -> object:
        """A changed worklog."""
        return self.worklogs.change(seen, self.found_issue(issue), number)

    @route("DELETE", r"/rest/api/[23]/issue/(?P<issue>[^/]+)/worklog/(?P<number>[^/]+)")
    def remove_worklog(self, _: Seen, issue: str, number: str) -> object:
        """A worklog less."""
        return self.worklogs.remove(self.found_issue(issue), number)

    @route("GET", r"/rest/api/[23]/worklog/updated")
    def updated_worklogs(self, seen: Seen) -> object:
        """What was written since a moment, of every issue."""
        return self.worklogs.updated(seen)

    @route("POST", r"/rest/api/[23]/worklog/list")
    def listed_worklogs(self, seen: Seen) -> object:
        """Worklogs by id."""
        return self.worklogs.of_ids(seen)

    @route("GET", r"/rest/api/[23]/issue/(?P<issue>[^/]+)/transitions")
    def transitions(self, _: Seen, issue: str) -> object:
        """What may become of an issue."""
        return transitions(self.found_issue(issue), asks=self.asks)

    @route("POST", r"/rest/api/[23]/issue/(?P<issue>[^/]+)/transitions")
    def transition(self, seen: Seen, issue: str) -> object:
        """Moves an issue along its workflow."""
        row, chosen = self.found_issue(issue), seen.body["transition"]["id"]
        leads_to = WORKFLOW[row.more["status"]].get(chosen)
        if leads_to is None or chosen in self.asks:
            raise Refusal(400, {"errorMessages": ["The transition is not valid."], "errors": {}})
        self.change(row.id, status=leads_to)
        return Say(204, "")

    def found_project(self, id_or_key: str) -> Project:
        """The project, or Jira's 404."""
        for project in self.projects.values():
            if id_or_key in {project.id, project.key} and self.sees(project):
                return project
        said = f"No project could be found with id or key '{id_or_key}'."
        raise Refusal(404, {"errorMessages": [said], "errors": {}})

    def found_issue(self, id_or_key: str) -> Row:
        """The issue, or Jira's 404, which covers what is hidden too."""
        for row in self.tasks.values():
            if id_or_key in {row.id, self.key_of(row)} and self.sees(self.projects[row.project]):
                return row
        said = "Issue does not exist or you do not have permission to see it."
        raise Refusal(404, {"errorMessages": [said], "errors": {}})

    def matching(self, jql: str) -> list[Row]:
        """The issues of a query, in its order; no more of JQL than the adapter needs."""
        found = _CLAUSE.fullmatch(jql)
        if found is None:
            raise Refusal(400, {"errorMessages": [f"Error in the JQL Query: {jql}"], "errors": {}})
        wanted = [found["project"]] if found["project"] else found["among"].split(", ")
        for project_id in wanted:
            project = self.projects.get(project_id)
            if project is None or not self.sees(project):
                said = f"The value '{project_id}' does not exist for the field 'project'."
                raise Refusal(400, {"errorMessages": [said], "errors": {}})
        since = _moment(int(found["since"])) if found["since"] else None
        rows = [row for row in self.tasks.values() if row.project in wanted]
        if since is not None:
            rows = [row for row in rows if row.updated >= since]
        return sorted(rows, key=lambda row: row.number)

    @property
    def asking_person(self) -> Person:
        """Who makes the present request."""
        return self.people[self._asking]

    @property
    def asks_as_admin(self) -> bool:
        """Whether the present request comes from an administrator: nobody but ``me`` is one."""
        return self.is_admin and self._asking == self.me

    def show_people(self) -> None:
        """Refuses it, where the global permission is missing."""
        if self.hides_people:
            raise Refusal(403, {"errorMessages": ["Forbidden"], "errors": {}})

    def sees(self, project: Project) -> bool:
        """Whether who asks does."""
        return self.asks_as_admin or project.seen_by is None or self._asking in project.seen_by

    def who_sees(self, key: str) -> list[Person]:
        """Active people who may browse a project."""
        project = self.found_project(key)
        return [
            person
            for person in self.people.values()
            if person.is_active and (project.seen_by is None or person.id in project.seen_by)
        ]

    def key_of(self, row: Row) -> str:
        """What people call an issue."""
        return f"{self.projects[row.project].key}-{row.number}"

    def project_json(self, project: Project) -> dict[str, Any]:
        """A project as both kinds show one."""
        shown: dict[str, Any] = {
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "self": f"{self.url}/{self.prefix}/project/{project.id}",
            "projectTypeKey": "software",
        }
        return {**shown, "archived": True} if project.is_archived else shown

    def issue_json(self, row: Row, fields: Sequence[str]) -> dict[str, Any]:
        """An issue with some of its fields; without any, nothing but its id."""
        if not fields:
            return {"id": row.id}
        project, status = self.projects[row.project], row.more["status"]
        assignee = row.more["assignee"]
        status_id, category = STATUSES[status]
        every: dict[str, Any] = {
            "summary": row.title,
            "status": {
                "id": status_id,
                "name": status,
                "statusCategory": {"id": 2, "key": category, "name": category},
            },
            "assignee": self.person_json(self.people[assignee]) if assignee else None,
            "labels": row.more["labels"],
            "project": {"id": project.id, "key": project.key, "name": project.name},
            "timeoriginalestimate": row.more.get("estimate"),
            "updated": stamp(row.updated),
        }
        if row.more["parent"]:
            parent = self.tasks[row.more["parent"]]
            every["parent"] = {"id": parent.id, "key": self.key_of(parent)}
        if "*all" not in fields:
            every = {name: value for name, value in every.items() if name in fields}
        return {"id": row.id, "key": self.key_of(row), "fields": every}


def stamp(moment: datetime) -> str:
    """A moment as Jira writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"


def seed(jira: JiraStandIn, *, tasks: int) -> None:
    """A large project, a small one that not everybody sees, an archived one, and people."""
    jira.person("5b10ac8d", "Mia K", "mia@acme.test", login="mia")
    jira.person("5b10ana", "Ana Ruiz", "ana@acme.test", login="ana")
    jira.person("5b10bo", "Bo Lund", None, login="bo")
    jira.person("5b10gone", "Gone G", "gone@acme.test", is_active=False, login="gone")
    web = jira.project("Acme Web", "WEB")
    ops = jira.project("Operations", "OPS", seen_by=frozenset({"5b10ac8d"}))
    jira.project("Old intranet", "OLD", is_archived=True)
    jira.now = NOON - timedelta(days=30)
    for number in range(1, tasks + 1):
        task_id = jira.add_task(f"Task {number}", web)
        if number % 10 == 0:
            jira.change(task_id, status="Done")
    first = next(iter(jira.tasks))
    jira.change(first, assignee="5b10ana", labels=["infra"], estimate=5400)
    jira.change(str(int(first) + 1), parent=first)
    jira.add_task("Rotate keys", ops)
    jira.now = NOON


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
