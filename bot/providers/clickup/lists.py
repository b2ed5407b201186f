"""The lists of a ClickUp Workspace: in Spaces, in folders or beside them, and what is shared.

Nothing of this is paged, and archived things are asked for apart.
"""

from collections.abc import AsyncIterator
from urllib.parse import quote

from bot.integrations.api import Page, ProviderProject
from bot.integrations.client import JsonObject
from bot.integrations.errors import ProviderRefused
from bot.integrations.shape import identity, reading
from bot.providers.clickup import shapes
from bot.providers.clickup.site import SLUG, ClickUpSite

_SHARED = "shared"
"""Cursor: after every Space come the lists that are shared with the token's owner."""


class Lists:
    """Lists of one Workspace."""

    def __init__(self, site: ClickUpSite) -> None:
        self._site = site
        self._spaces: dict[str, JsonObject] = {}

    async def every(self, cursor: str | None) -> AsyncIterator[Page[ProviderProject]]:
        """A page for each Space. Cursor: the id of the Space that comes next."""
        team = await self._site.team()
        await self._read_spaces(team)
        left = list(self._spaces)
        if cursor is not None:
            left = left[left.index(cursor) :] if cursor in left else []
        seen: set[str] = set()
        for number, space_id in enumerate(left):
            found = await self._in_space(self._spaces[space_id], team)
            seen.update(one.external_id for one in found)
            following = left[number + 1] if number + 1 < len(left) else _SHARED
            yield Page(tuple(found), following)
        yield Page(tuple([one async for one in self._shared(team, seen)]))

    async def one(self, list_id: str) -> ProviderProject | None:
        """One list; None when it is deleted, or hidden from this token."""
        body = await self._site.seen(f"list/{quote(list_id, safe='')}")
        if body is None:
            return None
        with reading(SLUG, "a list"):
            space = body["space"]
            space_id = identity(space["id"])
        team = await self._site.team()
        return shapes.project(body, await self._space(space_id, space), team)

    async def _space(self, space_id: str, named: JsonObject) -> JsonObject:
        """All of a Space; as much as a list tells of it where it is not shared as a whole."""
        if space_id not in self._spaces:
            body = await self._site.seen(f"space/{quote(space_id, safe='')}")
            self._spaces[space_id] = named if body is None else body
        return self._spaces[space_id]

    async def _read_spaces(self, team: str) -> None:
        for archived in ("false", "true"):
            body = await self._site.get(f"team/{team}/space", {"archived": archived})
            with reading(SLUG, "a list of Spaces"):
                for one in body["spaces"]:
                    self._spaces[identity(one["id"])] = {**one, "archived": archived == "true"}

    async def _in_space(self, space: JsonObject, team: str) -> list[ProviderProject]:
        with reading(SLUG, "a Space"):
            path = f"space/{quote(identity(space['id']), safe='')}"
        found: dict[str, ProviderProject] = {}
        for archived in ("false", "true"):
            asked = {"archived": archived}
            in_folders = await self._site.get(f"{path}/folder", asked)
            beside = await self._site.get(f"{path}/list", asked)
            with reading(SLUG, "the lists of a Space"):
                rows = [
                    {**one, "folder": folder, "archived": _is_archived(one, folder)}
                    for folder in in_folders["folders"]
                    for one in folder.get("lists") or ()
                ]
                rows += beside["lists"]
            for row in rows:
                made = shapes.project(row, space, team)
                found.setdefault(made.external_id, made)
        return list(found.values())

    async def _shared(self, team: str, seen: set[str]) -> AsyncIterator[ProviderProject]:
        """What a guest was let into without its Space; each is read by itself."""
        try:
            body = await self._site.get(f"team/{team}/shared")
        except ProviderRefused:  # tokens of members may not ask in every plan
            return
        with reading(SLUG, "what is shared"):
            shared = body["shared"]
            ids = [identity(one["id"]) for one in shared.get("lists") or ()]
            folders = [identity(one["id"]) for one in shared.get("folders") or ()]
        for folder in folders:
            within = await self._site.seen(f"folder/{quote(folder, safe='')}/list")
            with reading(SLUG, "the lists of a folder"):
                ids += [identity(one["id"]) for one in (within or {}).get("lists") or ()]
        for list_id in dict.fromkeys(ids):
            if list_id not in seen and (found := await self.one(list_id)) is not None:
                yield found


def _is_archived(item: JsonObject, folder: JsonObject) -> bool:
    return bool(item.get("archived") or folder.get("archived"))
