"""What *Connect all* decides on: three questions, however many provider projects there are.

The columns are the tables' own: a session takes twice as long over those of classes.
"""

from collections.abc import Collection

from sqlalchemy import and_, case, exists, select

from bot.domain.ids import IntegrationId, ProjectId, ProviderProjectId, TeamId
from bot.domain.linking.link_plan import Home, Waiting
from bot.domain.linking.linking import Skip
from bot.domain.states import IntegrationState, ProjectLinkState
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.projects.projects import ProjectRow
from storage.sql import spelled_out, table
from storage.unit_of_work import Tx

_P = table(ProviderProjectRow).c
_L = table(ProjectLinkRow).c
_I = table(IntegrationRow).c
_ACTIVE = _L.state == spelled_out(ProjectLinkState.ACTIVE)
_LINKED = exists().where(_L.provider_project_id == _P.id, _ACTIVE)


def waiting(
    tx: Tx, team_id: TeamId, integrations: Collection[IntegrationId] | None
) -> list[Waiting]:
    """Every provider project without a link that still exists, by name, with what is against it."""
    live = _live(tx, team_id, integrations)
    personal = [site for site, takes_personal in live.items() if not takes_personal]
    against = case(
        (_P.ignored_at.is_not(None), Skip.IGNORED.value),
        (_P.is_archived.is_(True), Skip.ARCHIVED.value),
        (
            and_(_P.is_personal.is_(True), _P.integration_id.in_(personal)),
            Skip.PERSONAL.value,
        ),
        (_P.left_out.is_(True), Skip.LEFT_OUT.value),
        else_=None,
    )
    query = (
        select(_P.id, _P.integration_id, _P.name, against)
        .where(
            _P.team_id == team_id,
            _P.integration_id.in_(list(live)),
            _P.gone_at.is_(None),
            ~_LINKED,
        )
        .order_by(_P.search_text, _P.id)
    )
    reasons: dict[str | None, Skip | None] = {None: None} | {why.value: why for why in Skip}
    return [Waiting(row[0], row[1], row[2], reasons[row[3]]) for row in tx.execute(query)]


def _live(
    tx: Tx, team_id: TeamId, integrations: Collection[IntegrationId] | None
) -> dict[IntegrationId, bool]:
    """Those of the integrations that are connected, and whether they take personal projects."""
    query = select(_I.id, _I.personal_projects).where(
        _I.team_id == team_id, _I.state != IntegrationState.DISCONNECTED
    )
    if integrations is not None:
        query = query.where(_I.id.in_(list(integrations)))
    return {IntegrationId(row[0]): row[1] for row in tx.execute(query)}


def internal(tx: Tx, team_id: TeamId) -> list[Home]:
    """Projects that nothing feeds and that are not archived."""
    project = table(ProjectRow).c
    fed = exists().where(_L.project_id == project.id, _ACTIVE)
    query = select(project.id, project.name).where(
        project.team_id == team_id, project.archived_at.is_(None), ~fed
    )
    return [Home(ProjectId(row[0]), row[1]) for row in tx.execute(query)]


def former(
    tx: Tx, team_id: TeamId, integrations: Collection[IntegrationId] | None
) -> dict[ProviderProjectId, Home]:
    """The projects that provider projects fed last, as far as those are not archived."""
    project = table(ProjectRow).c
    query = (
        select(_L.provider_project_id, project.id, project.name, project.archived_at)
        .join(table(ProjectRow), project.id == _L.project_id)
        .where(_L.team_id == team_id, _L.state == ProjectLinkState.ENDED)
        .order_by(_L.ended_at, _L.id)
    )
    if integrations is not None:
        query = query.join(table(ProviderProjectRow), _P.id == _L.provider_project_id).where(
            _P.integration_id.in_(list(integrations))
        )
    newest = {row[0]: row for row in tx.execute(query)}
    return {
        ProviderProjectId(row[0]): Home(ProjectId(row[1]), row[2])
        for row in newest.values()
        if row[3] is None
    }
