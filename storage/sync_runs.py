"""Sync runs: every refresh of an integration, recorded."""

from datetime import datetime

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field, SQLModel

from bot.domain.states import SyncRunState
from storage.types import BigId, UtcDateTime, one_of


class SyncRunRow(SQLModel, table=True):
    """One refresh of one integration (S8)."""

    __tablename__ = "sync_run"
    __table_args__ = (
        one_of("state", SyncRunState),
        Index(
            "uq_sync_run_running",
            "integration_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_sync_run_integration_started", "integration_id", "started_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    is_full: bool
    """A full sweep reads everything and may find that something is gone."""
    asked_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    state: str = Field(default=SyncRunState.RUNNING, max_length=16)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pages: int = 0
    requests: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    error: str | None = Field(default=None, sa_type=Text)
    cursor: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    """Where to read on after a kill; saved with the page it follows."""
