"""What a member tracked lately, each task or project once."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import MemberId, ProjectId, ProviderProjectId, TaskId, TeamId, TimeEntryId
from storage.entries.time_entries import TimeEntryRow
from storage.prepared import Look, Prepared
from storage.projects.projects import ProjectRow
from storage.sql import AnyRow, table
from storage.tasks.task_search import HIT, Hit, hit_of
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_ENTRY, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c

_LATELY = (
    select(
        _ENTRY.project_id,
        _ENTRY.task_id,
        func.max(_ENTRY.work_date).label("day"),
        func.max(_ENTRY.id).label("last"),
    )
    .where(
        _ENTRY.team_id == bindparam("team"),
        _ENTRY.member_id == bindparam("member"),
        _ENTRY.work_date >= bindparam("since"),
        _ENTRY.deleted_at.is_(None),
    )
    .group_by(_ENTRY.project_id, _ENTRY.task_id)
    # What is logged today for last week was not tracked today.
    .order_by(func.max(_ENTRY.work_date).desc(), func.max(_ENTRY.id).desc())
    .limit(bindparam("most"))
    .subquery()
)
_NAMED = Prepared(
    select(
        _LATELY.c.project_id,
        _LATELY.c.task_id,
        _LATELY.c.last,
        _PROJECT.name.label("project_name"),
        _TASK.key,
        _TASK.title,
        _TASK.url,
        _TASK.is_done,
        _TASK.gone_at,
        _TASK.provider_project_id,
    )
    .join(table(ProjectRow), _PROJECT.id == _LATELY.c.project_id)
    .outerjoin(table(TaskRow), _TASK.id == _LATELY.c.task_id)
    .order_by(_LATELY.c.day.desc(), _LATELY.c.last.desc())
)
_TASKS = (
    select(_ENTRY.task_id, func.max(_ENTRY.id).label("last"))
    .where(
        _ENTRY.team_id == bindparam("team"),
        _ENTRY.member_id == bindparam("member"),
        _ENTRY.work_date >= bindparam("since"),
        _ENTRY.deleted_at.is_(None),
        _ENTRY.task_id.is_not(None),
    )
    .group_by(_ENTRY.task_id)
    .order_by(func.max(_ENTRY.id).desc())
    .limit(bindparam("most"))
    .subquery()
)
_HITS = Prepared(
    select(*HIT, _TASKS.c.last)
    .join(_TASKS, _TASKS.c.task_id == _TASK.id)
    .where(_TASK.gone_at.is_(None))
    .order_by(_TASKS.c.last.desc())
)


class Tracked(NamedTuple):
    """A task or project that time was tracked on, and how its task is now."""

    on: TaskLabel
    """Under the project that the time is on."""
    source: ProviderProjectId | None
    """Where the task is now; None where it is gone, or where there is none."""
    is_done: bool
    last: TimeEntryId
    """The last entry on it."""


def tracked(
    tx: Tx, team_id: TeamId, member_id: MemberId, since: date, *, most: int
) -> list[Tracked]:
    """What the member tracked time on since a day, the latest first."""
    asked, names = look_for_tracked(team_id, member_id, since, most=most)
    return [_tracked(row) for row in asked.all(tx, names)]


def look_for_tracked(team_id: TeamId, member_id: MemberId, since: date, *, most: int) -> Look:
    """What ``tracked`` asks."""
    return _NAMED, {"team": team_id, "member": member_id, "since": since, "most": most}


def tasks(
    tx: Tx, team_id: TeamId, member_id: MemberId, since: date, limit: int
) -> list[tuple[Hit, int]]:
    """The tasks that a member tracked last, the latest first, each with its last entry's id."""
    asked, names = look_for_tasks(team_id, member_id, since, limit)
    return [(hit_of(row), int(row.last)) for row in asked.all(tx, names)]


def look_for_tasks(team_id: TeamId, member_id: MemberId, since: date, limit: int) -> Look:
    """What ``tasks`` asks."""
    return _HITS, {"team": team_id, "member": member_id, "since": since, "most": limit}


def _tracked(row: AnyRow) -> Tracked:
    project_id, last = ProjectId(row.project_id), TimeEntryId(row.last)
    if row.task_id is None:
        return Tracked(TaskLabel(project_id, row.project_name), None, is_done=False, last=last)
    task_id, is_there = TaskId(row.task_id), row.gone_at is None
    return Tracked(
        TaskLabel(project_id, row.project_name, task_id, row.key, row.title, row.url),
        ProviderProjectId(row.provider_project_id) if is_there else None,
        is_done=row.is_done,
        last=last,
    )
