"""Everybody's finished entries with their price, one after another (M4)."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.domain.entries import TaskLabel, zone_of
from bot.domain.ids import ProjectId, TaskId
from bot.domain.money import Money
from bot.domain.report_lines import ReportLine
from storage.clients import ClientRow
from storage.members import MemberRow
from storage.priced import priced
from storage.projects import ProjectRow
from storage.sql import AnyRow, table
from storage.tasks import TaskRow
from storage.team_sums import Which, conditions, on_terms
from storage.time_entries import TimeEntryRow
from storage.unit_of_work import Tx

_E, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c
_MEMBER, _CLIENT = table(MemberRow).c, table(ClientRow).c


def each(tx: Tx, which: Which, *, with_money: bool, at_a_time: int) -> Iterator[ReportLine]:
    """Every entry of a report, in order of days and clock.

    They are fetched so many at a time, in one statement: all as they were at one moment.
    """
    prices = priced(which.seen.team_id, conditions(tx, which), [_E.id])
    source = (
        prices.source.join(table(TimeEntryRow), _E.id == prices.keys["id"])
        .join(table(ProjectRow), _PROJECT.id == _E.project_id)
        .join(table(MemberRow), _MEMBER.id == _E.member_id)
        .outerjoin(table(TaskRow), _TASK.id == _E.task_id)
        .outerjoin(table(ClientRow), _CLIENT.id == prices.client_id)
    )
    query = (
        select(
            *(_E.work_date, _E.started_at, _E.ended_at, _E.note, _E.seconds),
            *(_E.project_id, _E.task_id, _E.continues_id, _E.stopped_because),
            _MEMBER.name.label("person"),
            _MEMBER.zone,
            _CLIENT.name.label("client"),
            _PROJECT.name.label("project"),
            *(_TASK.key, _TASK.title),
            prices.is_billable.label("is_billable"),
            prices.per_hour.label("per_hour"),
            prices.currency.label("currency"),
        )
        .select_from(source)
        .where(*on_terms(prices, which.filters))
        .order_by(_E.work_date, func.coalesce(_E.started_at, _E.created_at), _E.id)
    )
    found = tx.execute(query, execution_options={"yield_per": at_a_time})
    return (_line(row, with_money=with_money) for row in found)


def _line(row: AnyRow, *, with_money: bool) -> ReportLine:
    zone = zone_of(row.zone)
    is_priced = with_money and row.per_hour is not None and row.currency is not None
    return ReportLine(
        day=row.work_date,
        start=_local(row.started_at, zone),
        end=_local(row.ended_at, zone),
        zone=zone.key,
        person=row.person,
        client=row.client or "",
        on=TaskLabel(
            ProjectId(row.project_id),
            row.project,
            None if row.task_id is None else TaskId(row.task_id),
            row.key or "",
            row.title or "",
        ),
        note=row.note,
        seconds=int(row.seconds),
        is_billable=bool(row.is_billable),
        rate=Money(int(row.per_hour), row.currency) if is_priced else None,
        goes_on=row.continues_id is not None,
        was_stopped=row.stopped_because is not None,
    )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)
