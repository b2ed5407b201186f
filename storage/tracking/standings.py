"""How things stand with a member who starts a timer: in one statement, as it is asked each time."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlmodel import col

from bot.domain.entries.entries import LabelledEntry
from bot.domain.ids import MemberId, TeamId
from bot.domain.preferences import TeamSettings
from storage.entries.time_entries import LABELS, TimeEntryRow, labelled_of
from storage.prepared import Prepared
from storage.projects.projects import ProjectRow
from storage.sql import fenced, table
from storage.tasks.tasks import TaskRow
from storage.teams import TeamRow
from storage.unit_of_work import Tx

_T = TimeEntryRow
_E = table(TimeEntryRow).c
_DONE = table(TimeEntryRow).alias("done")
_RUNS = and_(
    fenced(_E.team_id, bindparam("team")),
    _E.member_id == bindparam("member"),
    _E.seconds.is_(None),
    _E.deleted_at.is_(None),
)
_SECONDS = select(func.coalesce(func.sum(_DONE.c.seconds), 0)).where(
    _DONE.c.team_id == bindparam("team"),
    _DONE.c.member_id == bindparam("member"),
    _DONE.c.work_date == bindparam("day"),
    _DONE.c.deleted_at.is_(None),
)
_STANDING = Prepared(
    select(
        *LABELS,
        _SECONDS.scalar_subquery().label("done_seconds"),
        col(TeamRow.settings).label("team_settings"),
    )
    .select_from(TeamRow)
    .outerjoin(table(_T), _RUNS)
    .outerjoin(ProjectRow, col(ProjectRow.id) == _E.project_id)
    .outerjoin(TaskRow, col(TaskRow.id) == _E.task_id)
    .where(col(TeamRow.id) == bindparam("team"))
)


class Standing(NamedTuple):
    """What a new timer meets."""

    running: LabelledEntry | None
    """The member's timer."""
    done_seconds: int
    """What they have finished on that day."""
    team: TeamSettings
    """What the team chose."""


def of(tx: Tx, team_id: TeamId, member_id: MemberId, day: date) -> Standing:
    """How things stand with a member on a local day.

    Raises:
        LookupError: there is no such team.
    """
    row = _STANDING.first(tx, {"team": team_id, "member": member_id, "day": day})
    if row is None:
        raise LookupError(team_id)
    running = None if row.id is None else labelled_of(row)
    return Standing(running, int(row.done_seconds), TeamSettings.read(row.team_settings or {}))
