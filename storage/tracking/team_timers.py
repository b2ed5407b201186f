"""Whose timers run in a team, on all of its projects or some, and what those people did today."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, true

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import MemberId, ProjectId, TaskId, TeamId, TimeEntryId
from bot.domain.values import dataclass
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
from storage.projects.projects import ProjectRow
from storage.sql import among, fenced, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_E, _MEMBER, _PROJECT, _TASK = (
    table(one).c for one in (TimeEntryRow, MemberRow, ProjectRow, TaskRow)
)


@dataclass(frozen=True, slots=True)
class Runs:
    """A running timer and whose it is."""

    entry_id: TimeEntryId
    member_id: MemberId
    person: str
    zone: str
    """Of its owner."""
    on: TaskLabel
    since: datetime


def page(
    tx: Tx, team_id: TeamId, projects: Collection[ProjectId] | None, *, limit: int, offset: int
) -> tuple[list[Runs], int]:
    """Some of the running timers, the longest first, and how many there are.

    Beyond the last of them there are none, and so their number is not known: 0.
    """
    query = (
        select(
            *(_E.id, _E.member_id, _E.project_id, _E.task_id, _E.started_at),
            _MEMBER.name.label("person"),
            _MEMBER.zone,
            _PROJECT.name.label("project_name"),
            _TASK.key,
            _TASK.title,
            _TASK.url,
            func.count().over().label("number"),
        )
        .select_from(table(TimeEntryRow))
        .join(table(MemberRow), _MEMBER.id == _E.member_id)
        .join(table(ProjectRow), _PROJECT.id == _E.project_id)
        .outerjoin(table(TaskRow), _TASK.id == _E.task_id)
        .where(*_running(team_id, projects))
        .order_by(_E.started_at, _E.id)
        .limit(limit)
        .offset(offset)
    )
    rows = tx.execute(query).all()
    return [
        Runs(
            TimeEntryId(row.id),
            MemberId(row.member_id),
            row.person,
            row.zone,
            TaskLabel(
                ProjectId(row.project_id),
                row.project_name,
                None if row.task_id is None else TaskId(row.task_id),
                row.key or "",
                row.title or "",
                row.url or "",
            ),
            row.started_at,
        )
        for row in rows
    ], int(rows[0].number) if rows else 0


def number(tx: Tx, team_id: TeamId) -> int:
    """How many timers run in a team."""
    query = select(func.count()).select_from(table(TimeEntryRow))
    query = query.join(table(MemberRow), _MEMBER.id == _E.member_id)
    return int(tx.execute(query.where(*_running(team_id, None))).scalar_one())


def finished(
    tx: Tx,
    team_id: TeamId,
    people: Collection[MemberId],
    days: Collection[date],
    projects: Collection[ProjectId] | None,
) -> dict[tuple[MemberId, date], int]:
    """The seconds that these people finished on each of these local days of theirs."""
    query = (
        select(_E.member_id, _E.work_date, func.sum(_E.seconds).label("seconds"))
        .where(
            _E.team_id == team_id,
            _E.member_id.in_(list(people)),
            _E.work_date.in_(list(days)),
            _E.deleted_at.is_(None),
            _E.seconds.is_not(None),
            true() if projects is None else among(_E.project_id, projects),
        )
        .group_by(_E.member_id, _E.work_date)
    )
    return {(MemberId(row.member_id), row.work_date): int(row.seconds) for row in tx.execute(query)}


def _running(
    team_id: TeamId, projects: Collection[ProjectId] | None
) -> tuple[ColumnElement[bool], ...]:
    # The few timers are found by the index on those that run, person by person or all of them:
    # never among all that the team, or somebody on these projects, ever tracked.
    return (
        fenced(_E.team_id, team_id),
        _MEMBER.team_id == team_id,
        _E.seconds.is_(None),
        _E.deleted_at.is_(None),
        true() if projects is None else among(func.coalesce(_E.project_id, 0), projects),
    )
