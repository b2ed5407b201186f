"""Project links: which provider project feeds which project."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, func, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProjectId,
    ProjectLinkId,
    ProviderProjectId,
    TeamId,
)
from bot.domain.linking.linking import LinkedProject
from bot.domain.states import ProjectLinkState
from bot.domain.values import dataclass
from storage.chunks import chunked
from storage.indexes import partial_index
from storage.linking.integrations import IntegrationRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.projects.projects import ProjectRow
from storage.sql import AnyRow, change, insert_into, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class ProjectLinkRow(SQLModel, table=True):
    """A provider project linked to a project, now or once."""

    __tablename__ = "project_link"
    __table_args__ = (
        one_of("state", ProjectLinkState),
        partial_index(
            "uq_project_link_active",
            "provider_project_id",
            unique=True,
            where="state = 'active'",
        ),
        Index("ix_project_link_project_state", "project_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    provider_project_id: int = Field(foreign_key="provider_project.id", sa_type=BigId)
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    state: str = Field(default=ProjectLinkState.ACTIVE, max_length=16)
    linked_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """None when the link policy did it."""
    linked_at: datetime = Field(sa_type=UtcDateTime)
    ended_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Link:
    """A link and the names around it, now or once."""

    id: ProjectLinkId
    provider_project_id: ProviderProjectId
    project_id: ProjectId
    project: str
    project_is_archived: bool
    by: str | None
    """Who linked it, or who ended it where it has ended; None when a policy did."""
    at: datetime
    """When it was linked, or ended."""


_T = ProjectLinkRow
_LINK: tuple[ColumnElement[Any], ...] = (
    table(_T).c.id,
    table(_T).c.provider_project_id,
    table(_T).c.project_id,
    table(ProjectRow).c.name.label("project"),
    table(ProjectRow).c.archived_at,
)


def active(
    tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]
) -> dict[ProviderProjectId, Link]:
    """The active links of these provider projects."""
    return _newest(tx, team_id, ids, ProjectLinkState.ACTIVE)


def former(
    tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]
) -> dict[ProviderProjectId, Link]:
    """The links of these provider projects that ended last."""
    return _newest(tx, team_id, ids, ProjectLinkState.ENDED)


def _newest(
    tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId], state: ProjectLinkState
) -> dict[ProviderProjectId, Link]:
    is_active = state is ProjectLinkState.ACTIVE
    by, at = (_T.linked_by, _T.linked_at) if is_active else (_T.ended_by, _T.ended_at)
    query = (
        select(*_LINK, col(MemberRow.name).label("by"), col(at).label("at"))
        .join(ProjectRow, col(ProjectRow.id) == col(_T.project_id))
        .outerjoin(MemberRow, col(MemberRow.id) == col(by))
        .where(col(_T.team_id) == team_id, col(_T.state) == state)
        .order_by(col(at), col(_T.id))
    )
    found: dict[ProviderProjectId, Link] = {}
    for some in chunked(ids):
        for row in tx.execute(query.where(col(_T.provider_project_id).in_(some))):
            link = Link(
                id=ProjectLinkId(row.id),
                provider_project_id=ProviderProjectId(row.provider_project_id),
                project_id=ProjectId(row.project_id),
                project=row.project,
                project_is_archived=row.archived_at is not None,
                by=row.by,
                at=row.at,
            )
            found[link.provider_project_id] = link
    return found


def begin(
    tx: Tx,
    team_id: TeamId,
    pairs: Sequence[tuple[ProviderProjectId, ProjectId]],
    *,
    by: MemberId | None,
    now: datetime,
) -> None:
    """Links what is free; where an active link stands, the unique index keeps it."""
    rows = [
        {
            "team_id": team_id,
            "provider_project_id": provider_project_id,
            "project_id": project_id,
            "state": ProjectLinkState.ACTIVE,
            "linked_by": by,
            "linked_at": now,
        }
        for provider_project_id, project_id in pairs
    ]
    if rows:
        change(tx, insert_into(table(_T), tx.core.dialect.name).on_conflict_do_nothing(), rows)


def resume(
    tx: Tx, team_id: TeamId, links: Sequence[ProjectLinkId], *, by: MemberId | None, now: datetime
) -> None:
    """Makes ended links active again."""
    values = {
        "state": ProjectLinkState.ACTIVE,
        "linked_by": by,
        "linked_at": now,
        "ended_by": None,
        "ended_at": None,
    }
    for some in chunked(links):
        query = update(_T).where(col(_T.team_id) == team_id, col(_T.id).in_(some))
        change(tx, query.values(values))


def end_many(
    tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId], *, by: MemberId, now: datetime
) -> dict[ProviderProjectId, ProjectLinkId]:
    """Ends the active links of these provider projects; which those were."""
    ended: dict[ProviderProjectId, ProjectLinkId] = {}
    link = table(_T)
    for some in chunked(ids):
        query = (
            update(link)
            .where(
                link.c.team_id == team_id,
                link.c.provider_project_id.in_(some),
                link.c.state == ProjectLinkState.ACTIVE,
            )
            .values(state=ProjectLinkState.ENDED, ended_by=by, ended_at=now)
            .returning(link.c.provider_project_id, link.c.id)
        )
        for row in tx.execute(query):
            ended[ProviderProjectId(row[0])] = ProjectLinkId(row[1])
    return ended


def feeding(tx: Tx, team_id: TeamId, project_ids: Sequence[ProjectId]) -> list[ProviderProjectId]:
    """The provider projects that feed these projects, in the order of their links."""
    found: list[ProviderProjectId] = []
    for some in chunked(project_ids):
        query = select(col(_T.provider_project_id)).where(
            col(_T.team_id) == team_id,
            col(_T.project_id).in_(some),
            col(_T.state) == ProjectLinkState.ACTIVE,
        )
        rows = tx.execute(query.order_by(col(_T.id))).scalars()
        found += [ProviderProjectId(one) for one in rows]
    return found


def counted(tx: Tx, team_id: TeamId, project_ids: Sequence[ProjectId]) -> dict[ProjectId, int]:
    """How many active links each of these projects has; those with none are left out."""
    found: dict[ProjectId, int] = {}
    for some in chunked(project_ids):
        query = (
            select(col(_T.project_id), func.count())
            .where(
                col(_T.team_id) == team_id,
                col(_T.project_id).in_(some),
                col(_T.state) == ProjectLinkState.ACTIVE,
            )
            .group_by(col(_T.project_id))
        )
        found |= {ProjectId(row[0]): int(row[1]) for row in tx.execute(query)}
    return found


def feeding_by_integration(
    tx: Tx, team_id: TeamId, project_ids: Sequence[ProjectId]
) -> dict[IntegrationId, list[ProviderProjectId]]:
    """The provider projects that feed these projects, by integration."""
    found: dict[IntegrationId, list[ProviderProjectId]] = {}
    for some in chunked(project_ids):
        query = (
            select(col(ProviderProjectRow.integration_id), table(ProviderProjectRow).c.id)
            .join(_T, col(_T.provider_project_id) == col(ProviderProjectRow.id))
            .where(
                col(_T.team_id) == team_id,
                col(_T.project_id).in_(some),
                col(_T.state) == ProjectLinkState.ACTIVE,
            )
        )
        for row in tx.execute(query.order_by(table(ProviderProjectRow).c.id)):
            found.setdefault(IntegrationId(row[0]), []).append(ProviderProjectId(row[1]))
    return found


_LINKED_COLUMNS: tuple[ColumnElement[Any], ...] = (
    table(_T).c.provider_project_id,
    table(ProviderProjectRow).c.name.label("provider_project"),
    table(ProviderProjectRow).c.key,
    table(ProviderProjectRow).c.integration_id,
    table(IntegrationRow).c.provider,
    table(IntegrationRow).c.site_name,
    table(_T).c.project_id,
    table(ProjectRow).c.name.label("project"),
    table(ProjectRow).c.code,
)
LINKED = (
    select(*_LINKED_COLUMNS)
    .join(ProviderProjectRow, col(ProviderProjectRow.id) == col(_T.provider_project_id))
    .join(IntegrationRow, col(IntegrationRow.id) == col(ProviderProjectRow.integration_id))
    .join(ProjectRow, col(ProjectRow.id) == col(_T.project_id))
    .where(col(_T.state) == ProjectLinkState.ACTIVE)
)
"""Provider projects with an active link."""


def every_linked(tx: Tx, team_id: TeamId, ids: Sequence[ProviderProjectId]) -> list[LinkedProject]:
    """Those of these provider projects that have an active link, by project."""
    query = LINKED.where(col(_T.team_id) == team_id).order_by(
        col(ProjectRow.name_folded), col(_T.id)
    )
    found: list[LinkedProject] = []
    for some in chunked(ids):
        these = query.where(col(_T.provider_project_id).in_(some))
        found += [linked(row) for row in tx.execute(these)]
    return found


def linked(row: AnyRow) -> LinkedProject:
    """The value of a row that ``LINKED`` gave."""
    return LinkedProject(
        provider_project_id=ProviderProjectId(row.provider_project_id),
        provider_project=row.provider_project,
        key=row.key,
        integration_id=IntegrationId(row.integration_id),
        provider=row.provider,
        site_name=row.site_name,
        project_id=ProjectId(row.project_id),
        project=row.project,
        code=row.code,
    )
