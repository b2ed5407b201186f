"""The project that a channel prefers (T12)."""

from datetime import datetime

from bot.domain.errors import NotPossible
from bot.domain.ids import ProjectId
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class ChannelDefault:
    """Which project, and since when."""

    project_id: ProjectId
    project_name: str
    is_archived: bool
    """Archived here: it is kept, and preferred again once the project is back."""
    is_connected: bool
    """A provider project feeds it, so it has tasks."""
    by: str | None
    """Who chose it; None where nobody knows any more."""
    at: datetime


@dataclass(eq=False)
class NotAChannel(NotPossible):
    """A direct message has no default project: it would be one person's, not a channel's."""


@dataclass(eq=False)
class NoChannelDefault(NotPossible):
    """The channel prefers no project, so there is nothing to switch off."""
