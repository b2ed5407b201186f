"""A Redmine that does nothing but hold pages ready: run apart, its work is nobody else's.

Every page of tasks is made before it is asked for. It notes what it was asked, so that others can
read the very same pages.
"""

import argparse
import asyncio
import json
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import uvicorn

from benchmarks import task_world as worlds
from benchmarks.apart import say

PAGE = 100
PEOPLE = 50
_FIRST = datetime(2026, 1, 5, 10, tzinfo=UTC)
_OLD = "2026-01-05T10:00:00Z"
_STATUSES = [(1, "New", False), (2, "In Progress", False), (5, "Closed", True)]
_TEXT = "What was seen, what was expected, and how to make it happen again. " * 4


class Site:
    """Projects of one size, and their tasks, numbered through."""

    def __init__(self, tasks: int, projects: int) -> None:
        self.size = max(tasks // projects, 1)
        self.projects = projects
        self.seen: list[str] = []
        self._titles = _titles()
        self._edition = 0
        self._every = 0
        self._edited_at = _OLD
        self._pages: dict[tuple[int, int], bytes] = {}
        self._changed: dict[int, bytes] = {}
        self._others = dict(self._prepared())
        self.edit(0)

    def edit(self, every: int) -> None:
        """Somebody edits one task in so many; 0 edits none."""
        self._edition += 1
        self._every = every
        if every:
            self._edited_at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        for project in range(1, self.projects + 1):
            first = (project - 1) * self.size + 1
            for start in range(0, self.size, PAGE):
                numbers = range(first + start, first + min(start + PAGE, self.size))
                issues = [self._issue(number, project) for number in numbers]
                self._pages[project, start // PAGE] = _issues(issues, self.size - start)
            changed = [n for n in range(first, first + self.size) if self._is_edited(n)][:PAGE]
            issues = [self._issue(number, project) for number in changed]
            self._changed[project] = _issues(issues, len(issues))

    def answer(self, path: str, query: str) -> bytes | None:
        """The body, made beforehand."""
        if path != "/issues.json":
            return self._others.get(f"{path}?{query}") or self._others.get(path)
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        since = asked.get("updated_on", ">=").removeprefix(">=")
        is_quiet = bool(since) and not (self._every and since <= self._edited_at)
        if "project_id" not in asked:
            many = self.projects * self.size // self._every if self._every else 0
            return _issues([], 0 if is_quiet else many)
        project = int(asked["project_id"])
        if since:
            return _issues([], 0) if is_quiet else self._changed[project]
        start = int(asked.get("issue_id", ">=0").removeprefix(">="))
        first = (project - 1) * self.size + 1
        return self._pages[project, max(start - first, 0) // PAGE]

    def _is_edited(self, number: int) -> bool:
        return bool(self._every) and number % self._every == 0

    def _issue(self, number: int, project: int) -> dict[str, object]:
        status = _STATUSES[number % len(_STATUSES)]
        title, is_edited = self._titles[number % len(self._titles)], self._is_edited(number)
        person = number % PEOPLE + 1
        return {
            "id": number,
            "project": {"id": project, "name": f"Project {project}"},
            "tracker": {"id": 1, "name": "Bug"},
            "status": {"id": status[0], "name": status[1], "is_closed": status[2]},
            "priority": {"id": 2, "name": "Normal"},
            "author": {"id": 1, "name": "Person 1"},
            "assigned_to": {"id": person, "name": f"Person {person}"},
            "category": {"id": project, "name": "Web"},
            "subject": f"{title} {self._edition}" if is_edited else title,
            "description": _TEXT,
            "start_date": "2026-01-05",
            "due_date": None,
            "done_ratio": 0,
            "is_private": False,
            "estimated_hours": 1.5,
            "created_on": _OLD,
            "updated_on": self._edited_at if is_edited else _worked_on(number),
            "closed_on": None,
        }

    def _prepared(self) -> Iterator[tuple[str, bytes]]:
        """Everything that is no list of issues."""
        me = {"id": 1, "login": "admin", "firstname": "Ana", "lastname": "Ruiz", "admin": True}
        yield "/users/current.json", _bytes({"user": me})
        people = [
            {"id": n, "login": f"p{n}", "firstname": "Person", "lastname": str(n), "admin": n == 1}
            for n in range(1, PEOPLE + 1)
        ]
        for status, found in ((1, people), (3, [])):
            body = _bytes({"users": found, "total_count": len(found)})
            yield f"/users.json?status={status}&limit=100&offset=0", body
        projects: list[dict[str, object]] = []
        for project in range(1, self.projects + 1):
            name = f"Project {project}"
            projects.append(
                {
                    "id": project,
                    "name": name,
                    "identifier": f"p{project}",
                    "status": 1,
                    "is_public": False,
                }
            )
            members = [
                {"id": n, "user": {"id": n, "name": f"Person {n}"}}
                for n in range(1, PEOPLE + 1)
                if (n + project) % 3
            ]
            body = _bytes({"memberships": members, "total_count": len(members)})
            yield f"/projects/{project}/memberships.json", body
        for start in (0, *range(PAGE - 5, self.projects, PAGE - 5)):
            body = _bytes(
                {"projects": projects[start : start + PAGE], "total_count": len(projects)}
            )
            yield f"/projects.json?status=1%7C5&limit=100&offset={start}", body


def _worked_on(number: int) -> str:
    """When an issue was edited last: each at another moment."""
    return f"{_FIRST + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}"


def _titles() -> list[str]:
    return [made.task.title for made in worlds.tasks(9973)]


def _issues(issues: list[dict[str, object]], total: int) -> bytes:
    return _bytes({"issues": issues, "total_count": total, "offset": 0, "limit": PAGE})


def _bytes(what: object) -> bytes:
    return json.dumps(what, separators=(",", ":")).encode()


def app(site: Site) -> object:
    """As little of a web application as will do."""

    async def answer(scope: dict[str, object], receive: object, send: object) -> None:
        del receive
        if scope["type"] != "http":
            return
        path, query = str(scope["path"]), bytes(scope["query_string"]).decode()  # type: ignore[call-overload]
        site.seen.append(f"{path}?{query}" if query else path)
        body = site.answer(path, query)
        status = 200 if body is not None else 404
        length = str(len(body or b"{}")).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": status, "headers": headers})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": body or b"{}"})  # type: ignore[operator]

    return answer


async def serve(site: Site) -> None:
    """Serves until there are no more orders: edit, and tell what was asked."""
    # Only where the protocol is named does asyncio switch off the delay of small packets.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app(site), log_level="error", access_log=False, lifespan="off")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve([listening]))
    say(url=f"http://127.0.0.1:{listening.getsockname()[1]}")
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        if order["do"] == "edit":
            site.edit(order["every"])
        say(seen=site.seen)
        site.seen = []
    server.should_exit = True
    await serving


def main() -> None:
    """Makes the pages and serves them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--projects", type=int, default=100)
    options = parser.parse_args()
    asyncio.run(serve(Site(options.tasks, options.projects)))


if __name__ == "__main__":
    main()
