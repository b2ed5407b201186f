"""Reading ClickUp's tasks, from the newest to the oldest.

ClickUp's pages have numbers alone, and what is deleted meanwhile shifts everything behind it. So
each page is the first one of what was made before the last task that was seen.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from urllib.parse import quote

from bot.integrations.api import Page, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import identity, reading
from bot.providers.clickup import shapes
from bot.providers.clickup.site import SLUG, ClickUpSite

_LIMIT = 100
"""Tasks on a page; ClickUp gives no more, and no less but on the last."""

_MOST_PAGES = 5
"""Of changes in the whole Workspace; with more of them each list is asked."""

_EVERY = {"include_closed": "true", "subtasks": "true"}
"""Without these, closed tasks and subtasks are left out."""


class Tasks:
    """Tasks of one Workspace."""

    def __init__(self, site: ClickUpSite) -> None:
        self._site = site

    async def of_list(
        self, list_id: str, since: datetime | None, cursor: str | None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """A list's tasks, those too whose home is another list.

        Cursor: the moment of making up to which the next page goes, and the page's number there.

        Raises:
            ProviderRefused: there is no such list, or it is hidden.
        """
        asked = {**_EVERY, "include_timl": "true", "order_by": "created"}
        if since is not None:
            asked["date_updated_gt"] = str(self._site.theirs(since) - 1)
        bound, number = _place(cursor)
        seen: frozenset[str] = frozenset()
        while True:
            page = {**asked, "page": str(number)}
            if bound is not None:
                page["date_created_lt"] = str(bound)
            body = await self._site.get(f"list/{quote(list_id, safe='')}/task", page)
            with reading(SLUG, "a page of tasks"):
                listed = [(int(row["date_created"]), row) for row in body["tasks"]]
                rows = [(made, row) for made, row in listed if bound is None or made < bound]
                ids = frozenset(identity(row["id"]) for _, row in rows)
                is_last = _is_last(body, len(listed))
            found = [
                shapes.task(row, list_id) for _, row in rows if identity(row["id"]) not in seen
            ]
            oldest = min((made for made, _ in rows), default=None)
            if oldest is None or (not ids - seen or oldest + 1 == bound):
                number += 1  # a page of tasks that were all made at once
            else:
                bound, number = oldest + 1, 0
            seen = ids
            following = None if is_last else f"{'' if bound is None else bound}:{number}"
            yield Page(tuple(task for task in found if task), following)
            if following is None:
                return

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Where tasks have changed in the Workspace; None where very many have."""
        team = await self._site.team()
        asked = {
            **_EVERY,
            "order_by": "updated",
            "date_updated_gt": str(self._site.theirs(since) - 1),
        }
        changed: set[str] = set()
        for number in range(_MOST_PAGES):
            try:
                body = await self._site.get(f"team/{team}/task", {**asked, "page": str(number)})
            except ProviderRefused:  # each list can be asked all the same
                return None
            with reading(SLUG, "a page of tasks"):
                for row in body["tasks"]:
                    places = (row["list"], *(row.get("locations") or ()))
                    changed |= {identity(one["id"]) for one in places}
                if _is_last(body, len(body["tasks"])):
                    return frozenset(changed.intersection(project_ids))
        return None

    async def one(self, task_id: str) -> ProviderTask | None:
        """One task, wherever it is now; None when it is deleted, archived or hidden."""
        body = await self._site.seen(_path(task_id))
        return None if body is None else shapes.task(body)

    async def mark(self, task_id: str, *, is_done: bool) -> ProviderTask:
        """Gives a task a status that is closed, else done; or one that is open.

        Raises:
            ProviderRefused: it is gone or archived, its list has no such status, or it may not be.
        """
        task = await self._there(task_id)
        if task.is_done == is_done:
            return task
        body = await self._site.get(f"list/{quote(task.project_id, safe='')}")
        with reading(SLUG, "the statuses of a list"):
            names = {str(one["type"]): str(one["status"]) for one in reversed(body["statuses"])}
        wanted = ("closed", "done") if is_done else ("open", "unstarted", "custom")
        name = next((names[kind] for kind in wanted if kind in names), None)
        if name is None:
            doing = "done" if is_done else "open again"
            reason = f"Its list in ClickUp has no status that would make it {doing}."
            raise ProviderRefused(SLUG, reason, reason=reason)
        await self._site.put(_path(task_id), {"status": name})
        return await self._there(task_id)

    async def _there(self, task_id: str) -> ProviderTask:
        found = shapes.task(await self._site.get(_path(task_id)))
        if found is None:
            reason = "The task is archived in ClickUp."
            raise ProviderRefused(SLUG, reason, reason=reason)
        return found


def _is_last(body: JsonObject, count: int) -> bool:
    told = body.get("last_page")
    return told if isinstance(told, bool) else count < _LIMIT


def _place(cursor: str | None) -> tuple[int | None, int]:
    bound, _, number = (cursor or ":").partition(":")
    return (int(bound) if bound else None), int(number or 0)


def _path(task_id: str) -> str:
    return f"task/{quote(task_id, safe='')}"
