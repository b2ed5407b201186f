"""Long lists of projects and provider projects: pages, searches, counts (L11)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from bot.domain.ids import IntegrationId, MemberId, ProjectId, ProviderProjectId, TeamId
from bot.domain.linking.link_plan import folded
from bot.domain.projects.project_lists import (
    MOST_NAMED,
    ChosenProjects,
    ChosenSources,
    ListedProject,
    ListedSource,
    ListQuery,
    Shown,
    SourceLabel,
)
from bot.domain.states import IntegrationState, ProjectLinkState
from storage.chunks import chunked
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.linking.link_candidates import WAITS
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.projects.archived import IS_ARCHIVED, IS_ARCHIVED_THERE
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import AnyRow, spelled_out, table
from storage.unit_of_work import Tx

_PROJECT, _LINK = table(ProjectRow).c, table(ProjectLinkRow).c
_SOURCE, _SITE = table(ProviderProjectRow).c, table(IntegrationRow).c
_BELONGS, _ENTRY = table(ProjectMemberRow).c, table(TimeEntryRow).c

_LINKS = table(ProjectLinkRow).alias("links")
_FEEDING, _AT = table(ProviderProjectRow).alias("feeding"), table(IntegrationRow).alias("at_site")
_FEEDS = and_(
    _LINKS.c.project_id == _PROJECT.id, _LINKS.c.state == spelled_out(ProjectLinkState.ACTIVE)
)
_IS_CONNECTED = exists().where(_FEEDS).correlate(table(ProjectRow))
_FIRST = select(func.min(_LINKS.c.id)).where(_FEEDS).correlate(table(ProjectRow)).scalar_subquery()
_HOW_MANY = select(func.count()).where(_FEEDS).correlate(table(ProjectRow)).scalar_subquery()

LABEL: tuple[ColumnElement[Any], ...] = (
    _SOURCE.id.label("source_id"),
    _SOURCE.name.label("source_name"),
    _SOURCE.key.label("source_key"),
    _SOURCE.url.label("source_url"),
    _SOURCE.workspace_name,
    _SOURCE.is_archived.label("source_is_archived"),
    _SOURCE.gone_at.label("source_gone_at"),
    _SOURCE.is_personal.label("source_is_personal"),
    _SOURCE.left_out.label("source_is_left_out"),
    _SITE.id.label("site_id"),
    _SITE.provider,
    _SITE.site_name,
    _SITE.state.label("site_state"),
)
OURS: Select[Any] = (
    select(
        _PROJECT.id,
        _PROJECT.name,
        _PROJECT.code,
        _PROJECT.archived_at,
        IS_ARCHIVED_THERE.label("archived_there"),
        _HOW_MANY.label("sources"),
        *LABEL,
    )
    .select_from(table(ProjectRow))
    .outerjoin(table(ProjectLinkRow), _LINK.id == _FIRST)
    .outerjoin(table(ProviderProjectRow), _SOURCE.id == _LINK.provider_project_id)
    .outerjoin(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
)
_OURS_ORDER = (
    case((_SITE.id.is_(None), 1), else_=0),
    _SITE.id,
    func.lower(_SOURCE.workspace_name),
    _PROJECT.name_folded,
    _PROJECT.id,
)
_IGNORERS = table(MemberRow).alias("ignorer")
_THEIRS: Select[Any] = (
    select(*LABEL, _SOURCE.ignored_at, _IGNORERS.c.name.label("ignored_by"))
    .select_from(table(ProviderProjectRow))
    .join(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
    .outerjoin(_IGNORERS, _IGNORERS.c.id == _SOURCE.ignored_by)
)
_THEIRS_ORDER = (_SITE.id, func.lower(_SOURCE.workspace_name), _SOURCE.search_text, _SOURCE.id)
_WITHOUT_LINK = ~exists().where(
    _LINKS.c.provider_project_id == _SOURCE.id,
    _LINKS.c.state == spelled_out(ProjectLinkState.ACTIVE),
)
_IGNORED = and_(
    _SITE.state != IntegrationState.DISCONNECTED,
    _SOURCE.ignored_at.is_not(None),
    _SOURCE.gone_at.is_(None),
    _WITHOUT_LINK,
)
_LEFT_OUT = and_(
    _SITE.state != IntegrationState.DISCONNECTED,
    _SOURCE.ignored_at.is_(None),
    _SOURCE.gone_at.is_(None),
    _WITHOUT_LINK,
    or_(_SOURCE.is_archived.is_(True), _SOURCE.is_personal.is_(True), _SOURCE.left_out.is_(True)),
    ~WAITS,
)
_SHOWN: dict[Shown, ColumnElement[bool]] = {
    Shown.IN_USE: ~IS_ARCHIVED,
    Shown.CONNECTED: and_(~IS_ARCHIVED, _IS_CONNECTED),
    Shown.INTERNAL: and_(~IS_ARCHIVED, ~_IS_CONNECTED),
    Shown.ARCHIVED: IS_ARCHIVED,
    Shown.UNLINKED: WAITS,
    Shown.IGNORED: _IGNORED,
    Shown.LEFT_OUT: _LEFT_OUT,
}


def projects(
    tx: Tx, team_id: TeamId, query: ListQuery, *, mine: MemberId | None, limit: int
) -> list[ListedProject]:
    """One page of projects, by integration, workspace and name; internal ones last."""
    page = OURS.where(*_ours(team_id, query, mine)).order_by(*_OURS_ORDER)
    rows = tx.execute(page.limit(limit).offset(limit * query.page))
    return [listed(row) for row in rows]


def sources(tx: Tx, team_id: TeamId, query: ListQuery, *, limit: int) -> list[ListedSource]:
    """One page of provider projects, by integration, workspace and name."""
    page = _THEIRS.where(*_theirs(team_id, query)).order_by(*_THEIRS_ORDER)
    rows = tx.execute(page.limit(limit).offset(limit * query.page))
    return [ListedSource(label(row), row.ignored_at, row.ignored_by) for row in rows]


def source(tx: Tx, team_id: TeamId, id_: ProviderProjectId) -> ListedSource | None:
    """A provider project of a live integration, unless it is linked."""
    query = _THEIRS.where(
        _SOURCE.team_id == team_id,
        _SOURCE.id == id_,
        _SITE.state != IntegrationState.DISCONNECTED,
        _WITHOUT_LINK,
    )
    row = tx.execute(query).first()
    return None if row is None else ListedSource(label(row), row.ignored_at, row.ignored_by)


def undecided(
    tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId], *, ignored: bool
) -> dict[ProviderProjectId, str]:
    """Those of these provider projects that are ignored, or that wait, with their names."""
    shown = _SHOWN[Shown.IGNORED if ignored else Shown.UNLINKED]
    found: dict[ProviderProjectId, str] = {}
    for some in chunked(ids):
        query = (
            select(_SOURCE.id, _SOURCE.name)
            .join(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
            .where(_SOURCE.team_id == team_id, _SOURCE.id.in_(some), shown)
        )
        found |= {ProviderProjectId(row[0]): row[1] for row in tx.execute(query)}
    return found


def matching(team_id: TeamId, query: ListQuery, *, mine: MemberId | None = None) -> Select[int]:
    """A query for the ids of everything on all pages."""
    if query.shown.is_ours:
        return select(_PROJECT.id).where(*_ours(team_id, query, mine))
    joined = select(_SOURCE.id).join(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
    return joined.where(*_theirs(team_id, query))


def count(tx: Tx, team_id: TeamId, query: ListQuery, *, mine: MemberId | None) -> int:
    """How much is on all pages together."""
    found = matching(team_id, query, mine=mine).subquery()
    return int(tx.execute(select(func.count()).select_from(found)).scalar_one())


def own_counts(tx: Tx, team_id: TeamId, *, mine: MemberId | None) -> dict[Shown, int]:
    """How many projects each filter shows."""
    # Grouped, so that what is asked of every project is asked once.
    is_archived, is_connected = IS_ARCHIVED.label("archived"), _IS_CONNECTED.label("connected")
    query = (
        select(is_archived, is_connected, func.count())
        .select_from(table(ProjectRow))
        .where(*fence(team_id, mine))
        .group_by(is_archived, is_connected)
    )
    found = {(bool(row[0]), bool(row[1])): int(row[2]) for row in tx.execute(query)}
    connected, internal = found.get((False, True), 0), found.get((False, False), 0)
    return {
        Shown.IN_USE: connected + internal,
        Shown.CONNECTED: connected,
        Shown.INTERNAL: internal,
        Shown.ARCHIVED: found.get((True, True), 0) + found.get((True, False), 0),
    }


def has_own(tx: Tx, team_id: TeamId, member_id: MemberId) -> bool:
    """Whether a member belongs to any project."""
    found = select(_PROJECT.id).where(*fence(team_id, member_id)).limit(1)
    return tx.execute(found).first() is not None


def counts(tx: Tx, team_id: TeamId, *, mine: MemberId | None) -> dict[Shown, int]:
    """How much each filter shows; those of provider projects are an admin's."""
    found = own_counts(tx, team_id, mine=mine)
    if mine is not None:
        return found
    theirs = [one for one in Shown if not one.is_ours]
    query = (
        select(*(_number(_SHOWN[one]).label(one.name) for one in theirs))
        .select_from(table(ProviderProjectRow))
        .join(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
        .where(_SOURCE.team_id == team_id)
    )
    row = tx.execute(query).one()
    return found | {one: int(value) for one, value in zip(theirs, row, strict=True)}


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def standing(
    tx: Tx, team_id: TeamId, projects: Select[int], sources: Select[int]
) -> tuple[int, int]:
    """How many of these projects exist, and of these provider projects are without a link."""
    ours = select(func.count()).where(_PROJECT.team_id == team_id, _PROJECT.id.in_(projects))
    theirs = select(func.count()).where(
        _SOURCE.team_id == team_id, _SOURCE.id.in_(sources), _WITHOUT_LINK
    )
    found = tx.execute(select(ours.scalar_subquery(), theirs.scalar_subquery())).one()
    return int(found[0]), int(found[1])


def chosen_projects(tx: Tx, team_id: TeamId, ids: Select[int]) -> ChosenProjects:
    """What is known of those of these projects that exist."""
    ticked = (_PROJECT.team_id == team_id, _PROJECT.id.in_(ids))
    counted = select(
        func.count(),
        _number(_IS_CONNECTED),
        _number(_PROJECT.archived_at.is_(None)),
    ).select_from(table(ProjectRow))
    total, connected, open_ = tx.execute(counted.where(*ticked)).one()
    names = select(_PROJECT.name).where(*ticked).order_by(_PROJECT.name_folded, _PROJECT.id)
    shown = tx.execute(names.limit(MOST_NAMED)).scalars()
    return ChosenProjects(tuple(shown), int(total), int(connected), int(open_))


def chosen_sources(tx: Tx, team_id: TeamId, ids: Select[int]) -> ChosenSources:
    """What is known of those of these provider projects that have no link."""
    ticked = (_SOURCE.team_id == team_id, _SOURCE.id.in_(ids), _WITHOUT_LINK)
    at = and_(_SITE.id == _SOURCE.integration_id, _SITE.state != IntegrationState.DISCONNECTED)
    counted = select(func.count(), _number(WAITS), _number(_IGNORED)).select_from(
        table(ProviderProjectRow).join(table(IntegrationRow), at)
    )
    total, unlinked, ignored = tx.execute(counted.where(*ticked)).one()
    names = select(_SOURCE.name).join(table(IntegrationRow), at).where(*ticked)
    shown = tx.execute(names.order_by(_SOURCE.search_text, _SOURCE.id).limit(MOST_NAMED)).scalars()
    return ChosenSources(tuple(shown), int(total), int(unlinked), int(ignored))


def fence(team_id: TeamId, mine: MemberId | None) -> list[ColumnElement[bool]]:
    """On projects: those of the team, or those that a member belongs to (A1)."""
    found = [_PROJECT.team_id == team_id]
    if mine is not None:
        found.append(
            exists().where(
                _BELONGS.project_id == _PROJECT.id,
                _BELONGS.member_id == mine,
                _BELONGS.removed_at.is_(None),
            )
        )
    return found


def _ours(team_id: TeamId, query: ListQuery, mine: MemberId | None) -> list[ColumnElement[bool]]:
    conditions = [*fence(team_id, mine), _SHOWN[query.shown]]
    feeds = and_(_FEEDS, _FEEDING.c.id == _LINKS.c.provider_project_id)
    if query.integration_id is not None:
        from_it = _FEEDING.c.integration_id == query.integration_id
        conditions.append(exists().where(feeds, from_it).correlate(table(ProjectRow)))
    for word in folded(query.text).split():
        comes_from = exists().where(
            feeds,
            _AT.c.id == _FEEDING.c.integration_id,
            or_(
                _FEEDING.c.search_text.contains(word, autoescape=True),
                func.lower(_AT.c.site_name).contains(word, autoescape=True),
            ),
        )
        conditions.append(
            or_(
                _PROJECT.name_folded.contains(word, autoescape=True),
                func.lower(_PROJECT.code).contains(word, autoescape=True),
                comes_from.correlate(table(ProjectRow)),
            )
        )
    return conditions


def _theirs(team_id: TeamId, query: ListQuery) -> list[ColumnElement[bool]]:
    conditions = [_SOURCE.team_id == team_id, _SHOWN[query.shown]]
    if query.integration_id is not None:
        conditions.append(_SOURCE.integration_id == query.integration_id)
    conditions += [
        or_(
            _SOURCE.search_text.contains(word, autoescape=True),
            func.lower(_SITE.site_name).contains(word, autoescape=True),
        )
        for word in folded(query.text).split()
    ]
    return conditions


def listed(row: AnyRow) -> ListedProject:
    """The project in a row of ``OURS``."""
    return ListedProject(
        id=ProjectId(row.id),
        name=row.name,
        code=row.code,
        is_archived_here=row.archived_at is not None,
        source=None if row.source_id is None else label(row),
        sources=int(row.sources),
        is_archived_there=bool(row.archived_there),
    )


def label(row: AnyRow) -> SourceLabel:
    """The provider project in a row with the columns of ``LABEL``."""
    return SourceLabel(
        id=ProviderProjectId(row.source_id),
        name=row.source_name,
        key=row.source_key,
        url=row.source_url,
        integration_id=IntegrationId(row.site_id),
        provider=row.provider,
        site_name=row.site_name,
        workspace_name=row.workspace_name,
        site_state=IntegrationState(row.site_state),
        is_archived=row.source_is_archived,
        is_gone=row.source_gone_at is not None,
        is_personal=row.source_is_personal,
        is_left_out=row.source_is_left_out,
    )
