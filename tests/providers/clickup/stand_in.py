"""A stand-in for ClickUp: pages by number, the newest tasks first, and 401 for what is hidden."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from bot.providers.clickup.adapter import ClickUp
from tests.http_server import Seen
from tests.providers.clickup.hooks import Hooks
from tests.providers.clickup.known_errors import KNOWN_ERRORS
from tests.providers.clickup.time import TimeEntries
from tests.providers.clickup.words import milliseconds, refusal, token_of
from tests.providers.clickup.world import ClickUpWorld, seed
from tests.providers.description import described
from tests.providers.stand_in import Row, route, window

BASE = "/api/v2"


class ClickUpStandIn(ClickUpWorld):
    """One Workspace."""

    factory = ClickUp
    enumerated: ClassVar[tuple[str, ...]] = ("status.type",)

    def __init__(self) -> None:
        super().__init__(described("clickup-v2.json", known_errors=KNOWN_ERRORS, base_path="/api"))
        self.time = TimeEntries(self)
        self.hooks = Hooks(self)
        self.ignores_filters = False
        """Takes no notice of parameters, as ClickUp does of those it does not know."""

    def lists_tasks(self, seen: Seen) -> bool:
        """The tasks of a list."""
        return seen.path.endswith("/task") and "/list/" in seen.path

    @property
    def pinned(self) -> Mapping[str, object]:
        """ClickUp has one address for everybody."""
        return {"bot.providers.clickup.site.API": f"{self.url}{BASE}"}

    def authorised(self, seen: Seen) -> None:
        """Tokens come as they are; with "Bearer" before them they are none."""
        for person in self.people.values():
            if seen.headers.get("authorization") == token_of(person.id):
                self.asking = person.id
                return
        raise refusal(401, "Token invalid", "OAUTH_025")

    @route("GET", f"{BASE}/user")
    def me(self, _: Seen) -> object:
        """Whose token it is."""
        return {"user": {**self.person_json(self.people[self.asking]), "timezone": "Europe/Berlin"}}

    @route("GET", f"{BASE}/team")
    def every_team(self, _: Seen) -> object:
        """What the token opens, with everybody in it."""
        members = [
            {"user": {**self.person_json(one), "role": one.role}} for one in self.people.values()
        ]
        return {
            "teams": [
                {"id": key, "name": name, "color": "#000000", "avatar": "", "members": members}
                for key, name in self.teams.items()
            ]
        }

    @route("GET", f"{BASE}/team/(?P<team>[^/]+)/space")
    def every_space(self, seen: Seen, team: str) -> object:
        """Spaces that who asks may see: live ones, or archived ones."""
        self._in_team(team)
        wanted = _archived(seen)
        found = [
            one
            for one in self.spaces.values()
            if one.is_archived == wanted and (not one.members or self.asking in one.members)
        ]
        return {"spaces": [self.space_json(one) for one in found]}

    @route("GET", f"{BASE}/space/(?P<space>[^/]+)")
    def one_space(self, _: Seen, space: str) -> object:
        """A Space."""
        if space not in self.spaces:
            raise refusal(404, "Space not found", "SHARD_031")
        return self.space_json(self.spaces[space])

    @route("GET", f"{BASE}/space/(?P<space>[^/]+)/folder")
    def folders(self, seen: Seen, space: str) -> object:
        """Folders with their lists."""
        inside: dict[str, list[dict[str, Any]]] = {}
        for one in self._lists(seen, space):
            if one.folder:
                inside.setdefault(one.folder, []).append(self.list_json(one))
        return {
            "folders": [
                {
                    **lists[0]["folder"],
                    "orderindex": 0,
                    "override_statuses": False,
                    "space": lists[0]["space"],
                    "task_count": "0",
                    "archived": _archived(seen),
                    "lists": lists,
                }
                for lists in inside.values()
            ]
        }

    @route("GET", f"{BASE}/space/(?P<space>[^/]+)/list")
    def lists_beside(self, seen: Seen, space: str) -> object:
        """Lists in no folder."""
        found = [self.list_json(one) for one in self._lists(seen, space) if not one.folder]
        return {"lists": found}

    @route("GET", f"{BASE}/team/(?P<team>[^/]+)/shared")
    def shared(self, _: Seen, team: str) -> object:
        """What who asks was let into by itself."""
        self._in_team(team)
        hidden = {"folder", "space", "override_statuses", "permission_level"}
        lists = [
            {name: value for name, value in self.list_json(one).items() if name not in hidden}
            for one in self.lists.values()
            if self.asking in one.guests
        ]
        return {"shared": {"tasks": [], "lists": lists, "folders": []}}

    @route("GET", f"{BASE}/list/(?P<number>[^/]+)")
    def one_list(self, _: Seen, number: str) -> object:
        """A list with its statuses."""
        found = self.found_list(number)
        statuses = [
            {"status": name, "type": kind, "orderindex": place, "color": "#d3d3d3"}
            for place, (name, kind) in enumerate(found.statuses.items())
        ]
        told = {name: one for name, one in self.list_json(found).items() if one is not None}
        return {**told, "statuses": statuses}

    @route("GET", f"{BASE}/list/(?P<number>[^/]+)/member")
    def members(self, _: Seen, number: str) -> object:
        """Everybody who may open it."""
        found = self.who_sees(self.found_list(number))
        return {"members": [self.person_json(one) for one in found]}

    @route("GET", f"{BASE}/list/(?P<number>[^/]+)/task")
    def tasks_of_list(self, seen: Seen, number: str) -> object:
        """A page of a list's tasks; without the word, only those whose home it is."""
        one = self.found_list(number).id
        with_others = seen.query.get("include_timl") == "true"
        return self._page(
            seen, lambda row: row.project == one or (with_others and one in row.more["also"])
        )

    @route("GET", f"{BASE}/team/(?P<team>[^/]+)/task")
    def tasks_of_team(self, seen: Seen, team: str) -> object:
        """A page of everybody's tasks."""
        self._in_team(team)
        return self._page(seen, lambda row: self.sees(self.lists[row.project]))

    @route("GET", f"{BASE}/task/(?P<task>[^/]+)")
    def one_task(self, _: Seen, task: str) -> object:
        """A task."""
        return self.task_json(self.found_task(task))

    @route("PUT", f"{BASE}/task/(?P<task>[^/]+)")
    def change_task(self, seen: Seen, task: str) -> object:
        """Gives a task another status, by its name."""
        row = self.found_task(task)
        if seen.body["status"] not in self.lists[row.project].statuses:
            raise refusal(400, "Status does not exist", "CRTSK_001")
        self.change(row.id, status=seen.body["status"])
        return self.task_json(row)

    @route("GET", f"{BASE}/team/(?P<team>[^/]+)/time_entries")
    def some_time(self, seen: Seen, team: str) -> object:
        """Somebody's time of some days."""
        self._in_team(team)
        return {"data": self.time.listed(seen)}

    @route("POST", f"{BASE}/team/(?P<team>[^/]+)/time_entries")
    def new_time(self, seen: Seen, team: str) -> object:
        """A new entry."""
        self._in_team(team)
        return self.time.write(seen.body)

    @route("GET", f"{BASE}/team/(?P<team>[^/]+)/time_entries/(?P<entry>[^/]+)")
    def one_time(self, _: Seen, team: str, entry: str) -> object:
        """One entry."""
        self._in_team(team)
        return {"data": self.time.found(entry)}

    @route("PUT", f"{BASE}/team/(?P<team>[^/]+)/time_entries/(?P<entry>[^/]+)")
    def change_time(self, seen: Seen, team: str, entry: str) -> object:
        """A changed entry."""
        self._in_team(team)
        return self.time.change(entry, seen.body)

    @route("DELETE", f"{BASE}/team/(?P<team>[^/]+)/time_entries/(?P<entry>[^/]+)")
    def remove_time(self, _: Seen, team: str, entry: str) -> object:
        """An entry less."""
        self._in_team(team)
        gone = self.time.found(entry)
        del self.time.kept[entry]
        return {"data": [gone]}

    @route("GET", f"{BASE}/team/(?P<team>[^/]+)/webhook")
    def webhooks(self, _: Seen, team: str) -> object:
        """Those of whoever asks, with their secrets."""
        self._in_team(team)
        return {"webhooks": self.hooks.shown()}

    @route("POST", f"{BASE}/team/(?P<team>[^/]+)/webhook")
    def new_webhook(self, seen: Seen, team: str) -> object:
        """A new one."""
        self._in_team(team)
        return self.hooks.make(seen.body)

    @route("DELETE", f"{BASE}/webhook/(?P<number>[^/]+)")
    def remove_webhook(self, _: Seen, number: str) -> object:
        """Removes one."""
        return self.hooks.remove(number)

    def _page(self, seen: Seen, wanted: Callable[[Row], bool]) -> object:
        asked = {} if self.ignores_filters else dict(seen.query)
        rows: Iterable[Row] = (
            row
            for row in self.tasks.values()
            if wanted(row)
            and not row.more.get("archived")
            and (asked.get("include_closed") == "true" or not row.is_done)
            and (asked.get("subtasks") == "true" or not row.more.get("parent"))
            and int(milliseconds(row.updated)) > int(asked.get("date_updated_gt", 0))
            and int(milliseconds(row.more["made"])) < int(asked.get("date_created_lt", 2**60))
        )
        by_edit = asked.get("order_by") == "updated"
        found = sorted(rows, key=lambda row: row.updated if by_edit else row.more["made"])
        size, number = self.page_size, int(seen.query.get("page", 0))
        page = window(found[::-1], number * size, size)
        return {
            "tasks": [self.task_json(row) for row in page],
            "last_page": (number + 1) * size >= len(found),
        }

    def _lists(self, seen: Seen, space: str) -> list[Any]:
        return [
            one
            for one in self.lists.values()
            if one.space == space and one.is_archived == _archived(seen) and self.sees(one)
        ]

    def _in_team(self, team: str) -> None:
        if team not in self.teams:
            raise refusal(401, "Team not authorized", "OAUTH_023")


def _archived(seen: Seen) -> bool:
    return seen.query.get("archived") == "true"


def acme(*, tasks: int = 230) -> ClickUpStandIn:
    """A small company's Workspace."""
    clickup = ClickUpStandIn()
    seed(clickup, tasks=tasks)
    return clickup
