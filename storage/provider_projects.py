"""Provider projects: mirrored here by the provider's immutable id."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import BigId, UtcDateTime


class ProviderProjectRow(SQLModel, table=True):
    """A project inside the provider."""

    __tablename__ = "provider_project"
    __table_args__ = (
        UniqueConstraint("integration_id", "external_id"),
        Index("ix_provider_project_team_name", "team_id", "name"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    external_id: str = Field(max_length=255)
    name: str = Field(max_length=500)
    search_text: str = Field(max_length=1200)
    """Name, key and workspace, case folded: what is searched and sorted by."""
    key: str | None = Field(default=None, max_length=100)
    url: str = Field(max_length=2000)
    workspace_id: str = Field(default="", max_length=255)
    workspace_name: str = Field(default="", max_length=255)
    is_archived: bool = False
    is_personal: bool = False
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a single re-read confirmed that it is deleted or hidden."""
    ignored_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ignored_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    everyone_has_access: bool = True
    """False once the provider has listed who may see it (``provider_access``)."""
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    row_hash: str = Field(max_length=32)
    tasks_synced_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Start of the last completed read of its tasks; the next one asks for changes since then."""
