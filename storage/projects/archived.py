"""Whether a project is archived: here, or in the tools that feed it (A3)."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select
from sqlmodel import col

from bot.domain.ids import ProjectId, TaskId, TeamId
from bot.domain.states import ProjectLinkState
from storage.chunks import chunked
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow
from storage.sql import spelled_out, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_PROJECT, _LINK = table(ProjectRow).c, table(ProjectLinkRow).c
_SOURCE, _TASK = table(ProviderProjectRow).c, table(TaskRow).c

_FEEDS = and_(
    _LINK.project_id == _PROJECT.id,
    _LINK.state == spelled_out(ProjectLinkState.ACTIVE),
    _SOURCE.id == _LINK.provider_project_id,
)
IS_ARCHIVED_THERE = and_(
    exists().where(_FEEDS).correlate(table(ProjectRow)),
    ~exists().where(_FEEDS, _SOURCE.is_archived.is_(False)).correlate(table(ProjectRow)),
)
"""Of a project: everything that feeds it is archived in its tool."""

IS_ARCHIVED = or_(_PROJECT.archived_at.is_not(None), IS_ARCHIVED_THERE)
"""Of a project: nothing can be tracked on it any more."""


def name_where_archived(
    tx: Tx, team_id: TeamId, project_id: ProjectId, task_id: TaskId | None
) -> str | None:
    """The project's name, where it or the task's provider project is archived; else None."""
    of_task = exists().where(
        _TASK.id == task_id,
        _TASK.team_id == team_id,
        _SOURCE.id == _TASK.provider_project_id,
        _SOURCE.is_archived.is_(True),
    )
    reason = IS_ARCHIVED if task_id is None else or_(IS_ARCHIVED, of_task)
    query = select(col(ProjectRow.name)).where(
        _PROJECT.team_id == team_id, _PROJECT.id == project_id, reason
    )
    return tx.execute(query).scalar()


def archived_there(tx: Tx, team_id: TeamId, ids: Sequence[ProjectId]) -> list[str]:
    """The names of those of the projects that are archived in every tool that feeds them."""
    names: list[str] = []
    for some in chunked(ids):
        query = select(col(ProjectRow.name)).where(
            _PROJECT.team_id == team_id, _PROJECT.id.in_(some), IS_ARCHIVED_THERE
        )
        names += tx.execute(query.order_by(_PROJECT.name_folded)).scalars()
    return names
