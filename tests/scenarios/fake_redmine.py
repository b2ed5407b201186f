"""A Redmine of the test's own making: works until it is told not to."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.http_server import Say, Seen, serving

KEY = "5ec7e7" * 6 + "abcd"

RESET = Say(body="x" * 50, cut_after=0)
"""The connection breaks before the first byte."""


class FakeRedmine:
    """One admin key, some people, one project with issues."""

    def __init__(self) -> None:
        self.url = ""
        self.key = KEY
        self.trouble: Say | Callable[[Seen], Say | None] | None = None
        """What is said instead of an answer; a function may let some requests through."""
        self.asked = 0
        self.issues = {number: f"Story {number}" for number in range(1, 151)}

    def answer(self, seen: Seen) -> Say:
        """One request's answer."""
        self.asked += 1
        trouble = self.trouble(seen) if callable(self.trouble) else self.trouble
        if trouble is not None:
            return trouble
        if seen.headers.get("x-redmine-api-key") != self.key:
            return Say(401, body="")
        return self._found(seen)

    def _found(self, seen: Seen) -> Say:
        body: dict[str, object] | None = None
        match seen.path.removesuffix(".json").strip("/").split("/"):
            case ["users", "current"]:
                admin = {"id": 1, "login": "ana", "firstname": "Ana", "lastname": "Ruiz"}
                body = {"user": admin | {"admin": True, "api_key": self.key}}
            case ["users"]:
                people = [] if seen.query.get("status") == "3" else _PEOPLE
                body = {"users": people, "total_count": len(people)}
            case ["projects"]:
                body = {"projects": [_PROJECT], "total_count": 1}
            case ["projects", "7"]:
                body = {"project": _PROJECT}
            case ["projects", "7", "memberships"]:
                rows = [
                    {"id": one["id"], "user": {"id": one["id"], "name": one["firstname"]}}
                    for one in _PEOPLE
                ]
                body = {"memberships": rows, "total_count": len(rows)}
            case ["issues"]:
                first = int(seen.query.get("issue_id", ">=1").removeprefix(">="))
                left = [_issue(n, t) for n, t in sorted(self.issues.items()) if n >= first]
                body = {"issues": left[:100], "total_count": len(left)}
            case ["issues", number] if int(number) in self.issues:
                body = {"issue": _issue(int(number), self.issues[int(number)])}
        return Say(404, body="") if body is None else Say(body=body)


_PROJECT: dict[str, Any] = {
    "id": 7,
    "name": "Harbour",
    "identifier": "harbour",
    "status": 1,
    "is_public": False,
}
_PEOPLE: list[dict[str, Any]] = [
    {"id": n, "login": who, "firstname": who.title(), "lastname": "X", "mail": f"{who}@acme.test"}
    for n, who in enumerate(("ana", "bo", "cleo"), start=1)
]


def _issue(number: int, title: str) -> dict[str, Any]:
    return {
        "id": number,
        "project": {"id": 7, "name": "Harbour"},
        "status": {"id": 1, "name": "New", "is_closed": False},
        "subject": title,
        "updated_on": "2026-11-20T09:14:02Z",
    }


@contextmanager
def fake_redmine() -> Iterator[FakeRedmine]:
    """One that listens until the block ends."""
    made = FakeRedmine()
    listening, over = threading.Event(), threading.Event()

    async def serve() -> None:
        async with serving(made.answer) as server:
            made.url = server.url
            listening.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    if not listening.wait(60):
        raise AssertionError("the fake Redmine does not listen")
    try:
        yield made
    finally:
        over.set()
        thread.join(60)
