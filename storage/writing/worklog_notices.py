"""Direct messages about time that could not be written: one for each person and tool."""

from datetime import datetime

from sqlalchemy import ColumnElement, UniqueConstraint, and_, delete, func, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import IntegrationId, MemberId, TeamId, WorklogId
from bot.domain.writing.worklogs import WorklogState
from bot.domain.writing.worklogs_shown import NoticePlace
from storage.entries.time_entries import TimeEntryRow
from storage.sql import change, create_if_free, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx
from storage.writing.worklogs import WorklogRow


class WorklogNoticeRow(SQLModel, table=True):
    """A message that still says that something is not written."""

    __tablename__ = "worklog_notice"
    __table_args__ = (UniqueConstraint("member_id", "integration_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    channel_id: str = Field(max_length=32)
    message_ts: str = Field(max_length=32)
    posted_at: datetime = Field(sa_type=UtcDateTime)


_T = WorklogNoticeRow
_W, _E = table(WorklogRow).c, table(TimeEntryRow).c


def of(
    tx: Tx, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId
) -> NoticePlace | None:
    """Where the message is; None where none is open."""
    query = select(col(_T.channel_id), col(_T.message_ts), col(_T.posted_at))
    row = tx.execute(query.where(*_which(team_id, member_id, integration_id))).first()
    return None if row is None else NoticePlace(row.channel_id, row.message_ts, row.posted_at)


def save(
    tx: Tx,
    team_id: TeamId,
    member_id: MemberId,
    integration_id: IntegrationId,
    place: NoticePlace,
) -> None:
    """A new message takes the place of the one before."""
    values = {
        "channel_id": place.channel_id,
        "message_ts": place.ts,
        "posted_at": place.posted_at,
    }
    which = _which(team_id, member_id, integration_id)
    if not change(tx, update(_T).where(*which).values(values)):
        create_if_free(
            tx,
            WorklogNoticeRow,
            team_id=team_id,
            member_id=member_id,
            integration_id=integration_id,
            **values,
        )


def close(tx: Tx, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId) -> None:
    """It says that all is well; what fails from here on is told in another."""
    change(tx, delete(_T).where(*_which(team_id, member_id, integration_id)))


def failed(
    tx: Tx, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId, *, most: int
) -> tuple[list[WorklogId], int]:
    """What is given up of a person's time, the newest days first: so many, and how many in all."""
    here = and_(
        _W.team_id == team_id,
        _W.integration_id == integration_id,
        _W.state == WorklogState.FAILED,
        _E.member_id == member_id,
    )
    joined = table(WorklogRow).join(table(TimeEntryRow), _E.id == _W.time_entry_id)
    newest = select(_W.id).select_from(joined).where(here)
    found = tx.execute(newest.order_by(_E.work_date.desc(), _E.id.desc()).limit(most)).scalars()
    total = tx.execute(select(func.count()).select_from(joined).where(here)).scalar_one()
    return [WorklogId(one) for one in found], int(total)


def _which(
    team_id: TeamId, member_id: MemberId, integration_id: IntegrationId
) -> tuple[ColumnElement[bool], ...]:
    return (
        col(_T.team_id) == team_id,
        col(_T.member_id) == member_id,
        col(_T.integration_id) == integration_id,
    )
