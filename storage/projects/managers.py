"""Managers: members who are named for a project."""

from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlmodel import col

from bot.domain.ids import MemberId, ProjectId, TeamId
from storage.members import MemberRow
from storage.prepared import Prepared
from storage.projects.projects import ProjectMemberRow
from storage.unit_of_work import Tx

_T = ProjectMemberRow
_NAMED = (col(_T.is_manager).is_(True), col(_T.removed_at).is_(None))
_MANAGED_BY = Prepared(
    select(col(_T.project_id)).where(
        col(_T.team_id) == bindparam("team"), col(_T.member_id) == bindparam("member"), *_NAMED
    )
)


def of_projects(
    tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId]
) -> dict[ProjectId, list[MemberId]]:
    """Who manages each of the projects and still works here, by name."""
    query = (
        select(col(_T.project_id), col(_T.member_id))
        .join(MemberRow, col(MemberRow.id) == col(_T.member_id))
        .where(
            col(_T.team_id) == team_id,
            col(_T.project_id).in_(project_ids),
            *_NAMED,
            col(MemberRow.deactivated_at).is_(None),
        )
        .order_by(col(MemberRow.name), col(MemberRow.id))
    )
    found: dict[ProjectId, list[MemberId]] = {}
    for row in tx.execute(query):
        found.setdefault(ProjectId(row.project_id), []).append(MemberId(row.member_id))
    return found


def managed_by(tx: Tx, team_id: TeamId, member_id: MemberId) -> frozenset[ProjectId]:
    """The projects that a member manages."""
    found = _MANAGED_BY.all(tx, {"team": team_id, "member": member_id})
    return frozenset(ProjectId(row.project_id) for row in found)
