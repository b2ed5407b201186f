"""Where ClickUp answers, and in which of its Workspaces.

Facts: a published copy of ClickUp's description, 2025-11, its documentation, and recorded answers,
which differ from the description in places.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeVar

from bot.integrations.answers import ClientConfig, Params
from bot.integrations.api import Credentials
from bot.integrations.client import JsonObject
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderRefused
from bot.integrations.shape import identity, reading
from bot.integrations.workspaces import chosen
from bot.providers.clickup import limits

SLUG = "clickup"

API = "https://api.clickup.com/api/v2"
ADDRESS = "https://app.clickup.com"
"""Where a browser opens it."""

GONE = frozenset({400, 401, 404, 410})
"""How ClickUp says that something is not there, or not for us: it is not of one mind."""

_UNSEEN = GONE | {403}

Answered = TypeVar("Answered")


class ClickUpSite:
    """One Workspace, seen with one person's token."""

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self._wanted = credentials["workspace"]
        self._client = context.pool.client(
            ClientConfig(
                provider=SLUG,
                base_url=API,
                headers={
                    "Authorization": credentials["token"],  # as it is: no "Bearer"
                    "Content-Type": "application/json",  # some reads want it too
                },
                reason=_reason,
                throttled=limits.seconds_to_wait,
                pace=limits.PACE,
            )
        )
        self._me: JsonObject | None = None
        self._workspace: JsonObject | None = None

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._client.requests

    async def me(self, *, afresh: bool = False) -> JsonObject:
        """The token's owner.

        Args:
            afresh: ask even if the answer is known.

        Raises:
            ProviderAuthFailed: the token opens nothing.
        """
        if self._me is None or afresh:
            body = await self._client.get_json("user")
            with reading(SLUG, "the token's owner"):
                self._me = dict(body["user"])
        return self._me

    async def my_id(self) -> str:
        """The id of the token's owner."""
        me = await self.me()
        with reading(SLUG, "the token's owner"):
            return identity(me["id"])

    async def workspace(self, *, afresh: bool = False) -> JsonObject:
        """The Workspace that was filled in, with everybody in it.

        Args:
            afresh: ask even if the answer is known.

        Raises:
            ProviderRefused: the token does not open it: see ``workspaces.chosen``.
        """
        if self._workspace is None or afresh:
            body = await self.get("team")
            with reading(SLUG, "a list of Workspaces"):
                every = {identity(one["id"]): one for one in body["teams"]}
                names = {key: str(one["name"]) for key, one in every.items()}
            self._workspace = dict(every[chosen(SLUG, self._wanted, names)[0]])
        return self._workspace

    async def team(self) -> str:
        """The Workspace's id, which ClickUp's paths call a team."""
        found = await self.workspace()
        with reading(SLUG, "a Workspace"):
            return identity(found["id"])

    def theirs(self, moment: datetime) -> int:
        """The same moment on ClickUp's clock, in milliseconds."""
        return int(self._client.theirs(moment).timestamp() * 1000)

    async def get(self, path: str, params: Params | None = None) -> JsonObject:
        """Reads a JSON object."""
        return await self._asked(lambda: self._client.get_json(path, params))

    async def post(self, path: str, body: object) -> JsonObject:
        """Writes something new."""
        return await self._asked(lambda: self._client.post_json(path, body))

    async def put(self, path: str, body: object) -> JsonObject:
        """Changes something."""
        return await self._asked(lambda: self._client.put(path, body))

    async def delete(self, path: str) -> None:
        """Removes something."""
        await self._asked(lambda: self._client.delete(path))

    async def seen(self, path: str, params: Params | None = None) -> JsonObject | None:
        """Reads one thing; None when ClickUp, still knowing our token, says it is not for us."""
        try:
            return await self.get(path, params)
        except ProviderRefused as refused:
            if refused.status not in _UNSEEN:
                raise
            await self.me(afresh=True)
            return None

    async def _asked(self, ask: Callable[[], Awaitable[Answered]]) -> Answered:
        """To ClickUp a 401 may also mean "no such thing", or "another Workspace".

        Only where it does not even say who we are, the token is dead.
        """
        try:
            return await ask()
        except ProviderAuthFailed as failed:
            await self.me(afresh=True)
            reason = "ClickUp does not let this token there, or it is gone."
            raise ProviderRefused(SLUG, failed.detail, status=401, reason=reason) from failed


def _reason(body: object) -> str:
    """ClickUp's own words: ``{"err": "Team not authorized", "ECODE": "OAUTH_056"}``."""
    return str(body.get("err") or "") if isinstance(body, Mapping) else ""
