"""What ends when a workspace removes Hourlink (O4)."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.entries.entries import StopReason
from bot.domain.ids import TeamId
from bot.services.tracking.stopping import stop_timers
from storage import teams
from storage.operating import api_tokens
from storage.people import account_link_changes
from storage.unit_of_work import Tx


def remove_team(tx: Tx, team_id: TeamId, *, now: datetime, new_marker: Callable[[], str]) -> None:
    """Stops all work for a team and destroys its members' tokens; its time stays.

    Running timers are stopped and kept (T15). What is owed to the team waits for the day on which
    it installs Hourlink again: then owners are told, and the time is written to its tools.

    Args:
        tx: The open transaction.
        team_id: The team; told of twice, nothing more happens.
        now: The moment of detection, at which timers end.
        new_marker: Makes the ids of entries and messages.
    """
    account_link_changes.destroy_tokens(tx, team_id)
    api_tokens.remove_all(tx, team_id)
    teams.mark_uninstalled(tx, team_id, now)
    stop_timers(tx, team_id, because=StopReason.UNINSTALLED, now=now, new_marker=new_marker)
