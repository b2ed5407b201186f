"""Tokens that Slack takes no more, though nothing told that a workspace removed Hourlink.

Slack gives up telling it when nobody answers for some hours. A token may also be refused for a
while, in an outage of Slack's or by its list of allowed addresses: nothing is destroyed for that.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import TeamId

log = structlog.get_logger(__name__)

ENDED = frozenset({"account_inactive", "token_revoked"})
"""Slack's words for a token that will never be good again. Others may stand for a mistake:
https://docs.slack.dev/reference/methods/auth.test#errors
"""

PATIENCE = timedelta(hours=1)
"""How long Slack has to go on saying so, and nothing else, before it is believed."""


class _Refused(NamedTuple):
    token: str | None
    ended_since: datetime | None
    """From when on Slack has said nothing else of it than that it has ended."""


class Rejections:
    """Whose token Slack refuses, as this process finds out by its calls."""

    def __init__(self, lose: Callable[[TeamId, str | None], Awaitable[None]], clock: Clock) -> None:
        """Takes who stops all work for a team whose token is dead, and the time."""
        self._lose = lose
        self._clock = clock
        self._refused: dict[TeamId, _Refused] = {}

    def accepted(self, team_id: TeamId) -> None:
        """Slack took the team's token."""
        if team_id in self._refused:
            del self._refused[team_id]
            log.info("slack_token_accepted", team=team_id)

    async def rejected(self, team_id: TeamId, token: str | None, code: str) -> None:
        """Slack refused it: logged once, and the end of work for the team if that goes on."""
        known, now = self._refused.get(team_id), self._clock()
        is_same = known is not None and known.token == token
        if not is_same:
            log.error("slack_token_rejected", team=team_id, code=code)
        if code not in ENDED:
            self._refused[team_id] = _Refused(token, None)
            return
        since = known.ended_since if known is not None and is_same else None
        if since is None or now - since < PATIENCE:
            self._refused[team_id] = _Refused(token, since or now)
            return
        del self._refused[team_id]
        await self._lose(team_id, token)
