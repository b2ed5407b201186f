"""GitHub's two kinds of project: repositories, by number, and Projects, by the id of a node.

Here the latter are called boards, so that they can be told from ours.
"""

from collections.abc import AsyncIterator, Collection

from bot.integrations.answers import Params
from bot.integrations.api import Page, ProviderProject
from bot.integrations.client import JsonObject
from bot.integrations.shape import reading
from bot.providers.github import queries, shapes
from bot.providers.github.site import (
    NOT_ALLOWED,
    NOT_FOUND,
    SLUG,
    GitHubSite,
    Repository,
    following,
    gone,
    nodes,
    number_path,
)

BOARD = "ProjectV2"
_BOARDS = "boards"
"""The cursor that stands between repositories and boards."""

_REPOSITORIES: Params = {"per_page": 100, "sort": "created", "direction": "asc"}


class Projects:
    """What the token's owner can see."""

    def __init__(self, site: GitHubSite) -> None:
        self._site = site
        self._organizations: list[JsonObject] | None = None
        self._told: dict[str, JsonObject] = {}
        """The boards that were just listed."""

    async def listed(self, cursor: str | None) -> AsyncIterator[Page[ProviderProject]]:
        """Repositories, in the order in which they were made; then boards.

        Cursor: the address of the next page of repositories, or a word for the boards.
        """
        if cursor != _BOARDS:
            path: str | None = cursor or "user/repos"
            params = None if cursor else _REPOSITORIES
            while path is not None:
                items, path = await self._site.page(path, params)
                params = None
                yield Page(tuple(self._with_issues(items)), path or _BOARDS)
        async for page in self._boards():
            yield Page(page, _BOARDS)
        yield Page(())

    async def met(self, numbers: Collection[str]) -> dict[str, Repository]:
        """How these repositories are asked for, as far as a list shows them.

        They are known from the list that a sync begins with; one that goes on elsewhere reads it.
        """
        if any(self._site.known(one) is None for one in numbers):
            async for _ in self.pages():
                pass
        known = {one: self._site.known(one) for one in numbers}
        return {number: one for number, one in known.items() if one is not None}

    async def pages(self) -> AsyncIterator[list[JsonObject]]:
        """Every repository as GitHub lists it."""
        async for items in self._site.listed("user/repos", _REPOSITORIES):
            for item in items:
                self._site.met(item)
            yield items

    async def one(self, external_id: str) -> ProviderProject | None:
        """One repository or board; None when it is gone or hidden."""
        if external_id.isdecimal():
            found = await self._site.seen(number_path(external_id))
            if found is None:
                return None
            self._site.met(found)
            return shapes.repository(found)
        told = await self._site.sought(queries.BOARD, {"id": external_id}, "node", BOARD)
        return None if told is None else shapes.board(told)

    async def board(self, external_id: str) -> JsonObject:
        """A board as GitHub tells it, from the list that a sync begins with.

        Raises:
            ProviderRefused: it is gone or hidden.
        """
        found = self._told.get(external_id)
        if found is None:
            found = await self._site.sought(queries.BOARD, {"id": external_id}, "node", BOARD)
        if found is None:
            raise gone("project")
        return found

    async def organizations(self) -> list[JsonObject]:
        """Those of the token's owner, ``id`` and ``login``; none where the token may not ask."""
        if self._organizations is None:
            found: list[JsonObject] = []
            after: str | None = None
            while True:
                data = await self._site.ask(
                    queries.ORGANIZATIONS, {"after": after}, allowing=NOT_ALLOWED
                )
                with reading(SLUG, "a list of organizations"):
                    if not data.get("viewer"):
                        break
                    listed = data["viewer"]["organizations"]
                    found += [{"id": str(o["id"]), "login": str(o["login"])} for o in nodes(listed)]
                    after = following(listed)
                if after is None:
                    break
            self._organizations = found
        return self._organizations

    def _with_issues(self, items: list[JsonObject]) -> list[ProviderProject]:
        """Forks have no issues unless somebody wants them, and nothing could be tracked there."""
        found = []
        for item in items:
            self._site.met(item)
            if item.get("has_issues", True):
                found.append(shapes.repository(item))
        return found

    async def _boards(self) -> AsyncIterator[tuple[ProviderProject, ...]]:
        """Those of the organizations, then one's own; templates are left out."""
        me = await self._site.me()
        owners = [str(one["id"]) for one in await self.organizations()]
        for owner in [*owners, str(me["node_id"])]:
            after: str | None = None
            while True:
                listed = await self._boards_of(owner, after)
                if listed is None:
                    break
                with reading(SLUG, "a list of projects"):
                    found = [one for one in nodes(listed) if not one["template"]]
                    after = following(listed)
                    self._told |= {str(one["id"]): one for one in found}
                yield tuple(shapes.board(one) for one in found)
                if after is None:
                    break

    async def _boards_of(self, owner: str, after: str | None) -> JsonObject | None:
        """A page of them; None where the token may not see any."""
        data = await self._site.ask(
            queries.BOARDS, {"owner": owner, "after": after}, allowing=NOT_ALLOWED | {NOT_FOUND}
        )
        with reading(SLUG, "a list of projects"):
            listed: JsonObject | None = (data.get("node") or {}).get("projectsV2")
            return listed
