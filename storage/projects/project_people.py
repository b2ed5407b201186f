"""Who belongs to a project, as people decide it by hand; policies are in ``project_members``."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, select, true, update
from sqlmodel import col

from bot.domain.ids import MemberId, ProjectId, TeamId
from bot.domain.states import AccountLinkState, ProjectLinkState
from storage.chunks import chunked
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.prepared import Prepared
from storage.projects.managers import of_projects
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import AnyRow, change, insert_into, spelled_out, table
from storage.unit_of_work import Tx

_T = ProjectMemberRow
_CURRENT = col(_T.removed_at).is_(None)


_PERSON, _ACTOR = (table(MemberRow).alias(name) for name in ("person", "actor"))
_MANAGES = exists().where(
    col(_T.team_id) == _PERSON.c.team_id,
    col(_T.project_id) == table(ProjectRow).c.id,
    col(_T.member_id) == _PERSON.c.id,
    col(_T.is_manager).is_(True),
    _CURRENT,
)
_NOTICE = Prepared(
    select(
        _PERSON.c.slack_user_id,
        table(ProjectRow).c.name.label("project"),
        _ACTOR.c.name.label("actor"),
        _MANAGES.label("manages"),
    )
    .select_from(
        _PERSON.join(table(ProjectRow), table(ProjectRow).c.team_id == _PERSON.c.team_id).outerjoin(
            _ACTOR,
            and_(_ACTOR.c.id == bindparam("by_member"), _ACTOR.c.team_id == _PERSON.c.team_id),
        )
    )
    .where(
        _PERSON.c.team_id == bindparam("team"),
        _PERSON.c.id == bindparam("member"),
        _PERSON.c.deactivated_at.is_(None),
        table(ProjectRow).c.id == bindparam("project_id"),
    )
)


def notice(
    tx: Tx, team_id: TeamId, project_id: ProjectId, member_id: MemberId, by: MemberId
) -> AnyRow | None:
    """What somebody may be told of a project and whether they manage it, and by whom.

    Returns:
        ``slack_user_id``, ``project``, ``actor`` and ``manages``; None once they have left.
    """
    values = {"team": team_id, "project_id": project_id, "member": member_id, "by_member": by}
    return _NOTICE.first(tx, values)


def belongs(tx: Tx, team_id: TeamId, project_id: ProjectId, member_id: MemberId) -> bool:
    """Whether the member is on the project now."""
    return _is(tx, team_id, project_id, member_id)


def is_manager(tx: Tx, team_id: TeamId, project_id: ProjectId, member_id: MemberId) -> bool:
    """Whether the member manages the project now."""
    return _is(tx, team_id, project_id, member_id, manager=True)


def _is(
    tx: Tx, team_id: TeamId, project_id: ProjectId, member_id: MemberId, *, manager: bool = False
) -> bool:
    query = exists().where(
        col(_T.team_id) == team_id,
        col(_T.project_id) == project_id,
        col(_T.member_id) == member_id,
        _CURRENT,
    )
    if manager:
        query = query.where(col(_T.is_manager).is_(True))
    return bool(tx.execute(select(query)).scalar())


def on(
    tx: Tx,
    team_id: TeamId,
    project_ids: Collection[ProjectId],
    member_ids: Collection[MemberId],
) -> set[tuple[ProjectId, MemberId]]:
    """Which of these people are on which of these projects now."""
    query = select(col(_T.project_id), col(_T.member_id)).where(
        col(_T.team_id) == team_id,
        col(_T.project_id).in_(project_ids),
        col(_T.member_id).in_(member_ids),
        _CURRENT,
    )
    return {(ProjectId(row[0]), MemberId(row[1])) for row in tx.execute(query)}


def add(
    tx: Tx,
    team_id: TeamId,
    project_ids: Collection[ProjectId],
    member_ids: Collection[MemberId],
    now: datetime,
) -> set[tuple[ProjectId, MemberId]]:
    """Somebody, and no policy, puts people on projects; those who were not on them before.

    Who is there by policy stays there from now on whatever the policy says. Who was taken off
    before comes back under the same row, so that policies see them again.
    """
    there = on(tx, team_id, project_ids, member_ids)
    new = {(project, member) for project in project_ids for member in member_ids} - there
    these = (
        col(_T.team_id) == team_id,
        col(_T.project_id).in_(project_ids),
        col(_T.member_id).in_(member_ids),
    )
    change(tx, update(_T).where(*these, _CURRENT).values(by_policy=False))
    newest = _newest_removed(tx, team_id, project_ids, member_ids)
    again = {pair: row for pair, row in newest.items() if pair in new}
    back = {"removed_at": None, "removed_by": None, "by_policy": False, "added_at": now}
    for some in chunked(list(again.values())):
        query = update(_T).where(col(_T.team_id) == team_id, col(_T.id).in_(some))
        change(tx, query.values(is_manager=False, **back))
    rows = [
        {
            "team_id": team_id,
            "project_id": project_id,
            "member_id": member_id,
            "is_manager": False,
            "by_policy": False,
            "added_at": now,
        }
        for project_id, member_id in sorted(new - again.keys())
    ]
    if rows:
        # A policy may put the same person there at this very moment.
        change(tx, insert_into(table(_T), tx.core.dialect.name).on_conflict_do_nothing(), rows)
    return new


def _newest_removed(
    tx: Tx,
    team_id: TeamId,
    project_ids: Collection[ProjectId],
    member_ids: Collection[MemberId],
) -> dict[tuple[ProjectId, MemberId], int]:
    query = select(table(_T).c.id, col(_T.project_id), col(_T.member_id)).where(
        col(_T.team_id) == team_id,
        col(_T.project_id).in_(project_ids),
        col(_T.member_id).in_(member_ids),
        col(_T.removed_at).is_not(None),
    )
    rows = tx.execute(query.order_by(col(_T.id)))
    return {(ProjectId(row.project_id), MemberId(row.member_id)): int(row.id) for row in rows}


def remove(
    tx: Tx,
    team_id: TeamId,
    project_ids: Collection[ProjectId],
    member_ids: Collection[MemberId],
    *,
    by: MemberId,
    now: datetime,
) -> set[tuple[ProjectId, MemberId]]:
    """Takes people off projects by hand; those who were on them. No policy adds them again."""
    query = (
        update(table(_T))
        .where(
            table(_T).c.team_id == team_id,
            table(_T).c.project_id.in_(project_ids),
            table(_T).c.member_id.in_(member_ids),
            table(_T).c.removed_at.is_(None),
        )
        .values(removed_at=now, removed_by=by, is_manager=False)
        .returning(table(_T).c.project_id, table(_T).c.member_id)
    )
    return {(ProjectId(row[0]), MemberId(row[1])) for row in tx.execute(query)}


def set_manager(
    tx: Tx,
    team_id: TeamId,
    project_id: ProjectId,
    member_id: MemberId,
    *,
    manages: bool,
) -> bool:
    """Makes somebody on the project its manager, or no longer; False when that was so before."""
    query = update(_T).where(
        col(_T.team_id) == team_id,
        col(_T.project_id) == project_id,
        col(_T.member_id) == member_id,
        _CURRENT,
        col(_T.is_manager).is_(not manages),
    )
    return change(tx, query.values(is_manager=manages)) == 1


def managers(tx: Tx, team_id: TeamId, project_id: ProjectId) -> list[MemberId]:
    """The project's managers who still work here, by name."""
    return of_projects(tx, team_id, [project_id]).get(project_id, [])


def unconnected(
    tx: Tx, team_id: TeamId, project_ids: Collection[ProjectId], member_ids: Collection[MemberId]
) -> list[str]:
    """The names of those without an account on some integration that feeds these projects."""
    link, source = table(ProjectLinkRow).c, table(ProviderProjectRow).c
    account = table(AccountLinkRow).c
    sites = (
        select(source.integration_id)
        .distinct()
        .select_from(table(ProjectLinkRow))
        .join(table(ProviderProjectRow), source.id == link.provider_project_id)
        .where(
            link.team_id == team_id,
            link.project_id.in_(project_ids),
            link.state == spelled_out(ProjectLinkState.ACTIVE),
        )
        .subquery()
    )
    connected = exists().where(
        account.member_id == col(MemberRow.id),
        account.integration_id == sites.c.integration_id,
        account.state == AccountLinkState.CONNECTED,
    )
    query = (
        select(col(MemberRow.id), col(MemberRow.name))
        .distinct()
        .join(sites, true())
        .where(
            col(MemberRow.team_id) == team_id,
            col(MemberRow.id).in_(member_ids),
            ~connected.correlate(MemberRow, sites),
        )
    )
    return sorted((row.name for row in tx.execute(query)), key=str.casefold)
