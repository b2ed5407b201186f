"""Sync wishes: who asked for a refresh and waits for its report."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import JSON, Index, insert, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProviderProjectId,
    SyncRunId,
    SyncWishId,
    TeamId,
)
from bot.domain.values import dataclass
from storage.indexes import partial_index
from storage.sql import AnyRow, change, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class SyncWishRow(SQLModel, table=True):
    """One wish for a refresh. It waits until a run takes it on, and is answered when that ends."""

    __tablename__ = "sync_wish"
    __table_args__ = (
        partial_index(
            "uq_sync_wish_waiting",
            "integration_id",
            "member_id",
            unique=True,
            where="sync_run_id IS NULL",
        ),
        Index("ix_sync_wish_run", "sync_run_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    member_id: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """Who gets the report; None when nobody does."""
    is_full: bool = False
    """Wants it read from end to end, which alone sees deletions."""
    projects: list[int] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    """The provider projects it is about; None for everything."""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    sync_run_id: int | None = Field(default=None, foreign_key="sync_run.id", sa_type=BigId)
    """The run that took it on; None while it waits."""
    channel_id: str | None = Field(default=None, max_length=32)
    message_ts: str | None = Field(default=None, max_length=32)
    """The direct message that is edited until it holds the result."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class SyncWish:
    """A wish as it is stored."""

    id: SyncWishId
    integration_id: IntegrationId
    member_id: MemberId | None
    is_full: bool
    projects: tuple[ProviderProjectId, ...] | None
    """What it is about; None for everything."""
    asked_at: datetime
    sync_run_id: SyncRunId | None
    channel_id: str | None
    message_ts: str | None


_T = SyncWishRow
_SELECT = select(*table(_T).columns)


def _wish(row: AnyRow) -> SyncWish:
    return SyncWish(
        id=SyncWishId(row.id),
        integration_id=IntegrationId(row.integration_id),
        member_id=row.member_id,
        is_full=row.is_full,
        projects=_projects(row.projects),
        asked_at=row.asked_at,
        sync_run_id=row.sync_run_id,
        channel_id=row.channel_id,
        message_ts=row.message_ts,
    )


def _projects(stored: Collection[int] | None) -> tuple[ProviderProjectId, ...] | None:
    return None if stored is None else tuple(map(ProviderProjectId, stored))


def by_id(tx: Tx, team_id: TeamId, wish_id: SyncWishId) -> SyncWish | None:
    """The wish with this id."""
    row = tx.execute(_SELECT.where(col(_T.team_id) == team_id, col(_T.id) == wish_id)).first()
    return None if row is None else _wish(row)


def waiting(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, lock: bool = False
) -> list[SyncWish]:
    """Wishes that no run has taken on yet; locked, nobody adds to them meanwhile."""
    query = _SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.sync_run_id).is_(None),
    )
    query = query.order_by(col(_T.id))
    return [_wish(row) for row in tx.execute(query.with_for_update() if lock else query)]


def of_run(tx: Tx, team_id: TeamId, run_id: SyncRunId) -> list[SyncWish]:
    """Wishes that this run answers."""
    query = _SELECT.where(col(_T.team_id) == team_id, col(_T.sync_run_id) == run_id)
    return [_wish(row) for row in tx.execute(query.order_by(col(_T.id)))]


def add(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    *,
    member_id: MemberId | None,
    is_full: bool,
    projects: Collection[ProviderProjectId] | None,
    now: datetime,
) -> SyncWishId | None:
    """A new wish; None when the same person's earlier one still waits, which then stands for both.

    What both ask for adds up: everything is more than some projects, and full more than changes.
    """
    same = (
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.member_id).is_(None) if member_id is None else col(_T.member_id) == member_id,
        col(_T.sync_run_id).is_(None),
    )
    held = tx.execute(_SELECT.where(*same).with_for_update()).first()
    if held is not None:
        both = None
        if held.projects is not None and projects is not None:
            both = sorted({*held.projects, *projects})
        values = {"is_full": held.is_full or is_full, "projects": both}
        change(tx, update(_T).where(*same).values(values))
        return None
    row = {
        "team_id": team_id,
        "integration_id": integration_id,
        "member_id": member_id,
        "is_full": is_full,
        "projects": None if projects is None else sorted(projects),
        "asked_at": now,
    }
    made = tx.execute(insert(table(_T)).values(row).returning(table(_T).c.id)).scalar_one()
    return SyncWishId(made)


def take_on(tx: Tx, team_id: TeamId, wishes: Iterable[SyncWishId], run_id: SyncRunId) -> None:
    """The run answers these."""
    chosen = (col(_T.team_id) == team_id, col(_T.id).in_(list(wishes)))
    change(tx, update(_T).where(*chosen).values(sync_run_id=run_id))


def remember_message(
    tx: Tx, team_id: TeamId, wish_id: SyncWishId, *, channel_id: str, message_ts: str
) -> None:
    """Where the report stands."""
    same = (col(_T.team_id) == team_id, col(_T.id) == wish_id)
    values = {"channel_id": channel_id, "message_ts": message_ts}
    change(tx, update(_T).where(*same).values(values))


def answered(tx: Tx, team_id: TeamId, run_id: SyncRunId, now: datetime) -> None:
    """The run's wishes have their result."""
    same = (col(_T.team_id) == team_id, col(_T.sync_run_id) == run_id)
    change(tx, update(_T).where(*same).values(answered_at=now))
