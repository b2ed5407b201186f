"""Announcements of unlinked projects: each provider project once, ever."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    Index,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import AnnouncementId, IntegrationId, ProviderProjectId, SyncRunId, TeamId
from bot.domain.linking.announcements import AnnouncedProject, Announcement, Decision
from bot.domain.states import AnnouncementState, IntegrationState, ProjectLinkState
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.projects.projects import ProjectRow
from storage.sql import AnyRow, change, create, insert_into, table
from storage.types import BigId, UtcDateTime, one_of
from storage.unit_of_work import Tx


class AnnouncementRow(SQLModel, table=True):
    """One channel message about unlinked projects."""

    __tablename__ = "announcement"
    __table_args__ = (
        one_of("state", AnnouncementState),
        Index("ix_announcement_integration", "integration_id"),
        Index("ix_announcement_run", "sync_run_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    integration_id: int = Field(foreign_key="integration.id", sa_type=BigId)
    sync_run_id: int | None = Field(default=None, foreign_key="sync_run.id", sa_type=BigId)
    is_summary: bool = False
    """The first sync's single message, instead of a row for each project."""
    channel_id: str = Field(max_length=32)
    message_ts: str | None = Field(default=None, max_length=32)
    state: str = Field(default=AnnouncementState.PENDING, max_length=16)
    created_at: datetime = Field(sa_type=UtcDateTime)


class AnnouncedProjectRow(SQLModel, table=True):
    """A provider project that has had its announcement. The primary key makes it one."""

    __tablename__ = "announced_project"
    __table_args__ = (Index("ix_announced_project_announcement", "announcement_id"),)

    provider_project_id: int = Field(
        foreign_key="provider_project.id", primary_key=True, sa_type=BigId
    )
    announcement_id: int = Field(foreign_key="announcement.id", sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")


_T = AnnouncementRow
_D = table(AnnouncedProjectRow)
_P = ProviderProjectRow
_L = ProjectLinkRow
_BY, _IGNORER = aliased(MemberRow), aliased(MemberRow)

_OPEN = (
    ~exists().where(
        col(_L.provider_project_id) == col(_P.id), col(_L.state) == ProjectLinkState.ACTIVE
    ),
    col(_P.ignored_at).is_(None),
    col(_P.gone_at).is_(None),
    col(_P.is_archived).is_(False),
)
_HEAD = (
    select(
        table(_T).c.id,
        table(_T).c.integration_id,
        col(_T.is_summary),
        col(_T.channel_id),
        col(_T.message_ts),
        col(_T.state),
        col(_T.created_at),
        col(IntegrationRow.provider),
        col(IntegrationRow.site_name),
        col(IntegrationRow.state).label("integration_state"),
    )
    .join(IntegrationRow, col(IntegrationRow.id) == col(_T.integration_id))
    .where(col(_T.team_id) == bindparam("team"), table(_T).c.id == bindparam("announcement"))
)
_COUNTS = (
    select(func.count(), func.sum(case((and_(*_OPEN), 1), else_=0)))
    .select_from(_D)
    .join(_P, col(_P.id) == _D.c.provider_project_id)
    .where(_D.c.team_id == bindparam("team"), _D.c.announcement_id == bindparam("announcement"))
)
_ROWS = (
    select(
        table(_P).c.id,
        col(_P.name),
        col(_P.key),
        col(_P.workspace_name),
        col(_P.is_archived),
        col(_P.gone_at),
        col(_P.ignored_at),
        col(_IGNORER.name).label("ignored_by"),
        col(ProjectRow.name).label("project"),
        col(_L.linked_at),
        col(_BY.name).label("linked_by"),
    )
    .select_from(_D)
    .join(_P, col(_P.id) == _D.c.provider_project_id)
    .outerjoin(
        _L,
        and_(col(_L.provider_project_id) == col(_P.id), col(_L.state) == ProjectLinkState.ACTIVE),
    )
    .outerjoin(ProjectRow, col(ProjectRow.id) == col(_L.project_id))
    .outerjoin(_BY, col(_BY.id) == col(_L.linked_by))
    .outerjoin(_IGNORER, col(_IGNORER.id) == col(_P.ignored_by))
    .where(_D.c.team_id == bindparam("team"), _D.c.announcement_id == bindparam("announcement"))
    .order_by(func.lower(col(_P.name)), col(_P.id))
    .limit(bindparam("most"))
)


def new_unlinked(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, personal: bool
) -> list[ProviderProjectId]:
    """Provider projects that were never announced and never linked, and wait for a decision.

    Without those that the integration's rules leave out.
    """
    conditions = [
        col(_P.team_id) == team_id,
        col(_P.integration_id) == integration_id,
        col(_P.ignored_at).is_(None),
        col(_P.gone_at).is_(None),
        col(_P.is_archived).is_(False),
        col(_P.left_out).is_(False),
        ~exists().where(col(_L.provider_project_id) == col(_P.id)),
        ~exists().where(_D.c.provider_project_id == col(_P.id)),
    ]
    if not personal:
        conditions.append(col(_P.is_personal).is_(False))
    query = select(table(_P).c.id).where(*conditions).order_by(col(_P.id))
    return [ProviderProjectId(found) for found in tx.execute(query).scalars()]


def is_first(tx: Tx, team_id: TeamId, integration_id: IntegrationId) -> bool:
    """Whether the integration has announced nothing yet."""
    earlier = exists().where(col(_T.team_id) == team_id, col(_T.integration_id) == integration_id)
    return not tx.execute(select(earlier)).scalar()


def add(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    projects: Sequence[ProviderProjectId],
    *,
    run_id: SyncRunId | None,
    is_summary: bool,
    channel_id: str,
    now: datetime,
) -> AnnouncementId | None:
    """An announcement of those that no other one names; None when another names them all."""
    made = create(
        tx,
        _T,
        team_id=team_id,
        integration_id=integration_id,
        sync_run_id=run_id,
        is_summary=is_summary,
        channel_id=channel_id,
        state=AnnouncementState.PENDING,
        created_at=now,
    )
    rows = [
        {"provider_project_id": one, "announcement_id": made, "team_id": team_id}
        for one in projects
    ]
    change(tx, insert_into(_D, tx.core.dialect.name).on_conflict_do_nothing(), rows)
    ours = select(func.count()).select_from(_D).where(_D.c.announcement_id == made)
    if not tx.execute(ours).scalar_one():
        change(tx, delete(_T).where(col(_T.id) == made))
        return None
    return AnnouncementId(made)


def present(
    tx: Tx, team_id: TeamId, announcement_id: AnnouncementId, *, most: int
) -> Announcement | None:
    """The announcement as it stands at this moment, with so many of its rows at most."""
    names: dict[str, object] = {"team": team_id, "announcement": announcement_id}
    head = tx.execute(_HEAD, names).first()
    if head is None:
        return None
    total, unlinked = tx.execute(_COUNTS, names).one()
    rows = () if head.is_summary else tx.execute(_ROWS, names | {"most": most}).all()
    return Announcement(
        id=AnnouncementId(head.id),
        integration_id=IntegrationId(head.integration_id),
        provider=head.provider,
        site_name=head.site_name,
        is_disconnected=head.integration_state == IntegrationState.DISCONNECTED,
        is_summary=head.is_summary,
        channel_id=head.channel_id,
        message_ts=head.message_ts,
        state=AnnouncementState(head.state),
        created_at=head.created_at,
        total=total,
        unlinked=int(unlinked or 0),
        rows=tuple(_row(row) for row in rows),
    )


def _row(row: AnyRow) -> AnnouncedProject:
    return AnnouncedProject(
        id=ProviderProjectId(row.id),
        name=row.name,
        key=row.key,
        workspace_name=row.workspace_name,
        is_archived=row.is_archived,
        is_gone=row.gone_at is not None,
        ignored=None if row.ignored_at is None else Decision(row.ignored_by, row.ignored_at),
        project=row.project,
        linked=None if row.linked_at is None else Decision(row.linked_by, row.linked_at),
    )


def place(
    tx: Tx, team_id: TeamId, announcement_id: AnnouncementId
) -> tuple[str, str | None] | None:
    """Its channel, and the message there as far as it is known."""
    query = select(col(_T.channel_id), col(_T.message_ts)).where(
        col(_T.team_id) == team_id, col(_T.id) == announcement_id
    )
    row = tx.execute(query).first()
    return None if row is None else (row[0], row[1])


def move(
    tx: Tx,
    team_id: TeamId,
    announcement_id: AnnouncementId,
    *,
    since: Collection[AnnouncementState],
    to: AnnouncementState,
    message_ts: str | None = None,
    channel_id: str | None = None,
) -> bool:
    """Changes the state if it is one of those; where the message stands is kept when known."""
    values: dict[str, object] = {"state": to}
    if message_ts is not None:
        values["message_ts"] = message_ts
    if channel_id is not None:
        values["channel_id"] = channel_id
    same = (
        col(_T.team_id) == team_id,
        col(_T.id) == announcement_id,
        col(_T.state).in_(list(since)),
    )
    return change(tx, update(_T).where(*same).values(values)) == 1


def undelivered(tx: Tx, team_id: TeamId) -> list[AnnouncementId]:
    """Announcements of which a person has to decide whether they are posted again."""
    query = select(table(_T).c.id).where(
        col(_T.team_id) == team_id,
        col(_T.state).in_([AnnouncementState.UNKNOWN, AnnouncementState.FAILED]),
    )
    return [AnnouncementId(found) for found in tx.execute(query.order_by(col(_T.id))).scalars()]
