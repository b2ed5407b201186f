"""The projects that a member may track time on, asked for whenever they search or look around.

For what keeps somebody from it, see ``trackable``.
"""

from sqlalchemy import FromClause, and_, bindparam, join, or_, select

from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.people.people import Member
from bot.domain.states import AccountLinkState, IntegrationState, ProjectLinkState
from bot.domain.tasks.finding import Place, Source
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccessRow, ProviderAccountRow
from storage.prepared import Look, Prepared
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import table
from storage.unit_of_work import Tx

_PROJECT, _LINK = table(ProjectRow).c, table(ProjectLinkRow).c
_SOURCE, _SITE = table(ProviderProjectRow).c, table(IntegrationRow).c
_BELONGS, _ACCOUNT = table(ProjectMemberRow).c, table(AccountLinkRow).c
_ACCESS, _THEIRS = table(ProviderAccessRow).c, table(ProviderAccountRow).c

_ACCOUNTS = (
    select(_ACCOUNT.integration_id, _ACCOUNT.provider_account_id)
    .join(table(ProviderAccountRow), _THEIRS.id == _ACCOUNT.provider_account_id)
    .where(
        _ACCOUNT.member_id == bindparam("member"),
        _ACCOUNT.state == AccountLinkState.CONNECTED,
        _THEIRS.is_active.is_(True),
    )
    .cte("accounts")
)
"""The member's connected accounts that are not switched off."""
_SEEN_ONE_BY_ONE = select(_ACCESS.provider_project_id).join(
    _ACCOUNTS, _ACCOUNTS.c.provider_account_id == _ACCESS.provider_account_id
)
# Looked up before anything is joined to them: else PostgreSQL joins the whole team first.
_BELONGING = (
    select(_BELONGS.project_id)
    .where(_BELONGS.member_id == bindparam("member"), _BELONGS.removed_at.is_(None))
    .cte("belonging")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)


def _free(projects: FromClause) -> Prepared:
    """Of these projects those where nothing keeps the member from tracking time."""
    return Prepared(
        select(_PROJECT.id, _PROJECT.name, _SOURCE.id, _SITE.id, _SITE.provider, _SITE.site_name)
        .select_from(projects)
        .outerjoin(
            table(ProjectLinkRow),
            and_(_LINK.project_id == _PROJECT.id, _LINK.state == ProjectLinkState.ACTIVE),
        )
        .outerjoin(table(ProviderProjectRow), _SOURCE.id == _LINK.provider_project_id)
        .outerjoin(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
        .where(
            _PROJECT.team_id == bindparam("team"),
            _PROJECT.archived_at.is_(None),
            or_(
                _SOURCE.id.is_(None),
                and_(
                    _SOURCE.gone_at.is_(None),
                    _SOURCE.is_archived.is_(False),
                    _SITE.state != IntegrationState.DISCONNECTED,
                    or_(
                        and_(
                            _SOURCE.everyone_has_access,
                            _SITE.id.in_(select(_ACCOUNTS.c.integration_id)),
                        ),
                        _SOURCE.id.in_(_SEEN_ONE_BY_ONE),
                    ),
                ),
            ),
        )
        .order_by(_PROJECT.name, _PROJECT.id, _SOURCE.id)
    )


_FREE_TO_ADMINS = _free(table(ProjectRow))
# Begins with the few projects of the member, not with all of the team.
_FREE_TO_MEMBERS = _free(
    join(_BELONGING, table(ProjectRow), _BELONGING.c.project_id == _PROJECT.id)
)


def of_member(tx: Tx, who: Member) -> list[Place]:
    """Of ``trackable.places`` those where nothing keeps the member from tracking time."""
    asked, names = look_for_member(who)
    free: list[Place] = []
    for project_id, project_name, source_id, site_id, provider, site in asked.all(tx, names):
        source = None
        if source_id is not None:
            source = Source(ProviderProjectId(source_id), IntegrationId(site_id), provider, site)
        free.append(Place(ProjectId(project_id), project_name, source, None))
    return free


def look_for_member(who: Member) -> Look:
    """What ``of_member`` asks."""
    query = _FREE_TO_ADMINS if who.is_admin else _FREE_TO_MEMBERS
    return query, {"team": who.team_id, "member": who.id}
