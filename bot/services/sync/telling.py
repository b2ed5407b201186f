"""What people are told about syncs: who asked, how it goes, and when an integration breaks."""

from bot.domain.ids import IntegrationId, MemberId, SyncWishId, TeamId
from bot.domain.states import IntegrationState
from bot.domain.sync.sync import IntegrationNotice, SyncReport
from storage import members
from storage.sync import (
    integration_sync,
    provider_account_sync,
    provider_project_sync,
    sync_runs,
    sync_wishes,
    task_sync,
)
from storage.unit_of_work import UnitOfWork


class SyncReports:
    """Read when the message is sent, so that it tells the present state."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def report(self, team_id: TeamId, wish_id: SyncWishId) -> SyncReport | None:
        """How the refresh stands that somebody asked for; None when nobody waits for it."""
        with self._uow.read() as tx:
            wish = sync_wishes.by_id(tx, team_id, wish_id)
            if wish is None or wish.member_id is None:
                return None
            found = integration_sync.find(tx, team_id, wish.integration_id)
            who = members.by_id(tx, team_id, wish.member_id)
            if found is None or who is None or not who.is_active:
                return None
            run = None
            if wish.sync_run_id is not None:
                run = sync_runs.by_id(tx, team_id, wish.sync_run_id)
            only, here = wish.projects, (team_id, found.id)
            about = None
            if only is not None:
                about = tuple(provider_project_sync.names_by_id(tx, team_id, only))
            return SyncReport(
                slack_user_id=who.slack_user_id,
                provider=found.provider,
                site_name=found.site_name,
                run=run,
                next_try_at=found.next_sync_at,
                projects=provider_project_sync.count_linked(tx, *here, only),
                tasks=task_sync.count(tx, *here, only),
                people=provider_account_sync.count(tx, *here, only),
                about=about,
                needs_credentials=found.state is IntegrationState.BROKEN,
                channel_id=wish.channel_id,
                message_ts=wish.message_ts,
            )

    def reported(self, team_id: TeamId, wish_id: SyncWishId, *, channel_id: str, ts: str) -> None:
        """Where the report stands, to be edited from now on."""
        with self._uow.begin() as tx:
            sync_wishes.remember_message(tx, team_id, wish_id, channel_id=channel_id, message_ts=ts)

    def notice(
        self, team_id: TeamId, integration_id: IntegrationId, member_id: MemberId
    ) -> IntegrationNotice | None:
        """What an admin is told about an integration; None when they are none any more."""
        with self._uow.read() as tx:
            found = integration_sync.find(tx, team_id, integration_id)
            who = members.by_id(tx, team_id, member_id)
            if found is None or who is None or not (who.is_active and who.is_admin):
                return None
            return IntegrationNotice(
                slack_user_id=who.slack_user_id,
                integration_id=found.id,
                provider=found.provider,
                site_name=found.site_name,
                is_broken=found.state is IntegrationState.BROKEN,
                is_disconnected=found.state is IntegrationState.DISCONNECTED,
                reason=found.broken_reason or "",
            )
