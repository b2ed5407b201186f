"""Time entries with their price, for sums: the form that databases add up.

``priced`` gives the entries joined with the terms and rates of their own days. Whoever reports
adds conditions and groups, and sums ``earned`` (cent-seconds, whole numbers) by ``currency``;
``bot.domain.money.rounded`` makes cents of each sum, once. ``bot.domain.billing.Book.price`` says
the same for one entry, and a test holds the two together.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import BigInteger

from bot.domain.billing import Method
from bot.domain.ids import TeamId
from bot.domain.money import Purse
from storage.billing import ProjectTermsRow, RateRow
from storage.sql import AnyRow, spelled_out, table
from storage.time_entries import TimeEntryRow
from storage.unbilled_tasks import UnbilledTaskRow

_E, _U = table(TimeEntryRow).c, table(UnbilledTaskRow).c
_T, _R = table(ProjectTermsRow).c, table(RateRow).c


@dataclass(frozen=True, slots=True)
class Priced:
    """Entries and what they come to; columns to select, group and filter by."""

    source: FromClause
    """To select from: every entry once, whatever its price."""
    client_id: ColumnElement[Any]
    """Of the entry's own day; NULL for none."""
    currency: ColumnElement[Any]
    """NULL where no terms hold."""
    is_billable: ColumnElement[bool]
    per_hour: ColumnElement[Any]
    """NULL where hours earn nothing."""
    is_unpriced: ColumnElement[bool]
    """It would earn by the hour, and no rate holds."""

    @property
    def billable(self) -> ColumnElement[int]:
        """Billable seconds, to be selected."""
        return func.coalesce(func.sum(case((self.is_billable, _E.seconds), else_=0)), 0)

    @property
    def unpriced(self) -> ColumnElement[int]:
        """Seconds that earn nothing because no rate is set, to be selected."""
        return func.coalesce(func.sum(case((self.is_unpriced, _E.seconds), else_=0)), 0)

    @property
    def earned(self) -> ColumnElement[int]:
        """Cent-seconds, to be selected; only within one currency."""
        product = type_coerce(_E.seconds, BigInteger) * func.coalesce(self.per_hour, 0)
        return func.coalesce(func.sum(product), 0)


def priced(team_id: TeamId) -> Priced:
    """The team's entries with their prices.

    Which entries is the caller's to say: team, days, not deleted, finished.
    """
    terms = _terms(team_id)
    rates = _rates(team_id)
    of_project, on_project, of_person = (rates.alias(name) for name in ("flat", "own", "general"))
    t = terms.c
    no_task = _U.task_id.is_(None)
    source = (
        table(TimeEntryRow)
        .outerjoin(terms, and_(t.project_id == _E.project_id, _covers(terms)))
        .outerjoin(table(UnbilledTaskRow), _U.task_id == _E.task_id)
        .outerjoin(
            of_project,
            and_(
                t.method == spelled_out(Method.PROJECT_RATE),
                of_project.c.project_id == _E.project_id,
                of_project.c.member_id.is_(None),
                _holds(of_project, terms),
            ),
        )
        .outerjoin(
            on_project,
            and_(
                t.method == spelled_out(Method.PERSON_RATE),
                on_project.c.project_id == _E.project_id,
                on_project.c.member_id == _E.member_id,
                _holds(on_project, terms),
            ),
        )
        .outerjoin(
            of_person,
            and_(
                t.method == spelled_out(Method.PERSON_RATE),
                of_person.c.member_id == _E.member_id,
                of_person.c.project_id.is_(None),
                _holds(of_person, terms),
            ),
        )
    )
    method = func.coalesce(t.method, Method.NON_BILLABLE.value)
    is_billable = and_(method != Method.NON_BILLABLE.value, no_task)
    is_hourly = or_(method == Method.PROJECT_RATE.value, method == Method.PERSON_RATE.value)
    rate = func.coalesce(of_project.c.per_hour, on_project.c.per_hour, of_person.c.per_hour)
    return Priced(
        source=source,
        client_id=t.client_id,
        currency=t.currency,
        is_billable=is_billable,
        per_hour=case((is_billable, rate)),
        is_unpriced=and_(is_billable, is_hourly, rate.is_(None)),
    )


def purse(rows: list[AnyRow]) -> Purse:
    """Rows with ``currency`` and ``earned`` as what has been earned in each currency."""
    found = Purse()
    for row in rows:
        if row.currency is not None and row.earned:
            found.add(row.currency, int(row.earned))
    return found


def _terms(team_id: TeamId) -> CTE:
    until = func.lead(_T.from_day).over(partition_by=_T.project_id, order_by=_T.from_day)
    columns = (_T.project_id, _T.client_id, _T.method, _T.currency, _T.from_day)
    query = select(*columns, _or_never(until)).where(_T.team_id == team_id)
    return query.cte("terms")


def _rates(team_id: TeamId) -> CTE:
    kind = (_R.project_id, _R.member_id, _R.currency)
    until = func.lead(_R.from_day).over(partition_by=kind, order_by=_R.from_day)
    query = select(*kind, _R.per_hour, _R.from_day, _or_never(until)).where(_R.team_id == team_id)
    return query.cte("rates")


def _or_never(until: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(until, literal(date.max)).label("until_day")


def _covers(span: FromClause) -> ColumnElement[bool]:
    return and_(span.c.from_day <= _E.work_date, span.c.until_day > _E.work_date)


def _holds(rate: FromClause, terms: FromClause) -> ColumnElement[bool]:
    return and_(rate.c.currency == terms.c.currency, _covers(rate))
