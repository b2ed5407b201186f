"""Everybody's finished entries with their price, one after another (M4)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.types import Date

from bot.domain.entries.entries import TaskLabel, zone_of
from bot.domain.ids import ClientId, ProjectId, TaskId
from bot.domain.money.money import Money
from bot.domain.money.price_list import PriceList
from bot.domain.reports.report_lines import ReportLine
from bot.domain.writing.worklogs import WorklogState, written_to
from storage.entries.time_entries import TimeEntryRow
from storage.linking.integrations import IntegrationRow
from storage.members import MemberRow
from storage.money import clients
from storage.projects.projects import ProjectRow
from storage.reports.rounded import counted
from storage.reports.team_entries import based, conditions, prices_of
from storage.reports.team_terms import is_unbilled
from storage.reports.team_which import Which
from storage.sql import AnyRow, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx
from storage.writing.worklogs import WorklogRow

_E, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c
_W, _I = table(WorklogRow).c, table(IntegrationRow).c
_MEMBER = table(MemberRow).c
_DAYS = timedelta(days=7)
"""Days that are put in order together: nobody sorts a year of notes."""


def each(tx: Tx, which: Which, *, at_a_time: int) -> Iterator[ReportLine]:
    """Every entry of a report, in order of days and clock.

    They are fetched so many at a time, a week in a statement. In a transaction that reads one
    moment (``UnitOfWork.snapshot``) they are all of that one.
    """
    which = based(tx, which)
    prices = prices_of(tx, which)
    ids = {one.client_id for held in prices.terms.values() for one in held if one.client_id}
    called = clients.names(tx, which.seen.team_id, ids)
    query, day = _query(tx, which), which.period.first
    while day < which.period.after_last:
        days = {"since": day, "until": min(day + _DAYS, which.period.after_last)}
        found = tx.execute(query, days, execution_options={"yield_per": at_a_time})
        yield from (_line(row, prices, called) for row in found)
        day += _DAYS


def _query(tx: Tx, which: Which) -> Select[*tuple[object, ...]]:
    source = (
        table(TimeEntryRow)
        .join(table(ProjectRow), _PROJECT.id == _E.project_id)
        .join(table(MemberRow), _MEMBER.id == _E.member_id)
        .outerjoin(table(TaskRow), _TASK.id == _E.task_id)
        .outerjoin(
            table(WorklogRow),
            and_(_W.time_entry_id == _E.id, _W.integration_id == _TASK.integration_id),
        )
        .outerjoin(table(IntegrationRow), _I.id == _W.integration_id)
    )
    return (
        select(
            *(_E.work_date, _E.started_at, _E.ended_at, _E.note, _E.seconds, _E.member_id),
            *(_E.project_id, _E.task_id, _E.continues_id, _E.stopped_because),
            counted(which.rounding).label("counted"),
            _MEMBER.name.label("person"),
            _MEMBER.zone,
            _PROJECT.name.label("project"),
            *(_TASK.key, _TASK.title),
            is_unbilled(which.seen.team_id).label("is_unbilled"),
            *(_W.state.label("worklog_state"), _I.site_name),
        )
        .select_from(source)
        .where(
            *conditions(tx, which),
            _E.work_date >= bindparam("since", type_=Date),
            _E.work_date < bindparam("until", type_=Date),
        )
        .order_by(_E.work_date, func.coalesce(_E.started_at, _E.created_at), _E.id)
    )


def _line(row: AnyRow, prices: PriceList, called: Mapping[ClientId, str]) -> ReportLine:
    zone = zone_of(row.zone)
    terms = prices.held(row.project_id, row.work_date)
    client = None if terms is None else terms.client_id
    price = prices.price(row.project_id, row.member_id, row.work_date)
    is_billable = price.is_billable and not row.is_unbilled
    rate = None
    if is_billable and price.per_hour is not None and price.currency is not None:
        rate = Money(price.per_hour, price.currency)
    return ReportLine(
        day=row.work_date,
        start=_local(row.started_at, zone),
        end=_local(row.ended_at, zone),
        zone=zone.key,
        person=row.person,
        client=called.get(client, "") if client else "",
        on=TaskLabel(
            ProjectId(row.project_id),
            row.project,
            None if row.task_id is None else TaskId(row.task_id),
            row.key or "",
            row.title or "",
        ),
        note=row.note,
        seconds=int(row.seconds),
        is_billable=is_billable,
        rate=rate,
        goes_on=row.continues_id is not None,
        was_stopped=row.stopped_because is not None,
        written=""
        if row.worklog_state is None
        else written_to(WorklogState(row.worklog_state), row.site_name),
        counted=int(row.counted),
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)
