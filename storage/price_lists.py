"""The terms and rates of a stretch of days, in two statements."""

from collections.abc import Collection, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all

from bot.domain.billing import Method, Terms
from bot.domain.ids import ClientId, TeamId
from bot.domain.price_list import PriceList, price_list
from storage.billing import ProjectTermsRow, RateRow
from storage.members import MemberRow
from storage.sql import among, fenced, table
from storage.unit_of_work import Tx

_T, _R = table(ProjectTermsRow).c, table(RateRow).c
_MEMBER = table(MemberRow).c
_TERMS = (_T.from_day, _T.project_id, _T.method, _T.currency, _T.client_id, _T.fee)
_WHOSE = (_R.project_id, _R.member_id, _R.currency)
_RATES = (_R.from_day, *_WHOSE, _R.per_hour)
_DAY = itemgetter(0)


def load(
    tx: Tx,
    team_id: TeamId,
    first: date,
    after_last: date,
    *,
    projects: Collection[int] | None = None,
    with_rates: bool = True,
    clients: Collection[int] = (),
) -> PriceList:
    """What holds in some days.

    Args:
        tx: The transaction.
        team_id: The team.
        first: The first day.
        after_last: The day after the last one.
        projects: Of these projects alone; None is all.
        with_rates: Without, hours earn nothing, and are still known to be billable.
        clients: Rates of projects of these clients alone; nothing is all.
    """
    which = [_T.team_id == team_id]
    if projects is not None:
        which.append(among(tx, _T.project_id, projects))
    held = tx.execute(_held(_TERMS, which, (_T.project_id,), first, after_last)).all()
    terms = [
        (
            project,
            Terms(day, Method(method), currency, None if client is None else ClientId(client), fee),
        )
        for day, project, method, currency, client, fee, _ in sorted(held, key=_DAY)
    ]
    if not with_rates:
        return price_list(first, terms, ())
    mine = [one for one in terms if not clients or one[1].client_id in clients]
    wanted = _rates(tx, team_id, mine)
    if not wanted:
        return price_list(first, terms, ())
    each = [_held(_RATES, one, _WHOSE, first, after_last) for one in wanted]
    rates = tx.execute(union_all(*each)).all()
    return price_list(
        first,
        terms,
        (
            ((project, member, currency), day, per_hour)
            for day, project, member, currency, per_hour, _ in sorted(rates, key=_DAY)
        ),
    )


def _rates(
    tx: Tx, team_id: TeamId, terms: Sequence[tuple[int, Terms]]
) -> list[list[ColumnElement[bool]]]:
    """Those that may be needed, in parts that each come out of the index in order."""
    by_project, by_person = (
        {project for project, one in terms if one.method is method}
        for method in (Method.PROJECT_RATE, Method.PERSON_RATE)
    )
    found = []
    if by_project:
        found.append([among(tx, _R.project_id, by_project), _R.member_id.is_(None)])
    if by_person:
        of_team = select(_MEMBER.id).where(_MEMBER.team_id == team_id)
        found.append([among(tx, _R.project_id, by_person), _R.member_id.is_not(None)])
        found.append([_R.project_id.is_(None), _R.member_id.in_(of_team)])
    return [[*one, fenced(_R.team_id, team_id)] for one in found]


def _held(
    columns: Sequence[ColumnElement[Any]],
    mine: Collection[ColumnElement[bool]],
    whose: Sequence[ColumnElement[Any]],
    first: date,
    after_last: date,
) -> Select[Any]:
    """Those that hold on some of the days; the first column is the day from which on they do."""
    from_day = columns[0]
    until = func.lead(from_day).over(partition_by=whose, order_by=from_day)
    each = select(*columns, until.label("until")).where(*mine, from_day < after_last).subquery()
    return select(each).where(or_(each.c.until.is_(None), each.c.until > first))
