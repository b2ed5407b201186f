"""Announcements of unlinked projects, as they stand at a moment."""

from datetime import datetime

from bot.domain.errors import AlreadyDone
from bot.domain.ids import AnnouncementId, IntegrationId, ProviderProjectId
from bot.domain.states import AnnouncementState
from bot.domain.values import dataclass

MOST_ROWS = 15
"""Provider projects that one message shows, each with its buttons."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided about a provider project, and when."""

    by: str | None
    """A name; None when the link policy did."""
    at: datetime


@dataclass(frozen=True, slots=True)
class AnnouncedProject:
    """One row: a provider project, and what has become of it."""

    id: ProviderProjectId
    name: str
    key: str | None
    workspace_name: str
    is_archived: bool
    is_gone: bool
    ignored: Decision | None
    project: str | None
    """What it is linked to now."""
    linked: Decision | None

    @property
    def is_open(self) -> bool:
        """It still waits for somebody to decide."""
        return not (self.linked or self.ignored or self.is_gone or self.is_archived)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One channel message about unlinked projects."""

    id: AnnouncementId
    integration_id: IntegrationId
    provider: str
    """The adapter's slug."""
    site_name: str
    is_disconnected: bool
    """Its integration is; nothing of it can be linked any more."""
    is_summary: bool
    """Counts instead of rows."""
    channel_id: str
    message_ts: str | None
    state: AnnouncementState
    created_at: datetime
    total: int
    """Provider projects that it announces, also those without a row."""
    unlinked: int
    """Of those, how many still wait for a decision."""
    rows: tuple[AnnouncedProject, ...]
    """At most ``MOST_ROWS``; none for a summary."""


@dataclass(eq=False)
class AnnouncementDelivered(AlreadyDone):
    """Nobody needs to post it again: it is in its channel, or on its way there."""

    is_posted: bool
