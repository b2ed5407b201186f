"""What a change of prices does to months that were closed (M1, T13)."""

from collections.abc import Collection
from datetime import date

from bot.domain.ids import MemberId, ProjectId, TeamId
from storage import teams
from storage.approval import closed_time
from storage.unit_of_work import Tx


def priced_anew(
    tx: Tx,
    team_id: TeamId,
    from_day: date,
    *,
    projects: Collection[ProjectId] | None = None,
    people: Collection[MemberId] | None = None,
) -> date | None:
    """The last closed day, where something that begins on a day touches closed time; else None.

    Args:
        tx: The open transaction.
        team_id: The fence.
        from_day: From when on the new price holds.
        projects: The time on these; None for all.
        people: The time of these; None for everybody's.
    """
    closed = teams.settings(tx, team_id).closed_through
    if closed is None or from_day > closed:
        return None
    touched = closed_time.is_any(tx, team_id, from_day, closed, projects=projects, people=people)
    return closed if touched else None
