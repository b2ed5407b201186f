"""Projects as programs read them, in the order in which they were made."""

from bot.domain.ids import MemberId, TeamId
from bot.domain.projects.project_lists import ListedProject
from storage.projects.archived import IS_ARCHIVED
from storage.projects.project_lists import OURS, fence, listed
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.unit_of_work import Tx

_PROJECT = table(ProjectRow).c


def after(
    tx: Tx,
    team_id: TeamId,
    last: int,
    *,
    mine: MemberId | None,
    archived: bool | None,
    limit: int,
) -> list[ListedProject]:
    """Those made after another one; with ``mine``, only what that member belongs to (A1)."""
    query = OURS.where(*fence(team_id, mine), _PROJECT.id > last)
    if archived is not None:
        query = query.where(IS_ARCHIVED if archived else ~IS_ARCHIVED)
    return [listed(row) for row in tx.execute(query.order_by(_PROJECT.id).limit(limit))]
