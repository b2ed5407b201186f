"""What an import asks: whom, what and when its rows may be about."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select

from bot.domain.ids import MemberId, ProjectId, TaskId, TeamId
from bot.domain.importing.plan import Person
from bot.domain.operating.person_data import ERASED
from bot.domain.states import ProjectLinkState
from storage.chunks import chunked
from storage.entries.time_entries import TimeEntryRow
from storage.importing.imports import ImportedRow
from storage.linking.project_links import ProjectLinkRow
from storage.members import MemberRow
from storage.sql import table
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.teams import TeamRow
from storage.unit_of_work import Tx

_M, _E, _R = table(MemberRow).c, table(TimeEntryRow).c, table(ImportedRow).c
_T, _A, _L = table(TaskRow).c, table(TaskAliasRow).c, table(ProjectLinkRow).c
_ONE_DAY = timedelta(days=1)


def teams(tx: Tx) -> list[tuple[TeamId, str]]:
    """Workspaces that have Hourlink, by id."""
    team = table(TeamRow).c
    query = select(team.id, team.name).where(team.uninstalled_at.is_(None)).order_by(team.id)
    return [(TeamId(row.id), row.name) for row in tx.execute(query)]


def people(tx: Tx, team_id: TeamId) -> list[Person]:
    """Everybody who is or was here, by id; nobody who was erased."""
    query = select(_M.id, _M.name, _M.email, _M.slack_user_id, _M.zone).where(
        _M.team_id == team_id, _M.name != ERASED
    )
    return [
        Person(MemberId(row.id), row.name, row.email, row.slack_user_id, row.zone)
        for row in tx.execute(query.order_by(_M.id))
    ]


def known(tx: Tx, team_id: TeamId, marks: Collection[str]) -> set[str]:
    """Those of the rows, by their marks, that an import brought before."""
    found: set[str] = set()
    for some in chunked(list(marks)):
        query = select(_R.mark).where(_R.team_id == team_id, _R.mark.in_(some))
        found |= set(tx.execute(query).scalars())
    return found


def tasks_by_key(
    tx: Tx, team_id: TeamId, keys: Collection[str]
) -> Iterator[tuple[str, ProjectId, TaskId]]:
    """Tasks of linked projects that have or had one of these keys, in small letters."""
    for some in chunked(sorted(keys)):
        own = _tasks(team_id).add_columns(_T.key_folded.label("said"))
        former = (
            _tasks(team_id)
            .join(table(TaskAliasRow), _A.task_id == _T.id)
            .add_columns(_A.key_folded.label("said"))
        )
        for query in (own.where(_T.key_folded.in_(some)), former.where(_A.key_folded.in_(some))):
            for row in tx.execute(query):
                yield row.said, ProjectId(row.project_id), TaskId(row.id)


def tasks_by_title(
    tx: Tx, team_id: TeamId, titles: Collection[str]
) -> Iterator[tuple[str, ProjectId, TaskId]]:
    """Tasks of linked projects that are called exactly so."""
    for some in chunked(sorted(titles)):
        query = _tasks(team_id).where(_T.title.in_(some)).add_columns(_T.title.label("said"))
        for row in tx.execute(query):
            yield row.said, ProjectId(row.project_id), TaskId(row.id)


def _tasks(team_id: TeamId) -> Select[*tuple[int, ...]]:
    return (
        select(_T.id, _L.project_id)
        .select_from(table(TaskRow))
        .join(table(ProjectLinkRow), _L.provider_project_id == _T.provider_project_id)
        .where(
            _T.team_id == team_id,
            _T.gone_at.is_(None),
            _L.team_id == team_id,
            _L.state == ProjectLinkState.ACTIVE,
        )
    )


def spans(
    tx: Tx, team_id: TeamId, member_id: MemberId, first: date, last: date
) -> list[tuple[datetime, datetime | None]]:
    """From when to when somebody tracked, on these local days and those beside them.

    A timer that runs has no end.
    """
    query = select(_E.started_at, _E.ended_at).where(
        _E.team_id == team_id,
        _E.member_id == member_id,
        _E.work_date >= first - _ONE_DAY,
        _E.work_date <= last + _ONE_DAY,
        _E.started_at.is_not(None),
        _E.deleted_at.is_(None),
    )
    return [(row.started_at, row.ended_at) for row in tx.execute(query)]
