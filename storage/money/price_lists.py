"""The terms and rates of a stretch of days, in two statements."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, union_all
from sqlalchemy.types import Date

from bot.domain.ids import ClientId, TeamId
from bot.domain.money.billing import Method, Terms
from bot.domain.money.price_list import Whose
from bot.domain.values import dataclass
from storage.entries.time_entries import TimeEntryRow
from storage.members import MemberRow
from storage.money.billing import ProjectTermsRow, RateRow
from storage.prepared import Prepared
from storage.sql import Ids, among, fenced, table
from storage.unit_of_work import Tx

_T, _R, _E = table(ProjectTermsRow).c, table(RateRow).c, table(TimeEntryRow).c
_MEMBER = table(MemberRow).c
_WHOSE = (_R.project_id, _R.member_id, _R.currency)
_RATES = (_R.from_day, *_WHOSE, _R.per_hour)
_DAY = itemgetter(0)
_METHODS = {one.value: one for one in Method}
_FEW = 20
"""Projects whose people are fewer than the team's, more often than not."""

Held: TypeAlias = Mapping[int, Sequence[Terms]]
"""Terms of projects, each one's in the order of their days."""


def _ids(name: str) -> Any:  # noqa: ANN401 - a parameter of any type
    return bindparam(name, type_=Ids())


_FIRST, _AFTER_LAST = bindparam("first", type_=Date), bindparam("after_last", type_=Date)
_OF_TEAM = select(_T.from_day, _T.project_id, _T.method, _T.currency, _T.client_id, _T.fee).where(
    _T.team_id == bindparam("team"), _T.from_day < _AFTER_LAST
)
_THESE = among(_T.project_id, _ids("projects"))
_FOR_CLIENTS = _T.project_id.in_(
    select(_T.project_id).where(
        _T.team_id == bindparam("team"), among(_T.client_id, _ids("clients"))
    )
)
_TERMS = {
    (False, False): Prepared(_OF_TEAM),
    (True, False): Prepared(_OF_TEAM.where(_THESE)),
    (False, True): Prepared(_OF_TEAM.where(_FOR_CLIENTS)),
    (True, True): Prepared(_OF_TEAM.where(_THESE, _FOR_CLIENTS)),
}
"""By whether they are of some projects alone, and of some clients' alone."""


def _held(*mine: ColumnElement[bool]) -> Select[Any]:
    """Rates that hold on some of the days; the first column is the day from which on they do."""
    until = func.lead(_R.from_day).over(partition_by=_WHOSE, order_by=_R.from_day)
    there = (*mine, fenced(_R.team_id, bindparam("team")), _R.from_day < _AFTER_LAST)
    each = select(*_RATES, until.label("until")).where(*there).subquery()
    found = select(*(each.c[one.name] for one in _RATES))
    return found.where(or_(each.c.until.is_(None), each.c.until > _FIRST))


def _rates_for(people: Callable[[], ColumnElement[bool]]) -> Prepared:
    """Rates in parts that each come out of the index in order."""
    by_person = among(_R.project_id, _ids("by_person"))
    parts = (
        _held(among(_R.project_id, _ids("by_project")), _R.member_id.is_(None)),
        _held(by_person, _R.member_id.is_not(None)),
        _held(_R.project_id.is_(None), people()),
    )
    return Prepared(union_all(*parts))


_RATES_OF = _rates_for(lambda: among(_R.member_id, _ids("people")))
_RATES_OF_TEAM = _rates_for(
    lambda: _R.member_id.in_(select(_MEMBER.id).where(_MEMBER.team_id == bindparam("team")))
)
_RATES_OF_TRACKING = _rates_for(
    lambda: _R.member_id.in_(
        select(_E.member_id).where(
            among(_E.project_id, _ids("by_person")),
            _E.deleted_at.is_(None),
            _E.work_date >= _FIRST,
            _E.work_date < _AFTER_LAST,
        )
    )
)


@dataclass(frozen=True, slots=True)
class Days:
    """From a first day on, up to another one."""

    first: date
    after_last: date


def terms(
    tx: Tx,
    team_id: TeamId,
    days: Days,
    *,
    projects: Collection[int] | None = None,
    clients: Collection[int] = (),
) -> Held:
    """The terms that hold on some of the days.

    Args:
        tx: The transaction.
        team_id: The team.
        days: The days.
        projects: Of these projects alone; None is all.
        clients: Of projects that were ever these clients' alone; nothing is all.
    """
    asked = _TERMS[projects is not None, bool(clients)]
    values = {"team": team_id, "after_last": days.after_last}
    if projects is not None:
        values["projects"] = projects
    if clients:
        values["clients"] = clients
    found: dict[int, list[Terms]] = {}
    for day, project, method, currency, client, fee in sorted(asked.all(tx, values), key=_DAY):
        of_client = None if client is None else ClientId(client)
        one = Terms(day, _METHODS[method], currency, of_client, fee)
        found.setdefault(project, []).append(one)
    return within(found, days)


def within(held: Held, days: Days) -> Held:
    """Those that hold on some of the days."""
    return {project: mine for project, all_ in held.items() if (mine := _within(all_, days))}


def _within(held: Sequence[Terms], days: Days) -> Sequence[Terms]:
    over = sum(following.from_day <= days.first for _, following in pairwise(held))
    return [one for one in held[over:] if one.from_day < days.after_last]


def rates(
    tx: Tx,
    team_id: TeamId,
    days: Days,
    held: Iterable[tuple[int, Sequence[Terms]]],
    *,
    people: Collection[int] | None = None,
) -> Iterator[tuple[Whose, date, int]]:
    """The rates that these terms may need, in the order of their days.

    Args:
        tx: The transaction.
        team_id: The team.
        days: The days on which they hold.
        held: Terms of projects.
        people: Those whose time it is, where that is known.
    """
    of_method: dict[Method, set[int]] = {one: set() for one in Method}
    for project, each in held:
        for one in each:
            of_method[one.method].add(project)
    by_project, by_person = of_method[Method.PROJECT_RATE], of_method[Method.PERSON_RATE]
    if not by_project and not by_person:
        return
    values: dict[str, object] = {"team": team_id, "first": days.first}
    values |= {"after_last": days.after_last, "by_project": by_project, "by_person": by_person}
    if people is not None or not by_person:
        asked = _RATES_OF
        values["people"] = (people or ()) if by_person else ()
    else:
        asked = _RATES_OF_TRACKING if len(by_person) <= _FEW else _RATES_OF_TEAM
    found = sorted(asked.all(tx, values), key=_DAY)
    for day, project, member, currency, per_hour in found:
        yield (project, member, currency), day, per_hour
