"""On the way through a tool's own page, where somebody signs in instead of pasting a key."""

from collections.abc import Mapping
from dataclasses import field

from bot.domain.errors import HourlinkError
from bot.domain.ids import AccountLinkId, IntegrationId, SlackUserId, TeamId
from bot.domain.linking.write_back import WriteMode
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class SiteWish:
    """An admin connects a tool."""

    values: Mapping[str, str] = field(repr=False)
    """What was typed besides the secret."""
    channel_id: str
    write_mode: WriteMode | None
    instead: IntegrationId | None
    """The integration that is given new credentials."""


@dataclass(frozen=True, slots=True)
class OwnWish:
    """A member proves an account, and lets Hourlink act in their name there."""

    integration_id: IntegrationId
    link_id: AccountLinkId | None
    """The request that they answer."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody on their way."""

    team_id: TeamId
    user_id: SlackUserId
    provider: str
    """The adapter's slug."""
    verifier: str = field(repr=False)
    """Proves at the exchange that whoever began is who comes back."""
    wish: SiteWish | OwnWish


@dataclass(eq=False)
class SignInOver(HourlinkError):
    """The address was made up, or is older than ten minutes."""


@dataclass(eq=False)
class NoSignInThere(HourlinkError):
    """Signing in is not set up for it: not at all, or not at this server."""

    address: str
    """The server's; empty where the tool has only one."""
