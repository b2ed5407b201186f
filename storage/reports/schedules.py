"""Reports that are sent again and again (M4)."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import MemberId, ScheduleId, TeamId
from bot.domain.period_words import period_words, read_period
from bot.domain.periods import Around, Unit
from bot.domain.reports.reports import Group
from bot.domain.reports.schedules import Beat, Paused, Rhythm, Schedule, Told
from bot.domain.reports.team_reports import Filters, Reach, filters_from
from storage.indexes import partial_index
from storage.sql import AnyRow, change, table
from storage.teams import TeamRow
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class ScheduleRow(SQLModel, table=True):
    """One of them."""

    __tablename__ = "report_schedule"
    __table_args__ = (
        one_of("beat", Beat),
        one_of("reach", Reach),
        Index("ix_report_schedule_member", "team_id", "member_id"),
        partial_index(
            "ix_report_schedule_due",
            "due_at",
            where="due_at IS NOT NULL",
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    """Who scheduled it."""
    beat: str = Field(max_length=8)
    on_day: int
    at: str = Field(max_length=5)
    """On the wall clock of who scheduled it."""
    period: str = Field(max_length=80)
    """As people type it: it means other days each time."""
    report_group: str | None = Field(default=None, max_length=10)
    filters: str = Field(sa_type=Text)
    for_team: bool
    forms: list[str] = Field(default_factory=list, sa_type=JSON)
    reach: str = Field(max_length=8)
    channel_id: str | None = Field(default=None, max_length=20)
    to_member_id: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused: str | None = Field(default=None, max_length=10)
    created_at: datetime = Field(sa_type=UtcDateTime)


_S = table(ScheduleRow).c
_LAST_WEEK = Around(Unit.WEEK, 1)


def add(tx: Tx, schedule: Schedule, now: datetime) -> ScheduleId:
    """Saves a new one; its id."""
    values = {
        "team_id": schedule.team_id,
        "member_id": schedule.owner_id,
        "reach": schedule.reach,
        "channel_id": schedule.channel_id,
        "to_member_id": schedule.member_id,
        "created_at": now,
        **_changing(schedule),
    }
    made = insert(table(ScheduleRow)).values(values).returning(_S.id)
    return ScheduleId(tx.execute(made).scalar_one())


def save(tx: Tx, schedule: Schedule) -> None:
    """Makes a stored one what this value says; whose it is and who gets it stays."""
    values = {"reach": schedule.reach, **_changing(schedule)}
    change(
        tx, update(table(ScheduleRow)).where(*_one(schedule.team_id, schedule.id)).values(values)
    )


def remove(tx: Tx, team_id: TeamId, schedule_id: ScheduleId) -> None:
    """It is gone."""
    change(tx, delete(table(ScheduleRow)).where(*_one(team_id, schedule_id)))


def find(
    tx: Tx, team_id: TeamId, schedule_id: ScheduleId, *, lock: bool = False
) -> Schedule | None:
    """The one with this id; with ``lock`` its row is held until the transaction ends."""
    query = select(table(ScheduleRow)).where(*_one(team_id, schedule_id))
    row = tx.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _schedule(row)


def page(
    tx: Tx, team_id: TeamId, member_id: MemberId | None, *, limit: int, offset: int
) -> Sequence[Schedule]:
    """Somebody's, or (None) everybody's, in the order they were made."""
    query = select(table(ScheduleRow)).where(*_whose(team_id, member_id))
    rows = tx.execute(query.order_by(_S.id).limit(limit).offset(offset))
    return [_schedule(row) for row in rows]


def number(tx: Tx, team_id: TeamId, member_id: MemberId | None) -> int:
    """How many somebody, or (None) everybody, has."""
    query = select(func.count()).select_from(table(ScheduleRow))
    return int(tx.execute(query.where(*_whose(team_id, member_id))).scalar_one())


def due(tx: Tx, now: datetime, limit: int) -> list[tuple[TeamId, ScheduleId]]:
    """Those to be sent now, the longest due first, in teams that have Hourlink installed."""
    query = (
        select(_S.team_id, _S.id)
        .join(TeamRow, col(TeamRow.id) == _S.team_id)
        .where(_S.due_at.is_not(None), _S.due_at <= now, col(TeamRow.uninstalled_at).is_(None))
        .order_by(_S.due_at, _S.id)
        .limit(limit)
    )
    return [(TeamId(row.team_id), ScheduleId(row.id)) for row in tx.execute(query)]


def _one(team_id: TeamId, schedule_id: ScheduleId) -> tuple[ColumnElement[bool], ...]:
    return _S.team_id == team_id, _S.id == schedule_id


def _whose(team_id: TeamId, member_id: MemberId | None) -> list[ColumnElement[bool]]:
    fence: list[ColumnElement[bool]] = [_S.team_id == team_id]
    return fence if member_id is None else [*fence, _S.member_id == member_id]


def _changing(schedule: Schedule) -> dict[str, Any]:
    told, rhythm = schedule.told, schedule.rhythm
    return {
        "beat": rhythm.beat,
        "on_day": rhythm.on,
        "at": f"{rhythm.at:%H:%M}",
        "period": period_words(told.period),
        "report_group": told.group,
        "filters": told.filters.code,
        "for_team": told.for_team,
        "forms": list(told.forms),
        "due_at": schedule.due_at,
        "paused": schedule.paused,
    }


def _schedule(row: AnyRow) -> Schedule:
    told = Told(
        read_period(row.period) or _LAST_WEEK,
        None if row.report_group is None else Group(row.report_group),
        filters_from(row.filters) or Filters(),
        row.for_team,
        tuple(row.forms),
    )
    return Schedule(
        id=ScheduleId(row.id),
        team_id=TeamId(row.team_id),
        owner_id=MemberId(row.member_id),
        rhythm=Rhythm(Beat(row.beat), row.on_day, time.fromisoformat(row.at)),
        told=told,
        reach=Reach(row.reach),
        channel_id=row.channel_id,
        member_id=None if row.to_member_id is None else MemberId(row.to_member_id),
        due_at=row.due_at,
        paused=None if row.paused is None else Paused(row.paused),
    )
