"""Provider projects as candidates for a link: which wait for one, and what speaks against it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, MemberId, ProviderProjectId, TeamId
from bot.domain.linking.linking import UnlinkedProject
from bot.domain.states import IntegrationState, ProjectLinkState
from bot.domain.values import dataclass
from storage.chunks import chunked
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.sql import AnyRow, change, spelled_out
from storage.unit_of_work import Tx

_P = ProviderProjectRow
_I = IntegrationRow


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider project with all that decides whether it may be linked."""

    project: UnlinkedProject
    url: str
    is_archived: bool
    is_left_out: bool
    """By the integration's rules."""
    is_gone: bool
    ignored_at: datetime | None
    ignored_by: MemberId | None
    integration_state: IntegrationState


_LIVE = col(_I.state) != IntegrationState.DISCONNECTED
_LEFT_OUT = and_(col(_P.is_personal).is_(True), col(_I.personal_projects).is_(False))
_HAS_LINK = exists().where(
    col(ProjectLinkRow.provider_project_id) == col(_P.id),
    col(ProjectLinkRow.state) == spelled_out(ProjectLinkState.ACTIVE),
)
WAITS = and_(
    _LIVE,
    col(_P.gone_at).is_(None),
    col(_P.ignored_at).is_(None),
    col(_P.is_archived).is_(False),
    ~_LEFT_OUT,
    ~_HAS_LINK,
)
"""What the glossary calls an unlinked project."""

SELECT = select(
    col(_P.id),
    col(_P.integration_id),
    col(_I.provider),
    col(_I.site_name),
    col(_P.workspace_name),
    col(_P.name),
    col(_P.key),
    col(_P.url),
    col(_P.is_archived),
    col(_P.left_out),
    col(_P.gone_at),
    col(_P.ignored_at),
    col(_P.ignored_by),
    col(_I.state),
).join(IntegrationRow, col(_I.id) == col(_P.integration_id))


def by_ids(
    tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]
) -> dict[ProviderProjectId, Candidate]:
    """Those of the provider projects that exist, by id."""
    found: dict[ProviderProjectId, Candidate] = {}
    for some in chunked(ids):
        query = SELECT.where(col(_P.team_id) == team_id, col(_P.id).in_(some))
        for row in tx.execute(query):
            found[ProviderProjectId(row.id)] = _candidate(row)
    return found


def set_ignored(
    tx: Tx,
    team_id: TeamId,
    ids: Sequence[ProviderProjectId],
    *,
    at: datetime | None,
    by: MemberId | None,
) -> None:
    """Sets provider projects aside, or takes that back."""
    for some in chunked(ids):
        query = update(_P).where(col(_P.team_id) == team_id, col(_P.id).in_(some))
        change(tx, query.values(ignored_at=at, ignored_by=by))


def unlinked(row: AnyRow) -> UnlinkedProject:
    """A row of ``SELECT`` as what may be linked."""
    return UnlinkedProject(
        id=ProviderProjectId(row.id),
        integration_id=IntegrationId(row.integration_id),
        provider=row.provider,
        site_name=row.site_name,
        workspace_name=row.workspace_name,
        name=row.name,
        key=row.key,
        is_left_out=row.left_out,
    )


def _candidate(row: AnyRow) -> Candidate:
    return Candidate(
        project=unlinked(row),
        url=row.url,
        is_archived=row.is_archived,
        is_left_out=row.left_out,
        is_gone=row.gone_at is not None,
        ignored_at=row.ignored_at,
        ignored_by=None if row.ignored_by is None else MemberId(row.ignored_by),
        integration_state=IntegrationState(row.state),
    )
