"""Tasks by their addresses, for everybody: what a link leads to, whoever posted it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select

from bot.domain.ids import ProjectId, TaskId, TeamId
from bot.domain.states import IntegrationState, ProjectLinkState
from bot.domain.tasks.unfurls import Details, Unfurl
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_TASK, _LINK, _PROJECT = (table(one).c for one in (TaskRow, ProjectLinkRow, ProjectRow))
_SOURCE, _SITE, _ENTRY = (
    table(one).c for one in (ProviderProjectRow, IntegrationRow, TimeEntryRow)
)

_TRACKED = (
    select(func.coalesce(func.sum(_ENTRY.seconds), 0))
    .where(_ENTRY.task_id == _TASK.id, _ENTRY.deleted_at.is_(None))
    .scalar_subquery()
)
_TASKS: Select[Any] = (
    select(
        _TASK.id,
        _TASK.key,
        _TASK.title,
        _TASK.url,
        _TASK.status,
        _TASK.is_done,
        _TASK.estimate_seconds,
        _PROJECT.id.label("project_id"),
        _PROJECT.name.label("project_name"),
        _TRACKED.label("tracked"),
    )
    .select_from(table(TaskRow))
    .join(table(ProviderProjectRow), _SOURCE.id == _TASK.provider_project_id)
    .join(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
    .join(
        table(ProjectLinkRow),
        and_(_LINK.provider_project_id == _SOURCE.id, _LINK.state == ProjectLinkState.ACTIVE),
    )
    .join(table(ProjectRow), _PROJECT.id == _LINK.project_id)
    .where(
        _TASK.team_id == bindparam("team"),
        _TASK.gone_at.is_(None),
        _SOURCE.gone_at.is_(None),
        _SOURCE.is_archived.is_(False),
        _SITE.state != IntegrationState.DISCONNECTED,
        _PROJECT.archived_at.is_(None),
    )
)
_BY_ID = _TASKS.where(_TASK.id == bindparam("task"))
_BY_URLS = _TASKS.with_only_columns(_TASK.id, _TASK.url).where(
    _TASK.url.in_(bindparam("urls", expanding=True))
)


def at_addresses(tx: Tx, team_id: TeamId, urls: Sequence[str]) -> dict[str, TaskId]:
    """The tasks that can be tracked on and have one of these addresses, by address."""
    found = tx.execute(_BY_URLS, {"team": team_id, "urls": list(urls)})
    return {row.url: TaskId(row.id) for row in found}


def of_task(tx: Tx, team_id: TeamId, task_id: TaskId) -> Unfurl | None:
    """A task with all its details; None where it cannot be tracked on any more."""
    row = tx.execute(_BY_ID, {"team": team_id, "task": task_id}).first()
    if row is None:
        return None
    return Unfurl(
        TaskId(row.id),
        row.key,
        ProjectId(row.project_id),
        Details(
            row.title,
            row.project_name,
            row.status,
            is_done=row.is_done,
            tracked_seconds=int(row.tracked),
            estimate_seconds=row.estimate_seconds,
        ),
    )
