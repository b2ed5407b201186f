"""Tasks: cards, issues and to-dos, mirrored here by the provider's immutable id."""

from datetime import datetime

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import BigId, UtcDateTime


class TaskRow(SQLModel, table=True):
    """A task of a provider project."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("integration_id", "external_id"),
        Index("ix_task_team_key", "team_id", "key_folded"),
        Index("ix_task_team_number", "team_id", "number"),
        Index("ix_task_provider_project", "provider_project_id", "gone_at"),
        Index("ix_task_team_url", "team_id", "url"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    provider_project_id: int = Field(foreign_key="provider_project.id", sa_type=BigId)
    external_id: str = Field(max_length=255)
    frozen_external_id: str | None = Field(default=None, max_length=255)
    """What the provider calls it, once it is frozen (L7): then another task has that id.

    Time that was tracked on it is written under this one.
    """
    key: str = Field(max_length=100)
    """What people type: the provider's own key, else our project code and a number."""
    key_folded: str = Field(max_length=100)
    key_is_ours: bool = False
    """Made from a project's code, because the provider gives none."""
    number: int | None = None
    title: str = Field(max_length=500)
    terms: str = Field(default="", sa_type=Text)
    """What it is found by (``bot/domain/tasks/task_terms.py``), with single spaces between.

    Whoever changes it tells the index (``storage/tasks/task_index.py``).
    """
    url: str = Field(max_length=2000)
    is_done: bool = False
    status: str = Field(default="", max_length=100)
    section: str = Field(default="", max_length=255)
    labels: list[str] = Field(default_factory=list, sa_type=JSON)
    assignee_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    """The provider's ids of its accounts."""
    estimate_seconds: int | None = None
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it last changed in the provider."""
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_in_run: int | None = Field(default=None, sa_type=BigId)
    """The last full sweep that met it."""
    row_hash: str = Field(max_length=32)


class TaskAliasRow(SQLModel, table=True):
    """A key that a task used to have and that still finds it."""

    __tablename__ = "task_alias"
    __table_args__ = (Index("ix_task_alias_key", "team_id", "key_folded"),)

    task_id: int = Field(foreign_key="task.id", primary_key=True, sa_type=BigId)
    key_folded: str = Field(primary_key=True, max_length=100)
    team_id: str = Field(foreign_key="team.id")
