"""Provider accounts: people inside the provider, and which projects they may see there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, select
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import IntegrationId, ProviderAccountId, TeamId
from bot.domain.people.account_links import Account
from storage.chunks import chunked
from storage.sql import AnyRow
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


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
    name_words: str = Field(max_length=700)
    """``words_of`` the name: how it is searched and compared."""
    email: str | None = Field(default=None, max_length=320)
    """Lower case; None where the provider hides it."""
    email_is_verified: bool = False
    is_active: bool = True
    row_hash: str = Field(max_length=32)
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The provider said that they are no longer there: deleted, or merged into another."""
    unlisted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Missing from the list of people, and not known to be gone."""


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


_T = ProviderAccountRow
SELECT = select(
    col(_T.id),
    col(_T.name),
    col(_T.email),
    col(_T.email_is_verified),
    col(_T.is_active),
    col(_T.gone_at),
    col(_T.external_id),
)


def account_of(row: AnyRow) -> Account:
    """The value of a row that ``SELECT`` gave."""
    return Account(
        id=ProviderAccountId(row.id),
        name=row.name,
        email=row.email,
        email_is_verified=row.email_is_verified,
        is_active=row.is_active,
        is_gone=row.gone_at is not None,
        external_id=row.external_id,
    )


def of(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    account_ids: Sequence[ProviderAccountId],
) -> dict[ProviderAccountId, Account]:
    """Those of the accounts that exist in the integration, inactive ones too."""
    found: dict[ProviderAccountId, Account] = {}
    for some in chunked(account_ids):
        query = SELECT.where(
            col(_T.team_id) == team_id,
            col(_T.integration_id) == integration_id,
            col(_T.id).in_(some),
        )
        found |= {ProviderAccountId(row.id): account_of(row) for row in tx.execute(query)}
    return found


def by_external_id(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, external_id: str
) -> Account | None:
    """The account that the provider calls this."""
    query = SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.external_id) == external_id,
    )
    row = tx.execute(query).first()
    return None if row is None else account_of(row)


def with_email(tx: Tx, team_id: TeamId, integration_id: IntegrationId, email: str) -> list[Account]:
    """Accounts with this address, which is in lower case."""
    query = SELECT.where(
        col(_T.team_id) == team_id,
        col(_T.integration_id) == integration_id,
        col(_T.email) == email,
    )
    return [account_of(row) for row in tx.execute(query)]
