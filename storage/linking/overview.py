"""Counts for the Overview: one query for each kind, whatever the number of integrations."""

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlmodel import col

from bot.domain.ids import AccountLinkId, IntegrationId, TeamId
from bot.domain.linking.overview import LastRun, PeopleCounts, ProjectCounts
from bot.domain.states import (
    AccountLinkState,
    IntegrationState,
    ProjectLinkState,
    SyncRunState,
)
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.sql import spelled_out, table
from storage.sync.sync_runs import SyncRunRow
from storage.unit_of_work import Tx

_P = ProviderProjectRow
_L = AccountLinkRow


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def projects(tx: Tx, team_id: TeamId) -> dict[IntegrationId, ProjectCounts]:
    """Provider projects by integration: linked, ignored, and those that wait."""
    has_link = exists().where(
        col(ProjectLinkRow.provider_project_id) == col(_P.id),
        col(ProjectLinkRow.state) == spelled_out(ProjectLinkState.ACTIVE),
    )
    personal = and_(col(_P.is_personal).is_(True), col(IntegrationRow.personal_projects).is_(False))
    # One word for each, so that whether it has a link is asked once of all that are there.
    stands = case(
        (and_(col(_P.gone_at).is_not(None), has_link), "deleted"),
        (col(_P.gone_at).is_not(None), "beside"),
        (has_link, "linked"),
        (col(_P.ignored_at).is_not(None), "ignored"),
        (or_(col(_P.is_archived).is_(True), personal), "beside"),
        (col(_P.left_out).is_(True), "left_out"),
        else_="unlinked",
    ).label("stands")
    query = (
        select(col(_P.integration_id), stands, func.count())
        .join(IntegrationRow, col(IntegrationRow.id) == col(_P.integration_id))
        .where(col(_P.team_id) == team_id)
        .group_by(col(_P.integration_id), stands)
    )
    found: dict[IntegrationId, dict[str, int]] = {}
    for row in tx.execute(query):
        found.setdefault(IntegrationId(row[0]), {})[row[1]] = int(row[2])
    return {
        one: ProjectCounts(
            linked=counted.get("linked", 0) + counted.get("deleted", 0),
            deleted=counted.get("deleted", 0),
            unlinked=counted.get("unlinked", 0),
            ignored=counted.get("ignored", 0),
            left_out=counted.get("left_out", 0),
        )
        for one, counted in found.items()
    }


def people(tx: Tx, team_id: TeamId) -> dict[IntegrationId, PeopleCounts]:
    """Account links of active members by integration."""
    state = col(_L.state)
    query = (
        select(
            col(_L.integration_id),
            _count(state == AccountLinkState.CONNECTED).label("connected"),
            _count(state == AccountLinkState.INVITED).label("invited"),
            _count(state == AccountLinkState.AWAITING_APPROVAL).label("waiting"),
            _count(state == AccountLinkState.DECLINED).label("declined"),
            _count(and_(state == AccountLinkState.INVITED, col(_L.unreachable).is_not(None))).label(
                "unreachable"
            ),
        )
        .join(MemberRow, col(MemberRow.id) == col(_L.member_id))
        .where(col(_L.team_id) == team_id, col(MemberRow.deactivated_at).is_(None))
        .group_by(col(_L.integration_id))
    )
    return {
        IntegrationId(row.integration_id): PeopleCounts(
            connected=int(row.connected),
            invited=int(row.invited),
            waiting=int(row.waiting),
            declined=int(row.declined),
            unreachable=int(row.unreachable),
        )
        for row in tx.execute(query)
    }


def last_runs(tx: Tx, team_id: TeamId) -> dict[IntegrationId, LastRun]:
    """The newest ordinary run of every integration; what a webhook told of says little."""
    newest = (
        select(func.max(table(SyncRunRow).c.id))
        .where(col(SyncRunRow.team_id) == team_id, col(SyncRunRow.heard).is_(False))
        .group_by(col(SyncRunRow.integration_id))
    )
    query = select(
        col(SyncRunRow.integration_id),
        col(SyncRunRow.state),
        col(SyncRunRow.error),
    ).where(col(SyncRunRow.team_id) == team_id, table(SyncRunRow).c.id.in_(newest))
    return {
        IntegrationId(row.integration_id): LastRun(SyncRunState(row.state), row.error)
        for row in tx.execute(query)
    }


def waiting_for_approval(tx: Tx, team_id: TeamId) -> list[AccountLinkId]:
    """Account links that an admin must decide about, oldest first."""
    query = (
        select(table(_L).c.id)
        .join(IntegrationRow, col(IntegrationRow.id) == col(_L.integration_id))
        .where(
            col(_L.team_id) == team_id,
            col(_L.state) == AccountLinkState.AWAITING_APPROVAL,
            col(IntegrationRow.state) != IntegrationState.DISCONNECTED,
        )
        .order_by(col(_L.asked_at), col(_L.id))
    )
    return [AccountLinkId(found) for found in tx.execute(query).scalars()]
