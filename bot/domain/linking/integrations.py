"""An integration, as everybody but storage sees it."""

from datetime import datetime

from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.domain.linking.link_rules import LinkRule
from bot.domain.linking.write_back import WriteBack
from bot.domain.states import IntegrationState, LinkPolicy, MembersPolicy
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Integration:
    """One provider account or site set up for a team. Its credentials are not in here."""

    id: IntegrationId
    team_id: TeamId
    provider: str
    """The adapter's slug."""
    site_id: str
    site_name: str
    channel_id: str
    link_policy: LinkPolicy
    members_policy: MembersPolicy
    personal_projects: bool
    write_back: WriteBack
    state: IntegrationState
    broken_since: datetime | None
    broken_reason: str | None
    next_sync_at: datetime | None
    synced_at: datetime | None
    connected_by: MemberId
    connected_at: datetime
    rules: tuple[LinkRule, ...] = ()
    """Which provider projects are announced, or linked by themselves."""
    sync_minutes: int | None = None
    """From one sync to the next; None as the operator chose for every tool."""
