"""Tasks that went to another provider project: timers on them stop where they may not go on."""

from collections.abc import Callable, Collection
from datetime import datetime

from bot.domain.entries.entries import StopReason
from bot.domain.ids import MemberId, ProviderProjectId
from bot.domain.sync.sync import SyncPlan
from bot.services.tracking.stopping import stop_timers
from storage.sync import provider_account_sync, provider_project_sync
from storage.unit_of_work import Tx


def stop_where_they_went(
    tx: Tx,
    plan: SyncPlan,
    places: Collection[ProviderProjectId],
    *,
    now: datetime,
    new_marker: Callable[[], str],
) -> None:
    """Stops and keeps timers in places that are not linked, gone, archived, or closed to them.

    To its owner a task that moved there is no other than one whose own project was unlinked or
    archived, or that they lost access to (T15).

    Args:
        tx: The open transaction.
        plan: The run that found out.
        places: Where tasks went.
        now: The moment of detection.
        new_marker: Makes the ids of messages.
    """
    for place in provider_project_sync.standing(tx, plan.team_id, places):
        because = StopReason.ACCESS_LOST
        whose: list[MemberId] | None = None
        if not place.is_linked:
            because = StopReason.PROJECT_UNLINKED
        elif place.is_gone:  # its tasks may still be shown one by one
            because = StopReason.PROJECT_GONE
        elif place.is_archived:
            because = StopReason.PROJECT_ARCHIVED
        elif place.is_open:
            continue
        else:
            whose = provider_account_sync.shut_out(tx, plan.team_id, plan.integration_id, place.id)
        stop_timers(
            tx,
            plan.team_id,
            because=because,
            now=now,
            members=whose,
            provider_projects=[place.id],
            new_marker=new_marker,
        )
