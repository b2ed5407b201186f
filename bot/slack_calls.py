"""One call to Slack, a method of its Web API or a response URL, and its errors as ours.

slack_sdk's own client prepares for files, repetitions and traces, and takes more than twice the
processor time for a call.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, BinaryIO, TypeAlias, TypeVar

import aiohttp
import orjson
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env

from bot.domain.clock import Sleep
from bot.domain.ids import TeamId
from bot.domain.slack_errors import (
    SlackOutcomeUnknown,
    SlackRefused,
    SlackTryLater,
    TokenRejected,
)
from bot.rejections import Rejections

Result = TypeVar("Result")

Tokens: TypeAlias = Callable[[TeamId], Awaitable[str]]
"""The bot token of a team; raises TeamNotInstalled or TokenRejected."""

REJECTED = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
"""Slack's words for a token that is no good."""

READS = frozenset(
    {
        "chat.getPermalink",
        "conversations.history",
        "conversations.info",
        "files.getUploadURLExternal",
        "users.info",
        "users.list",
    }
)
"""Methods that take no JSON: only what writes does."""

_PATIENCE = aiohttp.ClientTimeout(total=10)
_FILE_PATIENCE = aiohttp.ClientTimeout(total=300)
_IS_JSON = {"Content-Type": "application/json; charset=utf-8"}
"""Slack warns of every call that leaves the charset out."""

_UNASKED = 30.0
"""Seconds to wait where nobody says how many."""

AT_ONCE = frozenset({"views.open", "views.push"})
"""What is too late in a second or two: a trigger lives for three."""

LONGEST_REST = 2.0
"""Seconds for which an answer to a person waits where Slack asks for a rest: some answers come
before an acknowledgement. It asks for one second where messages to one conversation come too fast:
https://docs.slack.dev/apis/web-api/rate-limits
"""

_OK, _NOT_FOUND, _TOO_MANY, _BROKEN = 200, 404, 429, 500


class Calls:
    """Calls Slack for any team; nothing that may have been done is repeated here."""

    def __init__(
        self,
        api_url: str,
        tokens: Tokens,
        session: aiohttp.ClientSession,
        rejections: Rejections | None = None,
        *,
        sleep: Sleep | None = None,
    ) -> None:
        """Calls nothing yet.

        Args:
            api_url: Of the Web API.
            tokens: Whose token it is.
            session: What sends.
            rejections: Hears whether tokens are taken.
            sleep: For answers to people, which nobody says again: takes a short rest where Slack
                asks for one, and so has done nothing.
        """
        self._url = api_url.rstrip("/")
        self._tokens = tokens
        self._session = session
        self._rejections = rejections
        self._proxy = load_http_proxy_from_env()
        self._sleep = sleep

    async def method(self, team_id: TeamId, method: str, **arguments: object) -> Mapping[str, Any]:
        """Calls a method of the Web API; its answer.

        Raises:
            TeamNotInstalled: the team has no token.
            TokenRejected: Slack does not accept it.
            SlackRefused: Slack said no.
            SlackTryLater: nothing was done.
            SlackOutcomeUnknown: no answer came.
        """
        return await self._rested(lambda: self._method(team_id, method, arguments), method)

    async def _rested(self, call: Callable[[], Awaitable[Result]], name: str) -> Result:
        try:
            return await call()
        except SlackTryLater as later:
            if self._sleep is None or name in AT_ONCE or later.retry_after > LONGEST_REST:
                raise
            await self._sleep(later.retry_after)
        return await call()

    async def _method(
        self, team_id: TeamId, method: str, arguments: Mapping[str, object]
    ) -> Mapping[str, Any]:
        token: str | None = None
        try:
            token = await self._tokens(team_id)
            answer = await self._sent(token, method, arguments)
        except TokenRejected as error:
            if self._rejections is not None:
                await self._rejections.rejected(team_id, token, error.code)
            raise
        if self._rejections is not None:
            self._rejections.accepted(team_id)
        return answer

    async def _sent(
        self, token: str, method: str, arguments: Mapping[str, object]
    ) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self._url}/{method}"
        if method in READS:
            sent = self._session.get(
                url,
                params={name: _plain(value) for name, value in arguments.items()},
                headers=headers,
                timeout=_PATIENCE,
                proxy=self._proxy,
            )
        else:
            sent = self._session.post(
                url,
                data=written(arguments),
                headers=headers | _IS_JSON,
                timeout=_PATIENCE,
                proxy=self._proxy,
            )
        try:
            async with sent as answer:
                return await _result(method, answer)
        except aiohttp.ClientConnectorError as error:
            raise SlackTryLater(retry_after=5) from error
        except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
            raise SlackOutcomeUnknown(method) from error

    async def respond(self, response_url: str, payload: Mapping[str, Any]) -> None:
        """Answers through a response URL.

        Raises:
            SlackRefused: it is used up or older than 30 minutes.
            SlackTryLater: nothing was done.
            SlackOutcomeUnknown: no answer came.
        """
        await self._rested(lambda: self._respond(response_url, payload), "response_url")

    async def _respond(self, response_url: str, payload: Mapping[str, Any]) -> None:
        try:
            async with self._session.post(
                response_url,
                data=written(payload),
                headers=_IS_JSON,
                timeout=_PATIENCE,
                proxy=self._proxy,
            ) as answer:
                if answer.status == _NOT_FOUND:
                    raise SlackRefused("expired_url")
                if answer.status == _TOO_MANY:
                    raise SlackTryLater(_rest(answer))
                if answer.status != _OK:
                    raise SlackRefused(f"http_{answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackOutcomeUnknown("response_url") from error

    async def upload(self, upload_url: str, content: bytes | BinaryIO) -> None:
        """Puts a file where Slack made room for it; nobody sees it yet.

        Raises:
            SlackTryLater: it is not there, or not whole.
        """
        try:
            async with self._session.post(
                upload_url, data=content, timeout=_FILE_PATIENCE, proxy=self._proxy
            ) as answer:
                if answer.status != _OK:
                    raise SlackTryLater(retry_after=30)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackTryLater(retry_after=5) from error


def _rest(answer: aiohttp.ClientResponse) -> float:
    asked = answer.headers.get("Retry-After", "")
    # Slack says seconds; something in between may say a date, or nothing.
    return float(asked) if asked.isdecimal() else _UNASKED


async def _result(method: str, answer: aiohttp.ClientResponse) -> Mapping[str, Any]:
    if answer.status == _TOO_MANY:
        raise SlackTryLater(_rest(answer))
    if answer.status >= _BROKEN:
        raise SlackOutcomeUnknown(str(answer.status))
    try:
        found = orjson.loads(await answer.read())
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SlackOutcomeUnknown(method)  # a page of something in between
    if answer.status != _OK or not found.get("ok"):
        code = str(found.get("error", "unknown"))
        raise TokenRejected(code) if code in REJECTED else SlackRefused(code)
    return found


def written(payload: Mapping[str, object]) -> bytes:
    """As JSON."""
    try:
        return orjson.dumps(payload)
    except TypeError:  # half a character, as somebody's cut-off emoji leaves it
        return json.dumps(payload).encode()


def _plain(value: object) -> str:
    """As an address spells it: a yes is 1."""
    return str(int(value)) if isinstance(value, bool) else str(value)
