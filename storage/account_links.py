"""Account links: which provider account is whose."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.domain.states import AccountLinkState
from storage.types import BigId, UtcDateTime, one_of


class AccountLinkRow(SQLModel, table=True):
    """A member and the provider account that is, or may be, theirs.

    One row for each member and integration lives through every state (U5); ``slot`` leaves room
    for the further accounts that only an admin may add.
    """

    __tablename__ = "account_link"
    __table_args__ = (
        one_of("state", AccountLinkState),
        UniqueConstraint("member_id", "integration_id", "slot"),
        Index(
            "uq_account_link_holder",
            "provider_account_id",
            unique=True,
            sqlite_where=text("state = 'connected'"),
            postgresql_where=text("state = 'connected'"),
        ),
        Index("ix_account_link_integration", "integration_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    slot: int = 0
    provider_account_id: int | None = Field(
        default=None, foreign_key="provider_account.id", sa_type=BigId
    )
    state: str = Field(max_length=24)
    proof: str | None = Field(default=None, max_length=16)
    """A ``Proof``; of the account named now, None while unproven."""
    chosen_by_admin: bool = False
    """The admin who invited chose this very account for this very person."""
    request: int = 1
    """Counts the requests sent; a button carries its number, so an old one is known as old."""
    asked_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """The admin who asked; None when the member began alone."""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unreachable: str | None = Field(default=None, max_length=100)
    """Slack's reason why the last message could not be delivered."""
    sealed_token: str | None = Field(default=None, sa_type=Text)
    """The member's own token at the provider, encrypted."""
