"""Tasks whose time is not billed, whatever their project's terms say."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Index, delete, exists, func, insert, or_, select
from sqlmodel import Field, SQLModel

from bot.domain.ids import MemberId, ProjectId, TaskId, TeamId
from bot.domain.money.billing_forms import TaskChoice
from bot.domain.states import ProjectLinkState
from storage.linking.project_links import ProjectLinkRow
from storage.sql import change, spelled_out, table
from storage.tasks.tasks import TaskRow
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class UnbilledTaskRow(SQLModel, table=True):
    """A task whose time is not billed, whatever its project's terms say."""

    __tablename__ = "unbilled_task"
    __table_args__ = (Index("ix_unbilled_task_team", "team_id"),)

    task_id: int = Field(foreign_key="task.id", primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    set_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    set_at: datetime = Field(sa_type=UtcDateTime)


_U, _TASK = table(UnbilledTaskRow).c, table(TaskRow).c
_LINK = table(ProjectLinkRow).c


def count(tx: Tx, team_id: TeamId, project_id: ProjectId) -> int:
    """How many of the project's tasks are not billed."""
    query = (
        select(func.count())
        .select_from(table(UnbilledTaskRow))
        .join(table(TaskRow), _TASK.id == _U.task_id)
        .where(_U.team_id == team_id, _of_project(team_id, project_id))
    )
    return int(tx.execute(query).scalar_one())


def search(
    tx: Tx,
    team_id: TeamId,
    project_id: ProjectId,
    words: str,
    *,
    unbilled: bool,
    limit: int,
) -> list[TaskChoice]:
    """The project's tasks that the words find: those that are not billed, or the others."""
    is_unbilled = exists().where(_U.task_id == _TASK.id)
    query = select(_TASK.id, _TASK.key, _TASK.title).where(
        _TASK.team_id == team_id,
        _of_project(team_id, project_id),
        is_unbilled if unbilled else ~is_unbilled,
    )
    if not unbilled:
        query = query.where(_TASK.gone_at.is_(None))
    for word in words.casefold().split():
        in_title = func.lower(_TASK.title).contains(word, autoescape=True)
        query = query.where(or_(in_title, _TASK.key_folded.contains(word, autoescape=True)))
    rows = tx.execute(query.order_by(_TASK.is_done, _TASK.id.desc()).limit(limit))
    return [TaskChoice(TaskId(row.id), f"{row.key} {row.title}".strip()) for row in rows]


def named(
    tx: Tx, team_id: TeamId, project_id: ProjectId, task_ids: Collection[TaskId]
) -> list[TaskChoice]:
    """Those of the tasks that are the project's."""
    query = select(_TASK.id, _TASK.key, _TASK.title).where(
        _TASK.team_id == team_id, _of_project(team_id, project_id), _TASK.id.in_(list(task_ids))
    )
    rows = tx.execute(query.order_by(_TASK.id))
    return [TaskChoice(TaskId(row.id), f"{row.key} {row.title}".strip()) for row in rows]


def _of_project(team_id: TeamId, project_id: ProjectId) -> ColumnElement[bool]:
    feeds = select(_LINK.provider_project_id).where(
        _LINK.team_id == team_id,
        _LINK.project_id == project_id,
        _LINK.state == spelled_out(ProjectLinkState.ACTIVE),
    )
    return _TASK.provider_project_id.in_(feeds)


def unbilled(tx: Tx, team_id: TeamId, task_ids: Collection[TaskId]) -> set[TaskId]:
    """Those of the tasks that are not billed."""
    query = select(_U.task_id).where(_U.team_id == team_id, _U.task_id.in_(list(task_ids)))
    return {TaskId(one) for one in tx.execute(query).scalars()}


def set_billed(
    tx: Tx,
    team_id: TeamId,
    task_ids: Collection[TaskId],
    *,
    billed: bool,
    by: MemberId,
    now: datetime,
) -> int:
    """The tasks' time is billed from now on, or is not, of all days; how many changed."""
    known = unbilled(tx, team_id, task_ids)
    if billed:
        which = (_U.team_id == team_id, _U.task_id.in_(list(known)))
        return change(tx, delete(table(UnbilledTaskRow)).where(*which)) if known else 0
    rows = [
        {"task_id": one, "team_id": team_id, "set_by": by, "set_at": now}
        for one in task_ids
        if one not in known
    ]
    if rows:
        change(tx, insert(table(UnbilledTaskRow)), rows)
    return len(rows)
