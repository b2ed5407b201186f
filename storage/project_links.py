"""Project links: which provider project feeds which project."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.domain.states import ProjectLinkState
from storage.types import BigId, UtcDateTime, one_of


class ProjectLinkRow(SQLModel, table=True):
    """A provider project linked to a project, now or once."""

    __tablename__ = "project_link"
    __table_args__ = (
        one_of("state", ProjectLinkState),
        Index(
            "uq_project_link_active",
            "provider_project_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_project_link_project", "project_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    provider_project_id: int = Field(foreign_key="provider_project.id", sa_type=BigId)
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    state: str = Field(default=ProjectLinkState.ACTIVE, max_length=16)
    linked_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """None when the link policy did it."""
    linked_at: datetime = Field(sa_type=UtcDateTime)
    ended_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
