"""Time on Asana's tasks, which larger plans keep.

An entry is whole minutes on a day, without clock times, and belongs to whoever's token made it. It
has no room for a marker of ours but its description.
"""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from hashlib import sha256
from urllib.parse import quote

from bot.integrations.answers import Params
from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import identity, reading
from bot.providers.asana.site import SLUG, AsanaSite

_MINUTE = 60
_DAY = timedelta(days=1)
_PLAN = 402
_GONE = frozenset({404, 410})
_ENTRIES = "time_tracking_entries"
_FIELDS = "duration_minutes,entered_on,description"
_TOLD: Params = {"opt_fields": _FIELDS}


class TimeEntries:
    """Writes, changes, removes and finds them."""

    def __init__(self, site: AsanaSite) -> None:
        self._site = site

    async def write(self, worklog: Worklog) -> WorklogRecord:
        """Creates an entry in the token owner's name.

        Raises:
            ProviderRefused: it is somebody else's time, or the plan has no time tracking.
        """
        with reading(SLUG, "the token's owner"):
            me = identity((await self._site.me())["gid"])
        if worklog.account_id not in {None, me}:
            reason = "In Asana nobody can log time in somebody else's name."
            raise ProviderRefused(SLUG, reason, reason=reason)
        try:
            made = await self._site.post(_of_task(worklog.task_id), _said(worklog), _TOLD)
        except ProviderRefused as refused:
            if refused.status == _PLAN:
                refused.reason = f"Your Asana plan has no time tracking ({refused.reason})."
            raise
        return _record(made, worklog.task_id)

    async def update(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes one. Another task means another entry, which is written before this one goes.

        Raises:
            ProviderRefused: it is gone (404), or approved already.
        """
        task_id, path = _place(external_id)
        if task_id == worklog.task_id:
            return _record(await self._site.put(path, _said(worklog), _TOLD), task_id)
        await self._site.get(path, _TOLD)  # an entry that is gone cannot be moved
        made = await self._on_task(worklog)
        record = made or await self.write(worklog)
        await self.delete(external_id)
        return record

    async def delete(self, external_id: str) -> None:
        """Removes one; one that is already gone is no error."""
        try:
            await self._site.delete(_place(external_id)[1])
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise

    async def find(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks on the task; then among the owner's of those days, should it be on another."""
        return await self._on_task(worklog) or await self._of_owner(worklog)

    async def _on_task(self, worklog: Worklog) -> WorklogRecord | None:
        async for row in self._listed(_of_task(worklog.task_id), _TOLD):
            if _mark(worklog) in str(row.get("description") or ""):
                return _record(row, worklog.task_id)
        return None

    async def _of_owner(self, worklog: Worklog) -> WorklogRecord | None:
        with reading(SLUG, "the token's owner"):
            me = identity((await self._site.me())["gid"])
        asked = {
            "opt_fields": f"{_FIELDS},task",
            "user": me,
            "entered_on_start_date": (worklog.day - _DAY).isoformat(),
            "entered_on_end_date": (worklog.day + _DAY).isoformat(),
        }
        async for row in self._listed(_ENTRIES, asked):
            if _mark(worklog) in str(row.get("description") or ""):
                with reading(SLUG, "a time entry"):
                    task_id = identity(row["task"]["gid"])
                return _record(row, task_id)
        return None

    async def _listed(self, path: str, asked: Params) -> AsyncIterator[JsonObject]:
        """Entries with their descriptions, even if a list should keep those to itself."""
        fields: Params = {"opt_fields": asked["opt_fields"]}
        async for rows, _ in self._site.pages(path, asked):
            for row in rows:
                if "description" in row:
                    yield row
                    continue
                with reading(SLUG, "a time entry"):
                    gid = identity(row["gid"])
                yield await self._site.get(f"{_ENTRIES}/{quote(gid, safe='')}", fields)


def _said(worklog: Worklog) -> JsonObject:
    named = f"{worklog.member_name}: " if worklog.account_id is None else ""
    note = " ".join(f"{named}{worklog.note}".split()).rstrip(":")
    return {
        "duration_minutes": max(1, (worklog.seconds + _MINUTE // 2) // _MINUTE),
        "entered_on": worklog.day.isoformat(),
        "description": f"{note} {_mark(worklog)}".strip(),
    }


def _record(row: JsonObject, task_id: str) -> WorklogRecord:
    with reading(SLUG, "a time entry"):
        minutes, day = int(row["duration_minutes"]), date.fromisoformat(row["entered_on"])
        written = (task_id, minutes, day, str(row.get("description") or ""))
        return WorklogRecord(
            external_id=f"{task_id}/{identity(row['gid'])}",
            seconds=minutes * _MINUTE,
            day=day,
            version=sha256(repr(written).encode()).hexdigest()[:16],
        )


def _place(external_id: str) -> tuple[str, str]:
    """The task's id and the entry's path."""
    task_id, _, number = external_id.partition("/")
    return task_id, f"{_ENTRIES}/{quote(number, safe='')}"


def _of_task(task_id: str) -> str:
    return f"tasks/{quote(task_id, safe='')}/{_ENTRIES}"


def _mark(worklog: Worklog) -> str:
    return f"[hl:{worklog.marker}]"
