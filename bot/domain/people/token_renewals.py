"""Tokens that tools give for a while, and that have to be exchanged before they end."""

from dataclasses import field

from bot.domain.ids import AccountLinkId, IntegrationId, TeamId
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Renewal:
    """A token to be exchanged: an integration's, or a member's own."""

    id: int
    team_id: TeamId
    integration_id: IntegrationId | None
    account_link_id: AccountLinkId | None
    provider: str
    """The adapter's slug."""
    sealed: str | None = field(repr=False)
    """The credentials it is among, encrypted; None where they were destroyed."""
    attempts: int = 0
    """How often in a row it could not be exchanged."""
