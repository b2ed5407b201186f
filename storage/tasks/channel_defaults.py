"""The project that a channel prefers; by the channel's id, which outlives its name."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, select
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import MemberId, ProjectId, TeamId
from bot.domain.states import ProjectLinkState
from bot.domain.tasks.channel_defaults import ChannelDefault
from storage.linking.project_links import ProjectLinkRow
from storage.members import MemberRow
from storage.prepared import Prepared
from storage.projects.projects import ProjectRow
from storage.sql import change, create_or_change
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class ChannelDefaultRow(SQLModel, table=True):
    """One channel's choice."""

    __tablename__ = "channel_default"

    team_id: str = Field(foreign_key="team.id", primary_key=True)
    channel_id: str = Field(primary_key=True, max_length=32)
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    chosen_by: int = Field(foreign_key="member.id", sa_type=BigId)
    chosen_at: datetime = Field(sa_type=UtcDateTime)


_T = ChannelDefaultRow
_IS_CONNECTED = exists().where(
    col(ProjectLinkRow.project_id) == col(_T.project_id),
    col(ProjectLinkRow.state) == ProjectLinkState.ACTIVE,
)
_FIND: Select[*tuple[Any, ...]] = (
    select(
        col(_T.project_id),
        col(ProjectRow.name).label("project"),
        col(ProjectRow.archived_at),
        _IS_CONNECTED.label("connected"),
        col(MemberRow.name).label("by"),
        col(_T.chosen_at),
    )
    .join(ProjectRow, col(ProjectRow.id) == col(_T.project_id))
    .outerjoin(MemberRow, col(MemberRow.id) == col(_T.chosen_by))
)


_OF_CHANNEL = Prepared(
    _FIND.where(col(_T.team_id) == bindparam("team"), col(_T.channel_id) == bindparam("channel"))
)


def find(tx: Tx, team_id: TeamId, channel_id: str) -> ChannelDefault | None:
    """What the channel prefers, an archived project too."""
    row = _OF_CHANNEL.first(tx, {"team": team_id, "channel": channel_id})
    if row is None:
        return None
    return ChannelDefault(
        project_id=ProjectId(row.project_id),
        project_name=row.project,
        is_archived=row.archived_at is not None,
        is_connected=bool(row.connected),
        by=row.by,
        at=row.chosen_at,
    )


def put(
    tx: Tx, team_id: TeamId, channel_id: str, project_id: ProjectId, *, by: MemberId, now: datetime
) -> None:
    """The channel prefers this project from now on."""
    row = {
        "team_id": team_id,
        "channel_id": channel_id,
        "project_id": project_id,
        "chosen_by": by,
        "chosen_at": now,
    }
    create_or_change(tx, _T, row, key=["team_id", "channel_id"])


def drop(tx: Tx, team_id: TeamId, channel_id: str) -> bool:
    """The channel prefers nothing any more; False where it did not before."""
    same = (col(_T.team_id) == team_id, col(_T.channel_id) == channel_id)
    return change(tx, delete(_T).where(*same)) == 1
