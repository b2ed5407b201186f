"""Requests already served: Slack's retries and double clicks change nothing twice."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import TeamId
from storage.sql import change, insert_into, table
from storage.types import UtcDateTime
from storage.unit_of_work import Tx


class RequestRow(SQLModel, table=True):
    """One request of Slack's that was taken on."""

    __tablename__ = "request"

    id: str = Field(primary_key=True, max_length=255)
    """``event:<event_id>`` or ``trigger:<trigger_id>``."""
    team_id: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


def take_on(tx: Tx, team_id: TeamId, request_id: str, now: datetime) -> bool:
    """True the first time a request is seen, False ever after."""
    row = {"id": request_id, "team_id": team_id, "at": now}
    taken = (
        insert_into(table(RequestRow), tx.core.dialect.name)
        .values(row)
        .on_conflict_do_nothing()
        .returning(col(RequestRow.id))
    )
    # Not the row count: psycopg tells none for an insert.
    return tx.execute(taken).first() is not None


def forget_before(tx: Tx, moment: datetime) -> int:
    """Drops what Slack can no longer repeat; how many."""
    return change(tx, delete(RequestRow).where(col(RequestRow.at) < moment))
