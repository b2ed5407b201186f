"""What stands beside projects in a list: people, time, running timers (L11)."""

from datetime import date

from sqlalchemy import and_, func, select
from sqlmodel import col

from bot.domain.ids import MemberId, ProjectId, TeamId
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import table
from storage.unit_of_work import Tx

_PROJECT = table(ProjectRow).c
_BELONGS, _ENTRY = table(ProjectMemberRow).c, table(TimeEntryRow).c


def people_on(tx: Tx, team_id: TeamId, ids: list[ProjectId]) -> dict[ProjectId, int]:
    """How many people belong to each of these, who still work here."""
    query = (
        select(_BELONGS.project_id, func.count())
        .join(MemberRow, col(MemberRow.id) == _BELONGS.member_id)
        .where(
            _BELONGS.team_id == team_id,
            _BELONGS.project_id.in_(ids),
            _BELONGS.removed_at.is_(None),
            col(MemberRow.deactivated_at).is_(None),
        )
        .group_by(_BELONGS.project_id)
    )
    return {ProjectId(row[0]): int(row[1]) for row in tx.execute(query)}


def seconds_since(
    tx: Tx, team_id: TeamId, ids: list[ProjectId], first: date, *, of: MemberId | None
) -> dict[ProjectId, int]:
    """What was finished on each of these since a day, by everybody or one member."""
    query = (
        select(_ENTRY.project_id, func.sum(_ENTRY.seconds))
        # The project's row is the fence: the index on its time does not name the team.
        .join(
            table(ProjectRow), and_(_PROJECT.id == _ENTRY.project_id, _PROJECT.team_id == team_id)
        )
        .where(_ENTRY.project_id.in_(ids), _ENTRY.work_date >= first, _ENTRY.deleted_at.is_(None))
        .group_by(_ENTRY.project_id)
    )
    if of is not None:
        query = query.where(_ENTRY.member_id == of)
    return {ProjectId(row[0]): int(row[1] or 0) for row in tx.execute(query)}


def running_on(tx: Tx, team_id: TeamId, ids: list[ProjectId]) -> dict[ProjectId, int]:
    """How many timers run on each of these."""
    query = (
        select(_ENTRY.project_id, func.count())
        .where(
            _ENTRY.team_id == team_id,
            _ENTRY.seconds.is_(None),
            _ENTRY.deleted_at.is_(None),
            _ENTRY.project_id.in_(ids),
        )
        .group_by(_ENTRY.project_id)
    )
    return {ProjectId(row[0]): int(row[1]) for row in tx.execute(query)}
