"""Whose requests are answered, where one workspace's token is in the environment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import Clock, Sleep
from bot.domain.errors import TeamNotInstalled
from bot.domain.ids import TeamId
from bot.domain.slack_errors import SlackTryLater, TokenRejected
from bot.domain.values import dataclass

log = structlog.get_logger(__name__)

RETRY = 5.0
"""Seconds between two tries to reach Slack at start."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What Slack says about a bot token."""

    team_id: TeamId
    team_name: str
    bot_id: str
    bot_user_id: str
    scopes: tuple[str, ...] = ()
    """What the token may do; none where Slack does not say."""


def granted_scopes(headers: Mapping[str, str]) -> tuple[str, ...]:
    """What a token may do, as Slack tells beside every answer."""
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    words = (word.strip() for word in named.get("x-oauth-scopes", "").split(","))
    return tuple(word for word in words if word)


Learned: TypeAlias = Callable[[Identity], Awaitable[None]]
Ended: TypeAlias = Callable[[TeamId], Awaitable[None]]


class OneWorkspace:
    """The workspace of ``SLACK_BOT_TOKEN``.

    Slack is asked once who that is; Bolt's own way asks on every request.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        token: str,
        *,
        learned: Learned,
        ended: Ended,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        """Asks nothing yet.

        Args:
            client: Talks to Slack.
            token: The bot token.
            learned: Called once with the answer, before anything is authorised.
            ended: Stops all work for a workspace that removed Hourlink.
            clock: Says when Slack accepted the token.
            sleep: Waits between two tries to reach Slack.
        """
        self._client = client
        self._token = token
        self._learned = learned
        self._ended = ended
        self._clock = clock
        self._sleep = sleep
        self._identity: Identity | None = None
        self._authorized: AuthorizeResult | None = None
        """Bolt's word for the identity: it only reads it, and to make one takes time."""
        self._accepted_at: datetime | None = None
        self._asking = asyncio.Lock()

    async def identity(self) -> Identity:
        """Who the token belongs to.

        Raises:
            TokenRejected: Slack does not accept it.
            OSError: Slack cannot be reached.
        """
        if self._identity is not None:
            return self._identity
        async with self._asking:
            if self._identity is None:
                identity = await self._ask()
                await self._learned(identity)
                self._authorized = AuthorizeResult(
                    enterprise_id=None,
                    team_id=identity.team_id,
                    bot_id=identity.bot_id,
                    bot_user_id=identity.bot_user_id,
                    bot_token=self._token,
                )
                self._identity = identity
            return self._identity

    async def introduce(self) -> None:
        """Learns whose token it is, trying until Slack answers; a rejected token is logged.

        So is why Slack cannot be reached, once for each reason.
        """
        logged = ""
        while True:
            try:
                identity = await self.identity()
            except TokenRejected as error:
                code = error.code
                break
            except OSError as error:
                why = str(error.__cause__ or error)
                if why != logged:
                    log.warning("slack_unreachable", error=why)
                    logged = why
                await self._sleep(RETRY)
            else:
                log.info("installed", team=identity.team_id, name=identity.team_name)
                return
        # Out here, since nobody is helped by a traceback of what Slack answered.
        log.error("slack_token_rejected", code=code)

    async def forget(self, team_id: TeamId, organisation: str | None, at: datetime) -> None:
        """The workspace removed Hourlink. Slack is asked again before anything is done for it.

        A removal from before Slack accepted this token was one of an earlier installation.
        """
        del organisation
        if self._accepted_at is not None and at + timedelta(seconds=1) <= self._accepted_at:
            log.info("old_removal_ignored", team=team_id)
            return
        await self._end(team_id)

    async def lose(self, team_id: TeamId, token: str | None) -> None:
        """Slack takes the token no more."""
        del token
        await self._end(team_id)

    async def _end(self, team_id: TeamId) -> None:
        await self._ended(team_id)
        log.warning("uninstalled", team=team_id)
        self._identity = None

    async def _ask(self) -> Identity:
        try:
            answer = await self._client.auth_test(token=self._token)
        except SlackApiError as error:
            raise TokenRejected(str(error.response.get("error", "unknown"))) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ConnectionError("Slack cannot be reached") from error
        self._accepted_at = self._clock()
        return Identity(
            team_id=TeamId(str(answer["team_id"])),
            team_name=str(answer.get("team") or ""),
            bot_id=str(answer.get("bot_id") or ""),
            bot_user_id=str(answer["user_id"]),
            scopes=granted_scopes(answer.headers),
        )

    async def token(self, team_id: TeamId) -> str:
        """The bot token of a team.

        Raises:
            TeamNotInstalled: the token belongs to another team.
            TokenRejected: Slack does not accept it.
            SlackTryLater: it is not known yet whose it is.
        """
        try:
            identity = await self.identity()
        except OSError as error:
            raise SlackTryLater(retry_after=RETRY) from error
        if identity.team_id != team_id:
            raise TeamNotInstalled
        return self._token

    async def authorize(
        self, team_id: str | None, enterprise_id: str | None
    ) -> AuthorizeResult | None:
        """Bolt's question whether a request's team is ours; None refuses it.

        Raises:
            SlackTryLater: it is not known yet whose the token is.
        """
        del enterprise_id
        try:
            identity = await self.identity()
        except TokenRejected:
            return None
        except OSError as error:
            raise SlackTryLater(retry_after=RETRY) from error
        return self._authorized if team_id == identity.team_id else None
