"""Reading a Linear's issues."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from http import HTTPStatus

from bot.integrations.api import Page, ProviderTask
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.linear import queries, shapes
from bot.providers.linear.site import SLUG, LinearSite

_LIMIT = 250
"""Issues on a page; Linear gives no more."""


class Issues:
    """Issues of one workspace."""

    def __init__(self, site: LinearSite) -> None:
        self._site = site

    async def of_team(
        self, team_id: str, since: datetime | None, cursor: str | None
    ) -> AsyncIterator[Page[ProviderTask]]:
        """A team's issues. Cursor: Linear's.

        What was moved to the trash is left out of a full list, so that it is looked for and found
        to be gone; among the changes it is over.

        Raises:
            ProviderRefused: there is no such team, or it is hidden.
        """
        wanted: JsonObject = {"team": {"id": {"eq": team_id}}}
        if since is not None:
            wanted["updatedAt"] = {"gte": self._site.theirs(since).isoformat()}
        pages = self._site.listed(
            queries.ISSUES, "issues", cursor, team=team_id, filter=wanted, first=_LIMIT
        )
        async for data, nodes, following in pages:
            with reading(SLUG, "a team"):
                if not data["teams"]["nodes"]:
                    raise gone("This team is not there, or hidden from the key's owner.")
            kept = [one for one in nodes if since is not None or not shapes.is_trashed(one)]
            found = tuple(shapes.task(one) for one in kept)
            yield Page(tuple(one for one in found if one.project_id == team_id), following)

    async def changed_teams(
        self, team_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Teams with issues that changed; None where there are more than fill a page."""
        if not team_ids:
            return frozenset()
        since = self._site.theirs(since)
        data = await self._site.ask(
            queries.CHANGED, teams=sorted(team_ids), since=since.isoformat()
        )
        with reading(SLUG, "a list of issues"):
            if data["issues"]["pageInfo"]["hasNextPage"]:
                return None
            return frozenset(str(one["team"]["id"]) for one in data["issues"]["nodes"])

    async def one(self, issue_id: str) -> ProviderTask | None:
        """One issue, wherever it was moved; None when it is deleted or hidden."""
        item = await self._read(issue_id)
        return None if item is None else shapes.task(item)

    async def there(self, issue_id: str) -> ProviderTask:
        """One issue.

        Raises:
            ProviderRefused: it is deleted or hidden.
        """
        found = await self.one(issue_id)
        if found is None:
            raise gone("This issue is not there any more, or hidden from the key's owner.")
        return found

    async def _read(self, issue_id: str) -> JsonObject | None:
        data = await self._site.ask(queries.ISSUE, id=issue_id)
        with reading(SLUG, "an issue"):
            nodes = data["issues"]["nodes"]
            return dict(nodes[0]) if nodes and not shapes.is_trashed(nodes[0]) else None


def gone(reason: str) -> ProviderRefused:
    """What is not there."""
    return ProviderRefused(SLUG, reason, status=HTTPStatus.NOT_FOUND, reason=reason)
