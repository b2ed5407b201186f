"""Exchanging tools' tokens before they end."""

import asyncio
from collections.abc import Mapping

import structlog

from bot.domain.clock import Clock
from bot.domain.people.token_renewals import Renewal
from bot.domain.values import dataclass
from bot.integrations import oauth
from bot.integrations.errors import ProviderAuthFailed, ProviderError
from bot.integrations.oauth import TokenDesk, ToolClients, Way
from bot.integrations.registry import ProviderUnknown, Registry
from bot.services.people.token_renewals import TokenRenewals
from bot.services.pool import Pool

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ToolTokens:
    """Works off what is due; a token that a provider takes no more is left to end."""

    renewals: TokenRenewals
    registry: Registry
    desk: TokenDesk
    clients: ToolClients
    """Hourlink as the providers know it, by slug."""
    pool: Pool
    clock: Clock

    async def renew_due(self) -> None:
        """Exchanges every token whose time has come."""
        for one in await self.pool(self.renewals.due, self.clock()):
            kept = await self.pool(self.renewals.claim, one, self.clock())
            if kept is not None:
                # What the provider gives is the only token from then on: it is kept, even when
                # this process is told to stop meanwhile.
                await asyncio.shield(self._renew(one, kept))

    async def _renew(self, one: Renewal, kept: Mapping[str, str]) -> None:
        way = self._way(one.provider, kept)
        if way is None or oauth.RENEWS not in kept:
            await self._leave(one, kept)
            return
        known, client = way
        try:
            tokens = await self.desk.renew(one.provider, known, client, kept[oauth.RENEWS])
        except ProviderAuthFailed:
            await self._leave(one, kept)
        except ProviderError as error:
            log.warning(
                "tool_token_not_renewed",
                team=one.team_id,
                error=str(error),
                attempts=one.attempts + 1,
            )
            await self.pool(self.renewals.put_off, one, kept, error, self.clock())
        else:
            anew = {name: value for name, value in kept.items() if name not in oauth.KEPT}
            anew |= tokens.as_credentials(known, client)
            await self.pool(self.renewals.done, one, anew, oauth.due_at(anew), self.clock())

    async def _leave(self, one: Renewal, kept: Mapping[str, str]) -> None:
        """To its end, which is then told as that of any other credentials."""
        log.warning("tool_token_refused", team=one.team_id, provider=one.provider)
        await self.pool(self.renewals.leave, one, kept)

    def _way(self, provider: str, kept: Mapping[str, str]) -> Way | None:
        try:
            known = self.registry.descriptor(provider).oauth
        except ProviderUnknown:
            return None
        if known is None:
            return None
        return oauth.renewable(known, self.clients.get(provider, ()), kept)
