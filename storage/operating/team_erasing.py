"""Everything of a team, taken away."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, delete, select

from bot.domain.ids import TeamId
from storage.sql import change, table
from storage.tables import METADATA
from storage.teams import TeamRow
from storage.unit_of_work import Tx

_TEAM = table(TeamRow)


def due(tx: Tx, before: datetime) -> list[TeamId]:
    """Teams that removed Hourlink before a moment and did not come back."""
    query = select(_TEAM.c.id).where(_TEAM.c.uninstalled_at < before).order_by(_TEAM.c.id)
    return [TeamId(one) for one in tx.execute(query).scalars()]


def hold(tx: Tx, team_id: TeamId, before: datetime) -> bool:
    """Holds the row of a team for which that is still so; who installs it again waits."""
    query = select(_TEAM.c.id).where(_TEAM.c.id == team_id, _TEAM.c.uninstalled_at < before)
    return tx.execute(query.with_for_update()).first() is not None


def erase(tx: Tx, team_id: TeamId) -> int:
    """Deletes every row of a team, in every table; how many there were."""
    number = sum(change(tx, delete(one).where(one.c.team_id == team_id)) for one in tables())
    return number + change(tx, delete(_TEAM).where(_TEAM.c.id == team_id))


def tables() -> Sequence[Table]:
    """Every table that holds rows of teams, those that point to others first."""
    return [one for one in reversed(METADATA.sorted_tables) if "team_id" in one.c]
