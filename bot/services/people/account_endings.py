"""What ends with a connection: timers on what the member's other accounts do not see."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.entries.entries import StoppedTimer, StopReason
from bot.domain.ids import IntegrationId, MemberId, TeamId
from bot.services.tracking.stopping import stop_timers
from storage.people import account_access
from storage.unit_of_work import Tx


def end_tracking(
    tx: Tx,
    team_id: TeamId,
    members: Sequence[MemberId],
    integration_id: IntegrationId,
    *,
    because: StopReason,
    now: datetime,
    new_marker: Callable[[], str],
) -> list[StoppedTimer]:
    """Stops and keeps these people's timers there, once a connection of theirs has ended.

    Who has another account there tracks on with what that one sees.
    """
    staying = account_access.still_connected(tx, team_id, integration_id, members)
    stopped = stop_timers(
        tx,
        team_id,
        because=because,
        now=now,
        members=[member for member in members if member not in staying],
        integrations=[integration_id],
        new_marker=new_marker,
    )
    for member in sorted(staying):
        stopped += stop_timers(
            tx,
            team_id,
            because=because,
            now=now,
            members=[member],
            provider_projects=account_access.unseen(tx, team_id, integration_id, member),
            new_marker=new_marker,
        )
    return stopped
