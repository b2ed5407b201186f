"""Linear's API, GraphQL alone, with a person's key.

Facts: Linear's published schema (2026-07), its documentation, and the errors that its own SDK
expects. A key may ask 2,500 times an hour, and for so much in it, from a bucket that fills all the
time; neither is paced here, because Linear tells the moment from which on it answers again.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from bot.integrations.answers import Answer, ClientConfig
from bot.integrations.api import Credentials
from bot.integrations.client import JsonObject
from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused, ProviderSurprised, ProviderUnavailable
from bot.integrations.shape import reading
from bot.providers.linear import queries
from bot.providers.linear.limits import errors_of, seconds_to_wait

SLUG = "linear"

API = "https://api.linear.app"
_PATH = "graphql"

_UNAUTHORISED = "authentication error"
_FORBIDDEN = frozenset({"forbidden", "feature not accessible"})
_PASSING = frozenset({"lock timeout", "internal error", "network error", "bootstrap error"})
_JUDGED = frozenset({HTTPStatus.OK, HTTPStatus.BAD_REQUEST})


class LinearSite:
    """One workspace, seen with one person's key."""

    def __init__(self, credentials: Credentials, context: AdapterContext) -> None:
        self.clock = context.clock
        self._client = context.pool.client(
            ClientConfig(
                provider=SLUG,
                base_url=API,
                headers={"Authorization": credentials["key"].strip()},
                reason=_reason,
                throttled=seconds_to_wait,
                unauthorised=_is_unauthorised,
            )
        )
        self._me: JsonObject | None = None

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        return self._client.requests

    def theirs(self, moment: datetime) -> datetime:
        """The same moment on Linear's clock."""
        return self._client.theirs(moment)

    async def me(self, *, afresh: bool = False) -> JsonObject:
        """The key's owner, and their workspace.

        Raises:
            ProviderAuthFailed: the key opens nothing.
        """
        if self._me is None or afresh:
            data = await self.ask(queries.ME)
            with reading(SLUG, "the key's owner"):
                self._me = dict(data["viewer"])
        return self._me

    async def ask(self, query: str, /, **variables: Any) -> JsonObject:  # noqa: ANN401 - as JSON
        """Asks; may be repeated.

        Raises:
            ProviderRefused: Linear understood and said no.
            ProviderUnavailable: what it says passes with time.
        """
        return await self._sent(query, variables, is_read=True)

    async def tell(self, query: str, /, **variables: Any) -> JsonObject:  # noqa: ANN401
        """Changes something: the payload of the one mutation.

        Raises:
            ProviderRefused: Linear understood and said no.
            ProviderUnavailable: what it says passes with time.
        """
        data = await self._sent(query, variables, is_read=False)
        with reading(SLUG, "what became of a change"):
            (payload,) = data.values()
            if payload["success"] is not True:
                reason = "Linear did not do it, and gave no reason."
                raise ProviderRefused(SLUG, reason, reason=reason)
            found: JsonObject = payload
        return found

    async def listed(
        self,
        query: str,
        name: str,
        cursor: str | None = None,
        /,
        **variables: Any,  # noqa: ANN401
    ) -> AsyncIterator[tuple[JsonObject, list[JsonObject], str | None]]:
        """Every page of a list: all that was answered, its nodes, and the cursor after them.

        Args:
            query: The text; it takes the cursor as ``after``.
            name: What the answer calls the list.
            cursor: Where to begin.
            variables: What the text leaves open besides.
        """
        while True:
            data = await self.ask(query, after=cursor, **variables)
            with reading(SLUG, f"a list of {name}"):
                nodes, info = list(data[name]["nodes"]), data[name]["pageInfo"]
                following = str(info["endCursor"]) if info["hasNextPage"] else None
            if following is not None and following == cursor:
                raise ProviderSurprised(SLUG, f"a list of {name} that does not go on")
            yield data, nodes, following
            if following is None:
                return
            cursor = following

    async def _sent(self, query: str, variables: Mapping[str, Any], *, is_read: bool) -> JsonObject:
        asked = {"query": query, "variables": variables}
        body = await self._client.post_json(_PATH, asked, is_read=is_read)
        for kind, message in errors_of(body):
            raise _error(kind, message)
        with reading(SLUG, "an answer"):
            found: JsonObject = dict(body["data"])
        return found


def _error(kind: str, message: str) -> ProviderRefused | ProviderUnavailable:
    if kind in _PASSING:
        return ProviderUnavailable(SLUG, f"{kind}: {message}"[:300])
    status = HTTPStatus.FORBIDDEN if kind in _FORBIDDEN else HTTPStatus.UNPROCESSABLE_ENTITY
    return ProviderRefused(SLUG, f"{kind}: {message}"[:300], status=status, reason=message[:500])


def _reason(body: object) -> str:
    return "; ".join(message for _, message in errors_of(body))


def _is_unauthorised(answer: Answer) -> bool:
    """Linear has said so with 400 as well as 401."""
    if answer.status not in _JUDGED or _UNAUTHORISED.encode() not in answer.content:
        return False
    return any(kind == _UNAUTHORISED for kind, _ in errors_of(answer.decoded()))
