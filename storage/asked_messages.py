"""Where questions stand that several people were asked, so that the others' can say the answer."""

from datetime import datetime

from sqlalchemy import Index, delete, select
from sqlmodel import Field, SQLModel, col

from bot.domain.asked_messages import AskedMessage
from bot.domain.ids import MemberId, TeamId
from storage.sql import change, create_or_change, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class AskedMessageRow(SQLModel, table=True):
    """One direct message that asks one person."""

    __tablename__ = "asked_message"
    __table_args__ = (
        Index("uq_asked_message", "team_id", "subject", "member_id", unique=True),
        Index("ix_asked_message_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    subject: str = Field(max_length=100)
    """What is asked about, as ``sheet:7:2``: week 7, submitted for the second time."""
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    channel_id: str = Field(max_length=32)
    ts: str = Field(max_length=32)
    asked_at: datetime = Field(sa_type=UtcDateTime, index=True)


_T = AskedMessageRow


def keep(tx: Tx, team_id: TeamId, subject: str, asked: AskedMessage, now: datetime) -> None:
    """Keeps where a person was asked; the newest message counts."""
    values = {
        "team_id": team_id,
        "subject": subject,
        "member_id": asked.member_id,
        "channel_id": asked.channel_id,
        "ts": asked.ts,
        "asked_at": now,
    }
    create_or_change(tx, _T, values, key=("team_id", "subject", "member_id"))


def about(tx: Tx, team_id: TeamId, subject: str) -> list[AskedMessage]:
    """Every message that asks this, the first first."""
    query = (
        select(col(_T.member_id), col(_T.channel_id), col(_T.ts))
        .where(col(_T.team_id) == team_id, col(_T.subject) == subject)
        .order_by(table(_T).c.id)
    )
    return [AskedMessage(MemberId(row[0]), row[1], row[2]) for row in tx.execute(query)]


def forget(tx: Tx, team_id: TeamId, subject: str) -> None:
    """Nothing is asked about this any more."""
    change(tx, delete(_T).where(col(_T.team_id) == team_id, col(_T.subject) == subject))


def forget_before(tx: Tx, moment: datetime) -> int:
    """Drops what was asked so long ago that nobody looks for its answer there; how many."""
    return change(tx, delete(_T).where(col(_T.asked_at) < moment))
