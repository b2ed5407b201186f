"""How projects' days are billed, and whether a report asks for time of such days (M4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, true

from bot.domain.ids import TeamId
from bot.domain.money.billing import Method, Terms
from bot.domain.periods import Period
from storage.entries.time_entries import TimeEntryRow
from storage.money.price_lists import Held
from storage.money.unbilled_tasks import UnbilledTaskRow
from storage.reports.team_which import Basis, Which
from storage.sql import among, table

_E, _UNBILLED = table(TimeEntryRow).c, table(UnbilledTaskRow).c
_TOGETHER = 100
"""Conditions side by side; databases bound how deep they are nested."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How some of a project's days stand to what is asked for."""

    may_fit: bool
    """The filters want time of these days, or some of it."""
    is_billed: bool


def may_fit(found: Collection[Standing]) -> bool:
    """Whether the filters want any time of a project."""
    return any(one.may_fit for one in found)


def standings(held: Sequence[Terms], which: Which) -> set[Standing]:
    """How the days of a project with these terms stand; with one answer it holds for all."""
    filters, found = which.filters, set()
    for _, _, terms in _stretches(held, which.period):
        is_billed = _is_billed(terms)
        may_fit = _is_for(terms, filters.clients) and (is_billed or not filters.billable)
        found.add(Standing(may_fit, is_billed))
    return found


def fitting(which: Which, basis: Basis) -> dict[int, set[Standing]]:
    """The projects whose time the filters may want, and how they stand."""
    found = {one: standings(basis.terms.get(one, ()), which) for one in basis.projects}
    return {project: held for project, held in found.items() if may_fit(held)}


def whole_projects(which: Which) -> Sequence[int] | None:
    """The projects whose time it is; None where it is only a part of it, or is not known."""
    filters, basis = which.filters, which.basis
    if basis is None or which.is_narrow or filters.label or filters.billable is not None:
        return None
    if not filters.clients:
        return basis.projects
    found = fitting(which, basis)
    is_whole = all(one.may_fit for held in found.values() for one in held)
    return list(found) if is_whole else None


@lru_cache(maxsize=50)
def unbilled_tasks(team_id: TeamId) -> Select[tuple[int]]:
    """Tasks that nobody is billed for."""
    return select(_UNBILLED.task_id).where(_UNBILLED.team_id == team_id)


@lru_cache(maxsize=50)
def is_unbilled(team_id: TeamId) -> ColumnElement[bool]:
    """Whether an entry's task is one of those."""
    return and_(_E.task_id.is_not(None), _E.task_id.in_(unbilled_tasks(team_id)))


def on_terms(which: Which, held: Held, projects: Collection[int]) -> ColumnElement[bool]:
    """How entries are billed, as conditions on projects and days."""
    stretches = {one: _stretches(held.get(one, ()), which.period) for one in projects}
    within = partial(_days_of, stretches, which.filters.clients)
    wanted = which.filters.billable
    if wanted is None:
        return within(billable=None)
    free, billable = is_unbilled(which.seen.team_id), within(billable=True)
    if wanted:
        return and_(billable, not_(free))
    return or_(within(billable=False), and_(billable, free))


_Stretch = tuple[date, date, Terms | None]


def _stretches(held: Sequence[Terms], period: Period) -> list[_Stretch]:
    """The period's days by what holds on them."""
    found: list[_Stretch] = []
    begins, terms = period.first, None
    for one in held:
        day = min(one.from_day, period.after_last)
        if day > begins:
            found.append((begins, day, terms))
            begins = day
        terms = one
    if begins < period.after_last:
        found.append((begins, period.after_last, terms))
    return found


def _is_billed(terms: Terms | None) -> bool:
    return terms is not None and terms.method is not Method.NON_BILLABLE


def _is_for(terms: Terms | None, clients: Collection[int]) -> bool:
    return not clients or (terms is not None and terms.client_id in clients)


def _days_of(
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
    found = [among(_E.project_id, whole)] if whole else []
    return or_(false(), *found, *_nested(parts))


def _nested(parts: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    some = (parts[at : at + _TOGETHER] for at in range(0, len(parts), _TOGETHER))
    return [or_(false(), *one).self_group() for one in some]
