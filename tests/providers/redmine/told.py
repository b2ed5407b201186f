"""A Redmine that answers as told, with samples of its JSON."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.integrations.api import Worklog
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.providers.redmine.adapter import Redmine
from tests.http_server import HttpServer, Say, Seen, serving

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = "k" * 40

ME = {"id": 7, "login": "mia", "admin": True, "firstname": "Mia", "lastname": "K", "api_key": KEY}
PROJECT = {"id": 12, "name": "Website", "identifier": "website", "status": 1, "is_public": False}
ISSUE: dict[str, Any] = {
    "id": 123,
    "project": {"id": 12, "name": "Website"},
    "tracker": {"id": 2, "name": "Feature"},
    "status": {"id": 2, "name": "In Progress", "is_closed": False},
    "assigned_to": {"id": 7, "name": "Mia K"},
    "category": {"id": 3, "name": "Layout"},
    "parent": {"id": 99},
    "subject": "Header",
    "estimated_hours": 1.5,
    "updated_on": "2026-11-20T09:14:02Z",
}
ENTRY: dict[str, Any] = {
    "id": 501,
    "issue": {"id": 123},
    "user": {"id": 7, "name": "Mia K"},
    "activity": {"id": 9, "name": "Development"},
    "hours": 1.5,
    "comments": "Timer [hl:7f1c]",
    "spent_on": "2026-11-20",
}
WORKLOG = Worklog("7f1c", "123", 5400, date(2026, 11, 20), None, "Timer", "7", "Mia K")

ANSWERS: dict[str, object] = {
    "GET /users/current.json": {"user": ME},
    "GET /issues/123.json": {"issue": ISSUE},
    "GET /projects/12.json": {
        "project": {**PROJECT, "time_entry_activities": [{"id": 8, "name": "Design"}]}
    },
    "GET /enumerations/time_entry_activities.json": {"time_entry_activities": []},
    "POST /time_entries.json": {"time_entry": ENTRY},
    "PUT /issues/123.json": Say(204, body=""),
    "DELETE /time_entries/501.json": Say(204, body=""),
}


def listed(name: str, *items: object, total: int | None = None) -> dict[str, object]:
    """A list as Redmine wraps it."""
    return {name: list(items), "total_count": len(items) if total is None else total}


@asynccontextmanager
async def redmine(
    tmp_path: Path, answers: dict[str, object], path: str = ""
) -> AsyncIterator[tuple[Redmine, HttpServer]]:
    """An adapter, and the server it talks to: what is not told is answered with 404."""
    known = {**ANSWERS, **answers}

    def answer(seen: Seen) -> Say:
        found = known.get(f"{seen.method} {seen.path}", Say(404, body=""))
        if callable(found):
            found = found(seen)
        return found if isinstance(found, Say) else Say(body=found)

    async def no_sleep(_: float) -> None:
        return

    pool = HttpPool(clock=lambda: NOW, sleep=no_sleep)
    async with serving(answer) as server:
        context = AdapterContext(pool, tmp_path, pool.clock, asyncio.sleep)
        yield Redmine({"url": f"{server.url}{path}", "api_key": KEY}, context), server
    await pool.aclose()
