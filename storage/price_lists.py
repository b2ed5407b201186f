"""The terms and rates of a stretch of days, in two statements."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from bot.domain.billing import Method, Terms
from bot.domain.ids import ClientId, TeamId
from bot.domain.price_list import PriceList, price_list
from storage.billing import ProjectTermsRow, RateRow
from storage.sql import among, table
from storage.unit_of_work import Tx

_T, _R = table(ProjectTermsRow).c, table(RateRow).c
_WHOSE = (_R.project_id, _R.member_id, _R.currency)


def load(
    tx: Tx,
    team_id: TeamId,
    first: date,
    after_last: date,
    *,
    projects: Collection[int] | None = None,
    with_rates: bool = True,
) -> PriceList:
    """What holds in some days.

    Args:
        tx: The transaction.
        team_id: The team.
        first: The first day.
        after_last: The day after the last one.
        projects: Of these projects alone; None is all.
        with_rates: Without, hours earn nothing, and are still known to be billable.
    """
    mine = [_T.team_id == team_id]
    if projects is not None:
        mine.append(among(tx, _T.project_id, projects))
    held = _held(tuple(_T), mine, (_T.project_id,), first, after_last)
    terms = [
        (
            int(row.project_id),
            Terms(
                row.from_day,
                Method(row.method),
                row.currency,
                None if row.client_id is None else ClientId(row.client_id),
                row.fee,
            ),
        )
        for row in tx.execute(held)
    ]
    if not with_rates:
        return price_list(first, terms, ())
    by_project, by_person = (
        {project for project, one in terms if one.method is method}
        for method in (Method.PROJECT_RATE, Method.PERSON_RATE)
    )
    wanted = [and_(among(tx, _R.project_id, by_project), _R.member_id.is_(None))]
    if by_person:
        own = among(tx, _R.project_id, by_person)
        wanted += [and_(own, _R.member_id.is_not(None)), _R.project_id.is_(None)]
    rates = _held(
        (*_WHOSE, _R.from_day, _R.per_hour),
        [_R.team_id == team_id, or_(*wanted)],
        _WHOSE,
        first,
        after_last,
    )
    return price_list(
        first,
        terms,
        (
            ((project, member, currency), day, per_hour)
            for project, member, currency, day, per_hour, _ in tx.execute(rates)
        ),
    )


def _held(
    columns: Sequence[ColumnElement[Any]],
    mine: Collection[ColumnElement[bool]],
    whose: Sequence[ColumnElement[Any]],
    first: date,
    after_last: date,
) -> Select[Any]:
    """Those that hold on some of the days, in the order of theirs."""
    from_day = next(one for one in columns if one.key == "from_day")
    until = func.lead(from_day).over(partition_by=whose, order_by=from_day)
    each = select(*columns, until.label("until")).where(*mine, from_day < after_last).subquery()
    some = or_(each.c.until.is_(None), each.c.until > first)
    return select(each).where(some).order_by(each.c.from_day)
