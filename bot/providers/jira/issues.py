"""Reading a Jira's issues: Cloud pages by token, Data Center by offset."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from urllib.parse import quote

from bot.integrations.answers import Params
from bot.integrations.api import Page, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.jira import shapes
from bot.providers.jira.site import SLUG, JiraSite

_LIMIT = 100
_NARROW = 1000
"""Issues on a page that tells of each only where it is."""

_OVERLAP = 5
_EMPTY = 5
"""Pages without an issue, one after another, that are gone past: they may lie before others."""

_ASKED: Params = {"fields": ",".join(shapes.FIELDS)}


class Issues:
    """Issues of one Jira."""

    def __init__(self, site: JiraSite) -> None:
        self._site = site

    async def of_project(
        self, project_id: str, since: datetime | None, cursor: str | None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """A project's issues in the order of their keys, which no edit changes.

        Raises:
            ProviderRefused: there is no such project, or it is hidden.
        """
        await self._site.me()
        jql = f"project = {int(project_id)}" if project_id.isdecimal() else ""
        if not jql:
            raise ProviderRefused(SLUG, "no project's id", status=404, reason="No such project.")
        if since is not None:
            jql += f" AND {shapes.changed_since(self._site.theirs(since))}"
        jql += " ORDER BY key ASC"
        read = self._by_token if self._site.is_cloud else self._by_offset
        async for page in read(jql, cursor):
            own = tuple(task for task in page.items if task.project_id == project_id)
            yield Page(own, page.cursor)

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Projects with issues that changed; None where there are more than fill a page."""
        if not project_ids:
            return frozenset()
        changed = shapes.changed_since(self._site.theirs(since))
        listed = ", ".join(sorted(one for one in project_ids if one.isdecimal()))
        asked: JsonObject = {
            "jql": f"project in ({listed}) AND {changed} ORDER BY key ASC",
            "fields": ["project"],
            "maxResults": _NARROW,
        }
        try:
            body = await self._site.search("search/jql" if self._site.is_cloud else "search", asked)
        except ProviderRefused:  # one of them is gone or hidden: each is read by itself
            return None
        with reading(SLUG, "a page of issues"):
            found = [str(int(one["fields"]["project"]["id"])) for one in body["issues"]]
            is_whole = not body.get("nextPageToken") and len(found) >= int(body.get("total", 0))
        return frozenset(found) if is_whole else None

    async def one(self, task_id: str) -> ProviderTask | None:
        """One issue by its id; None when it is deleted or hidden."""
        body = await self._site.seen(_path(task_id), _ASKED)
        return None if body is None else self._task(body)

    async def there(self, task_id: str) -> ProviderTask:
        """One issue by its id.

        Raises:
            ProviderRefused: it is deleted or hidden.
        """
        return self._task(await self._site.get(_path(task_id), _ASKED))

    async def _by_token(self, jql: str, cursor: str | None) -> AsyncIterator[Page[ProviderTask]]:
        """Cursor: the next page's token, good for a week; the last page alone has none."""
        empty = 0
        while True:
            asked: JsonObject = {"jql": jql, "fields": list(shapes.FIELDS), "maxResults": _LIMIT}
            if cursor is not None:
                asked["nextPageToken"] = cursor
            body = await self._site.search("search/jql", asked)
            with reading(SLUG, "a page of issues"):
                found = tuple(self._task(item) for item in body["issues"])
                following = body.get("nextPageToken")
            empty = 0 if found else empty + 1
            # Jira has been seen to give the same token again, or one behind the last page.
            is_last = not following or following == cursor or empty > _EMPTY
            following = None if is_last else str(following)
            yield Page(found, following)
            if following is None:
                return
            cursor = following

    async def _by_offset(self, jql: str, cursor: str | None) -> AsyncIterator[Page[ProviderTask]]:
        """Cursor: an offset.

        What is deleted or moved away meanwhile shifts the rest, so each page begins a little
        before the end of the former one, and further back by as many as have gone since.
        """
        start, total = int(cursor or 0), None
        seen: set[str] = set()
        while True:
            asked = {
                "jql": jql,
                "fields": list(shapes.FIELDS),
                "startAt": start,
                "maxResults": _LIMIT,
            }
            body = await self._site.search("search", asked)
            with reading(SLUG, "a page of issues"):
                listed = [self._task(item) for item in body["issues"]]
                now = int(body["total"])
            if total is not None and now < total and start > 0:
                start, total = max(0, start - (total - now)), now
                continue
            total, end = now, start + len(listed)
            found = tuple(task for task in listed if task.external_id not in seen)
            seen = {task.external_id for task in listed}
            following = max(end - _OVERLAP, start + 1) if end < now and listed else None
            yield Page(found, None if following is None else str(following))
            if following is None:
                return
            start = following

    def _task(self, item: JsonObject) -> ProviderTask:
        return shapes.task(item, self._site.address, is_cloud=self._site.is_cloud)


def _path(task_id: str) -> str:
    return f"issue/{quote(task_id, safe='')}"
