"""How much hangs on provider projects."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import col

from bot.domain.ids import ProviderProjectId, TeamId
from storage.chunks import chunked
from storage.provider_projects import ProviderProjectRow
from storage.tasks import TaskRow
from storage.time_entries import TimeEntryRow
from storage.unit_of_work import Tx


def on_provider_projects(
    tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]
) -> tuple[int, int]:
    """Their tasks that still exist, and the finished seconds tracked on any of their tasks."""
    tasks = seconds = 0
    for some in chunked(ids):
        # The provider projects' own rows are the fence: the indexes of what hangs on them do not
        # name the team.
        of_these = (
            col(ProviderProjectRow.team_id) == team_id,
            col(ProviderProjectRow.id).in_(some),
        )
        theirs = col(TaskRow.provider_project_id) == col(ProviderProjectRow.id)
        living = (
            select(func.count())
            .select_from(ProviderProjectRow)
            .join(TaskRow, theirs)
            .where(*of_these, col(TaskRow.gone_at).is_(None))
        )
        tracked = (
            select(func.coalesce(func.sum(col(TimeEntryRow.seconds)), 0))
            .select_from(ProviderProjectRow)
            .join(TaskRow, theirs)
            .join(TimeEntryRow, col(TimeEntryRow.task_id) == col(TaskRow.id))
            .where(*of_these, col(TimeEntryRow.deleted_at).is_(None))
        )
        tasks += int(tx.execute(living).scalar_one())
        seconds += int(tx.execute(tracked).scalar_one() or 0)
    return tasks, seconds
