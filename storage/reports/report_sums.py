"""Sums of finished time, for reports: whose, when, on what."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import MemberId, ProjectId, TaskId, TeamId
from bot.domain.periods import Period
from bot.domain.reports.reports import Narrowed
from bot.domain.values import dataclass
from storage.entries.time_entries import TimeEntryRow
from storage.projects.projects import ProjectRow
from storage.sql import AnyRow, among, fenced, table
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.unit_of_work import Tx

_E, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c
_ALIAS = table(TaskAliasRow).c
_SUM = func.sum(_E.seconds).label("amount")


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose time is added up, in which days, on what."""

    team_id: TeamId
    member_id: MemberId
    period: Period
    about: Narrowed


def total(tx: Tx, whose: Whose) -> int:
    """Everything."""
    query = select(func.coalesce(func.sum(_E.seconds), 0)).where(*counted(whose))
    return int(tx.execute(query).scalar_one())


def by_day(tx: Tx, whose: Whose) -> list[tuple[date, int]]:
    """Each day that has time."""
    query = select(_E.work_date, _SUM).where(*counted(whose)).group_by(_E.work_date)
    return [(row.work_date, int(row.amount)) for row in tx.execute(query)]


def by_project(tx: Tx, whose: Whose) -> list[tuple[TaskLabel, int]]:
    """Each project."""
    sums = select(_E.project_id, _SUM).where(*counted(whose)).group_by(_E.project_id).subquery()
    query = select(sums.c.project_id, sums.c.amount, _PROJECT.name).join(
        table(ProjectRow), _PROJECT.id == sums.c.project_id
    )
    return [
        (TaskLabel(ProjectId(row.project_id), row.name), int(row.amount))
        for row in tx.execute(query)
    ]


def by_task(tx: Tx, whose: Whose) -> list[tuple[TaskLabel, Sequence[str], int]]:
    """Each task, and each project's time without one, with the task's labels."""
    sums = (
        select(_E.project_id, _E.task_id, _SUM)
        .where(*counted(whose))
        .group_by(_E.project_id, _E.task_id)
        .subquery()
    )
    query = (
        select(
            *(sums.c.project_id, sums.c.task_id, sums.c.amount, _PROJECT.name),
            *(_TASK.key, _TASK.title, _TASK.url, _TASK.labels),
        )
        .join(table(ProjectRow), _PROJECT.id == sums.c.project_id)
        .outerjoin(table(TaskRow), _TASK.id == sums.c.task_id)
    )
    return [(_label(row), row.labels or (), int(row.amount)) for row in tx.execute(query)]


def labels_of(tx: Tx, team_id: TeamId, task_id: TaskId) -> Sequence[str]:
    """The labels of one task."""
    query = select(_TASK.labels).where(_TASK.team_id == team_id, _TASK.id == task_id)
    return tx.execute(query).scalar() or ()


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose time, on which projects, somebody may look for."""

    team_id: TeamId
    member_id: MemberId | None = None
    """One member's alone."""
    projects: frozenset[ProjectId] | None = None
    """On these alone."""

    def projects_there(self) -> Select[tuple[int]]:
        """The projects, by their own rows: the fence of the team."""
        query = select(_PROJECT.id).where(_PROJECT.team_id == self.team_id)
        return query if self.projects is None else query.where(among(_PROJECT.id, self.projects))


def projects_of(tx: Tx, seen: Seen) -> list[tuple[ProjectId, str, str]]:
    """Every project that ever had time of theirs: id, name, code."""
    query = select(_PROJECT.id, _PROJECT.name, _PROJECT.code).where(
        _PROJECT.team_id == seen.team_id
    )
    if seen.member_id is None:
        on_it = select(_E.id).where(_E.project_id == _PROJECT.id, _E.deleted_at.is_(None))
        query = query.where(_PROJECT.id.in_(seen.projects_there()), on_it.exists())
    else:
        tracked = select(_E.project_id).where(
            _E.team_id == seen.team_id, _E.member_id == seen.member_id, _E.deleted_at.is_(None)
        )
        query = query.where(_PROJECT.id.in_(tracked.distinct()))
    found = tx.execute(query.order_by(_PROJECT.name, _PROJECT.id))
    return [(ProjectId(row.id), row.name, row.code) for row in found]


def projects_tracked(tx: Tx, seen: Seen, ids: Sequence[ProjectId]) -> list[ProjectId]:
    """Those of the projects that may be looked for: with own time, where it is one member's."""
    query = seen.projects_there().where(_PROJECT.id.in_(ids))
    if seen.member_id is not None:
        own = select(_E.id).where(
            _E.project_id == _PROJECT.id, _E.member_id == seen.member_id, _E.deleted_at.is_(None)
        )
        query = query.where(own.exists())
    return [ProjectId(row.id) for row in tx.execute(query)]


def tasks_with_key(tx: Tx, seen: Seen, folded: str) -> list[TaskId]:
    """The tasks of this key, present or former, that have time of theirs."""
    former = select(_ALIAS.task_id).where(
        _ALIAS.team_id == seen.team_id, _ALIAS.key_folded == folded
    )
    return _tracked(tx, seen, or_(_TASK.key_folded == folded, _TASK.id.in_(former)))


def tasks_with_number(tx: Tx, seen: Seen, number: int) -> list[TaskId]:
    """The tasks of this number that have time of theirs."""
    return _tracked(tx, seen, _TASK.number == number)


def tasks_at(tx: Tx, seen: Seen, urls: Sequence[str]) -> list[TaskId]:
    """The tasks at one of these addresses that have time of theirs."""
    return _tracked(tx, seen, _TASK.url.in_(urls))


def tasks_tracked(tx: Tx, seen: Seen, ids: Sequence[TaskId]) -> list[TaskId]:
    """Those of the tasks that have time of theirs."""
    return _tracked(tx, seen, _TASK.id.in_(ids))


def names(tx: Tx, team_id: TeamId, about: Narrowed) -> list[str]:
    """What people call the projects or tasks; those of other teams are not there."""
    if about.tasks:
        query = select(_TASK.key, _TASK.title).where(
            _TASK.team_id == team_id, _TASK.id.in_(about.tasks)
        )
        found = tx.execute(query.order_by(_TASK.key, _TASK.id))
        return [f"{row.key} {row.title}".strip() for row in found]
    query = select(_PROJECT.name).where(
        _PROJECT.team_id == team_id, _PROJECT.id.in_(about.projects)
    )
    return list(tx.execute(query.order_by(_PROJECT.name, _PROJECT.id)).scalars())


def _tracked(tx: Tx, seen: Seen, condition: ColumnElement[bool]) -> list[TaskId]:
    tracked = select(_E.id).where(_E.task_id == _TASK.id, _E.deleted_at.is_(None))
    if seen.member_id is not None:
        tracked = tracked.where(_E.member_id == seen.member_id)
    if seen.projects is not None:
        tracked = tracked.where(_E.project_id.in_(seen.projects))
    query = select(_TASK.id).where(_TASK.team_id == seen.team_id, condition, tracked.exists())
    return [TaskId(found) for found in tx.execute(query.order_by(_TASK.id)).scalars()]


def counted(whose: Whose) -> list[ColumnElement[bool]]:
    """Conditions on the entries that count."""
    conditions = [
        fenced(_E.team_id, whose.team_id),
        _E.member_id == whose.member_id,
        _E.work_date >= whose.period.first,
        _E.work_date < whose.period.after_last,
        _E.seconds.is_not(None),
        _E.deleted_at.is_(None),
    ]
    if whose.about.tasks:
        conditions.append(_E.task_id.in_(whose.about.tasks))
    elif whose.about.projects:
        conditions.append(_E.project_id.in_(whose.about.projects))
    return conditions


def _label(row: AnyRow) -> TaskLabel:
    task_id = None if row.task_id is None else TaskId(row.task_id)
    project_id = ProjectId(row.project_id)
    return TaskLabel(project_id, row.name, task_id, row.key or "", row.title or "", row.url or "")
