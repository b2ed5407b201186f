"""Hourlink in a workspace of Slack's, or in all workspaces of an organisation."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.values import dataclass

ROTATED_BEFORE = timedelta(hours=2)
"""How long before its end a token is exchanged for a new one; Slack's live for twelve hours."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What Slack does not let Hourlink do in a workspace, though it asks for it."""

    scopes: Mapping[str, str]
    """Each with its reason."""
    install_url: str | None
    """Where an admin adds them; None where that is the operator's affair."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What somebody agreed to, and the token that they gave for it."""

    team_id: TeamId | None
    """None for a whole organisation."""
    enterprise_id: str | None
    """The organisation that the workspace belongs to, where it does."""
    name: str
    """Of the workspace, or of the organisation."""
    bot_id: str
    bot_user_id: str
    scopes: tuple[str, ...]
    installed_by: SlackUserId
    token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    """Good for one exchange; None where the app's tokens do not end."""
    expires_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether its token is to be exchanged."""
        return self.expires_at is not None and self.expires_at - now <= ROTATED_BEFORE

    def has_expired(self, now: datetime) -> bool:
        """Whether its token is no good any more."""
        return self.expires_at is not None and self.expires_at <= now
