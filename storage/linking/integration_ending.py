"""What ends with an integration, and what can be resumed when it comes back."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, MemberId, ProjectId, ProviderProjectId, TeamId
from bot.domain.linking.linking import LinkWish
from bot.domain.states import AccountLinkState, ProjectLinkState
from bot.domain.values import dataclass
from storage.linking.announcements import AnnouncedProjectRow, AnnouncementRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.projects.projects import ProjectRow
from storage.sql import change, spelled_out, table
from storage.unit_of_work import Tx

_L = table(ProjectLinkRow).c
_P = table(ProviderProjectRow).c
_A = table(AccountLinkRow).c
_I = table(IntegrationRow).c
_ACTIVE = spelled_out(ProjectLinkState.ACTIVE)

ASKED = (AccountLinkState.INVITED, AccountLinkState.AWAITING_APPROVAL)


@dataclass(frozen=True, slots=True)
class LinkedNames:
    """What an integration feeds."""

    total: int
    first: tuple[str, ...]
    """The first projects' names."""


def linked(tx: Tx, team_id: TeamId, integration_id: IntegrationId, most: int) -> LinkedNames:
    """The projects that would be without their tool, the first of them by name."""
    ours = _active_of(team_id, integration_id)
    total = select(func.count()).select_from(ours.subquery())
    project = table(ProjectRow).c
    names = (
        select(project.name)
        .where(project.id.in_(ours.with_only_columns(_L.project_id)))
        .order_by(project.name_folded)
        .limit(most)
    )
    return LinkedNames(int(tx.execute(total).scalar_one()), tuple(tx.execute(names).scalars()))


def _active_of(team_id: TeamId, integration_id: IntegrationId) -> Select[tuple[int]]:
    return (
        select(_L.id)
        .join(table(ProviderProjectRow), _P.id == _L.provider_project_id)
        .where(_L.team_id == team_id, _L.state == _ACTIVE, _P.integration_id == integration_id)
    )


def end_links(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, by: MemberId, now: datetime
) -> int:
    """Unlinks everything; how much that was."""
    these = _L.id.in_(_active_of(team_id, integration_id))
    values = {"state": ProjectLinkState.ENDED, "ended_by": by, "ended_at": now}
    return change(tx, update(table(ProjectLinkRow)).where(these).values(values))


def connected(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> dict[MemberId, bool]:
    """Active members who are connected there, and whether we hold a key of their own."""
    query = (
        select(_A.member_id, _A.sealed_token.is_not(None))
        .join(table(MemberRow), table(MemberRow).c.id == _A.member_id)
        .where(
            *_accounts(team_id, integration_id, AccountLinkState.CONNECTED),
            col(MemberRow.deactivated_at).is_(None),
        )
    )
    found: dict[MemberId, bool] = {}
    for member_id, has_key in tx.execute(query):
        found[MemberId(member_id)] = found.get(MemberId(member_id), False) or bool(has_key)
    return found


def asked(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> int:
    """Requests that nobody has answered, or that wait for an admin."""
    query = select(func.count()).where(*_accounts(team_id, integration_id, *ASKED))
    return int(tx.execute(query).scalar_one())


def end_accounts(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, by: MemberId, now: datetime
) -> None:
    """Nobody is connected there any more, every personal key is destroyed, no request is open."""
    decided = {"sealed_token": None, "decided_by": by, "decided_at": now}
    for was, becomes in (
        ((AccountLinkState.CONNECTED,), AccountLinkState.ENDED),
        (ASKED, AccountLinkState.WITHDRAWN),
    ):
        query = update(table(AccountLinkRow)).where(*_accounts(team_id, integration_id, *was))
        change(tx, query.values(decided | {"state": becomes}))


def _accounts(
    team_id: TeamId, integration_id: IntegrationId, *states: AccountLinkState
) -> tuple[ColumnElement[bool], ...]:
    return (
        _A.team_id == team_id,
        _A.integration_id == integration_id,
        _A.state.in_(list(states)),
    )


def resumable(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> list[LinkWish]:
    """What was unlinked by the last disconnect and can be linked again as it was."""
    last = select(_I.disconnected_at).where(_I.id == integration_id).scalar_subquery()
    again = table(ProjectLinkRow).alias("again")
    project = table(ProjectRow).c
    query = (
        select(_L.provider_project_id, _L.project_id)
        .join(table(ProviderProjectRow), _P.id == _L.provider_project_id)
        .join(table(ProjectRow), project.id == _L.project_id)
        .where(
            _L.team_id == team_id,
            _P.integration_id == integration_id,
            _L.state == ProjectLinkState.ENDED,
            _L.ended_at == last,
            project.archived_at.is_(None),
            _P.gone_at.is_(None),
            _P.is_archived.is_(False),
            _P.ignored_at.is_(None),
            ~exists().where(again.c.provider_project_id == _P.id, again.c.state == _ACTIVE),
        )
        .order_by(_L.id)
    )
    return [LinkWish(ProviderProjectId(row[0]), ProjectId(row[1])) for row in tx.execute(query)]


def were_connected(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> int:
    """How many people's connections the last disconnect ended, who are not asked again since."""
    last = select(_I.disconnected_at).where(_I.id == integration_id).scalar_subquery()
    query = select(func.count(_A.member_id.distinct())).where(
        *_accounts(team_id, integration_id, AccountLinkState.ENDED), _A.decided_at == last
    )
    return int(tx.execute(query).scalar_one())


def open_announcements(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> list[int]:
    """Announcements in their channels that still have something to decide."""
    named = table(AnnouncedProjectRow).c
    waits = (
        exists()
        .where(
            named.announcement_id == table(AnnouncementRow).c.id,
            _P.id == named.provider_project_id,
            _P.ignored_at.is_(None),
            _P.gone_at.is_(None),
            _P.is_archived.is_(False),
            ~exists().where(_L.provider_project_id == _P.id, _L.state == _ACTIVE),
        )
        .correlate(table(AnnouncementRow))
    )
    query = select(table(AnnouncementRow).c.id).where(
        col(AnnouncementRow.team_id) == team_id,
        col(AnnouncementRow.integration_id) == integration_id,
        col(AnnouncementRow.message_ts).is_not(None),
        waits,
    )
    return list(tx.execute(query.order_by(table(AnnouncementRow).c.id)).scalars())
