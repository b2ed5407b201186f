"""Time on ClickUp's tasks.

An entry has a start and a length in milliseconds, and no room for a marker of ours but its
description. Owners and admins of the Workspace may log it for others, members for themselves.
"""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.integrations.answers import Params
from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused, ProviderSurprised
from bot.integrations.shape import identity, reading
from bot.providers.clickup.shapes import moment
from bot.providers.clickup.site import GONE, SLUG, ClickUpSite

_FORBIDDEN = frozenset({401, 403})
_MORNING = time(9, 0)
_DAY = timedelta(days=1)
_LONG = timedelta(days=366)
"""How far from its day an entry is looked for, on the one task it should be on."""


class TimeEntries:
    """Writes, changes, removes and finds them."""

    def __init__(self, site: ClickUpSite) -> None:
        self._site = site

    async def write(self, worklog: Worklog) -> WorklogRecord:
        """Creates an entry in the name the worklog asks for.

        Raises:
            ProviderRefused: ClickUp does not let this token log time for that person, or there.
                Nothing was written then.
        """
        said = await self._said(worklog)
        person = worklog.account_id or await self._site.my_id()
        if person != await self._site.my_id():
            said["assignee"] = int(person)
        body = await self._site.post(await self._path(), said)
        with reading(SLUG, "a new time entry"):
            made = dict(body.get("data") or body)
        try:
            entry = await self._complete(made, worklog)
            with reading(SLUG, "a time entry"):
                author, entry_id = identity(entry["user"]["id"]), identity(entry["id"])
            if author != person:
                await self.delete(entry_id)
        except ProviderRefused as refused:  # something was written, and a refusal would deny it
            raise ProviderSurprised(SLUG, f"a new time entry is lost: {refused}") from refused
        if author != person:
            reason = "ClickUp does not let this token log time for other people."
            raise ProviderRefused(SLUG, f"time for {person} went to {author}", reason=reason)
        return await self._record(entry, worklog)

    async def _complete(self, made: JsonObject, worklog: Worklog) -> JsonObject:
        """The new entry; looked for where none comes back, as ClickUp's description has it."""
        if {"id", "user", "start", "duration", "description"} <= made.keys():
            return made
        found = await self._search(worklog)
        if found is None:
            raise ProviderSurprised(SLUG, "a new time entry is nowhere")
        return found

    async def update(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes one, and its task with it; the person and the tags stay.

        Raises:
            ProviderRefused: it is gone (404), or locked.
        """
        entry = await self._there(external_id)
        tags = [one for one in entry.get("tags") or () if isinstance(one, dict)]
        said = await self._said(worklog) | {"tags": tags, "tag_action": "replace"}
        said["end"] = said["start"] + said["duration"]
        await self._site.put(await self._path(external_id), said)
        return await self._record(await self._there(external_id), worklog)

    async def delete(self, external_id: str) -> None:
        """Removes one; one that is already gone is no error."""
        try:
            await self._site.delete(await self._path(external_id))
        except ProviderRefused as refused:
            if refused.status not in GONE or await self._read(external_id) is not None:
                raise

    async def find(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks among the person's of those days, on any task; then on the task, a year around."""
        found = await self._search(worklog)
        return None if found is None else await self._record(found, worklog)

    async def _search(self, worklog: Worklog) -> JsonObject | None:
        start = await self._start(worklog)
        on_task = {"task_id": worklog.task_id}
        for span, more in ((_DAY, {}), (_LONG, on_task)):
            asked = {
                "start_date": str(_milliseconds(start - span)),
                "end_date": str(_milliseconds(start + span)),
                **more,
            }
            for entry in await self._listed(asked, worklog.account_id):
                if _mark(worklog) in str(entry.get("description") or ""):
                    return entry
        return None

    async def _listed(self, asked: Params, person: str | None) -> list[JsonObject]:
        """Somebody's entries; one's own where this token may not see, nor write, another's."""
        path, mine = await self._path(), await self._site.my_id()
        if person not in {None, mine}:
            try:
                body = await self._site.get(path, {**asked, "assignee": str(person)})
            except ProviderRefused as refused:
                if refused.status not in _FORBIDDEN:
                    raise
                body = await self._site.get(path, asked)
        else:
            body = await self._site.get(path, asked)
        with reading(SLUG, "a list of time entries"):
            return list(body["data"] or ())

    async def _there(self, entry_id: str) -> JsonObject:
        entry = await self._read(entry_id)
        if entry is None:
            reason = "The time entry is not in ClickUp any more."
            raise ProviderRefused(SLUG, reason, status=404, reason=reason)
        return entry

    async def _read(self, entry_id: str) -> JsonObject | None:
        body = await self._site.seen(await self._path(entry_id))
        with reading(SLUG, "a time entry"):
            entry = (body or {}).get("data")
            return dict(entry) if entry else None

    async def _path(self, entry_id: str | None = None) -> str:
        path = f"team/{await self._site.team()}/time_entries"
        return path if entry_id is None else f"{path}/{quote(entry_id, safe='')}"

    async def _said(self, worklog: Worklog) -> dict[str, Any]:
        named = f"{worklog.member_name}: " if worklog.account_id is None else ""
        note = " ".join(f"{named}{worklog.note}".split()).rstrip(":")
        return {
            "tid": worklog.task_id,
            "start": _milliseconds(await self._start(worklog)),
            "duration": worklog.seconds * 1000,
            "description": f"{note} {_mark(worklog)}".strip(),
        }

    async def _record(self, entry: JsonObject, worklog: Worklog) -> WorklogRecord:
        start, zone = await self._start(worklog), await self._zone(worklog)
        with reading(SLUG, "a time entry"):
            began, length = moment(entry["start"]), int(str(entry["duration"]))
            task = (entry.get("task") or {}).get("id") or worklog.task_id
            written = (task, began, length, str(entry.get("description") or ""))
            is_as_asked = _milliseconds(began) == _milliseconds(start)
            return WorklogRecord(
                external_id=identity(entry["id"]),
                seconds=round(length / 1000),
                # The member's day, wherever they are, unless somebody moved it.
                day=worklog.day if is_as_asked else began.astimezone(zone).date(),
                version=sha256(repr(written).encode()).hexdigest()[:16],
            )

    async def _start(self, worklog: Worklog) -> datetime:
        """Nine where the member is, for a duration without clock times."""
        return worklog.started_at or _morning(worklog.day, await self._zone(worklog))

    async def _zone(self, worklog: Worklog) -> ZoneInfo:
        """The member's, else that of the token's owner."""
        if worklog.zone is not None:
            return worklog.zone
        me = await self._site.me()
        try:
            return ZoneInfo(str(me.get("timezone") or "UTC"))
        except (KeyError, ValueError):  # a zone that only ClickUp knows
            return ZoneInfo("UTC")


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, _MORNING, zone).astimezone(UTC)


def _milliseconds(moment_: datetime) -> int:
    return int(moment_.timestamp() * 1000)


def _mark(worklog: Worklog) -> str:
    return f"[hl:{worklog.marker}]"
