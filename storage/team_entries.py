"""Which finished entries a report of many people's time adds up (M4).

The team's fence is its projects' own rows: the index on projects holds everything else that is
added up, so no entry itself is read.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, not_, or_, select, true

from bot.domain.billing import Method, Terms
from bot.domain.ids import TeamId
from bot.domain.periods import Period
from bot.domain.price_list import PriceList
from bot.domain.rounding import Rounding
from bot.domain.team_reports import Filters
from storage import price_lists
from storage.projects import ProjectRow
from storage.report_sums import Seen
from storage.sql import among, table
from storage.tasks import TaskRow
from storage.time_entries import TimeEntryRow
from storage.unbilled_tasks import UnbilledTaskRow
from storage.unit_of_work import Tx

_E, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c
_UNBILLED = table(UnbilledTaskRow).c
_TOGETHER = 100
"""Conditions side by side; databases bound how deep they are nested."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which time is added up."""

    seen: Seen
    period: Period
    filters: Filters
    with_money: bool = True
    """Whether it is told what was earned."""
    rounding: Rounding | None = None
    """How each entry counts."""

    @property
    def may_earn(self) -> bool:
        """It is told what was earned, and something may have been."""
        return self.with_money and self.filters.billable is not False

    @property
    def is_narrow(self) -> bool:
        """It is so little that other indexes than that on projects find it."""
        mine = self.seen.member_id is not None
        return mine or bool(self.filters.people or self.filters.about.tasks)


def prices_of(tx: Tx, which: Which, projects: Collection[int] | None = None) -> PriceList:
    """What holds in the period: for some projects, or for all that may be in it."""
    period, seen = which.period, which.seen
    return price_lists.load(
        tx,
        seen.team_id,
        period.first,
        period.after_last,
        projects=seen.projects if projects is None else projects,
        with_rates=which.may_earn,
        clients=which.filters.clients,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How some of a project's days stand to what is asked for."""

    may_fit: bool
    """The filters want time of these days, or some of it."""
    is_billed: bool


def may_fit(found: Collection[Standing]) -> bool:
    """Whether the filters want any time of a project."""
    return any(one.may_fit for one in found)


def standings(prices: PriceList, which: Which, project: int) -> set[Standing]:
    """How a project's days stand; with one answer it holds for all of them."""
    filters, found = which.filters, set()
    for _, _, terms in _stretches(prices, project, which.period):
        is_billed = _is_billed(terms)
        may_fit = _is_for(terms, filters.clients) and (is_billed or not filters.billable)
        found.add(Standing(may_fit, is_billed))
    return found


def projects_in(tx: Tx, which: Which) -> list[int]:
    """The projects whose time it is."""
    return [row.id for row in tx.execute(_projects(which))]


def conditions(
    tx: Tx,
    which: Which,
    prices: PriceList | None = None,
    projects: Collection[int] | None = None,
) -> list[ColumnElement[bool]]:
    """On finished entries.

    Args:
        tx: The transaction.
        which: Which time.
        prices: Of the period, where it is at hand; it is looked up where it is needed.
        projects: Only these, whose team is known.
    """
    days, parts = parted(tx, which, prices, projects)
    return [*days, *parts]


def parted(
    tx: Tx,
    which: Which,
    prices: PriceList | None = None,
    projects: Collection[int] | None = None,
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """The same: on whole days of people on projects, and on what of those days."""
    some, on_terms = projects, []
    if which.filters.need_terms:
        known = prices or prices_of(tx, replace(which, with_money=False))
        each = projects_in(tx, which) if projects is None else projects
        some = [one for one in each if may_fit(standings(known, which, one))]
        on_terms = [_on_terms(tx, which, known, some)]
    days = [
        *_whose(tx, which, some),
        _E.deleted_at.is_(None),
        _E.work_date >= which.period.first,
        _E.work_date < which.period.after_last,
        _E.seconds.is_not(None),
    ]
    return days, [*_on_tasks(tx, which), *on_terms]


def standing(tx: Tx, which: Which, *, deleted: bool = False) -> list[ColumnElement[bool]]:
    """On entries of any day, timers too, and with ``deleted`` those that are no more."""
    there = [] if deleted else [_E.deleted_at.is_(None)]
    return [*_whose(tx, which, None), *there, *_on_tasks(tx, which)]


def _whose(tx: Tx, which: Which, projects: Collection[int] | None) -> Iterator[ColumnElement[bool]]:
    seen, people = which.seen, which.filters.people
    if projects is None:
        yield _E.project_id.in_(_projects(which))
    else:
        yield among(tx, _E.project_id, projects)
    if seen.member_id is not None:
        yield _E.member_id == seen.member_id
    if people:
        yield _E.member_id.in_(people)


def _on_tasks(tx: Tx, which: Which) -> Iterator[ColumnElement[bool]]:
    filters = which.filters
    if filters.about.tasks:
        yield _E.task_id.in_(filters.about.tasks)
    if filters.label:
        # Of an expression, so that nobody looks for each of many tasks: few are of the period.
        task = func.coalesce(_E.task_id, 0)
        yield task.in_(_with_label(tx.core.dialect.name, which.seen.team_id, filters.label))


def is_unbilled(team_id: TeamId) -> ColumnElement[bool]:
    """Whether an entry's task is one that nobody is billed for."""
    marked = select(_UNBILLED.task_id).where(_UNBILLED.team_id == team_id)
    return and_(_E.task_id.is_not(None), _E.task_id.in_(marked))


def _projects(which: Which) -> Select[tuple[int]]:
    projects = which.seen.projects_there()
    about = which.filters.about.projects
    return projects.where(_PROJECT.id.in_(about)) if about else projects


@lru_cache(maxsize=50)
def _with_label(dialect: str, team_id: TeamId, label: str) -> Select[tuple[int]]:
    """The tasks that have it.

    Asked for again it is the very same, and so it is looked up once in a statement of many parts.
    """
    if dialect == "sqlite":
        each: ColumnElement[Any] = func.json_each(_TASK.labels).table_valued("value").c.value
    else:
        each = func.json_array_elements_text(_TASK.labels).column_valued("value")
    same = or_(each == label, func.lower(each) == label.lower())
    has_it = select(literal(1)).where(same).correlate(table(TaskRow)).exists()
    labelled = select(_TASK.id).where(_TASK.team_id == team_id, has_it).cte("labelled")
    return select(labelled.c.id)


def _on_terms(
    tx: Tx, which: Which, prices: PriceList, projects: Collection[int]
) -> ColumnElement[bool]:
    """How entries are billed, as conditions on projects and days."""
    stretches = {project: _stretches(prices, project, which.period) for project in projects}
    within = partial(_days_of, tx, stretches, which.filters.clients)
    wanted = which.filters.billable
    if wanted is None:
        return within(billable=None)
    free, billable = is_unbilled(which.seen.team_id), within(billable=True)
    if wanted:
        return and_(billable, not_(free))
    return or_(within(billable=False), and_(billable, free))


_Stretch = tuple[date, date, Terms | None]


def _stretches(prices: PriceList, project: int, period: Period) -> list[_Stretch]:
    """The period's days by what holds on them."""
    held = prices.terms.get(project, ())
    begins = [max(one.from_day, period.first) for one in held]
    ends = [*begins[1:], period.after_last]
    found: list[_Stretch] = list(zip(begins, ends, held, strict=bool(held)))
    if not begins or begins[0] > period.first:
        found.insert(0, (period.first, begins[0] if begins else period.after_last, None))
    return found


def _is_billed(terms: Terms | None) -> bool:
    return terms is not None and terms.method is not Method.NON_BILLABLE


def _is_for(terms: Terms | None, clients: Collection[int]) -> bool:
    return not clients or (terms is not None and terms.client_id in clients)


def _days_of(
    tx: Tx,
    stretches: dict[int, list[_Stretch]],
    clients: Collection[int],
    *,
    billable: bool | None,
) -> ColumnElement[bool]:
    def fits(terms: Terms | None) -> bool:
        return _is_for(terms, clients) and billable in {None, _is_billed(terms)}

    whole: list[int] = []
    parts: list[ColumnElement[bool]] = []
    for project, each in stretches.items():
        fitting = [(first, after_last) for first, after_last, terms in each if fits(terms)]
        if len(fitting) == len(each):
            whole.append(project)
            continue
        parts += [
            and_(_E.project_id == project, _E.work_date >= first, _E.work_date < after_last)
            for first, after_last in fitting
        ]
    if len(whole) == len(stretches):
        return true()
    found = [among(tx, _E.project_id, whole)] if whole else []
    return or_(false(), *found, *_nested(parts))


def _nested(parts: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    some = (parts[at : at + _TOGETHER] for at in range(0, len(parts), _TOGETHER))
    return [or_(false(), *one).self_group() for one in some]
