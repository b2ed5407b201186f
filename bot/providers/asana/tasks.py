"""Reading Asana's tasks: those of a project's list, and their subtasks, which no list holds."""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.integrations.answers import Params
from bot.integrations.api import Page, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import identity, reading
from bot.providers.asana import shapes
from bot.providers.asana.site import LIMIT, SLUG, AsanaSite

_ASKED: Params = {"opt_fields": shapes.TASK}

_AT_ONCE = 100
"""Projects in one search, whose address would become too long with many more."""

_LAG = timedelta(minutes=4)
"""How far Asana's search may be behind what people saved; a minute, when all is well."""

_NO_SEARCH = frozenset({400, 402, 403, 404})
_SOME = 20
"""Tasks read at a time where some have subtasks."""

_DEEPEST = 5
"""Levels of subtasks, as many as Asana itself has."""


class Tasks:
    """Tasks of one workspace."""

    def __init__(self, site: AsanaSite) -> None:
        self._site = site

    async def of_project(
        self, project_id: str, since: datetime | None, cursor: str | None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """A project's tasks in the order they have there, each followed by its subtasks.

        Cursor: Asana's mark of a page, and the last task of it that was read; a page of tasks that
        have subtasks is read in pieces, because each of those takes a request.

        Raises:
            ProviderRefused: there is no such project, or it is hidden.
        """
        asked = {**_ASKED, "project": project_id}
        if since is not None:
            asked["modified_since"] = self._site.theirs(since)
        last, _, mark = (cursor or "|").partition("|")
        seen: frozenset[str] = frozenset()
        async for rows, following in self._site.pages("tasks", asked, mark or None):
            for some, done in _pieces(rows, after=last):
                found = [
                    task for row in some for task in await self._with_subtasks(row, project_id)
                ]
                # What somebody drags down meanwhile comes a second time.
                page = {task.external_id: task for task in found if task.external_id not in seen}
                seen = frozenset(task.external_id for task in found)
                place = f"{done}|{mark}" if done else following and f"|{following}"
                yield Page(tuple(page.values()), place)
            last, mark = "", following or ""

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Where tasks have changed, by search; None where the plan has no search.

        A search that is full names all the projects it was about.
        """
        workspace, _ = await self._site.workspace()
        changed: set[str] = set()
        wanted = sorted(project_ids)
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            try:
                found = await self._searched(workspace, some, since)
            except ProviderRefused as refused:
                if refused.status not in _NO_SEARCH:
                    raise
                return None
            changed |= found.intersection(some)
        return frozenset(changed)

    async def one(self, task_id: str) -> ProviderTask | None:
        """One task, wherever it is now; None when it is deleted, hidden, or in no project."""
        body = await self._site.seen(_path(task_id), _ASKED)
        return None if body is None else await self._placed(body)

    async def mark(self, task_id: str, *, is_done: bool) -> ProviderTask:
        """Marks a task done or open, unless it is.

        Raises:
            ProviderRefused: it is deleted, hidden, in no project, or not to be edited.
        """
        body = await self._site.get(_path(task_id), _ASKED)
        if body.get("completed") is not is_done:
            body = await self._site.put(_path(task_id), {"completed": is_done}, _ASKED)
        found = await self._placed(body)
        if found is None:
            reason = "The task is in no project any more."
            raise ProviderRefused(SLUG, reason, reason=reason)
        return found

    async def _placed(self, body: JsonObject) -> ProviderTask | None:
        """Where it is; a subtask is where the task is that it belongs to."""
        above = body
        for _ in range(_DEEPEST + 1):
            if where := shapes.places(above):
                return shapes.task(body, where[0])
            parent = above.get("parent")
            if not parent:
                return None
            with reading(SLUG, "a parent"):
                path = _path(identity(parent["gid"]))
            found = await self._site.seen(path, {"opt_fields": "parent,memberships.project"})
            if found is None:
                return None
            above = found
        return None

    async def _with_subtasks(
        self, row: JsonObject, project_id: str, depth: int = 0
    ) -> list[ProviderTask]:
        task = shapes.task(row, project_id)
        if task is None:
            return []
        found = [task]
        if row.get("num_subtasks") and depth < _DEEPEST:
            for below in await self._site.every(f"{_path(task.external_id)}/subtasks", _ASKED):
                # One that is in a project of its own accord stands in that project's list.
                if not shapes.places(below):
                    found += await self._with_subtasks(below, project_id, depth + 1)
        return found

    async def _searched(
        self, workspace: str, project_ids: Sequence[str], since: datetime
    ) -> frozenset[str]:
        body = await self._site.search(
            f"workspaces/{quote(workspace, safe='')}/tasks/search",
            {
                "projects.any": ",".join(project_ids),
                "modified_at.after": self._site.theirs(since - _LAG),
                "opt_fields": "projects",
                "limit": LIMIT,
            },
        )
        with reading(SLUG, "a search"):
            found = frozenset(identity(one["gid"]) for task in body for one in task["projects"])
        return found if len(body) < LIMIT else frozenset(project_ids)


def _path(task_id: str) -> str:
    return f"tasks/{quote(task_id, safe='')}"


def _pieces(rows: Sequence[JsonObject], *, after: str) -> Iterator[tuple[list[JsonObject], str]]:
    """The rows of a page from behind one of them on, each piece with its last, "" at the end."""
    with reading(SLUG, "a list of tasks"):
        ids = [identity(row["gid"]) for row in rows]
        size = _SOME if any(row.get("num_subtasks") for row in rows) else LIMIT
    start = ids.index(after) + 1 if after in ids else 0
    for first in range(start, max(len(ids), start + 1), size):
        end = first + size
        yield list(rows[first:end]), ids[end - 1] if end < len(ids) else ""
