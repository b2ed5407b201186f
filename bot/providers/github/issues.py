"""Reading issues: of repositories by cursor, of boards item by item."""

from collections.abc import AsyncIterator
from datetime import datetime

from bot.domain.values import dataclass
from bot.integrations.api import Page, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.github import queries, shapes
from bot.providers.github.projects import BOARD
from bot.providers.github.site import (
    SLUG,
    GitHubSite,
    Repository,
    following,
    gone,
    nodes,
)

_NO_ISSUES = 410
_DRAFT = 422
_DONE = {"state": "closed", "state_reason": "completed"}
_OPEN = {"state": "open", "state_reason": "reopened"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue is."""

    id: str
    """As a task of its repository."""
    repository: Repository
    number: int

    @property
    def path(self) -> str:
        """Below the API's address."""
        return f"{self.repository.path}/issues/{self.number}"

    @property
    def asked(self) -> JsonObject:
        """The variables that name it."""
        return {**_named(self.repository), "number": self.number}


class Issues:
    """Issues of one GitHub."""

    def __init__(self, site: GitHubSite) -> None:
        self._site = site

    async def of_project(
        self, project_id: str, since: datetime | None, cursor: str | None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """The issues of a repository, or what stands on a board. Cursor: GitHub's own.

        Raises:
            ProviderRefused: there is no such project, it is hidden, or has its issues off.
        """
        read = self._of_repository if project_id.isdecimal() else self._of_board
        async for page in read(project_id, since, cursor):
            yield page

    async def one(self, task_id: str) -> ProviderTask | None:
        """One issue or item; None when it is deleted, transferred or hidden."""
        project, _, number = task_id.partition("/")
        if not number:
            item = await self._site.sought(queries.ITEM, {"id": task_id}, "node", "ProjectV2Item")
            return shapes.item(item) if item else None
        if not (project.isdecimal() and number.isdecimal()):
            return None
        repository = await self._site.repository(project)
        if repository is None:
            return None
        asked = {**_named(repository), "number": int(number)}
        told = await self._site.sought(queries.ISSUE, asked, "repository", "repository")
        if told is None or not _is_same(told, project) or told.get("issue") is None:
            return None
        return shapes.issue(told["issue"])

    async def there(self, task_id: str) -> ProviderTask:
        """One issue or item.

        Raises:
            ProviderRefused: it is deleted, transferred or hidden.
        """
        found = await self.one(task_id)
        if found is None:
            raise gone("issue")
        return found

    async def place(self, task_id: str) -> Place:
        """Where the issue of a task is; a board's item leads to it.

        Raises:
            ProviderRefused: it is gone, or a draft, with which nothing can be done.
        """
        if "/" not in task_id:
            item = await self._site.sought(queries.ITEM, {"id": task_id}, "node", "ProjectV2Item")
            with reading(SLUG, "an item"):
                content = (item or {}).get("content") or {}
                if content.get("__typename") == "DraftIssue":
                    reason = "This is a draft in GitHub. Make an issue of it there first."
                    raise ProviderRefused(SLUG, "a draft", status=_DRAFT, reason=reason)
                if "number" not in content:
                    raise gone("issue")
                task_id = f"{int(content['repository']['databaseId'])}/{content['number']}"
        repository_id, _, number = task_id.partition("/")
        if not number.isdecimal():
            raise gone("issue")
        return Place(task_id, await self._site.there(repository_id), int(number))

    async def mark(self, task_id: str, *, is_done: bool) -> ProviderTask:
        """Closes an issue as completed, or opens it again, and reads it once more.

        Raises:
            ProviderRefused: it is gone or a draft, or the token's owner may not.
        """
        task = await self.there(task_id)
        if task.is_done == is_done:
            return task
        place = await self.place(task_id)
        await self._site.client.patch(place.path, _DONE if is_done else _OPEN)
        return await self.there(task_id)

    async def _of_repository(
        self, project_id: str, since: datetime | None, cursor: str | None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """In the order in which they were made, which no edit changes; pull requests are not."""
        repository = await self._site.there(project_id)
        asked = {
            **_named(repository),
            "filter": None if since is None else shapes.changed(self._site.theirs(since)),
        }
        while True:
            data = await self._site.part(queries.ISSUES, {**asked, "after": cursor})
            with reading(SLUG, "a page of issues"):
                told = data["repository"]
                if not _is_same(told, project_id):
                    raise gone("repository")
                if not told["hasIssuesEnabled"]:
                    reason = "Issues are switched off in this repository."
                    raise ProviderRefused(SLUG, "no issues", status=_NO_ISSUES, reason=reason)
                found = tuple(shapes.issue(one) for one in nodes(told["issues"]))
                cursor = following(told["issues"])
            yield Page(tuple(one for one in found if one.project_id == project_id), cursor)
            if cursor is None:
                return

    async def _of_board(
        self, project_id: str, since: datetime | None, cursor: str | None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """In the order of the board. Everything is read; what did not change is left out."""
        least = None if since is None else self._site.theirs(since).replace(microsecond=0)
        while True:
            data = await self._site.part(queries.ITEMS, {"board": project_id, "after": cursor})
            with reading(SLUG, "a page of items"):
                told = data.get("node") or {}
                if told.get("__typename") != BOARD:
                    raise gone("project")
                found = [shapes.item(one) for one in nodes(told["items"])]
                cursor = following(told["items"])
            yield Page(
                tuple(one for one in found if one is not None and _is_since(one, least)), cursor
            )
            if cursor is None:
                return


def _named(repository: Repository) -> JsonObject:
    return {"owner": repository.owner, "name": repository.name}


def _is_same(told: JsonObject | None, project_id: str) -> bool:
    """Another repository may have the name by now."""
    return bool(told) and str((told or {}).get("databaseId")) == project_id


def _is_since(task: ProviderTask, least: datetime | None) -> bool:
    return least is None or task.updated_at is None or task.updated_at >= least
