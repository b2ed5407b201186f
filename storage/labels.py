"""What people call a project and its task, also once they are gone."""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import col

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ProjectId, TaskId, TeamId
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx


def of(tx: Tx, team_id: TeamId, project_id: ProjectId, task_id: TaskId | None) -> TaskLabel:
    """What people call a project and its task, also once they are gone."""
    query = (
        select(col(ProjectRow.name), col(TaskRow.key), col(TaskRow.title))
        .outerjoin(TaskRow, col(TaskRow.id) == task_id)
        .where(col(ProjectRow.team_id) == team_id, col(ProjectRow.id) == project_id)
    )
    row = tx.execute(query).one()
    return TaskLabel(project_id, row.name, task_id, row.key or "", row.title or "")


def of_all(
    tx: Tx, team_id: TeamId, pairs: Collection[tuple[ProjectId, TaskId | None]]
) -> dict[tuple[ProjectId, TaskId | None], TaskLabel]:
    """The same for several at once."""
    project, task = table(ProjectRow).c, table(TaskRow).c
    names = {
        row.id: row.name
        for row in tx.execute(
            select(project.id, project.name).where(
                project.team_id == team_id, project.id.in_({one for one, _ in pairs})
            )
        )
    }
    tasks = {
        row.id: row
        for row in tx.execute(
            select(task.id, task.key, task.title).where(
                task.team_id == team_id, task.id.in_({one for _, one in pairs if one})
            )
        )
    }
    return {
        (project_id, task_id): TaskLabel(
            project_id,
            names[project_id],
            task_id,
            tasks[task_id].key if task_id else "",
            tasks[task_id].title if task_id else "",
        )
        for project_id, task_id in pairs
    }
