"""Announcements of unlinked projects: each provider project once, ever."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from bot.domain.states import AnnouncementState
from storage.types import BigId, UtcDateTime, one_of


class AnnouncementRow(SQLModel, table=True):
    """One channel message about unlinked projects."""

    __tablename__ = "announcement"
    __table_args__ = (
        one_of("state", AnnouncementState),
        Index("ix_announcement_integration", "integration_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    sync_run_id: int | None = Field(default=None, foreign_key="sync_run.id", sa_type=BigId)
    is_summary: bool = False
    """The first sync's single message, instead of a row for each project."""
    channel_id: str = Field(max_length=32)
    message_ts: str | None = Field(default=None, max_length=32)
    state: str = Field(default=AnnouncementState.PENDING, max_length=16)
    created_at: datetime = Field(sa_type=UtcDateTime)


class AnnouncedProjectRow(SQLModel, table=True):
    """A provider project that has had its announcement. The primary key makes it one."""

    __tablename__ = "announced_project"
    __table_args__ = (Index("ix_announced_project_announcement", "announcement_id"),)

    provider_project_id: int = Field(
        foreign_key="provider_project.id", primary_key=True, sa_type=BigId
    )
    announcement_id: int = Field(foreign_key="announcement.id", sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
