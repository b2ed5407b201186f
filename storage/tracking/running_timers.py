"""Running timers of many people at once: whose right to track ends."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlmodel import col

from bot.domain.entries.entries import Entry, TimersOf
from bot.domain.ids import TeamId
from bot.domain.states import ProjectLinkState
from storage.entries.time_entries import TimeEntryRow, entry_of
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.members import MemberRow
from storage.sql import table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_T = TimeEntryRow
_E = table(TimeEntryRow).c


def running_where(
    tx: Tx, team_id: TeamId, which: TimersOf, now: datetime
) -> list[tuple[Entry, str]]:
    """Running timers with their owners' zones, oldest first.

    Time on a project without a task belongs to the provider projects that feed the project, those
    unlinked at this very moment included.
    """
    conditions: list[ColumnElement[bool]] = [true()]
    if which.members is not None:
        conditions.append(_E.member_id.in_(which.members))
    if which.projects is not None:
        conditions.append(_E.project_id.in_(which.projects))
    if which.provider_projects is not None or which.integrations is not None:
        conditions.append(_fed_by(which, now))
    query = (
        select(*table(_T).columns, col(MemberRow.zone))
        .join(MemberRow, col(MemberRow.id) == _E.member_id)
        .where(_E.team_id == team_id, _E.seconds.is_(None), _E.deleted_at.is_(None), *conditions)
        .order_by(_E.id)
    )
    return [(entry_of(row), row.zone) for row in tx.execute(query)]


def _fed_by(which: TimersOf, now: datetime) -> ColumnElement[bool]:
    source = table(ProviderProjectRow).c
    chosen: list[ColumnElement[bool]] = []
    if which.provider_projects is not None:
        chosen.append(source.id.in_(which.provider_projects))
    if which.integrations is not None:
        chosen.append(source.integration_id.in_(which.integrations))
    link, task = table(ProjectLinkRow).c, table(TaskRow).c
    live = or_(link.state == ProjectLinkState.ACTIVE, link.ended_at >= now)
    feeds = (link.provider_project_id == source.id, link.project_id == _E.project_id, live)
    of_task = (task.id == _E.task_id, task.provider_project_id == source.id)
    of_project = exists().where(*feeds, *chosen).correlate(table(_T))
    return or_(
        exists().where(*of_task, *chosen).correlate(table(_T)),
        and_(_E.task_id.is_(None), of_project),
    )
