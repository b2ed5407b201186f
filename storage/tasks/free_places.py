"""The projects that a member may track time on, asked for whenever they search or look around.

For what keeps somebody from it, see ``trackable``.
"""

from sqlalchemy import FromClause, and_, bindparam, join, or_, select

from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId
from bot.domain.people.people import Member
from bot.domain.states import IntegrationState, ProjectLinkState
from bot.domain.tasks.finding import Place, Source
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.prepared import Prepared
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import table
from storage.tasks.trackable import CONNECTED, SEEN
from storage.unit_of_work import Tx

_PROJECT, _LINK = table(ProjectRow).c, table(ProjectLinkRow).c
_SOURCE, _SITE = table(ProviderProjectRow).c, table(IntegrationRow).c
_BELONGS = table(ProjectMemberRow).c


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
                    CONNECTED,
                    SEEN,
                ),
            ),
        )
        .order_by(_PROJECT.name, _PROJECT.id, _SOURCE.id)
    )


_FREE_TO_ADMINS = _free(table(ProjectRow))
# Begins with the few projects of the member, not with all of the team.
_FREE_TO_MEMBERS = _free(
    join(
        table(ProjectMemberRow),
        table(ProjectRow),
        and_(
            _BELONGS.project_id == _PROJECT.id,
            _BELONGS.member_id == bindparam("member"),
            _BELONGS.removed_at.is_(None),
        ),
    )
)


def of_member(tx: Tx, who: Member) -> list[Place]:
    """Of ``trackable.places`` those where nothing keeps the member from tracking time."""
    query = _FREE_TO_ADMINS if who.is_admin else _FREE_TO_MEMBERS
    free: list[Place] = []
    for project_id, project_name, source_id, site_id, provider, site in query.all(
        tx, {"team": who.team_id, "member": who.id}
    ):
        source = None
        if source_id is not None:
            source = Source(ProviderProjectId(source_id), IntegrationId(site_id), provider, site)
        free.append(Place(ProjectId(project_id), project_name, source, None))
    return free
