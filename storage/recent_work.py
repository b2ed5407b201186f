"""What a member tracked lately, each task or project once."""

from datetime import date

from sqlalchemy import bindparam, func, select

from bot.domain.entries import TaskLabel
from bot.domain.ids import MemberId, ProjectId, TaskId, TeamId
from storage.projects import ProjectRow
from storage.sql import table
from storage.tasks import TaskRow
from storage.time_entries import TimeEntryRow
from storage.unit_of_work import Tx

_ENTRY, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c

_LATELY = (
    select(_ENTRY.project_id, _ENTRY.task_id, func.max(_ENTRY.id).label("last"))
    .where(
        _ENTRY.team_id == bindparam("team"),
        _ENTRY.member_id == bindparam("member"),
        _ENTRY.work_date >= bindparam("since"),
        _ENTRY.deleted_at.is_(None),
    )
    .group_by(_ENTRY.project_id, _ENTRY.task_id)
    .order_by(func.max(_ENTRY.id).desc())
    .limit(bindparam("most"))
    .subquery()
)
_NAMED = (
    select(
        _LATELY.c.project_id,
        _LATELY.c.task_id,
        _PROJECT.name.label("project_name"),
        _TASK.key,
        _TASK.title,
        _TASK.url,
    )
    .join(table(ProjectRow), _PROJECT.id == _LATELY.c.project_id)
    .outerjoin(table(TaskRow), _TASK.id == _LATELY.c.task_id)
    .order_by(_LATELY.c.last.desc())
)


def labels(
    tx: Tx, team_id: TeamId, member_id: MemberId, since: date, *, most: int
) -> list[TaskLabel]:
    """The tasks and projects that the member tracked since a day, the latest first."""
    names = {"team": team_id, "member": member_id, "since": since, "most": most}
    return [
        TaskLabel(
            ProjectId(row.project_id),
            row.project_name,
            None if row.task_id is None else TaskId(row.task_id),
            row.key or "",
            row.title or "",
            row.url or "",
        )
        for row in tx.execute(_NAMED, names)
    ]
