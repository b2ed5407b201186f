"""Who is in an Asana workspace, and who may see what there."""

from collections.abc import AsyncIterator
from dataclasses import field
from urllib.parse import quote

from bot.domain.values import dataclass
from bot.integrations.api import Page, ProviderAccount
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import identity, reading
from bot.providers.asana import shapes
from bot.providers.asana.site import SLUG, AsanaSite

_GONE = frozenset({404, 410})
_EVERYONE = "public_to_workspace"
_TEAM = "private_to_team"
"""Deprecated, and still the setting of older projects."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How people stand in the workspace, by id."""

    members: frozenset[str]
    """Active people who are no guests."""
    guests: frozenset[str]
    inactive: frozenset[str] = field(default_factory=frozenset)


class People:
    """People of one workspace. What several projects share is read once."""

    def __init__(self, site: AsanaSite) -> None:
        self._site = site
        self._standing: Standing | None = None
        self._teams: dict[str, frozenset[str]] = {}

    async def accounts(self, cursor: str | None) -> AsyncIterator[Page[ProviderAccount]]:
        """Everybody, guests too."""
        workspace, _ = await self._site.workspace()
        inactive = (await self._stand()).inactive
        asked = {"workspace": workspace, "opt_fields": shapes.ACCOUNT}
        async for rows, following in self._site.pages("users", asked, cursor):
            found = [
                shapes.account(row, is_active=str(row.get("gid")) not in inactive) for row in rows
            ]
            yield Page(tuple(found), following)

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person; None when they are in the workspace no more.

        Raises:
            ProviderRefused: the token may not look at people.
        """
        workspace, _ = await self._site.workspace()
        path = f"workspaces/{quote(workspace, safe='')}/users/{quote(external_id, safe='')}"
        try:
            body = await self._site.get(path, {"opt_fields": shapes.ACCOUNT})
        except ProviderRefused as refused:
            if refused.status not in _GONE:
                raise
            await self._site.me(afresh=True)
            return None
        inactive = (await self._stand()).inactive
        return shapes.account(body, is_active=external_id not in inactive)

    async def access(self, project: JsonObject) -> frozenset[str] | None:
        """Who may see a project; None for everyone.

        What is open to the workspace is so to all of it but guests, who need to be members.
        """
        with reading(SLUG, "a project"):
            gid, privacy = identity(project["gid"]), project["privacy_setting"]
            team = project.get("team")
        found: frozenset[str] = frozenset()
        if privacy == _EVERYONE:
            standing = await self._stand()
            if not standing.guests:
                return None
            found = standing.members
        elif privacy == _TEAM and team:
            found = await self._team(identity(team["gid"]))
        listed = await self._site.every(
            f"projects/{quote(gid, safe='')}/project_memberships", {"opt_fields": "member"}
        )
        for one in listed:
            with reading(SLUG, "a member"):
                member, kind = identity(one["member"]["gid"]), one["member"]["resource_type"]
            found |= await self._team(member) if kind == "team" else {member}
        return found

    async def _team(self, gid: str) -> frozenset[str]:
        if gid not in self._teams:
            workspace, _ = await self._site.workspace()
            # A team's own list ends after two thousand people.
            asked = {"team": gid, "workspace": workspace, "opt_fields": "name"}
            people = await self._site.every("users", asked)
            with reading(SLUG, "the people of a team"):
                self._teams[gid] = frozenset(identity(person["gid"]) for person in people)
        return self._teams[gid]

    async def _stand(self) -> Standing:
        if self._standing is None:
            workspace, _ = await self._site.workspace()
            path = f"workspaces/{quote(workspace, safe='')}/workspace_memberships"
            asked = {"opt_fields": "user,is_active,is_guest"}
            members: set[str] = set()
            guests: set[str] = set()
            inactive: set[str] = set()
            async for rows, _ in self._site.pages(path, asked):
                with reading(SLUG, "a member of the workspace"):
                    for row in rows:
                        kind = members if row["is_active"] else inactive
                        kind = guests if row["is_active"] and row["is_guest"] else kind
                        kind.add(identity(row["user"]["gid"]))
            self._standing = Standing(*map(frozenset, (members, guests, inactive)))
        return self._standing
