"""Worklogs that are owed once more, because what kept them back is over."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from bot.domain.approval.week_sheets import PartState, WeekSheet
from bot.domain.ids import IntegrationId, MemberId, TaskId, TeamId, WorklogId
from bot.domain.writing.worklogs import Trouble, WorklogState
from storage.entries.time_entries import TimeEntryRow
from storage.sql import among, table
from storage.unit_of_work import Tx
from storage.writing.worklogs import WorklogRow, add_work, again

_W, _E = table(WorklogRow).c, table(TimeEntryRow).c
_FAILED = _W.state == WorklogState.FAILED
_WAITING = (_W.state == WorklogState.PENDING, _W.owed_in.is_(None))


def waiting(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, call: str, now: datetime
) -> int:
    """What waits for an approval, because none is needed any more."""
    here = _W.integration_id == integration_id
    return _owe(tx, team_id, here, *_WAITING, call=call, now=now)


def after_approval(tx: Tx, sheet: WeekSheet, *, call: str, now: datetime) -> int:
    """The time of a week, on the projects that were approved."""
    projects = [part.project_id for part in sheet.parts if part.state is PartState.APPROVED]
    entries = select(_E.id).where(
        _E.team_id == sheet.team_id,
        _E.member_id == sheet.member_id,
        _E.work_date >= sheet.first,
        _E.work_date <= sheet.last,
        _E.project_id.in_(projects),
    )
    of_week = _W.time_entry_id.in_(entries)
    return _owe(tx, sheet.team_id, of_week, *_WAITING, call=call, now=now)


def after_new_credentials(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, call: str, now: datetime
) -> int:
    """What failed because the integration's were not accepted."""
    why = _W.reason.in_([Trouble.CREDENTIALS, Trouble.NO_ANSWER])
    here = _W.integration_id == integration_id
    return _owe(tx, team_id, here, _FAILED, why, call=call, now=now)


def after_gone(
    tx: Tx, team_id: TeamId, tasks: Collection[TaskId], *, call: str, now: datetime
) -> int:
    """What failed because these tasks were not there, now that they are known to be gone."""
    why = _W.reason == Trouble.TASK_GONE
    return _owe(tx, team_id, among(_W.task_id, tasks), _FAILED, why, call=call, now=now)


def after_return(
    tx: Tx, team_id: TeamId, tasks: Collection[TaskId], *, call: str, now: datetime
) -> int:
    """What was not written because these tasks were gone, now that they are there again."""
    why = (_W.state == WorklogState.OFF, _W.reason == Trouble.TASK_GONE)
    return _owe(tx, team_id, among(_W.task_id, tasks), *why, call=call, now=now)


def after_own_key(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    member_id: MemberId,
    *,
    call: str,
    now: datetime,
) -> int:
    """What failed because a member's own key was not accepted."""
    here, why = _W.integration_id == integration_id, _W.reason == Trouble.OWN_KEY
    mine = _of(team_id, member_id)
    return _owe(tx, team_id, here, _FAILED, why, mine, call=call, now=now)


def failed(tx: Tx, team_id: TeamId, worklog_id: WorklogId, *, call: str, now: datetime) -> int:
    """One that a person wants tried again."""
    return _owe(tx, team_id, _W.id == worklog_id, _FAILED, call=call, now=now)


def every_failed(
    tx: Tx, team_id: TeamId, integration_id: IntegrationId, *, call: str, now: datetime
) -> int:
    """Everything that failed in an integration."""
    return _owe(tx, team_id, _W.integration_id == integration_id, _FAILED, call=call, now=now)


def failed_of(
    tx: Tx,
    team_id: TeamId,
    integration_id: IntegrationId,
    member_id: MemberId,
    *,
    call: str,
    now: datetime,
) -> int:
    """Everything of one person's that failed in an integration."""
    here = _W.integration_id == integration_id
    return _owe(tx, team_id, here, _FAILED, _of(team_id, member_id), call=call, now=now)


def _of(team_id: TeamId, member_id: MemberId) -> ColumnElement[bool]:
    theirs = select(_E.id).where(_E.team_id == team_id, _E.member_id == member_id)
    return _W.time_entry_id.in_(theirs)


def _owe(tx: Tx, team_id: TeamId, *which: ColumnElement[bool], call: str, now: datetime) -> int:
    query = update(table(WorklogRow)).where(_W.team_id == team_id, *which).values(again(call))
    rows = tx.execute(query.returning(_W.id, _W.owed_in, _W.task_id))
    owed = {row.id: row.task_id for row in rows if row.owed_in == call}
    add_work(tx, team_id, owed, call=call, now=now)
    return len(owed)
