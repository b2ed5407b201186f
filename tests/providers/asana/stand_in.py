"""A stand-in for Asana: projects, people and tasks, paged by tokens, with the fields asked for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from bot.providers.asana.adapter import Asana
from tests.http_server import Say, Seen
from tests.providers.asana.fields import picked
from tests.providers.asana.hooks import Hooks
from tests.providers.asana.time import TimeEntries
from tests.providers.asana.words import BASE, KNOWN_ERRORS, fields, named, refusal, shown
from tests.providers.asana.world import AsanaWorld, seed, token_of
from tests.providers.description import described
from tests.providers.stand_in import route


def _number(row: Mapping[str, Any]) -> int:
    return int(row["gid"])


class AsanaStandIn(AsanaWorld):
    """One organization, on a paid plan."""

    factory = Asana
    enumerated: ClassVar[tuple[str, ...]] = ("approval_status", "assignee.resource_type")

    def __init__(self) -> None:
        super().__init__(described("asana.yaml", known_errors=KNOWN_ERRORS, base_path=BASE))
        self.is_paid = True
        """The plan has search and time tracking."""
        self.time = TimeEntries(self)
        self.hooks = Hooks(self)
        self._marks: dict[str, tuple[str, int]] = {}

    def lists_tasks(self, seen: Seen) -> bool:
        """The list of a project's tasks."""
        return seen.path == f"{BASE}/tasks"

    @property
    def pinned(self) -> Mapping[str, object]:
        """Asana has one address for everybody."""
        return {"bot.providers.asana.site.API": f"{self.url}{BASE}"}

    def authorised(self, seen: Seen) -> None:
        """A wrong token gets 401, whatever it asks for."""
        given = seen.headers.get("authorization", "")
        for person in self.people.values():
            if given == f"Bearer {token_of(person.id)}":
                self.asking = person.id
                return
        raise refusal(401, "Not Authorized")

    # Answering

    @route("GET", f"{BASE}/users/me")
    def me(self, seen: Seen) -> object:
        """Whose token it is, and what it opens."""
        spaces = [named("workspace", gid, name) for gid, name in self.workspaces.items()]
        return shown(seen, {**self.person_json(self.people[self.asking]), "workspaces": spaces})

    @route("GET", f"{BASE}/users")
    def users(self, seen: Seen) -> object:
        """People of the workspace, or of a team in it, by id."""
        self._in_workspace(seen.query["workspace"])
        people = list(self.people.values())
        if "team" in seen.query:
            people = [self.people[one] for one in self.teams[seen.query["team"]].members]
        found = sorted((one for one in people if one.is_active), key=lambda one: one.id)
        return self.page(seen, [self.person_json(one) for one in found])

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
        return self.page(seen, rows)

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
        return self.page(seen, found)

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
        return self.page(seen, rows)

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
        return self.page(seen, rows, self.page_size, rank=self._position)

    @route("GET", f"{BASE}/tasks/(?P<gid>[^/]+)")
    def one_task(self, seen: Seen, gid: str) -> object:
        """A task."""
        return shown(seen, self.task_json(self.found_task(gid)))

    @route("PUT", f"{BASE}/tasks/(?P<gid>[^/]+)")
    def change_task(self, seen: Seen, gid: str) -> object:
        """Marks a task done or open."""
        row = self.found_task(gid)
        self.change(row.id, is_done=seen.body["data"]["completed"])
        if "approval" in row.more:
            row.more["approval"] = "approved" if row.is_done else "pending"
        return shown(seen, self.task_json(row))

    @route("GET", f"{BASE}/tasks/(?P<gid>[^/]+)/time_tracking_entries")
    def time_on_task(self, seen: Seen, gid: str) -> object:
        """A task's time."""
        task = self.found_task(gid).id
        return self.page(seen, self.time.listed(lambda one: one["task"]["gid"] == task))

    @route("POST", f"{BASE}/tasks/(?P<gid>[^/]+)/time_tracking_entries")
    def new_time(self, seen: Seen, gid: str) -> object:
        """A new entry, in the name of whoever asks."""
        return shown(seen, self.time.write(self.found_task(gid), seen.body["data"]), 201)

    @route("GET", f"{BASE}/time_tracking_entries")
    def time_of_somebody(self, seen: Seen) -> object:
        """Somebody's time of some days, on every task."""
        asked = seen.query
        first, last = asked["entered_on_start_date"], asked["entered_on_end_date"]
        return self.page(
            seen,
            self.time.listed(
                lambda one: (
                    one["created_by"]["gid"] == asked["user"] and first <= one["entered_on"] <= last
                )
            ),
        )

    @route("GET", f"{BASE}/time_tracking_entries/(?P<gid>[^/]+)")
    def one_time(self, seen: Seen, gid: str) -> object:
        """One entry."""
        return shown(seen, self.time.found(gid))

    @route("PUT", f"{BASE}/time_tracking_entries/(?P<gid>[^/]+)")
    def change_time(self, seen: Seen, gid: str) -> object:
        """Another day, length or description."""
        return shown(seen, self.time.change(gid, seen.body["data"]))

    @route("DELETE", f"{BASE}/time_tracking_entries/(?P<gid>[^/]+)")
    def remove_time(self, _: Seen, gid: str) -> object:
        """An entry less."""
        del self.time.kept[self.time.found(gid)["gid"]]
        return {"data": {}}

    @route("GET", f"{BASE}/webhooks")
    def webhooks(self, seen: Seen) -> object:
        """Those of whoever asks."""
        self._in_workspace(seen.query["workspace"])
        return self.page(seen, self.hooks.shown())

    @route("POST", f"{BASE}/webhooks")
    async def new_webhook(self, seen: Seen) -> object:
        """Answers when hands were shaken."""
        return Say(201, await self.hooks.make(seen.body["data"]))

    @route("DELETE", f"{BASE}/webhooks/(?P<gid>[^/]+)")
    def remove_webhook(self, _: Seen, gid: str) -> object:
        """Removes one."""
        return self.hooks.remove(gid)

    @route("GET", f"{BASE}/tasks/(?P<gid>[^/]+)/subtasks")
    def subtasks(self, seen: Seen, gid: str) -> object:
        """What belongs to a task."""
        found = [row for row in self.tasks.values() if row.more["parent"] == gid]
        return self.page(seen, [self.task_json(row) for row in found])

    @route("GET", f"{BASE}/workspaces/(?P<workspace>[^/]+)/tasks/search")
    def search(self, seen: Seen, workspace: str) -> object:
        """At most a hundred tasks, newest edits first, and no second page."""
        self._in_workspace(workspace)
        if not self.is_paid:
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
        return {"data": [picked(row, fields(seen)) for row in rows]}

    def _in_workspace(self, gid: str) -> None:
        if gid not in self.workspaces:
            raise refusal(404, f"workspace: Unknown object: {gid}")

    def _position(self, task: Mapping[str, Any]) -> int:
        return int(self.tasks[task["gid"]].more["place"])

    def page(
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
        return {"data": [picked(row, fields(seen)) for row in page], "next_page": following}

    def expire_marks(self) -> None:
        """Nobody may read on from where they were."""
        self._marks.clear()


def acme(*, tasks: int = 230) -> AsanaStandIn:
    """A small company's organization."""
    asana = AsanaStandIn()
    seed(asana, tasks=tasks)
    return asana
