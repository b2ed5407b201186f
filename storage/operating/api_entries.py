"""Time entries as programs read them: a page at a time, timers and deleted ones too."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ClientId, MemberId, ProjectId, SlackUserId, TaskId, TeamId
from bot.domain.money.money import Money
from bot.domain.operating.api_reading import Place, ReadEntry, Whose
from bot.domain.values import dataclass
from storage.entries.entry_history import TimeEntryChangeRow
from storage.entries.time_entries import TimeEntryRow, entry_of
from storage.members import MemberRow
from storage.money.clients import ClientRow
from storage.money.priced import priced
from storage.projects.projects import ProjectRow
from storage.reports.team_entries import conditions, standing
from storage.reports.team_which import Which
from storage.sql import AnyRow, fenced, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_E, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c
_MEMBER, _CLIENT = table(MemberRow).c, table(ClientRow).c
_CHANGE = table(TimeEntryChangeRow).c
_SELECT = (
    select(
        *table(TimeEntryRow).columns,
        _PROJECT.name.label("project"),
        _PROJECT.code,
        *(_TASK.key, _TASK.title, _TASK.url),
        _MEMBER.name.label("person"),
        *(_MEMBER.slack_user_id, _MEMBER.zone),
    )
    .select_from(table(TimeEntryRow))
    .join(table(ProjectRow), _PROJECT.id == _E.project_id)
    .join(table(MemberRow), _MEMBER.id == _E.member_id)
    .outerjoin(table(TaskRow), _TASK.id == _E.task_id)
)


@dataclass(frozen=True, slots=True)
class Billed:
    """How a finished entry is billed."""

    client: tuple[ClientId, str] | None
    is_billable: bool
    rate: Money | None


def page(
    tx: Tx, which: Which, *, since: datetime | None, after: Place | None, limit: int
) -> list[ReadEntry]:
    """Entries in the order of their days and of their making, from a place on.

    With ``since``, only those that changed from then on, the deleted among them.
    """
    query = _SELECT.where(*_wanted(tx, which, since), *_beyond(after))
    rows = tx.execute(query.order_by(_E.work_date, _E.id).limit(limit))
    return [_read(row) for row in rows]


def billed(tx: Tx, team_id: TeamId, ids: Sequence[int]) -> dict[int, Billed]:
    """How those of these entries are billed that are finished."""
    prices = priced(team_id, [_E.id.in_(ids)], [_E.id])
    query = select(
        prices.keys["id"].label("id"),
        prices.client_id.label("client_id"),
        _CLIENT.name.label("client"),
        prices.is_billable.label("is_billable"),
        prices.per_hour.label("per_hour"),
        prices.currency.label("currency"),
    ).select_from(prices.source.outerjoin(table(ClientRow), _CLIENT.id == prices.client_id))
    return {row.id: _billed(row) for row in tx.execute(query)} if ids else {}


def changed(tx: Tx, team_id: TeamId, ids: Sequence[int]) -> Mapping[int, datetime]:
    """When each of these entries was last changed."""
    query = (
        select(_CHANGE.time_entry_id, func.max(_CHANGE.at).label("at"))
        .where(_CHANGE.team_id == team_id, _CHANGE.time_entry_id.in_(ids))
        .group_by(_CHANGE.time_entry_id)
    )
    return {row.time_entry_id: row.at for row in tx.execute(query)} if ids else {}


def _wanted(tx: Tx, which: Which, since: datetime | None) -> list[ColumnElement[bool]]:
    seen, period = which.seen, which.period
    found = [
        *standing(tx, which, deleted=since is not None),
        _E.work_date >= period.first,
        _E.work_date < period.after_last,
        _E.team_id == seen.team_id if seen.member_id is None else fenced(_E.team_id, seen.team_id),
    ]
    if which.filters.need_terms:
        found += conditions(tx, which)
    if since is not None:
        touched = select(_CHANGE.time_entry_id).where(
            _CHANGE.team_id == seen.team_id, _CHANGE.at >= since
        )
        found.append(_E.id.in_(touched))
    return found


def _beyond(after: Place | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    later = or_(_E.work_date > after.day, _E.id > after.id)
    return [and_(_E.work_date >= after.day, later)]


def _read(row: AnyRow) -> ReadEntry:
    task_id = None if row.task_id is None else TaskId(row.task_id)
    project_id = ProjectId(row.project_id)
    return ReadEntry(
        entry=entry_of(row),
        on=TaskLabel(
            project_id, row.project, task_id, row.key or "", row.title or "", row.url or ""
        ),
        code=row.code,
        whose=Whose(MemberId(row.member_id), SlackUserId(row.slack_user_id), row.person, row.zone),
        changed_at=row.created_at,
    )


def _billed(row: AnyRow) -> Billed:
    has_rate = row.per_hour is not None and row.currency is not None
    return Billed(
        None if row.client_id is None else (ClientId(row.client_id), row.client),
        bool(row.is_billable),
        Money(int(row.per_hour), row.currency) if has_rate else None,
    )
