"""Freezing the tasks of provider projects: *Start fresh* (L7)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, func, literal, select, update
from sqlmodel import col

from bot.domain.ids import ProviderProjectId, TeamId
from storage.chunks import chunked
from storage.linking.provider_projects import ProviderProjectRow
from storage.sql import change, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_T = table(TaskRow).c
_P = ProviderProjectRow


def count(
    tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]
) -> dict[ProviderProjectId, int]:
    """How many tasks that still exist each of these has; those without any are not there."""
    found: dict[ProviderProjectId, int] = {}
    for some in chunked(ids):
        query = (
            select(_T.provider_project_id, func.count())
            .where(_T.team_id == team_id, _T.provider_project_id.in_(some), _T.gone_at.is_(None))
            .group_by(_T.provider_project_id)
        )
        found |= {ProviderProjectId(row[0]): int(row[1]) for row in tx.execute(query)}
    return found


def freeze(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId], now: datetime) -> None:
    """Their tasks keep key and time and are not tracked on any more; new ones will be read.

    What the provider calls them is free for the new ones, and kept beside.
    """
    for some in chunked(ids):
        these = (
            _T.team_id == team_id,
            _T.provider_project_id.in_(some),
            _T.frozen_external_id.is_(None),
        )
        frozen = {
            "frozen_external_id": _T.external_id,
            "external_id": literal("frozen:") + cast(_T.id, String),
            "gone_at": func.coalesce(_T.gone_at, literal(now, table(TaskRow).c.gone_at.type)),
        }
        change(tx, update(table(TaskRow)).where(*these).values(frozen))
        sources = (col(_P.team_id) == team_id, col(_P.id).in_(some))
        change(tx, update(_P).where(*sources).values(tasks_synced_from=None))
