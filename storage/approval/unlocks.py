"""Unlocks: locked time that is open for a while, and the wishes for it (T13)."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Index, Text, insert, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.approval.unlocks import Stretch, Unlock, UnlockState
from bot.domain.ids import MemberId, ProjectId, TeamId, UnlockId
from storage.sql import AnyRow, change, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class UnlockRow(SQLModel, table=True):
    """One wish, granted or not."""

    __tablename__ = "unlock"
    __table_args__ = (
        one_of("state", UnlockState),
        Index("ix_unlock_member", "member_id", "state"),
        Index("ix_unlock_team", "team_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    project_id: int | None = Field(default=None, foreign_key="project.id", sa_type=BigId)
    """None for every project."""
    first_day: date
    last_day: date
    state: str = Field(max_length=16)
    wish: str = Field(default="", sa_type=Text)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=Text)
    decided_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


_T = UnlockRow
_ALL = select(*table(_T).columns)


def add(tx: Tx, unlock: Unlock) -> UnlockId:
    """Saves a new one; its id."""
    stretch = unlock.stretch
    statement = insert(table(_T)).values(
        team_id=unlock.team_id,
        member_id=stretch.member_id,
        project_id=stretch.project_id,
        first_day=stretch.first,
        last_day=stretch.last,
        state=unlock.state,
        wish=unlock.wish,
        asked_at=unlock.asked_at,
        reason=unlock.reason,
        decided_by=unlock.decided_by,
        decided_at=unlock.decided_at,
        until=unlock.until,
    )
    return UnlockId(tx.execute(statement.returning(table(_T).c.id)).scalar_one())


def find(tx: Tx, team_id: TeamId, unlock_id: UnlockId, *, lock: bool = False) -> Unlock | None:
    """The one with this id; with ``lock`` its row is held until the transaction ends."""
    query = _ALL.where(col(_T.team_id) == team_id, col(_T.id) == unlock_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _unlock(row)


def save(tx: Tx, unlock: Unlock) -> None:
    """Makes a stored one what this value says; whose time it is stays."""
    stretch = unlock.stretch
    values = {
        "project_id": stretch.project_id,
        "first_day": stretch.first,
        "last_day": stretch.last,
        "state": unlock.state,
        "reason": unlock.reason,
        "decided_by": unlock.decided_by,
        "decided_at": unlock.decided_at,
        "until": unlock.until,
    }
    same = (col(_T.team_id) == unlock.team_id, col(_T.id) == unlock.id)
    change(tx, update(_T).where(*same).values(values))


def open_for(
    tx: Tx, team_id: TeamId, member_ids: Collection[MemberId], now: datetime
) -> list[Unlock]:
    """What is open of these people's time at this moment."""
    query = _ALL.where(
        col(_T.team_id) == team_id,
        col(_T.member_id).in_(member_ids),
        col(_T.state) == UnlockState.GRANTED,
        col(_T.until) > now,
    )
    return [_unlock(row) for row in tx.execute(query)]


def open_in(
    tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId] | None, now: datetime, limit: int
) -> list[Unlock]:
    """What is open in the team, on these projects or (None) on any, the shortest first."""
    query = _ALL.where(
        col(_T.team_id) == team_id, col(_T.state) == UnlockState.GRANTED, col(_T.until) > now
    )
    if project_ids is not None:
        query = query.where(col(_T.project_id).in_(project_ids))
    rows = tx.execute(query.order_by(col(_T.until), col(_T.id)).limit(limit))
    return [_unlock(row) for row in rows]


def asked_by(tx: Tx, team_id: TeamId, member_id: MemberId) -> list[Unlock]:
    """The member's wishes that nobody answered."""
    query = _ALL.where(
        col(_T.team_id) == team_id,
        col(_T.member_id) == member_id,
        col(_T.state) == UnlockState.ASKED,
    )
    return [_unlock(row) for row in tx.execute(query)]


def _unlock(row: AnyRow) -> Unlock:
    project = None if row.project_id is None else ProjectId(row.project_id)
    return Unlock(
        id=UnlockId(row.id),
        team_id=TeamId(row.team_id),
        stretch=Stretch(MemberId(row.member_id), project, row.first_day, row.last_day),
        state=UnlockState(row.state),
        wish=row.wish,
        asked_at=row.asked_at,
        reason=row.reason,
        decided_by=None if row.decided_by is None else MemberId(row.decided_by),
        decided_at=row.decided_at,
        until=row.until,
    )
