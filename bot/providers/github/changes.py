"""In which projects anything changed, asked for many of them at once.

A repository counts its issues that changed since a moment. A board does not tell, and what changes
an issue on it does not always change the board; so the moments of all its items are read, of
several boards in one question, which is a tenth of the requests of reading them, and far less text.
"""

from collections.abc import Collection
from datetime import datetime

from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderUnavailable
from bot.integrations.shape import reading
from bot.providers.github import queries, shapes
from bot.providers.github.people import People
from bot.providers.github.projects import BOARD, Projects
from bot.providers.github.site import (
    NOT_ALLOWED,
    NOT_FOUND,
    SLUG,
    GitHubSite,
    Repository,
    following,
    nodes,
    took_too_long,
)

_REPOSITORIES = 50
_BOARDS = 10
"""In one question."""

_ALLOWED = NOT_ALLOWED | {NOT_FOUND}


class Changes:
    """Asks, and keeps who may see the private repositories, which the same question tells."""

    def __init__(self, site: GitHubSite, projects: Projects, people: People) -> None:
        self._site = site
        self._projects = projects
        self._people = people

    async def among(self, project_ids: Collection[str], since: datetime) -> frozenset[str]:
        """Those in which something changed, or that cannot be asked about."""
        numbers = sorted(one for one in project_ids if one.isdecimal())
        asked = await self._projects.met(numbers)
        changed = set(numbers) - asked.keys()
        for first in range(0, len(asked), _REPOSITORIES):
            some = dict(list(asked.items())[first : first + _REPOSITORIES])
            changed |= await self._repositories(some, since)
        boards = [one for one in sorted(project_ids) if not one.isdecimal()]
        return frozenset(changed | await self._boards(boards, self._site.theirs(since)))

    async def _repositories(self, some: dict[str, Repository], since: datetime) -> set[str]:
        variables = {
            "open": [one.node_id for one in some.values() if one.visibility == "public"],
            "closed": [one.node_id for one in some.values() if one.visibility != "public"],
            "filter": shapes.changed(self._site.theirs(since)),
        }
        data = await self._asked(queries.CHANGED, variables)
        if data is None:
            return set(some)
        quiet: set[str] = set()
        with reading(SLUG, "repositories"):
            for one in [*(data.get("open") or ()), *(data.get("closed") or ())]:
                if not one or one["__typename"] != "Repository":
                    continue  # hidden or gone: reading it says so
                number = str(int(one["databaseId"]))
                if not int(one["issues"]["totalCount"]):
                    quiet.add(number)
                self._people.may_see(number, one.get("collaborators"))
        return some.keys() - quiet

    async def _asked(self, query: str, variables: JsonObject) -> JsonObject | None:
        """What GitHub tells; None where that took it too long: each is read by itself then."""
        try:
            return await self._site.ask(query, variables, allowing=_ALLOWED)
        except ProviderUnavailable as gave_up:
            if not took_too_long(gave_up):
                raise
            return None

    async def _boards(self, boards: list[str], since: datetime) -> set[str]:
        """Read page by page, each until something is found that changed."""
        least, changed = since.replace(microsecond=0), set[str]()
        left: dict[str, str | None] = dict.fromkeys(boards)
        while left:
            some = dict(list(left.items())[:_BOARDS])
            query, variables = queries.moments(some)
            data = await self._asked(query, variables)
            if data is None:
                changed |= some.keys()
                left = {board: after for board, after in left.items() if board not in some}
                continue
            for number, board in enumerate(some):
                with reading(SLUG, "the items of a project"):
                    told = data.get(f"b{number}") or {}
                    is_there = told.get("__typename") == BOARD
                    if not is_there or any(_last(one) >= least for one in nodes(told["items"])):
                        changed.add(board)
                        del left[board]
                    elif (after := following(told["items"])) is None:
                        del left[board]
                    else:
                        left[board] = after
        return changed


def _last(item: JsonObject) -> datetime:
    """When an item, or what it shows, was changed last."""
    content = item.get("content") or {}
    said = shapes.moment(item["updatedAt"])
    return max(said, shapes.moment(content["updatedAt"])) if "updatedAt" in content else said
