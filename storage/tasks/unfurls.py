"""Unfurls: which task was shown under a link, in which channel, and when."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import TaskId, TeamId
from storage.sql import change, insert_into, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class UnfurlRow(SQLModel, table=True):
    """The last time that a task was shown in a channel."""

    __tablename__ = "unfurl"

    team_id: str = Field(foreign_key="team.id", primary_key=True)
    channel_id: str = Field(primary_key=True, max_length=32)
    task_id: int = Field(foreign_key="task.id", primary_key=True, sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


_T = UnfurlRow


def take(
    tx: Tx, team_id: TeamId, channel_id: str, task_id: TaskId, *, now: datetime, since: datetime
) -> bool:
    """Whether the task was not shown there since a moment; from now on it was.

    Of two that ask at once, one hears yes.
    """
    same = (
        col(_T.team_id) == team_id,
        col(_T.channel_id) == channel_id,
        col(_T.task_id) == task_id,
    )
    if change(tx, update(_T).where(*same, col(_T.at) <= since).values(at=now)):
        return True
    row = {"team_id": team_id, "channel_id": channel_id, "task_id": task_id, "at": now}
    new = (
        insert_into(table(_T), tx.core.dialect.name)
        .values(row)
        .on_conflict_do_nothing()
        .returning(col(_T.task_id))
    )
    return tx.execute(new).first() is not None


def forget_before(tx: Tx, moment: datetime) -> int:
    """Drops what no longer keeps anything from being shown; how many."""
    return change(tx, delete(_T).where(col(_T.at) < moment))
