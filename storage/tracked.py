"""How much hangs on a provider project."""

from sqlalchemy import func, select
from sqlmodel import col

from bot.domain.ids import ProviderProjectId, TeamId
from storage.tasks import TaskRow
from storage.time_entries import TimeEntryRow
from storage.unit_of_work import Tx


def on_provider_project(
    tx: Tx, team_id: TeamId, provider_project_id: ProviderProjectId
) -> tuple[int, int]:
    """Its tasks that still exist, and the finished seconds tracked on any of its tasks."""
    own = (
        col(TaskRow.team_id) == team_id,
        col(TaskRow.provider_project_id) == provider_project_id,
    )
    tasks = select(func.count()).select_from(TaskRow).where(*own, col(TaskRow.gone_at).is_(None))
    seconds = (
        select(func.coalesce(func.sum(col(TimeEntryRow.seconds)), 0))
        .join(TaskRow, col(TaskRow.id) == col(TimeEntryRow.task_id))
        .where(*own, col(TimeEntryRow.deleted_at).is_(None))
    )
    return int(tx.execute(tasks).scalar_one()), int(tx.execute(seconds).scalar_one() or 0)
