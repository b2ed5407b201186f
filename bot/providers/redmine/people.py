"""Who is in a Redmine, and who may see what there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

from bot.domain.clock import Clock
from bot.integrations.answers import Params
from bot.integrations.api import Page, ProviderAccount
from bot.integrations.client import Client, JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.redmine import shapes
from bot.providers.redmine.shapes import SLUG

Value = TypeVar("Value")

_LIMIT = 100
_OVERLAP = 5
_KEPT = timedelta(minutes=5)
_NON_MEMBER_ROLE = 1
_HIDDEN = frozenset({403, 404})
_GONE = frozenset({404, 410})


class People:
    """Users, members, groups and roles of one Redmine."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._remembered: dict[str, tuple[datetime, object]] = {}

    async def me(self, *, afresh: bool = False) -> JsonObject:
        """The key's owner. The answer holds the key itself: never log it.

        Args:
            afresh: ask even if the answer is known.

        Raises:
            ProviderAuthFailed: the key opens nothing.
        """
        if afresh:
            self._remembered.pop("me", None)
        return await self._once("me", self._read_me)

    async def listed(
        self, path: str, name: str, params: Params, offset: int = 0
    ) -> AsyncIterator[tuple[list[JsonObject], int | None]]:
        """Pages of any list, each with the offset to go on from (None on the last).

        Offsets shift when something is deleted meanwhile, so each page begins a little before the
        end of the former one, and what was seen is left out.

        Raises:
            ProviderSurprised: the answer is no such list.
        """
        seen: set[int] = set()
        while True:
            page: Params = {**params, "limit": _LIMIT, "offset": offset}
            body = await self._client.get_json(path, page)
            with reading(SLUG, f"a list of {name}"):
                items = [item for item in body[name] if int(item["id"]) not in seen]
                end = offset + len(body[name])
                has_more = end < int(body.get("total_count", end)) and bool(items)
                seen.update(int(item["id"]) for item in items)
            offset = max(end - _OVERLAP, offset + 1)
            yield items, offset if has_more else None
            if not has_more:
                return

    async def accounts(self, cursor: str | None) -> AsyncIterator[Page[ProviderAccount]]:
        """All people for an administrator's key, the members of visible projects for others."""
        if (await self.me()).get("admin"):
            listing = self._every_user(cursor)
        else:
            listing = self._every_member(cursor)
        async for page in listing:
            yield page

    async def account(self, external_id: str) -> ProviderAccount | None:
        """One person; None when they are deleted.

        Raises:
            ProviderRefused: the key is no administrator's, and to others whoever is locked or
                shares no project with them is as little there as who was deleted.
        """
        me = await self.me(afresh=True)  # of a moved site or a dead key nothing would be there
        try:
            body = await self._client.get_json(f"users/{quote(external_id, safe='')}.json")
        except ProviderRefused as refused:
            if refused.status not in _GONE or not me.get("admin"):
                raise
            return None
        with reading(SLUG, "a user"):
            status = int(body["user"].get("status", shapes.ACTIVE))  # told to administrators
        return shapes.account(body["user"], is_active=status == shapes.ACTIVE)

    async def access(self, project_id: str, *, is_public: bool) -> frozenset[str] | None:
        """Who may see a project's issues.

        Members, directly or through a group, and administrators where the key can see who they
        are. A public project is everyone's (None) when the role of non-members may see issues.
        """
        if is_public and await self._once("non-members", self._non_members_see_issues):
            return None
        found: set[str] = set()
        path = f"projects/{quote(project_id, safe='')}/memberships.json"
        async for items, _ in self.listed(path, "memberships", {}):
            for item in items:
                person = shapes.member(item)
                found |= {person.external_id} if person else await self._group(item)
        return frozenset(found) | await self._once("admins", self._admins)

    async def _read_me(self) -> JsonObject:
        body = await self._client.get_json("users/current.json")
        with reading(SLUG, "the current user"):
            me: JsonObject = {**body["user"]}
            return me

    async def _every_user(self, cursor: str | None) -> AsyncIterator[Page[ProviderAccount]]:
        """Active users, then locked ones. Cursor: status and offset."""
        status, _, start = (cursor or f"{shapes.ACTIVE}:0").partition(":")
        for wanted in (shapes.ACTIVE, shapes.LOCKED):
            if wanted < int(status):
                continue
            offset = int(start) if wanted == int(status) else 0
            async for items, following in self.listed(
                "users.json", "users", {"status": wanted}, offset
            ):
                found = tuple(
                    shapes.account(item, is_active=wanted == shapes.ACTIVE) for item in items
                )
                yield Page(found, _user_cursor(wanted, following))

    async def _every_member(self, cursor: str | None) -> AsyncIterator[Page[ProviderAccount]]:
        """The members of one project after another. Cursor: the last project's id."""
        projects: list[int] = []
        async for items, _ in self.listed("projects.json", "projects", {"status": "1|5"}):
            projects += [int(item["id"]) for item in items]
        left = [project_id for project_id in sorted(projects) if project_id > int(cursor or 0)]
        seen: set[str] = set()
        for project_id in left:
            new = [p for p in await self._members(project_id) if p.external_id not in seen]
            seen.update(person.external_id for person in new)
            yield Page(tuple(new), None if project_id == left[-1] else str(project_id))
        if not left:
            yield Page(())

    async def _members(self, project_id: int) -> list[ProviderAccount]:
        path = f"projects/{project_id}/memberships.json"
        found: list[ProviderAccount] = []
        try:
            async for items, _ in self.listed(path, "memberships", {}):
                found += [person for person in map(shapes.member, items) if person]
        except ProviderRefused as refused:
            if refused.status not in _HIDDEN:  # a role may see a project and not its members
                raise
        return found

    async def _group(self, membership: JsonObject) -> frozenset[str]:
        """People of a group. They have rows of their own too, so hidden groups lose nobody."""
        with reading(SLUG, "a membership"):
            group_id = int(membership["group"]["id"])

        async def read() -> frozenset[str]:
            try:
                body = await self._client.get_json(f"groups/{group_id}.json", {"include": "users"})
            except ProviderRefused as refused:
                if refused.status not in _HIDDEN:
                    raise
                return frozenset()
            with reading(SLUG, "a group"):
                return frozenset(str(int(u["id"])) for u in body["group"].get("users", ()))

        return await self._once(f"group {group_id}", read)

    async def _admins(self) -> frozenset[str]:
        """Administrators see every project; only they can see who the others are."""
        if not (await self.me()).get("admin"):
            return frozenset()
        found: set[str] = set()
        async for items, _ in self.listed("users.json", "users", {"status": shapes.ACTIVE}):
            found |= {str(int(item["id"])) for item in items if item.get("admin")}
        return frozenset(found)

    async def _non_members_see_issues(self) -> bool:
        """Whether the built-in role of non-members may see issues.

        The role is made by Redmine's first migrations, so its id is 1, and no list of roles shows
        it. Where that does not hold, only members are taken to have access.
        """
        try:
            given = await self._client.get_json("roles.json")
            role = await self._client.get_json(f"roles/{_NON_MEMBER_ROLE}.json")
        except ProviderRefused:
            return False
        with reading(SLUG, "a role"):
            is_built_in = all(int(r["id"]) != _NON_MEMBER_ROLE for r in given["roles"])
            sees_all = role["role"].get("issues_visibility", "default") != "own"
            return is_built_in and sees_all and "view_issues" in role["role"]["permissions"]

    async def _once(self, name: str, read: Callable[[], Awaitable[Value]]) -> Value:
        """What was read in the last minutes, or what is read now."""
        known = self._remembered.get(name)
        if known is not None and self._clock() - known[0] < _KEPT:
            value: Value = known[1]  # type: ignore[assignment] # each name has one reader
            return value
        value = await read()
        self._remembered[name] = (self._clock(), value)
        return value


def _user_cursor(status: int, following: int | None) -> str | None:
    if following is not None:
        return f"{status}:{following}"
    return f"{shapes.LOCKED}:0" if status == shapes.ACTIVE else None
