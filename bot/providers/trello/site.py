"""Trello's API, seen with one person's token.

Facts: Trello's published description of REST 1, its documentation, and what users of it reported.
Key and token go into a header, so that no log of addresses holds them.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

from bot.integrations.answers import Answer, ClientConfig, Params
from bot.integrations.api import Credentials
from bot.integrations.client import JsonObject
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderAuthFailed, ProviderError, ProviderRefused
from bot.integrations.pace import Pace

SLUG = "trello"

API = "https://api.trello.com/1"
HOME = "https://trello.com"
"""Where a browser opens it."""

SIGNED_IN = "Bearer "
"""Begins a token that came of signing in at Atlassian's own page; it goes with no API key."""

_PACE = Pace(100, 10.0)
"""Of one token. A key has three times as much for all its tokens."""

_SPAN = 10.0
"""Seconds after which a spent limit comes back; Trello states no other time."""

_UNSEEN = frozenset({403, 404, 410})
_ME: Params = {
    "fields": "id,username,fullName,email,confirmed",
    "organizations": "all",
    "organization_fields": "id,displayName",
}


class TrelloSite:
    """All that one token opens."""

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        key, self._token = credentials.get("key", "").strip(), credentials["token"].strip()
        self.is_signed_in = self._token.startswith(SIGNED_IN)
        self.has_key = bool(key)
        self.secret = credentials.get("secret", "").strip()
        """What signs the webhooks made with this key; empty where nobody entered it."""
        self.clock = context.clock
        pasted = f'OAuth oauth_consumer_key="{key}", oauth_token="{self._token}"'
        opens = self._token if self.is_signed_in else pasted
        self._client = context.pool.client(
            ClientConfig(
                provider=SLUG,
                base_url=API,
                headers={"Authorization": opens},
                reason=_reason,
                throttled=_seconds_to_wait,
                pace=_PACE,
            )
        )
        self._me: JsonObject | None = None

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._client.requests

    async def me(self, *, afresh: bool = False) -> JsonObject:
        """The token's owner, with their workspaces.

        Raises:
            ProviderAuthFailed: the token opens nothing.
        """
        if self._me is None or afresh:
            self._me = await self._client.get_json("members/me", _ME)
        return self._me

    def theirs(self, moment: datetime) -> datetime:
        """The same moment on Trello's clock."""
        return self._client.theirs(moment)

    async def get(self, path: str, params: Params) -> JsonObject:
        """Reads an object."""
        try:
            return await self._client.get_json(path, params)
        except ProviderAuthFailed as failed:
            raise await self._understood(failed) from None

    async def get_list(self, path: str, params: Params) -> list[JsonObject]:
        """Reads an array."""
        try:
            return await self._client.get_json_list(path, params)
        except ProviderAuthFailed as failed:
            raise await self._understood(failed) from None

    async def post(self, path: str, params: Params) -> JsonObject:
        """Makes something; Trello documents what it takes as query parameters."""
        try:
            return await self._client.post_json(path, None, params)
        except ProviderAuthFailed as failed:
            raise await self._understood(failed) from None

    async def put(self, path: str, params: Params) -> JsonObject:
        """Changes something."""
        try:
            return await self._client.put(path, None, params)
        except ProviderAuthFailed as failed:
            raise await self._understood(failed) from None

    async def delete(self, path: str) -> None:
        """Removes something."""
        try:
            await self._client.delete(path)
        except ProviderAuthFailed as failed:
            raise await self._understood(failed) from None

    async def seen(
        self, path: str, params: Params, *, unseen: Collection[int] = _UNSEEN
    ) -> JsonObject | None:
        """Reads one thing; None when Trello, still knowing our token, says it is not there."""
        try:
            return await self.get(path, params)
        except ProviderRefused as refused:
            if refused.status not in unseen:
                raise
            await self.me(afresh=True)
            return None

    async def token(self, params: Params) -> JsonObject:
        """What Trello knows of the token. It wants it in the path, which errors must not repeat."""
        with self._unrepeated():
            return await self._client.get_json(f"tokens/{self._token}", params)

    async def token_list(self, what: str) -> list[JsonObject]:
        """What was made with the token."""
        with self._unrepeated():
            return await self._client.get_json_list(f"tokens/{self._token}/{what}")

    @contextmanager
    def _unrepeated(self) -> Iterator[None]:
        try:
            yield
        except ProviderError as error:
            error.detail = error.detail.replace(self._token, "***")
            if isinstance(error, ProviderRefused):  # Trello repeats an address it does not know
                error.reason = error.reason.replace(self._token, "***")
            raise

    async def _understood(self, failed: ProviderAuthFailed) -> ProviderError:
        """Trello answers 401 to a dead token, and to a right one that asks for hidden things."""
        try:
            await self.me(afresh=True)
        except ProviderAuthFailed:
            return failed
        reason = "Trello does not let this account see or do that."
        return ProviderRefused(SLUG, failed.detail, status=HTTPStatus.FORBIDDEN, reason=reason)


def _seconds_to_wait(answer: Answer) -> float | None:
    """Trello's 429 names the limit, and no time."""
    is_untold = "retry-after" not in answer.headers
    return _SPAN if answer.status == HTTPStatus.TOO_MANY_REQUESTS and is_untold else None


def _reason(body: object) -> str:
    """Trello's own words; most come as plain text."""
    if not isinstance(body, Mapping):
        return body if isinstance(body, str) else ""
    return str(body.get("message") or body.get("error") or "")
