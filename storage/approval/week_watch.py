"""Up to when it was looked whom to remind of their week, for teams that submit them (T14)."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import MemberId, TeamId
from bot.domain.preferences import MemberSettings
from storage.members import MemberRow
from storage.sql import change, table
from storage.teams import TeamRow
from storage.types import UtcDateTime
from storage.unit_of_work import Tx


class WeekWatchRow(SQLModel, table=True):
    """One team whose people are reminded."""

    __tablename__ = "week_watch"

    team_id: str = Field(foreign_key="team.id", primary_key=True)
    looked_at: datetime = Field(sa_type=UtcDateTime, index=True)


_T = WeekWatchRow


def watch(tx: Tx, team_id: TeamId, now: datetime, *, is_on: bool) -> None:
    """Begins to remind a team's people from now on, or ends it; no change where it is so."""
    here = select(col(_T.team_id)).where(col(_T.team_id) == team_id)
    is_watched = tx.execute(here).scalar() is not None
    if is_on and not is_watched:
        tx.execute(insert(table(_T)).values(team_id=team_id, looked_at=now))
    elif is_watched and not is_on:
        change(tx, delete(_T).where(col(_T.team_id) == team_id))


def due(tx: Tx, before: datetime) -> list[TeamId]:
    """Teams at which nobody looked since a moment; one question for all of them."""
    query = (
        select(col(_T.team_id))
        .join(TeamRow, col(TeamRow.id) == col(_T.team_id))
        .where(col(_T.looked_at) <= before, col(TeamRow.uninstalled_at).is_(None))
    )
    return [TeamId(found) for found in tx.execute(query).scalars()]


def take(tx: Tx, team_id: TeamId, now: datetime) -> datetime | None:
    """Up to when was looked before; from now on it counts as looked up to now."""
    query = select(col(_T.looked_at)).where(col(_T.team_id) == team_id).with_for_update()
    before = tx.execute(query).scalar()
    if before is None or before >= now:
        return None
    change(tx, update(_T).where(col(_T.team_id) == team_id).values(looked_at=now))
    return before


def people(tx: Tx, team_id: TeamId) -> list[tuple[MemberId, str, MemberSettings]]:
    """Everybody who works here, with their zone and their choices."""
    row = table(MemberRow).c
    query = select(row.id, row.zone, row.settings).where(
        row.team_id == team_id, row.deactivated_at.is_(None)
    )
    return [
        (MemberId(found.id), found.zone, MemberSettings.read(found.settings or {}))
        for found in tx.execute(query)
    ]
