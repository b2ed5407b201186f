"""Provider projects: mirrored here by the provider's immutable id."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import BigId, UtcDateTime

_SEARCHED = String(1200, collation="C").with_variant(String(1200), "sqlite")
"""In the order of its bytes, as SQLite keeps text: what begins alike is one range of the index."""


class ProviderProjectRow(SQLModel, table=True):
    """A project inside the provider."""

    __tablename__ = "provider_project"
    __table_args__ = (
        UniqueConstraint("integration_id", "external_id"),
        Index("ix_provider_project_team_search", "team_id", "search_text"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    external_id: str = Field(max_length=255)
    name: str = Field(max_length=500)
    key: str | None = Field(default=None, max_length=100)
    url: str = Field(max_length=2000)
    workspace_id: str = Field(default="", max_length=255)
    workspace_name: str = Field(default="", max_length=255)
    search_text: str = Field(sa_type=_SEARCHED)
    """Name, key and workspace as words are looked for (``bot/domain/linking/link_search.py``)."""
    left_out: bool = False
    """The integration's rules leave it out; decided when either changes."""
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
