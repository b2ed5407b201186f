"""The tools that are written to: one in a file, the real Redmine, and a bad way to either."""

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from bot.integrations.api import KeepsTime, Worklog, WorklogRecord
from bot.integrations.errors import ProviderRefused, ProviderUnavailable
from tests.providers.redmine.site import Site

Result = TypeVar("Result")
Kept = tuple[str, str, str, int]
"""Task, person, day and minutes."""

_MINUTE = 60
_PAGE = 100


def minutes(seconds: int) -> int:
    """As both tools round."""
    return max(1, (seconds + 30) // _MINUTE)


class FileTool:
    """Keeps records in a file of its own; writing the same twice makes two.

    Ids are never given again, as in every tool: a repeated delete must not meet another record.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS record (id INTEGER PRIMARY KEY AUTOINCREMENT, marker,"
            " task, person, day, minutes, note, edits DEFAULT 0)"
        )

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """A new record, whatever is there."""
        made = self._db.execute(
            "INSERT INTO record (marker, task, person, day, minutes, note)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (worklog.marker, *_said(worklog)),
        )
        return self._record(int(made.lastrowid or 0))

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes one."""
        done = self._db.execute(
            "UPDATE record SET task = ?, person = ?, day = ?, minutes = ?, note = ?,"
            " edits = edits + 1 WHERE id = ?",
            (*_said(worklog), int(external_id)),
        )
        if not done.rowcount:
            raise ProviderRefused("file", status=404, reason="It is gone.")
        return self._record(int(external_id))

    async def delete_time(self, external_id: str) -> None:
        """Removes one."""
        self._db.execute("DELETE FROM record WHERE id = ?", (int(external_id),))

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """By the marker."""
        query = "SELECT id FROM record WHERE marker = ?"
        row = self._db.execute(query, (worklog.marker,)).fetchone()
        return None if row is None else self._record(row[0])

    def kept(self) -> Counter[Kept]:
        """Everything that is there."""
        rows = self._db.execute("SELECT task, person, day, minutes FROM record")
        return Counter((row[0], row[1], row[2], row[3]) for row in rows)

    def _record(self, number: int) -> WorklogRecord:
        query = "SELECT minutes, day, edits FROM record WHERE id = ?"
        kept = self._db.execute(query, (number,)).fetchone()
        return WorklogRecord(
            str(number), kept[0] * _MINUTE, date.fromisoformat(kept[1]), f"v{kept[2]}"
        )


def _said(worklog: Worklog) -> tuple[str, str, str, int, str]:
    return (
        worklog.task_id,
        worklog.account_id or worklog.member_name,
        worklog.day.isoformat(),
        minutes(worklog.seconds),
        worklog.note,
    )


def redmine_kept(site: Site, project: int) -> Counter[Kept]:
    """Every time entry of a project, as Redmine itself tells it."""
    found: Counter[Kept] = Counter()
    offset = 0
    while True:
        path = f"time_entries.json?project_id={project}&limit={_PAGE}&offset={offset}"
        listed = site.call("GET", path)["time_entries"]
        for one in listed:
            person, task = str(one["user"]["id"]), str(one["issue"]["id"])
            found[task, person, one["spent_on"], round(float(one["hours"]) * _MINUTE)] += 1
        offset += len(listed)
        if not listed:
            return found


class BadWay:
    """The way to a tool: calls that do not arrive, answers that get lost, the link cut for long."""

    def __init__(self, tool: KeepsTime, rolls: random.Random, often: float) -> None:
        self._tool = tool
        self._rolls = rolls
        self._often = often
        self._cut = 0

    async def write_time(self, worklog: Worklog) -> WorklogRecord:
        """As the tool, or not."""
        return await self._over(lambda: self._tool.write_time(worklog))

    async def update_time(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """As the tool, or not."""
        return await self._over(lambda: self._tool.update_time(external_id, worklog))

    async def delete_time(self, external_id: str) -> None:
        """As the tool, or not."""
        await self._over(lambda: self._tool.delete_time(external_id))

    async def find_time(self, worklog: Worklog) -> WorklogRecord | None:
        """As the tool, or not."""
        return await self._over(lambda: self._tool.find_time(worklog))

    async def _over(self, call: Callable[[], Awaitable[Result]]) -> Result:
        if self._cut:
            self._cut -= 1
            raise ProviderUnavailable("torture", "the link is cut")
        roll = self._rolls.random()
        if roll < self._often / 10:
            self._cut = self._rolls.randrange(3, 12)
        if roll < self._often / 2:
            raise ProviderUnavailable("torture", "it did not arrive")
        answer = await call()
        if roll < self._often:
            raise ProviderUnavailable("torture", "the answer got lost")
        return answer


class Tools:
    """Takes the place of the adapters."""

    def __init__(self, make: Callable[[], KeepsTime], rolls: random.Random, often: float) -> None:
        self._make = make
        self._rolls = rolls
        self._often = often

    def open(self, provider: str, sealed: str | None, own: str | None = None) -> BadWay:
        """The tool, behind a bad way."""
        del provider, sealed, own
        return BadWay(self._make(), self._rolls, self._often)


def described(text: str) -> Mapping[str, Any]:
    """Which tool, as it is handed to another process."""
    found: Mapping[str, Any] = json.loads(text)
    return found
