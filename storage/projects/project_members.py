"""Project members: who belongs to a project, as far as policies add them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    String,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlmodel import col

from bot.domain.ids import IntegrationId, MemberId, ProjectId, TeamId
from bot.domain.states import (
    AccountLinkState,
    IntegrationState,
    MembersPolicy,
    ProjectLinkState,
)
from storage.chunks import chunked
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccessRow
from storage.projects.projects import ProjectMemberRow
from storage.sql import insert_into, table
from storage.types import UtcDateTime
from storage.unit_of_work import Tx

_MAY_SEE = or_(
    # Before its first read nobody knows who may see it; then whoever may joins at its end.
    and_(
        col(ProviderProjectRow.everyone_has_access).is_(True),
        col(ProviderProjectRow.tasks_synced_from).is_not(None),
    ),
    exists().where(
        col(ProviderAccessRow.provider_project_id) == col(ProviderProjectRow.id),
        col(ProviderAccessRow.provider_account_id) == col(AccountLinkRow.provider_account_id),
    ),
)
_POLICY_ADDS = or_(
    col(IntegrationRow.members_policy) == MembersPolicy.EVERYONE_CONNECTED,
    and_(col(IntegrationRow.members_policy) == MembersPolicy.PROVIDER_ACCESS, _MAY_SEE),
)
_OF_INTEGRATION = col(IntegrationRow.id) == bindparam("integration")
_OF_PROJECTS = col(ProjectLinkRow.project_id).in_(bindparam("projects", expanding=True))
_OF_MEMBERS = and_(
    col(AccountLinkRow.member_id).in_(bindparam("members", expanding=True)), _OF_INTEGRATION
)


def join_projects(
    tx: Tx, team_id: TeamId, project_ids: Sequence[ProjectId], now: datetime
) -> Counter[ProjectId]:
    """Adds everybody whom the policies of the projects' integrations add; how many are new.

    Whom somebody took off by hand stays off.
    """
    joined: Counter[ProjectId] = Counter()
    for some in chunked(project_ids):
        joined.update(_join(tx, team_id, now, _OF_PROJECTS, {"projects": list(some)}))
    return joined


def join_member(
    tx: Tx, team_id: TeamId, member_id: MemberId, integration_id: IntegrationId, now: datetime
) -> int:
    """Adds one member to every project of an integration that its policy gives them."""
    return join_members(tx, team_id, [member_id], integration_id, now)


def join_members(
    tx: Tx,
    team_id: TeamId,
    member_ids: Sequence[MemberId],
    integration_id: IntegrationId,
    now: datetime,
) -> int:
    """The same for many at once; how many places on projects are new."""
    joined = 0
    for some in chunked(member_ids):
        these = {"members": list(some), "integration": integration_id}
        joined += len(_join(tx, team_id, now, _OF_MEMBERS, these))
    return joined


def joining(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> tuple[int, int]:
    """How many people the integration's policy would add now, and to how many projects."""
    missing = _missing(_OF_INTEGRATION).subquery()
    people, projects = missing.c.member_id, missing.c.project_id
    query = select(func.count(people.distinct()), func.count(projects.distinct()))
    row = tx.execute(query, {"team": team_id, "integration": integration_id}).one()
    return int(row[0]), int(row[1])


def join_integration(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, now: datetime
) -> list[ProjectId]:
    """Adds whomever an integration's policy gives its projects; one id for each membership."""
    return _join(tx, team_id, now, _OF_INTEGRATION, {"integration": integration_id})


def _missing(which: ColumnElement[bool]) -> Select[tuple[int, int]]:
    """Project and member of every membership that a policy gives and that is not there."""
    team: BindParameter[str] = bindparam("team")
    there = table(ProjectMemberRow).alias("there")
    pairs = (
        select(
            col(ProjectLinkRow.project_id).label("project_id"),
            col(AccountLinkRow.member_id).label("member_id"),
        )
        .distinct()
        .select_from(ProjectLinkRow)
        .join(
            ProviderProjectRow,
            col(ProviderProjectRow.id) == col(ProjectLinkRow.provider_project_id),
        )
        .join(IntegrationRow, col(IntegrationRow.id) == col(ProviderProjectRow.integration_id))
        .join(AccountLinkRow, col(AccountLinkRow.integration_id) == col(IntegrationRow.id))
        .join(MemberRow, col(MemberRow.id) == col(AccountLinkRow.member_id))
        .where(
            col(ProjectLinkRow.team_id) == team,
            col(ProjectLinkRow.state) == ProjectLinkState.ACTIVE,
            col(AccountLinkRow.team_id) == team,
            col(AccountLinkRow.state) == AccountLinkState.CONNECTED,
            col(MemberRow.deactivated_at).is_(None),
            col(IntegrationRow.state) != IntegrationState.DISCONNECTED,
            _POLICY_ADDS,
            which,
        )
        .subquery("pairs")
    )
    return select(pairs.c.project_id, pairs.c.member_id).where(
        ~exists().where(
            there.c.project_id == pairs.c.project_id,
            there.c.member_id == pairs.c.member_id,
            or_(there.c.removed_at.is_(None), there.c.removed_by.is_not(None)),
        )
    )


def _join(
    tx: Tx,
    team_id: TeamId,
    now: datetime,
    which: ColumnElement[bool],
    these: Mapping[str, object],
) -> list[ProjectId]:
    statement = _joining(tx.core.dialect.name, which)
    return [
        ProjectId(row[0])
        for row in tx.execute(statement, {"team": team_id, "added_at": now, **these})
    ]


@cache
def _joining(dialect: str, which: ColumnElement[bool]) -> Executable:
    """Prepared once: a first sync asks for every project."""
    new = table(ProjectMemberRow)
    missing = _missing(which).subquery("missing")
    rows = select(
        bindparam("team", type_=String()),
        missing.c.project_id,
        missing.c.member_id,
        false(),
        true(),
        bindparam("added_at", type_=UtcDateTime()),
    ).where(true())  # without a condition SQLite takes ON CONFLICT for a part of the select
    # In one order everywhere, so that two that add the same people never wait for one another.
    rows = rows.order_by(missing.c.project_id, missing.c.member_id)
    names = ["team_id", "project_id", "member_id", "is_manager", "by_policy", "added_at"]
    added = insert_into(new, dialect).from_select(names, rows).on_conflict_do_nothing()
    return added.returning(new.c.project_id)
