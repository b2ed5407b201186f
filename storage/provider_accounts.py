"""Provider accounts: people inside the provider, and which projects they may see there."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.types import BigId


class ProviderAccountRow(SQLModel, table=True):
    """A person inside the provider."""

    __tablename__ = "provider_account"
    __table_args__ = (
        UniqueConstraint("integration_id", "external_id"),
        Index("ix_provider_account_team_email", "team_id", "email"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    external_id: str = Field(max_length=255)
    name: str = Field(max_length=255)
    email: str | None = Field(default=None, max_length=320)
    """Lower case; None where the provider hides it."""
    email_is_verified: bool = False
    is_active: bool = True
    row_hash: str = Field(max_length=32)


class ProviderAccessRow(SQLModel, table=True):
    """One account may see one provider project."""

    __tablename__ = "provider_access"
    __table_args__ = (Index("ix_provider_access_account", "provider_account_id"),)

    provider_project_id: int = Field(
        foreign_key="provider_project.id", primary_key=True, sa_type=BigId
    )
    provider_account_id: int = Field(
        foreign_key="provider_account.id", primary_key=True, sa_type=BigId
    )
    team_id: str = Field(foreign_key="team.id")
