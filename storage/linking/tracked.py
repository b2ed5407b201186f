"""How much hangs on links: tasks and time.

The rows of the projects and provider projects are the fence here: the indexes of what hangs on
them do not name the team.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import col

from bot.domain.ids import ProjectId, ProviderProjectId, TeamId
from bot.domain.linking.linking import LinkedProject
from storage.chunks import chunked
from storage.entries.time_entries import TimeEntryRow
from storage.linking import project_links
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx


def tasks(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]) -> int:
    """How many tasks of these provider projects still exist."""
    found = 0
    for some in chunked(ids):
        query = (
            select(func.count())
            .select_from(ProviderProjectRow)
            .join(TaskRow, col(TaskRow.provider_project_id) == col(ProviderProjectRow.id))
            .where(
                col(ProviderProjectRow.team_id) == team_id,
                col(ProviderProjectRow.id).in_(some),
                col(TaskRow.gone_at).is_(None),
            )
        )
        found += int(tx.execute(query).scalar_one())
    return found


def seconds(tx: Tx, team_id: TeamId, links: Sequence[LinkedProject]) -> int:
    """What was finished on the projects that these links feed.

    Where a project has other links as well, only the time on these links' own tasks counts.
    """
    feeding: dict[ProjectId, list[ProviderProjectId]] = {}
    for link in links:
        feeding.setdefault(link.project_id, []).append(link.provider_project_id)
    every = project_links.counted(tx, team_id, list(feeding))
    whole = [one for one, sources in feeding.items() if every[one] == len(sources)]
    partly = [source for one in feeding.keys() - set(whole) for source in feeding[one]]
    return _on_projects(tx, team_id, whole) + _on_sources(tx, team_id, partly)


def _on_projects(tx: Tx, team_id: TeamId, ids: Sequence[ProjectId]) -> int:
    found = 0
    for some in chunked(ids):
        query = (
            select(func.sum(col(TimeEntryRow.seconds)))
            .select_from(ProjectRow)
            .join(TimeEntryRow, col(TimeEntryRow.project_id) == col(ProjectRow.id))
            .where(
                col(ProjectRow.team_id) == team_id,
                col(ProjectRow.id).in_(some),
                col(TimeEntryRow.deleted_at).is_(None),
            )
        )
        found += int(tx.execute(query).scalar_one() or 0)
    return found


def _on_sources(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]) -> int:
    found = 0
    for some in chunked(ids):
        query = (
            select(func.sum(col(TimeEntryRow.seconds)))
            .select_from(ProviderProjectRow)
            .join(TaskRow, col(TaskRow.provider_project_id) == col(ProviderProjectRow.id))
            .join(TimeEntryRow, col(TimeEntryRow.task_id) == col(TaskRow.id))
            .where(
                col(ProviderProjectRow.team_id) == team_id,
                col(ProviderProjectRow.id).in_(some),
                col(TimeEntryRow.deleted_at).is_(None),
            )
        )
        found += int(tx.execute(query).scalar_one() or 0)
    return found
