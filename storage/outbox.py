"""The outbox: work owed to the outside, saved in the transaction of its cause."""

from datetime import datetime

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field, SQLModel

from bot.domain.states import OutboxState
from storage.types import BigId, UtcDateTime, one_of


class OutboxRow(SQLModel, table=True):
    """One message or write that is owed."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OutboxState),
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index("ix_outbox_subject", "subject", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=100)
    """Rows with the same subject are delivered one after another, in order."""
    payload: dict[str, object] = Field(default_factory=dict, sa_type=JSON)
    """Ids of what is meant, never its text: the message is written when it is sent."""
    marker: str = Field(unique=True, max_length=64)
    """Carried to the outside, so that a send of unknown outcome can be looked for."""
    state: str = Field(default=OutboxState.PENDING, max_length=16)
    due_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    last_error: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
