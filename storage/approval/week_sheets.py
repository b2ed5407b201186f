"""Submitted weeks and their parts (T14)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Index, Select, Text, UniqueConstraint, delete, func, insert, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.approval.week_sheets import Part, PartState, SheetState, WeekSheet
from bot.domain.ids import MemberId, ProjectId, SheetId, TeamId
from storage.entries.time_entries import TimeEntryRow
from storage.sql import AnyRow, change, create_if_free, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx

_SIX_DAYS = timedelta(days=6)


class WeekSheetRow(SQLModel, table=True):
    """One member's week."""

    __tablename__ = "week_sheet"
    __table_args__ = (
        one_of("state", SheetState),
        UniqueConstraint("member_id", "first_day"),
        Index("ix_week_sheet_team_state", "team_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    first_day: date
    state: str = Field(default=SheetState.OPEN, max_length=16)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    round: int = 0
    comment: str = Field(default="", sa_type=Text)
    wish: str = Field(default="", sa_type=Text)
    moved_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WeekSheetPartRow(SQLModel, table=True):
    """The time on one project of a week, as it was submitted."""

    __tablename__ = "week_sheet_part"
    __table_args__ = (
        one_of("state", PartState),
        Index("ix_week_sheet_part_project", "project_id", "state"),
    )

    week_sheet_id: int = Field(foreign_key="week_sheet.id", primary_key=True, sa_type=BigId)
    project_id: int = Field(foreign_key="project.id", primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    seconds: int
    state: str = Field(default=PartState.WAITING, max_length=16)


_T, _P = WeekSheetRow, WeekSheetPartRow
_ALL = select(*table(_T).columns)


def find(tx: Tx, team_id: TeamId, sheet_id: SheetId, *, lock: bool = False) -> WeekSheet | None:
    """The week with this id; with ``lock`` its row is held until the transaction ends."""
    query = _ALL.where(col(_T.team_id) == team_id, col(_T.id) == sheet_id)
    return next(iter(_sheets(tx, query.with_for_update() if lock else query)), None)


def of_week(tx: Tx, team_id: TeamId, member_id: MemberId, first: date) -> WeekSheet | None:
    """A member's week by its first day."""
    query = _ALL.where(
        col(_T.team_id) == team_id, col(_T.member_id) == member_id, col(_T.first_day) == first
    )
    return next(iter(_sheets(tx, query)), None)


def around(
    tx: Tx, team_id: TeamId, member_ids: Collection[MemberId], first: date, last: date
) -> list[WeekSheet]:
    """The weeks of these people that share a day with a span of days."""
    query = _ALL.where(
        col(_T.team_id) == team_id,
        col(_T.member_id).in_(member_ids),
        col(_T.first_day) >= first - _SIX_DAYS,
        col(_T.first_day) <= last,
    )
    return _sheets(tx, query)


def waiting(
    tx: Tx,
    team_id: TeamId,
    project_ids: Collection[ProjectId] | None,
    *,
    but_of: MemberId | None,
    limit: int,
) -> list[WeekSheet]:
    """Submitted weeks with a part that waits, on these projects or on any, the oldest first.

    Args:
        tx: The open transaction.
        team_id: The fence.
        project_ids: None for all.
        but_of: Whose weeks are left out.
        limit: How many at most.
    """
    parts = select(col(_P.week_sheet_id)).where(
        col(_P.team_id) == team_id, col(_P.state) == PartState.WAITING
    )
    if project_ids is not None:
        parts = parts.where(col(_P.project_id).in_(project_ids))
    query = _ALL.where(
        col(_T.team_id) == team_id,
        col(_T.state) == SheetState.SUBMITTED,
        col(_T.id).in_(parts),
    )
    if but_of is not None:
        query = query.where(col(_T.member_id) != but_of)
    return _sheets(tx, query.order_by(col(_T.submitted_at), col(_T.id)).limit(limit))


def made(tx: Tx, team_id: TeamId, member_id: MemberId, first: date) -> WeekSheet:
    """A member's week, made where it was not there yet."""
    create_if_free(
        tx,
        _T,
        team_id=team_id,
        member_id=member_id,
        first_day=first,
        state=SheetState.OPEN,
        round=0,
        comment="",
        wish="",
    )
    query = _ALL.where(
        col(_T.team_id) == team_id, col(_T.member_id) == member_id, col(_T.first_day) == first
    )
    (sheet,) = _sheets(tx, query)
    return sheet


def save(tx: Tx, sheet: WeekSheet) -> None:
    """Makes a stored week what this value says, its parts too."""
    same = (col(_T.team_id) == sheet.team_id, col(_T.id) == sheet.id)
    values = {
        "state": sheet.state,
        "submitted_at": sheet.submitted_at,
        "round": sheet.round,
        "comment": sheet.comment,
        "wish": sheet.wish,
        "moved_by": sheet.moved_by,
        "moved_at": sheet.moved_at,
    }
    change(tx, update(_T).where(*same).values(values))
    parts = (col(_P.team_id) == sheet.team_id, col(_P.week_sheet_id) == sheet.id)
    change(tx, delete(_P).where(*parts))
    rows = [
        {
            "week_sheet_id": sheet.id,
            "project_id": part.project_id,
            "team_id": sheet.team_id,
            "seconds": part.seconds,
            "state": part.state,
        }
        for part in sheet.parts
    ]
    if rows:
        change(tx, insert(table(_P)), rows)


def take_reminder(
    tx: Tx, team_id: TeamId, member_id: MemberId, first: date, now: datetime
) -> SheetId | None:
    """Notes that a member is reminded of a week; None where they were before."""
    made(tx, team_id, member_id, first)
    query = (
        update(table(_T))
        .where(
            col(_T.team_id) == team_id,
            col(_T.member_id) == member_id,
            col(_T.first_day) == first,
            col(_T.reminded_at).is_(None),
        )
        .values(reminded_at=now)
    )
    found = tx.execute(query.returning(table(_T).c.id)).scalar()
    return None if found is None else SheetId(found)


def totals(
    tx: Tx, team_id: TeamId, member_id: MemberId, first: date, last: date
) -> list[tuple[date, ProjectId, int]]:
    """The finished seconds of a member by day and project."""
    entry = table(TimeEntryRow).c
    query = (
        select(entry.work_date, entry.project_id, func.sum(entry.seconds))
        .where(
            entry.team_id == team_id,
            entry.member_id == member_id,
            entry.work_date >= first,
            entry.work_date <= last,
            entry.deleted_at.is_(None),
            entry.seconds.is_not(None),
        )
        .group_by(entry.work_date, entry.project_id)
        .order_by(entry.work_date, entry.project_id)
    )
    return [(row[0], ProjectId(row[1]), int(row[2])) for row in tx.execute(query)]


def with_time(
    tx: Tx, team_id: TeamId, member_ids: Collection[MemberId], first: date, last: date
) -> set[MemberId]:
    """Which of these people have finished time on these days."""
    entry = table(TimeEntryRow).c
    query = (
        select(entry.member_id)
        .where(
            entry.team_id == team_id,
            entry.member_id.in_(member_ids),
            entry.work_date >= first,
            entry.work_date <= last,
            entry.deleted_at.is_(None),
            entry.seconds.is_not(None),
        )
        .distinct()
    )
    return {MemberId(found) for found in tx.execute(query).scalars()}


def _sheets(tx: Tx, query: Select[tuple[object, ...]]) -> list[WeekSheet]:
    rows = list(tx.execute(query))
    parts = _parts_of(tx, rows)
    return [_sheet(row, parts.get(row.id, ())) for row in rows]


def _parts_of(tx: Tx, sheets: Sequence[AnyRow]) -> dict[int, Sequence[Part]]:
    """Of weeks of one team."""
    found: dict[int, list[Part]] = {}
    if not sheets:
        return {}
    query = (
        select(*table(_P).columns)
        .where(
            col(_P.team_id) == sheets[0].team_id,
            col(_P.week_sheet_id).in_([one.id for one in sheets]),
        )
        .order_by(col(_P.seconds).desc(), col(_P.project_id))
    )
    for row in tx.execute(query):
        part = Part(ProjectId(row.project_id), row.seconds, PartState(row.state))
        found.setdefault(row.week_sheet_id, []).append(part)
    return dict(found)


def _sheet(row: AnyRow, parts: Sequence[Part]) -> WeekSheet:
    return WeekSheet(
        id=SheetId(row.id),
        team_id=TeamId(row.team_id),
        member_id=MemberId(row.member_id),
        first=row.first_day,
        state=SheetState(row.state),
        parts=tuple(parts),
        submitted_at=row.submitted_at,
        round=row.round,
        comment=row.comment,
        wish=row.wish,
        moved_by=None if row.moved_by is None else MemberId(row.moved_by),
        moved_at=row.moved_at,
    )
