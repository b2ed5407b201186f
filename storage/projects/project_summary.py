"""What a project's summary tells: its links, people, and where its time went."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import IntegrationId, MemberId, ProjectId, TaskId, TeamId, TimeEntryId
from bot.domain.projects.project_summary import (
    Colour,
    Hours,
    LinkLine,
    PersonHours,
    RecentEntry,
    SyncLine,
    TaskHours,
)
from bot.domain.states import IntegrationState, ProjectLinkState
from bot.domain.values import dataclass
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.projects.archived import IS_ARCHIVED_THERE
from storage.projects.project_lists import LABEL, label
from storage.projects.projects import ProjectMemberRow, ProjectRow
from storage.sql import AnyRow, spelled_out, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_PROJECT, _LINK = table(ProjectRow).c, table(ProjectLinkRow).c
_SOURCE, _SITE = table(ProviderProjectRow).c, table(IntegrationRow).c
_ENTRY, _TASK = table(TimeEntryRow).c, table(TaskRow).c
_MEMBER, _BELONGS = table(MemberRow).c, table(ProjectMemberRow).c


@dataclass(frozen=True, slots=True)
class Head:
    """The project's own row."""

    name: str
    code: str
    colour: Colour | None
    follows_name: bool
    archived_at: datetime | None
    is_archived_there: bool


def head(tx: Tx, team_id: TeamId, project_id: ProjectId) -> Head | None:
    """The project itself."""
    query = select(
        _PROJECT.name,
        _PROJECT.code,
        _PROJECT.colour,
        _PROJECT.follows_name,
        _PROJECT.archived_at,
        IS_ARCHIVED_THERE.label("there"),
    ).where(_PROJECT.team_id == team_id, _PROJECT.id == project_id)
    row = tx.execute(query).first()
    if row is None:
        return None
    colour = Colour(row.colour) if row.colour in set(Colour) else None
    return Head(row.name, row.code, colour, row.follows_name, row.archived_at, bool(row.there))


def links(
    tx: Tx, team_id: TeamId, project_id: ProjectId, *, limit: int
) -> tuple[list[LinkLine], int]:
    """What feeds the project, the oldest link first; the first few, and how many in all."""
    tasks = (
        select(func.count())
        .select_from(table(TaskRow))
        .where(_TASK.provider_project_id == _SOURCE.id, _TASK.gone_at.is_(None))
        .correlate(table(ProviderProjectRow))
        .scalar_subquery()
    )
    query = (
        select(
            *LABEL,
            tasks.label("tasks"),
            _MEMBER.name.label("by"),
            _LINK.linked_at,
            func.count().over().label("number"),
        )
        .select_from(table(ProjectLinkRow))
        .join(table(ProviderProjectRow), _SOURCE.id == _LINK.provider_project_id)
        .join(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
        .outerjoin(table(MemberRow), _MEMBER.id == _LINK.linked_by)
        .where(
            _LINK.team_id == team_id,
            _LINK.project_id == project_id,
            _LINK.state == spelled_out(ProjectLinkState.ACTIVE),
        )
        .order_by(_LINK.id)
        .limit(limit)
    )
    rows = tx.execute(query).all()
    lines = [LinkLine(label(row), int(row.tasks), row.by, row.linked_at) for row in rows]
    return lines, _number(rows)


def syncs(tx: Tx, team_id: TeamId, project_id: ProjectId) -> list[SyncLine]:
    """The integrations that feed the project, without their last runs."""
    query = (
        select(_SITE.id, _SITE.site_name, _SITE.state, _SITE.synced_at)
        .distinct()
        .select_from(table(ProjectLinkRow))
        .join(table(ProviderProjectRow), _SOURCE.id == _LINK.provider_project_id)
        .join(table(IntegrationRow), _SITE.id == _SOURCE.integration_id)
        .where(
            _LINK.team_id == team_id,
            _LINK.project_id == project_id,
            _LINK.state == spelled_out(ProjectLinkState.ACTIVE),
        )
        .order_by(_SITE.id)
    )
    return [
        SyncLine(
            IntegrationId(row.id),
            row.site_name,
            IntegrationState(row.state),
            row.synced_at,
            None,
        )
        for row in tx.execute(query)
    ]


def people(tx: Tx, team_id: TeamId, project_id: ProjectId, *, limit: int) -> tuple[list[str], int]:
    """Who belongs to the project and still works here: the first names, and how many in all."""
    query = (
        select(_MEMBER.name, func.count().over().label("number"))
        .select_from(table(ProjectMemberRow))
        .join(table(MemberRow), _MEMBER.id == _BELONGS.member_id)
        .where(
            _BELONGS.team_id == team_id,
            _BELONGS.project_id == project_id,
            _BELONGS.removed_at.is_(None),
            _MEMBER.deactivated_at.is_(None),
        )
        .order_by(func.lower(_MEMBER.name), _MEMBER.id)
        .limit(limit)
    )
    rows = tx.execute(query).all()
    return [row.name for row in rows], _number(rows)


@dataclass(frozen=True, slots=True)
class Since:
    """Whose time is summed, from when on."""

    week: date
    month: date
    of: MemberId | None = None
    """One member's alone."""


def hours(tx: Tx, team_id: TeamId, project_id: ProjectId, since: Since) -> Hours:
    """The project's time."""
    row = tx.execute(_summed(team_id, project_id, since)).one()
    return _hours(row)


def by_person(
    tx: Tx, team_id: TeamId, project_id: ProjectId, since: Since, *, limit: int
) -> tuple[list[PersonHours], int]:
    """Who has most time on the project, and how many have any."""
    sums = _summed(team_id, project_id, since, _ENTRY.member_id).subquery()
    query = (
        select(sums, _MEMBER.name, func.count().over().label("number"))
        .select_from(sums)
        .join(table(MemberRow), _MEMBER.id == sums.c.member_id)
        .order_by(sums.c.total.desc(), _MEMBER.name)
        .limit(limit)
    )
    rows = tx.execute(query).all()
    return [PersonHours(row.name, _hours(row)) for row in rows], _number(rows)


def by_task(
    tx: Tx, team_id: TeamId, project_id: ProjectId, since: Since, *, limit: int
) -> tuple[list[TaskHours], int]:
    """Which tasks took most time, and how many took any; time without a task is one of them."""
    sums = _summed(team_id, project_id, since, _ENTRY.task_id).subquery()
    query = (
        select(
            sums,
            _PROJECT.name.label("project_name"),
            _TASK.key,
            _TASK.title,
            func.count().over().label("number"),
        )
        .select_from(sums)
        .join(table(ProjectRow), _PROJECT.id == project_id)
        .outerjoin(table(TaskRow), _TASK.id == sums.c.task_id)
        .order_by(sums.c.total.desc(), sums.c.task_id)
        .limit(limit)
    )
    rows = tx.execute(query).all()
    return [TaskHours(_on(row, project_id), _hours(row)) for row in rows], _number(rows)


def recent(
    tx: Tx,
    team_id: TeamId,
    project_id: ProjectId,
    *,
    of: MemberId | None,
    limit: int,
    after: int = 0,
) -> list[RecentEntry]:
    """The last finished entries, newest first, without the first few of them."""
    last = (
        select(_ENTRY.id, _ENTRY.work_date)
        .where(*_on_project(project_id, of), _ENTRY.seconds.is_not(None))
        .order_by(_ENTRY.work_date.desc(), _ENTRY.id.desc())
        .limit(limit)
        .offset(after)
        .subquery()
    )
    query = (
        select(
            _ENTRY.id,
            _ENTRY.work_date,
            _ENTRY.seconds,
            _ENTRY.note,
            _ENTRY.task_id,
            _MEMBER.name.label("person"),
            _PROJECT.name.label("project_name"),
            _TASK.key,
            _TASK.title,
        )
        .select_from(last)
        .join(table(TimeEntryRow), _ENTRY.id == last.c.id)
        .join(
            table(ProjectRow), and_(_PROJECT.id == _ENTRY.project_id, _PROJECT.team_id == team_id)
        )
        .join(table(MemberRow), _MEMBER.id == _ENTRY.member_id)
        .outerjoin(table(TaskRow), _TASK.id == _ENTRY.task_id)
        .order_by(
            _ENTRY.work_date.desc(),
            func.coalesce(_ENTRY.ended_at, _ENTRY.created_at).desc(),
            _ENTRY.id.desc(),
        )
    )
    return [
        RecentEntry(
            TimeEntryId(row.id),
            row.person,
            _on(row, project_id),
            row.work_date,
            row.seconds,
            row.note,
        )
        for row in tx.execute(query)
    ]


def running(tx: Tx, team_id: TeamId, project_id: ProjectId, *, of: MemberId | None) -> int:
    """How many timers run on the project."""
    query = select(func.count()).where(
        _ENTRY.team_id == team_id, *_on_project(project_id, of), _ENTRY.seconds.is_(None)
    )
    return int(tx.execute(query.select_from(table(TimeEntryRow))).scalar_one())


def _on_project(project_id: ProjectId, of: MemberId | None) -> list[ColumnElement[bool]]:
    conditions = [_ENTRY.project_id == project_id, _ENTRY.deleted_at.is_(None)]
    return conditions if of is None else [*conditions, _ENTRY.member_id == of]


def _summed(
    team_id: TeamId, project_id: ProjectId, since: Since, *by: ColumnElement[Any]
) -> Select[Any]:
    """Sums that the index on projects answers alone; the project's own row is the fence."""

    def from_(day: date) -> ColumnElement[int]:
        counted = case((_ENTRY.work_date >= day, _ENTRY.seconds), else_=0)
        return func.coalesce(func.sum(counted), 0)

    query = (
        select(
            *by,
            from_(since.week).label("week"),
            from_(since.month).label("month"),
            func.coalesce(func.sum(_ENTRY.seconds), 0).label("total"),
        )
        .select_from(table(TimeEntryRow))
        .join(
            table(ProjectRow), and_(_PROJECT.id == _ENTRY.project_id, _PROJECT.team_id == team_id)
        )
        .where(*_on_project(project_id, since.of), _ENTRY.seconds.is_not(None))
    )
    return query.group_by(*by) if by else query


def _hours(row: AnyRow) -> Hours:
    return Hours(int(row.week or 0), int(row.month or 0), int(row.total or 0))


def _number(rows: Any) -> int:  # noqa: ANN401 - rows of any query with a number
    return int(rows[0].number) if rows else 0


def _on(row: AnyRow, project_id: ProjectId) -> TaskLabel:
    task_id = None if row.task_id is None else TaskId(row.task_id)
    return TaskLabel(project_id, row.project_name, task_id, row.key or "", row.title or "")
