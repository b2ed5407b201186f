"""Where Asana answers, and in which of its workspaces.

Facts: Asana's own description of its API, 2026-06, and its documentation.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.integrations.answers import ClientConfig, Params
from bot.integrations.api import Credentials
from bot.integrations.client import JsonObject
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.integrations.pace import Pace
from bot.integrations.shape import identity, reading
from bot.integrations.workspaces import chosen

SLUG = "asana"

API = "https://app.asana.com/api/1.0"
ADDRESS = "https://app.asana.com"
"""Where a browser opens it."""

LIMIT = 100
"""Rows on a page; Asana gives no more, and without a limit it may time out."""

_PACE = Pace(1500, 60.0)
"""Of paid plans. The free one allows a tenth of that, and says so by 429 and ``Retry-After``."""

_EXPIRED = 400
_UNSEEN = frozenset({403, 404, 410})


class AsanaSite:
    """One workspace, seen with one person's token."""

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._wanted = credentials["workspace"]
        self._client = context.pool.client(
            ClientConfig(
                provider=SLUG,
                base_url=API,
                headers={"Authorization": f"Bearer {credentials['token']}"},
                reason=_reason,
                pace=_PACE,
            )
        )
        self._me: JsonObject | None = None

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._client.requests

    async def me(self, *, afresh: bool = False) -> JsonObject:
        """The token's owner, with the workspaces it opens.

        Args:
            afresh: ask even if the answer is known.

        Raises:
            ProviderAuthFailed: the token opens nothing.
        """
        if self._me is None or afresh:
            self._me = await self.get("users/me", {"opt_fields": "name,email,workspaces.name"})
        return self._me

    async def workspace(self) -> tuple[str, str]:
        """Id and name of the workspace that was filled in.

        Raises:
            ProviderRefused: the token does not open it: see ``workspaces.chosen``.
        """
        me = await self.me()
        with reading(SLUG, "the token's owner"):
            every = {identity(one["gid"]): str(one["name"]) for one in me["workspaces"]}
        return chosen(SLUG, self._wanted, every)

    def theirs(self, moment: datetime) -> str:
        """The same moment on Asana's clock, as it reads moments."""
        theirs = self._client.theirs(moment).astimezone(UTC)
        return theirs.strftime("%Y-%m-%dT%H:%M:%S.") + f"{theirs.microsecond // 1000:03d}Z"

    async def get(self, path: str, params: Params | None = None) -> JsonObject:
        """Reads one thing, without what Asana wraps it in."""
        return _data(await self._client.get_json(path, params))

    async def post(self, path: str, data: object, params: Params | None = None) -> JsonObject:
        """Writes something new."""
        return _data(await self._client.post_json(path, {"data": data}, params))

    async def put(self, path: str, data: object, params: Params | None = None) -> JsonObject:
        """Changes something."""
        return _data(await self._client.put(path, {"data": data}, params))

    async def delete(self, path: str) -> None:
        """Removes something."""
        await self._client.delete(path)

    async def seen(self, path: str, params: Params | None = None) -> JsonObject | None:
        """Reads one thing; None when Asana, still knowing our token, says it is not there for us.

        Raises:
            ProviderAuthFailed: the token opens nothing any more.
        """
        try:
            return await self.get(path, params)
        except ProviderRefused as refused:
            if refused.status not in _UNSEEN:
                raise
            await self.me(afresh=True)
            return None

    async def pages(
        self, path: str, params: Params, cursor: str | None = None
    ) -> AsyncIterator[tuple[list[JsonObject], str | None]]:
        """A list, page by page. Cursor: Asana's own mark, which does not keep for ever.

        Asana answers 400 to one that is too old; the list is then read from its beginning.
        """
        may_expire = cursor is not None
        while True:
            page: dict[str, Any] = {**params, "limit": LIMIT}
            if cursor is not None:
                page["offset"] = cursor
            try:
                body = await self._client.get_json(path, page)
            except ProviderRefused as refused:
                if refused.status != _EXPIRED or not may_expire:
                    raise
                cursor, may_expire = None, False
                continue
            with reading(SLUG, "a list"):
                rows, following = list(body["data"]), body.get("next_page")
                mark = None if following is None else str(following["offset"])
            mark = None if mark == cursor else mark
            yield rows, mark
            if mark is None:
                return
            cursor = mark

    async def search(self, path: str, params: Params) -> list[JsonObject]:
        """Reads a list that has one page and no more."""
        body = await self._client.get_json(path, params)
        with reading(SLUG, "a search"):
            return list(body["data"])

    async def every(self, path: str, params: Params) -> list[JsonObject]:
        """A list that is short enough to be read whole."""
        return [row async for rows, _ in self.pages(path, params) for row in rows]


def _data(body: JsonObject) -> JsonObject:
    with reading(SLUG, "an answer"):
        return dict(body["data"])


def _reason(body: object) -> str:
    """Asana's own words: ``{"errors": [{"message": "..."}]}``."""
    if not isinstance(body, Mapping):
        return ""
    return "; ".join(str(error["message"]) for error in body.get("errors") or ())
