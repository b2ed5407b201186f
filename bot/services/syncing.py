"""Keeping integrations in step with their providers: when, by whose wish, and how it went."""

from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, MemberId, TeamId
from storage import integration_sync, outbox, sync_wishes
from storage.unit_of_work import Tx


def ask(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    *,
    asked_by: MemberId | None,
    now: datetime,
    full: bool = False,
) -> None:
    """Makes the integration due now, in the caller's transaction.

    Who asks gets one direct message that is edited as the run goes and ends with the result.
    Asking twice before the run begins is one wish; asking while a run is under way is a wish for
    the next one, which follows at once.

    Args:
        tx: The open transaction.
        team_id: The fence.
        integration_id: What to refresh.
        asked_by: Who gets the report; None when nobody waits for one.
        now: The moment of asking.
        full: Read everything again, deletions included, as ``/link sync`` promises. Without it
            only changes and what was never read are fetched, which is enough after a link.

    Raises:
        Vanished: there is no such integration, or it is disconnected.
    """
    if not integration_sync.make_due(tx, team_id, integration_id, now):
        raise Vanished("integration")
    wish_id = sync_wishes.add(
        tx, team_id, integration_id, member_id=asked_by, is_full=full, now=now
    )
    if wish_id is not None and asked_by is not None:
        outbox.add(
            tx,
            team_id,
            kind="run.report",
            subject=f"sync_wish:{wish_id}",
            payload={"wish": wish_id},
            marker=f"run.report:{wish_id}:0",
            now=now,
        )
