"""A stand-in for Redmine, for what a real one cannot be made to do: its reading side alone.

That the adapter fits a real Redmine is shown on a real one.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from bot.providers.redmine.adapter import Redmine
from tests.http_server import Seen
from tests.providers.redmine.doorkeeper import Doorkeeper, Token
from tests.providers.stand_in import Refusal, Row, StandIn, route, window

KEY = "k" * 40
ACTIVE, LOCKED = "1", "3"

NEEDS: Mapping[str, str] = {
    r"/users\.json": "admin",
    r"/projects/[^/]+\.json": "view_project",
    r"/projects/[^/]+/memberships\.json": "view_members",
    r"/issues\.json|/issues/[^/]+\.json": "view_issues",
}
"""What a token has to name, where one is asked for (``Redmine::Preparation``, tag 6.1.0).

The list of projects and the own account need nothing.
"""


class RedmineStandIn(StandIn):
    """A Redmine as its administrator sees it."""

    factory = Redmine
    enumerated: ClassVar[tuple[str, ...]] = ("status.name",)

    def __init__(self) -> None:
        super().__init__()
        self.projects: dict[str, dict[str, Any]] = {}
        self.people = {"1": _person(1, "ana"), "2": _person(2, "mia")}
        self.doorkeeper = Doorkeeper(self.clock)

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens it."""
        return {"url": self.url, "api_key": KEY}

    @property
    def project_id(self) -> str:
        """The first project."""
        return next(iter(self.projects))

    def add_project(self, name: str) -> str:
        """One more project, which its members alone may see."""
        number = 11 + len(self.projects)
        self.projects[str(number)] = {
            "id": number,
            "name": name,
            "identifier": f"p{number}",
            "status": 1,
            "is_public": False,
        }
        return str(number)

    def add_task(self, title: str, project_id: str | None = None) -> str:
        """One more issue."""
        number = max((int(known) for known in self.tasks), default=100) + 1
        row = Row(str(number), project_id or self.project_id, title, self.clock(), number)
        self.tasks[row.id] = row
        return row.id

    def lists_tasks(self, seen: Seen) -> bool:
        """The list of one project's issues."""
        return seen.path == "/issues.json" and "project_id" in seen.query

    def authorised(self, seen: Seen) -> None:
        """A wrong key, and a token that has ended, get an empty 401.

        Signed in, an administrator is one only where the token says so (``User#admin?``).
        """
        if seen.path.startswith("/oauth/") or seen.headers.get("x-redmine-api-key") == KEY:
            return
        token = self._token(seen)
        if token is None:
            raise Refusal(401)
        needed = next((one for path, one in NEEDS.items() if re.fullmatch(path, seen.path)), None)
        if needed is not None and needed not in token.scopes:
            raise Refusal(403)

    def _token(self, seen: Seen) -> Token | None:
        kind, _, access = seen.headers.get("authorization", "").partition(" ")
        return self.doorkeeper.opened(access) if kind == "Bearer" else None

    @route("GET", "/oauth/authorize")
    def consent_page(self, seen: Seen) -> object:
        """Who asks, and for what."""
        return self.doorkeeper.page(seen)

    @route("POST", "/oauth/authorize")
    def consent_given(self, seen: Seen) -> object:
        """*Authorize* or *Deny*."""
        return self.doorkeeper.decide(seen)

    @route("POST", "/oauth/token")
    def exchange(self, seen: Seen) -> object:
        """A code, or what renews a token, for a token."""
        return self.doorkeeper.exchange(seen)

    @route("GET", "/users/current.json")
    def me(self, seen: Seen) -> object:
        """Whose key or token it is."""
        token = self._token(seen)
        if token is None:
            return {"user": {**_person(1, "ana"), "admin": True, "api_key": KEY}}
        is_admin = token.owner == "1" and "admin" in token.scopes
        return {"user": {**self.people[token.owner], "admin": is_admin}}

    @route("GET", "/users.json")
    def users(self, seen: Seen) -> object:
        """People of one status."""
        people = list(self.people.values()) if seen.query["status"] == ACTIVE else []
        return self._page(seen, "users", people)

    @route("GET", r"/users/(?P<number>\d+)\.json")
    def one_user(self, _: Seen, number: str) -> object:
        """One person, with the status that administrators are shown."""
        if number not in self.people:
            raise Refusal(404)
        return {"user": {**self.people[number], "status": int(ACTIVE)}}

    @route("GET", "/projects.json")
    def every_project(self, seen: Seen) -> object:
        """Active and closed ones."""
        return self._page(seen, "projects", list(self.projects.values()))

    @route("GET", r"/projects/(?P<number>[^/]+)\.json")
    def one_project(self, _: Seen, number: str) -> object:
        """One project."""
        if number not in self.projects:
            raise Refusal(404)
        return {"project": self.projects[number]}

    @route("GET", r"/projects/(?P<number>[^/]+)/memberships\.json")
    def members(self, seen: Seen, number: str) -> object:
        """Who is in it."""
        del number
        members = [{"id": 31, "user": {"id": 2, "name": "Mia K"}, "roles": []}]
        return self._page(seen, "memberships", members)

    @route("GET", "/issues.json")
    def issues(self, seen: Seen) -> object:
        """By id, from one on, of one project or of all, changed since a moment or ever."""
        asked = seen.query
        project = asked.get("project_id")
        if project is not None and project not in self.projects:
            raise Refusal(404)
        first = int(asked.get("issue_id", ">=0").removeprefix(">="))
        since = asked.get("updated_on", "").removeprefix(">=")
        rows = [
            row
            for row in self.tasks.values()
            if project in {None, row.project}
            and int(row.id) >= first
            and (not since or row.updated >= datetime.fromisoformat(since))
        ]
        return self._page(seen, "issues", [self._issue(row) for row in rows])

    @route("GET", r"/issues/(?P<number>[^/]+)\.json")
    def one_issue(self, _: Seen, number: str) -> object:
        """One issue."""
        if number not in self.tasks:
            raise Refusal(404)
        return {"issue": self._issue(self.tasks[number])}

    def _page(self, seen: Seen, name: str, items: Sequence[object]) -> dict[str, object]:
        offset, size = int(seen.query.get("offset", 0)), int(seen.query.get("limit", 25))
        size = min(size, self.page_size if name == "issues" else 100)
        shown = window(items, offset, size)
        return {name: shown, "total_count": len(items), "offset": offset, "limit": size}

    def _issue(self, row: Row) -> dict[str, object]:
        return {
            "id": int(row.id),
            "project": {"id": int(row.project), "name": "Project"},
            "tracker": {"id": 2, "name": "Feature"},
            "status": {"id": 2, "name": "In Progress", "is_closed": row.is_done},
            "assigned_to": {"id": 2, "name": "Mia K"},
            "category": {"id": 3, "name": "Layout"},
            "parent": {"id": 100},
            "subject": row.title,
            "estimated_hours": 1.5,
            "updated_on": f"{row.updated:%Y-%m-%dT%H:%M:%SZ}",
        }


def _person(number: int, login: str) -> dict[str, Any]:
    return {
        "id": number,
        "login": login,
        "firstname": login.title(),
        "lastname": "K",
        "mail": f"{login}@acme.test",
    }


def harbour(*, tasks: int) -> RedmineStandIn:
    """A port's Redmine."""
    made = RedmineStandIn()
    made.add_project("Harbour")
    made.add_project("Lighthouse")
    for number in range(1, tasks + 1):
        made.add_task(f"Task {number}")
    return made
