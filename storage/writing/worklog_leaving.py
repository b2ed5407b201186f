"""What is still owed to a tool when its projects are unlinked, or it is disconnected."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update

from bot.domain.ids import IntegrationId, ProviderProjectId, TeamId
from bot.domain.writing.worklogs import Trouble, WorklogState
from storage.chunks import chunked
from storage.sql import change, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx
from storage.writing.worklogs import WorklogRow

_W, _TASK = table(WorklogRow).c, table(TaskRow).c
_OWED = _W.state == WorklogState.PENDING
_OPEN = _W.state.in_([WorklogState.PENDING, WorklogState.FAILED])


def owed_on(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]) -> int:
    """Entries on the tasks of these provider projects that are not written yet."""
    return sum(_count(tx, team_id, _on(team_id, some)) for some in chunked(ids))


def owed_to(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> int:
    """Entries that are not written to an integration yet."""
    return _count(tx, team_id, _W.integration_id == integration_id)


def is_under_way(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> bool:
    """Whether a piece of work for the integration waits in the outbox."""
    query = select(_W.id).where(
        _W.team_id == team_id,
        _W.integration_id == integration_id,
        _OWED,
        _W.owed_in.is_not(None),
    )
    return tx.execute(query.limit(1)).first() is not None


def leave_on(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]) -> int:
    """What is not written on these is never written; how many."""
    return sum(_leave(tx, team_id, _on(team_id, some)) for some in chunked(ids))


def leave_to(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> int:
    """The same for a whole integration."""
    return _leave(tx, team_id, _W.integration_id == integration_id)


def _on(team_id: TeamId, ids: Sequence[ProviderProjectId]) -> ColumnElement[bool]:
    tasks = select(_TASK.id).where(
        _TASK.team_id == team_id, _TASK.provider_project_id.in_(list(ids))
    )
    return _W.task_id.in_(tasks)


def _count(tx: Tx, team_id: TeamId, which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table(WorklogRow))
    return int(tx.execute(query.where(_W.team_id == team_id, _OWED, which)).scalar_one())


def _leave(tx: Tx, team_id: TeamId, which: ColumnElement[bool]) -> int:
    values = {"state": WorklogState.OFF, "reason": Trouble.LEFT, "owed_in": None}
    query = update(table(WorklogRow)).where(_W.team_id == team_id, _OPEN, which)
    return change(tx, query.values(values))
