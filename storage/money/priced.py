"""Time entries with their price, for sums: the form that databases add up.

``work`` adds up entries by whatever a report groups by, and by project, person and day, or by
stretch of days in which no terms or rates begin (``eras``). Few rows are left, and only those are
priced: by the terms and rates of their day. Whoever reports selects from ``source``, groups by
``keys`` and ``currency``, and sums ``earned`` (cent-seconds, whole numbers);
``bot.domain.money.money.rounded`` makes cents of each sum, once.
``bot.domain.money.billing.Book.price`` says the same for one entry, and a test holds the two
together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.types import BigInteger

from bot.domain.ids import TeamId
from bot.domain.money.billing import Method
from bot.domain.money.money import Purse
from bot.domain.values import dataclass
from storage.entries.time_entries import TimeEntryRow
from storage.money.billing import ProjectTermsRow, RateRow
from storage.money.unbilled_tasks import UnbilledTaskRow
from storage.sql import AnyRow, table
from storage.unit_of_work import Tx

_E, _U = table(TimeEntryRow).c, table(UnbilledTaskRow).c
_T, _R = table(ProjectTermsRow).c, table(RateRow).c
_MOST_ERAS = 60
"""With more than that, days are as good."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Added entries and what they come to; columns to select, group and filter by."""

    source: FromClause
    """To select from."""
    keys: Mapping[str, ColumnElement[Any]]
    """What was grouped by."""
    client_id: ColumnElement[Any]
    """Of the entries' own days; NULL for none."""
    currency: ColumnElement[Any]
    """NULL where no terms hold."""
    is_billable: ColumnElement[bool]
    per_hour: ColumnElement[Any]
    """NULL where hours earn nothing."""
    is_unpriced: ColumnElement[bool]
    """It would earn by the hour, and no rate holds."""
    added: ColumnElement[int]
    """Seconds of one row."""

    @property
    def seconds(self) -> ColumnElement[int]:
        """All seconds, to be selected."""
        return func.coalesce(func.sum(self.added), 0)

    @property
    def billable(self) -> ColumnElement[int]:
        """Billable seconds, to be selected."""
        return func.coalesce(func.sum(case((self.is_billable, self.added), else_=0)), 0)

    @property
    def unpriced(self) -> ColumnElement[int]:
        """Seconds that earn nothing because no rate is set, to be selected."""
        return func.coalesce(func.sum(case((self.is_unpriced, self.added), else_=0)), 0)

    @property
    def earned(self) -> ColumnElement[int]:
        """Cent-seconds, to be selected; only within one currency."""
        product = type_coerce(self.added, BigInteger) * func.coalesce(self.per_hour, 0)
        return func.coalesce(func.sum(product), 0)


def eras(tx: Tx, team_id: TeamId, first: date, after_last: date) -> ColumnElement[date]:
    """Each entry's stretch of days, by its first one; within it all prices stay as they are."""
    begins = [
        select(column).where(team == team_id, column > first, column < after_last)
        for team, column in ((_T.team_id, _T.from_day), (_R.team_id, _R.from_day))
    ]
    days = sorted(tx.execute(union(*begins).limit(_MOST_ERAS + 1)).scalars(), reverse=True)
    if len(days) > _MOST_ERAS:
        return _E.work_date
    whens = [(_E.work_date >= day, literal(day)) for day in days]
    return case(*whens, else_=literal(first)) if whens else literal(first)


def priced(
    team_id: TeamId,
    where: Iterable[ColumnElement[bool]],
    by: Sequence[ColumnElement[Any]] = (),
    *,
    era: ColumnElement[date] | None = None,
) -> Priced:
    """Finished entries that fit conditions, added up and priced.

    Args:
        team_id: The fence of terms and rates; that of entries is the caller's, who knows by which
            index they are found.
        where: Conditions on entries.
        by: Columns or labelled expressions on entries that the sums are grouped by.
        era: From ``eras``; each day by itself where there is none.
    """
    names = [f"key_{at}" for at in range(len(by))]
    grouped = [
        *(one.label(name) for one, name in zip(by, names, strict=True)),
        _E.project_id.label("of_project"),
        _E.member_id.label("of_member"),
        (_E.work_date if era is None else era).label("on_day"),
        case((_U.task_id.is_(None), 0), else_=1).label("is_free"),
    ]
    work = (
        select(*grouped, func.sum(_E.seconds).label("added"))
        .select_from(table(TimeEntryRow))
        .outerjoin(table(UnbilledTaskRow), _U.task_id == _E.task_id)
        .where(_E.deleted_at.is_(None), _E.seconds.is_not(None), *where)
        .group_by(*grouped)
        .subquery("work")
    )
    terms = table(ProjectTermsRow).alias("held")
    source = work.outerjoin(terms, terms.c.id == _terms_of(team_id, work))
    method = terms.c.method
    is_billable = and_(
        method.is_not(None), method != Method.NON_BILLABLE.value, work.c.is_free == 0
    )
    is_hourly = or_(method == Method.PROJECT_RATE.value, method == Method.PERSON_RATE.value)
    rate = _rate_of(team_id, work, terms)
    return Priced(
        source=source,
        keys={
            getattr(one, "name", name): work.c[name] for one, name in zip(by, names, strict=True)
        },
        client_id=terms.c.client_id,
        currency=terms.c.currency,
        is_billable=is_billable,
        per_hour=case((is_billable, rate)),
        is_unpriced=and_(is_billable, is_hourly, rate.is_(None)),
        added=work.c.added,
    )


def purse(rows: Iterable[AnyRow]) -> Purse:
    """Rows with ``currency`` and ``earned`` as what has been earned in each currency."""
    found = Purse()
    for row in rows:
        if row.currency is not None and row.earned:
            found.add(row.currency, int(row.earned))
    return found


def _terms_of(team_id: TeamId, work: FromClause) -> ScalarSelect[Any]:
    query = select(_T.id).where(
        _T.team_id == team_id, _T.project_id == work.c.of_project, _T.from_day <= work.c.on_day
    )
    return query.order_by(_T.from_day.desc()).limit(1).correlate(work).scalar_subquery()


def _rate_of(team_id: TeamId, work: FromClause, terms: FromClause) -> ColumnElement[Any]:
    def newest(*whose: ColumnElement[bool]) -> ScalarSelect[Any]:
        query = select(_R.per_hour).where(
            *whose,
            _R.currency == terms.c.currency,
            _R.from_day <= work.c.on_day,
            _R.team_id == team_id,
        )
        newest_first = query.order_by(_R.from_day.desc()).limit(1)
        return newest_first.correlate(work, terms).scalar_subquery()

    of_project = newest(_R.project_id == work.c.of_project, _R.member_id.is_(None))
    on_project = newest(_R.project_id == work.c.of_project, _R.member_id == work.c.of_member)
    of_person = newest(_R.project_id.is_(None), _R.member_id == work.c.of_member)
    return case(
        (terms.c.method == Method.PROJECT_RATE.value, of_project),
        (terms.c.method == Method.PERSON_RATE.value, func.coalesce(on_project, of_person)),
    )
