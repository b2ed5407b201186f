"""Whose requests are answered, and with which token: workspaces that installed over OAuth."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog
from slack_bolt.authorization import AuthorizeResult

from bot.domain.clock import Clock, Sleep
from bot.domain.errors import DatabaseAway, TeamNotInstalled
from bot.domain.ids import TeamId
from bot.domain.operating.installations import Installation
from bot.domain.slack_errors import SlackTryLater, TokenRejected
from bot.domain.values import dataclass
from bot.services.operating.installations import Installations, Kept
from bot.services.pool import Pool
from bot.services.vault import SealBroken

log = structlog.get_logger(__name__)

FRESH = timedelta(seconds=30)
"""How long this process believes what it read: another one may hear of an end."""

LOOK_AGAIN = 0.2
PATIENCE = 25
"""Looks at a token that another process is exchanging, before giving up for now."""

Rotate: TypeAlias = Callable[[Installation], Awaitable[Installation]]
"""Exchanges a token at Slack; raises SlackTryLater, or TokenRejected where Slack refuses."""


@dataclass(frozen=True, slots=True)
class _Read:
    kept: Kept
    at: datetime


class ManyWorkspaces:
    """Every workspace and organisation that installed Hourlink.

    A token that is about to end is exchanged first, by one process at a time: what it is exchanged
    with is good only once.
    """

    def __init__(
        self,
        installations: Installations,
        pool: Pool,
        rotate: Rotate,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._installations = installations
        self._pool = pool
        self._rotate = rotate
        self._clock = clock
        self._sleep = sleep
        self._read: dict[TeamId, _Read] = {}
        self._met: set[TeamId] = set()

    async def introduce(self) -> None:
        """Nothing has to be known beforehand."""

    async def token(self, team_id: TeamId) -> str:
        """The bot token of a team.

        Raises:
            TeamNotInstalled: it has none.
            TokenRejected: it has ended, and Slack exchanges it no more.
            SlackTryLater: it is being exchanged.
            DatabaseAway: it was never read.
        """
        try:
            return (await self._current(team_id, None)).installation.token
        except DatabaseAway:
            # What was read last is Slack's to refuse, should it have been taken back meanwhile.
            known = self._read.get(team_id)
            if known is None or known.kept.installation.has_expired(self._clock()):
                raise
            return known.kept.installation.token

    async def authorize(
        self, team_id: str | None, enterprise_id: str | None
    ) -> AuthorizeResult | None:
        """Bolt's question whether a request's team is ours; None refuses it."""
        if team_id is None:
            return None
        team = TeamId(team_id)
        try:
            kept = await self._current(team, enterprise_id)
        except (TeamNotInstalled, TokenRejected):
            return None
        one = kept.installation
        if one.team_id is None and team not in self._met:
            await self._pool(self._installations.met, team, one, self._clock())
            self._met.add(team)
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team,
            bot_id=one.bot_id,
            bot_user_id=one.bot_user_id,
            bot_token=one.token,
        )

    async def forget(self, team_id: TeamId, organisation: str | None, at: datetime) -> None:
        """A workspace, or a whole organisation, removed Hourlink; not what it installed since."""
        one = None if organisation else team_id
        ended = await self._pool(
            self._installations.end, one, organisation, at=at, now=self._clock()
        )
        self._ended(team_id, ended)

    async def lose(self, team_id: TeamId, token: str | None) -> None:
        """Slack takes a token no more: nothing more is done for those whose it is."""
        kept = await self._pool(self._installations.find, team_id)
        ended: Sequence[TeamId] = ()
        if kept is not None and self._is_that(kept.installation, token):
            ended = await self._pool(self._installations.lose, kept, self._clock())
        self._ended(team_id, ended)

    def _is_that(self, one: Installation, token: str | None) -> bool:
        """Of a token that had ended, it was the exchange that Slack refused."""
        return one.has_expired(self._clock()) if token is None else one.token == token

    def _ended(self, asked: TeamId, ended: Sequence[TeamId]) -> None:
        for team in ended:
            log.warning("uninstalled", team=team)
        for team in (asked, *ended):
            self._read.pop(team, None)
            self._met.discard(team)

    def renew(self, team_id: TeamId | None) -> None:
        """Somebody installed it again; None for a whole organisation."""
        if team_id is None:
            self._read.clear()
            self._met.clear()
        else:
            self._read.pop(team_id, None)

    async def _current(self, team_id: TeamId, enterprise_id: str | None) -> Kept:
        known = self._read.get(team_id)
        now = self._clock()
        if known is None or now - known.at > FRESH or known.kept.installation.is_due(now):
            kept = await self._usable(team_id, enterprise_id)
            self._read[team_id] = _Read(kept, now)
            return kept
        return known.kept

    async def _usable(self, team_id: TeamId, enterprise_id: str | None) -> Kept:
        for _ in range(PATIENCE):
            kept = await self._find(team_id, enterprise_id)
            now = self._clock()
            if not kept.installation.is_due(now):
                return kept
            if await self._pool(self._installations.claim_rotation, kept, now):
                return await self._exchanged(kept)
            if not kept.installation.has_expired(now):
                return kept  # another process is at it, and this one still works
            await self._sleep(LOOK_AGAIN)
        raise SlackTryLater(retry_after=5)

    async def _find(self, team_id: TeamId, enterprise_id: str | None) -> Kept:
        try:
            kept = await self._pool(self._installations.find, team_id, enterprise_id)
        except SealBroken:
            log.exception("slack_token_unreadable", team=team_id)
            raise TeamNotInstalled from None
        if kept is None:
            raise TeamNotInstalled
        return kept

    async def _exchanged(self, kept: Kept) -> Kept:
        try:
            anew = await self._rotate(kept.installation)
        except (SlackTryLater, TokenRejected) as error:
            if kept.installation.has_expired(self._clock()):
                raise
            team, why = kept.installation.team_id, str(vars(error))
            log.warning("slack_token_not_rotated", team=team, error=type(error).__name__, why=why)
            return kept
        # What Slack gave is the only token from now on: it is kept whatever happens to the caller.
        await asyncio.shield(self._pool(self._installations.rotated, kept, anew))
        return Kept(anew, kept.stored)
