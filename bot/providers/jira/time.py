"""Worklogs of a Jira.

A worklog belongs to its issue for good and is its author's, who is the token's owner. Cloud keeps
our marker as a property, which nobody sees; Data Center's worklogs take it in their text.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.integrations.answers import Params
from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.jira.shapes import account, moment
from bot.providers.jira.site import SLUG, JiraSite

_PROPERTY = "hourlink.entry"
_SHORTEST = 60
"""Seconds; Jira refuses less."""

_LIMIT = 1000
_GONE = frozenset({404, 410})
_MORNING = time(9, 0)


class Worklogs:
    """Writes, changes, removes and finds them."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site
        self.reduces_estimates = False
        """The remaining estimate moves with what is written; else it stays as people set it."""

    async def write(self, worklog: Worklog) -> WorklogRecord:
        """Creates a worklog in the token owner's name.

        Raises:
            ProviderRefused: it is somebody else's time, or Jira does not take it.
        """
        me = await self._site.me()
        person = account(me, is_cloud=self._site.is_cloud)
        if worklog.account_id is not None and worklog.account_id != (person and person.external_id):
            reason = "In Jira nobody can log time in somebody else's name."
            raise ProviderRefused(SLUG, reason, reason=reason)
        path = f"issue/{quote(worklog.task_id, safe='')}/worklog"
        body = await self._site.post(path, await self._said(worklog), self._quietly(told=True))
        return await self._record(body, worklog.task_id, worklog)

    async def update(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        """Changes one. Another issue means another worklog, which is written before this one goes.

        Raises:
            ProviderRefused: it is gone (404), or Jira does not allow the change.
        """
        issue_id, path = _place(external_id)
        if issue_id != worklog.task_id:
            return await self._moved(external_id, worklog)
        body = await self._site.put(path, await self._said(worklog), self._quietly(told=True))
        return await self._record(body, issue_id, worklog)

    async def delete(self, external_id: str) -> None:
        """Removes one; one that is already gone is no error."""
        _, path = _place(external_id)
        try:
            await self._site.delete(path, self._quietly())
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise

    async def find(self, worklog: Worklog) -> WorklogRecord | None:
        """Looks on the task; then among all that were written since, should it be on another."""
        found = await self._on_issue(worklog)
        if found is not None or not self._site.is_cloud:
            return found
        async for item in self._written_since(worklog.day):
            if _marker(item) == worklog.marker:
                return await self._record(item, str(item["issueId"]), worklog)
        return None

    def _quietly(self, *, told: bool = False) -> Params:
        """No mail to watchers for every worklog."""
        estimate = "auto" if self.reduces_estimates else "leave"
        asked: Params = {"notifyUsers": "false", "adjustEstimate": estimate}
        return {**asked, "expand": "properties"} if told else asked

    async def _moved(self, external_id: str, worklog: Worklog) -> WorklogRecord:
        await self._site.get(_place(external_id)[1])  # a record that is gone cannot be moved
        made = await self._on_issue(worklog)
        record = made or await self.write(worklog)
        await self.delete(external_id)
        return record

    async def _on_issue(self, worklog: Worklog) -> WorklogRecord | None:
        start = 0
        path = f"issue/{quote(worklog.task_id, safe='')}/worklog"
        while True:
            body = await self._site.get(
                path, {"startAt": start, "maxResults": _LIMIT, "expand": "properties"}
            )
            with reading(SLUG, "a list of worklogs"):
                listed, total = body["worklogs"], int(body["total"])
                for item in listed:
                    if _marker(item) == worklog.marker or _mark(worklog) in _text(item):
                        return await self._record(item, worklog.task_id, worklog)
            start += len(listed)
            if not listed or start >= total:
                return None

    async def _written_since(self, day: date) -> AsyncIterator[JsonObject]:
        """Worklogs that were made or changed from a day before this one on, of every issue."""
        since = int(datetime.combine(day, time(), UTC).timestamp() * 1000) - 86_400_000
        while True:
            body = await self._site.get("worklog/updated", {"since": max(0, since)})
            with reading(SLUG, "a list of changed worklogs"):
                ids = [int(one["worklogId"]) for one in body["values"]]
                until, is_last = int(body.get("until") or since), bool(body["lastPage"])
            if ids:
                listed = await self._site.search_list(
                    "worklog/list", {"ids": ids}, {"expand": "properties"}
                )
                for item in listed:
                    yield item
            if is_last or until <= since:
                return
            since = until

    async def _said(self, worklog: Worklog) -> JsonObject:
        named = f"{worklog.member_name}: " if worklog.account_id is None else ""
        note = " ".join(f"{named}{worklog.note}".split()).rstrip(":")
        started = _stamp(worklog.started_at or await self._morning(worklog))
        said: dict[str, Any] = {
            "started": started,
            "timeSpentSeconds": max(_SHORTEST, worklog.seconds),
        }
        if self._site.is_cloud:
            entry = {"id": worklog.marker, "day": worklog.day.isoformat(), "started": started}
            said["comment"] = _document(note)
            said["properties"] = [{"key": _PROPERTY, "value": entry}]
        else:
            said["comment"] = f"{note} {_mark(worklog)}".strip()
        return said

    async def _record(self, item: JsonObject, issue_id: str, worklog: Worklog) -> WorklogRecord:
        zone = await self._zone(worklog)
        with reading(SLUG, "a worklog"):
            started, seconds = moment(item["started"]), int(item["timeSpentSeconds"])
            written = (issue_id, started, seconds, _text(item))
            entry = _entry(item)
            day = started.astimezone(zone).date()
            if entry.get("day") and moment(str(entry["started"])) == started:
                day = date.fromisoformat(str(entry["day"]))  # the member's, wherever they are
            return WorklogRecord(
                external_id=f"{issue_id}/{item['id']}",
                seconds=seconds,
                day=day,
                version=sha256(repr(written).encode()).hexdigest()[:16],
            )

    async def _morning(self, worklog: Worklog) -> datetime:
        """Nine where the member is: a duration has no clock times, and Jira wants one."""
        return datetime.combine(worklog.day, _MORNING, await self._zone(worklog))

    async def _zone(self, worklog: Worklog) -> ZoneInfo:
        """The member's, else that of the token's owner."""
        if worklog.zone is not None:
            return worklog.zone
        me = await self._site.me()
        try:
            return ZoneInfo(str(me.get("timeZone") or "UTC"))
        except (KeyError, ValueError):  # a zone that only Jira knows
            return ZoneInfo("UTC")


def _place(external_id: str) -> tuple[str, str]:
    """The issue's id and the worklog's path."""
    issue_id, _, number = external_id.partition("/")
    return issue_id, f"issue/{quote(issue_id, safe='')}/worklog/{quote(number, safe='')}"


def _stamp(started: datetime) -> str:
    """Milliseconds and an offset without a colon: Jira answers 500 to any other form."""
    return started.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _mark(worklog: Worklog) -> str:
    return f"[hl:{worklog.marker}]"


def _entry(item: JsonObject) -> JsonObject:
    for one in item.get("properties") or ():
        if one.get("key") == _PROPERTY and isinstance(one.get("value"), dict):
            value: JsonObject = one["value"]
            return value
    return {}


def _marker(item: JsonObject) -> str | None:
    marker = _entry(item).get("id")
    return None if marker is None else str(marker)


def _document(text: str) -> JsonObject:
    """Cloud's form of a text."""
    words = [{"type": "text", "text": text}] if text else []
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": words}]}


def _text(item: JsonObject) -> str:
    """A worklog's comment as plain text, from either form."""
    comment = item.get("comment")
    return comment if isinstance(comment, str) else "".join(_words(comment))


def _words(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [str(node["text"])] if "text" in node else []
        return own + [word for child in node.get("content") or () for word in _words(child)]
    return []
