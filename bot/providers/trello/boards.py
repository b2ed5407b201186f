"""A Trello's boards and the people on them.

All boards of the token's owner come in one answer, with who is on them, so asking about each is
saved as long as that answer stays a small one.
"""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from urllib.parse import quote

from bot.integrations.answers import Params
from bot.integrations.api import Page, ProviderAccount, ProviderProject
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import reading
from bot.providers.trello import shapes
from bot.providers.trello.site import SLUG, TrelloSite

_ALL_AT_ONCE = 500
"""Boards from which on each is asked by itself who is on it: the answer would be too large."""

_PUBLIC = "public"
_PRIVATE = "private"
_GONE = frozenset({404, 410})
_HIDDEN = frozenset({403, 404})
_PERSON_FIELDS = "id,fullName,username"
_ACCESS_FIELDS = "id,idOrganization,prefs"
_WITH_WORKSPACE: Params = {
    "fields": shapes.BOARD_FIELDS,
    "organization": "true",
    "organization_fields": "id,displayName",
}


class Boards:
    """Boards of one Trello, and who may see them. One instance serves one sync."""

    def __init__(self, site: TrelloSite) -> None:
        self._site = site
        self._count: int | None = None
        self._told: dict[str, JsonObject] | None = None
        self._workspaces: dict[str, list[JsonObject]] = {}

    async def every(self) -> tuple[ProviderProject, ...]:
        """All boards, closed ones too; Trello gives them in one answer."""
        listed = await self._site.get_list(
            "members/me/boards", {"filter": "all", **_WITH_WORKSPACE}
        )
        self._count = len(listed)
        return tuple(shapes.project(item) for item in listed)

    async def one(self, board_id: str) -> ProviderProject | None:
        """One board; None when it is deleted or hidden."""
        body = await self._site.seen(_path(board_id), _WITH_WORKSPACE)
        return None if body is None else shapes.project(body)

    async def changed(self, board_ids: Collection[str], since: datetime) -> frozenset[str]:
        """Boards on which something has happened since; those that are not listed too."""
        listed = await self._site.get_list(
            "members/me/boards", {"filter": "all", "fields": "id,dateLastActivity"}
        )
        since = self._site.theirs(since)
        with reading(SLUG, "a list of boards"):
            quiet = {
                str(item["id"])
                for item in listed
                if item["dateLastActivity"] and shapes.moment(item["dateLastActivity"]) < since
            }
        return frozenset(board_ids) - quiet

    async def accounts(self, cursor: str | None) -> AsyncIterator[Page[ProviderAccount]]:
        """Members of each workspace, then the guests on its boards. Cursor: how many pages."""
        me = await self._site.me()
        with reading(SLUG, "the workspaces"):
            workspaces = sorted(str(one["id"]) for one in me.get("organizations") or ())
        start, seen = int(cursor or 0), set[str]()
        for number, workspace in enumerate(workspaces):
            found = self._people(await self._shown_of(workspace), me, seen)
            if number >= start:
                yield Page(found, str(number + 1))
        guests = [one async for page in self._guests(me, seen) for one in page]
        yield Page(tuple(guests))

    async def account(self, person_id: str) -> ProviderAccount | None:
        """One person; None when their account is deleted.

        Who is in no workspace and on no board any more cannot be told from who is hidden: they
        stay somebody, without access to anything.
        """
        me = await self._site.me()
        with reading(SLUG, "the workspaces"):
            workspaces = [str(one["id"]) for one in me.get("organizations") or ()]
        for workspace in workspaces:
            for person in self._people(await self._shown_of(workspace), me, set()):
                if person.external_id == person_id:
                    return person
        body = await self._site.seen(
            f"members/{quote(person_id, safe='')}", {"fields": _PERSON_FIELDS}, unseen=_GONE
        )
        return None if body is None else shapes.account(body)

    async def access(self, board_id: str) -> frozenset[str] | None:
        """Who may see a board; None where it is public.

        What a workspace or an enterprise may see is open to the workspace's members, as far as
        the token's owner sees those.
        """
        board = await self._board(board_id)
        with reading(SLUG, "a board"):
            level = str(board["prefs"]["permissionLevel"])
            workspace, memberships = board.get("idOrganization"), board["memberships"]
        if level == _PUBLIC:
            return None
        if level != _PRIVATE and workspace:
            memberships = [*memberships, *await self._members_of(str(workspace))]
        with reading(SLUG, "who is on a board"):
            return frozenset(str(one["idMember"]) for one in memberships if _is_active(one))

    async def _guests(
        self, me: JsonObject, seen: set[str]
    ) -> AsyncIterator[tuple[ProviderAccount, ...]]:
        """People on boards who are in none of our workspaces, board by board."""
        for board_id, board in (await self._all_told()).items():
            with reading(SLUG, "who is on a board"):
                on_it = {str(one["idMember"]) for one in board.get("memberships") or ()}
            if on_it and on_it <= seen:
                continue
            try:
                memberships = await self._named(_path(board_id))
            except ProviderRefused:
                if await self.one(board_id) is not None:
                    raise
                continue  # deleted meanwhile, or taken away
            yield self._people(memberships, me, seen)

    def _people(
        self, memberships: list[JsonObject], me: JsonObject, seen: set[str]
    ) -> tuple[ProviderAccount, ...]:
        found: list[ProviderAccount] = []
        with reading(SLUG, "a list of members"):
            for one in memberships:
                person = one["member"]
                if person["id"] in seen:
                    continue
                seen.add(person["id"])
                is_me = person["id"] == me["id"]
                found.append(shapes.account(me if is_me else person, is_active=_is_active(one)))
        return tuple(found)

    async def _board(self, board_id: str) -> JsonObject:
        if await self._are_few():
            told = await self._all_told()
            if board_id in told:
                return told[board_id]
        return await self._site.get(
            _path(board_id), {"fields": _ACCESS_FIELDS, "memberships": "all"}
        )

    async def _all_told(self) -> dict[str, JsonObject]:
        """Open boards by id, with their memberships where those are not too many."""
        if self._told is None:
            are_few = await self._are_few()
            fields = f"{_ACCESS_FIELDS},memberships" if are_few else _ACCESS_FIELDS
            listed = await self._site.get_list(
                "members/me/boards", {"filter": "open", "fields": fields}
            )
            with reading(SLUG, "a list of boards"):
                self._told = {str(one["id"]): one for one in listed}
        return self._told

    async def _are_few(self) -> bool:
        if self._count is None:  # a run that goes on after it has read them
            everything = {"filter": "all", "fields": "id"}
            self._count = len(await self._site.get_list("members/me/boards", everything))
        return self._count <= _ALL_AT_ONCE

    async def _members_of(self, workspace: str) -> list[JsonObject]:
        """Memberships of a workspace; none where the token's owner is only a guest of it."""
        me = await self._site.me()
        with reading(SLUG, "the workspaces"):
            if workspace not in {str(one["id"]) for one in me.get("organizations") or ()}:
                return []
        if workspace not in self._workspaces:
            found = await self._named(f"organizations/{quote(workspace, safe='')}")
            self._workspaces[workspace] = found
        return self._workspaces[workspace]

    async def _shown_of(self, workspace: str) -> list[JsonObject]:
        """The same; none where it is hidden: they are met on boards, as far as they are on any."""
        try:
            return await self._members_of(workspace)
        except ProviderRefused as refused:
            if refused.status not in _HIDDEN:
                raise
            return []

    async def _named(self, path: str) -> list[JsonObject]:
        """Memberships with their people: reading each person by itself has a limit of its own."""
        return await self._site.get_list(
            f"{path}/memberships", {"member": "true", "member_fields": _PERSON_FIELDS}
        )


def _is_active(membership: JsonObject) -> bool:
    return not membership.get("deactivated")


def _path(board_id: str) -> str:
    return f"boards/{quote(board_id, safe='')}"
