"""A workspace's teams and people, and who may see what."""

from collections.abc import AsyncIterator
from http import HTTPStatus

from bot.integrations.api import Page, ProviderAccount, ProviderProject
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.linear import queries, shapes
from bot.providers.linear.site import SLUG, LinearSite

_PUBLIC = "public"


class People:
    """Teams and people. One instance serves one sync: who is in a team comes with its name."""

    def __init__(self, site: LinearSite) -> None:
        self._site = site
        self._teams: dict[str, JsonObject] = {}
        self._insiders: frozenset[str] | None = None
        self._has_guests = False

    async def teams(self, cursor: str | None) -> AsyncIterator[Page[ProviderProject]]:
        """All teams that the key's owner sees, archived ones too."""
        async for _, nodes, following in self._site.listed(queries.TEAMS, "teams", cursor):
            yield Page(tuple(self._met(item) for item in nodes), following)

    async def team(self, team_id: str) -> ProviderProject | None:
        """One team; None when it is deleted or hidden."""
        data = await self._site.ask(queries.TEAM, id=team_id)
        with reading(SLUG, "a team"):
            nodes = list(data["teams"]["nodes"])
        return self._met(nodes[0]) if nodes else None

    async def accounts(self, cursor: str | None) -> AsyncIterator[Page[ProviderAccount]]:
        """Everybody, those who were suspended too; apps are left out."""
        insiders: set[str] = set()
        has_guests = False
        async for _, nodes, following in self._site.listed(queries.USERS, "users", cursor):
            found: list[ProviderAccount] = []
            for item in nodes:
                person = shapes.account(item)
                if person is None:
                    continue
                found.append(person)
                if item.get("guest"):
                    has_guests = True
                elif person.is_active:
                    insiders.add(person.external_id)
            if following is None and cursor is None:
                self._insiders, self._has_guests = frozenset(insiders), has_guests
            yield Page(tuple(found), following)

    async def account(self, person_id: str) -> ProviderAccount | None:
        """One person; None when they are not of this workspace any more, or an app.

        Raises:
            ProviderRefused: to the key, a guest's, others may only be hidden.
        """
        data = await self._site.ask(queries.USER, id=person_id)
        with reading(SLUG, "a user"):
            nodes = list(data["users"]["nodes"])
        if nodes:
            return shapes.account(nodes[0])
        if (await self._site.me()).get("guest"):
            reason = "To a guest Linear does not show everybody."
            raise ProviderRefused(SLUG, reason, status=HTTPStatus.FORBIDDEN, reason=reason)
        return None

    async def access(self, team_id: str) -> frozenset[str] | None:
        """Who may see a team's issues; None for everyone.

        Public teams are open to all but guests, other teams to their members alone.

        Raises:
            ProviderRefused: there is no such team, or it is hidden.
        """
        if team_id not in self._teams and await self.team(team_id) is None:
            reason = "This team is not there, or hidden from the key's owner."
            raise ProviderRefused(SLUG, reason, status=HTTPStatus.NOT_FOUND, reason=reason)
        team = self._teams[team_id]
        if team["visibility"] != _PUBLIC:
            return await self._members(team)
        insiders = await self._everybody()
        return insiders | await self._members(team) if self._has_guests else None

    def _met(self, item: JsonObject) -> ProviderProject:
        found = shapes.project(item)
        self._teams[found.external_id] = {
            "id": found.external_id,
            "visibility": item.get("visibility"),
            "members": item.get("members"),
        }
        return found

    async def _members(self, team: JsonObject) -> frozenset[str]:
        with reading(SLUG, "the members of a team"):
            found = {str(one["id"]) for one in team["members"]["nodes"]}
            is_whole = not team["members"]["pageInfo"]["hasNextPage"]
        cursor: str | None = None
        while not is_whole:
            data = await self._site.ask(queries.MEMBERS, team=team["id"], after=cursor)
            with reading(SLUG, "the members of a team"):
                members = data["team"]["members"]
                found |= {str(one["id"]) for one in members["nodes"]}
                is_whole = not members["pageInfo"]["hasNextPage"]
                cursor = members["pageInfo"]["endCursor"]
        return frozenset(found)

    async def _everybody(self) -> frozenset[str]:
        """People who are no guests; read once, with the accounts where those were just read."""
        if self._insiders is None:
            _ = [page async for page in self.accounts(None)]
        return self._insiders or frozenset()
