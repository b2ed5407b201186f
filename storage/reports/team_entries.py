"""Which finished entries a report of many people's time adds up (M4).

The team's fence is its projects' own rows: the index on projects holds everything else that is
added up, so no entry itself is read.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, or_, select

from bot.domain.ids import TeamId
from bot.domain.money.price_list import PriceList, price_list
from bot.domain.periods import Period
from storage.entries.time_entries import TimeEntryRow
from storage.json_text import as_json
from storage.money import price_lists
from storage.money.price_lists import Days
from storage.projects.projects import ProjectRow
from storage.reports.team_terms import fitting, on_terms
from storage.reports.team_which import Basis, Which
from storage.sql import among, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_E, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c


def based(tx: Tx, which: Which, before: Period | None = None) -> Which:
    """The same with what its statements have in common, looked up once.

    One person's time needs it only where filters ask how it is billed.

    Args:
        tx: The transaction.
        which: Which time.
        before: Earlier days, to which all holds as well.
    """
    seen, filters = which.seen, which.filters
    if which.basis is not None or (which.is_narrow and not filters.need_terms):
        return which
    first = which.period.first if before is None else min(before.first, which.period.first)
    days = Days(first, which.period.after_last)
    held = price_lists.terms(
        tx, seen.team_id, days, projects=seen.projects, clients=filters.clients
    )
    if filters.clients:  # it is of projects that have terms
        about = filters.about.projects
        projects = [one for one in held if not about or one in about]
    else:
        projects = projects_in(tx, which)
    return replace(which, basis=Basis(projects, held, _labelled(tx, which)))


def prices_of(
    tx: Tx, which: Which, projects: Collection[int] | None = None, people: Collection[int] = ()
) -> PriceList:
    """What holds in the period: for some projects, or for all that may be in it.

    Without ``people`` it is for all whose time that may be.
    """
    period, team_id, clients = which.period, which.seen.team_id, which.filters.clients
    days = Days(period.first, period.after_last)
    if which.basis is not None:
        held = price_lists.within(which.basis.terms, days)
    else:
        some = which.seen.projects if projects is None else projects
        held = price_lists.terms(tx, team_id, days, projects=some)
    if not which.may_earn:
        return price_list(period.first, held)
    mine = [
        (project, [one for one in each if not clients or one.client_id in clients])
        for project, each in held.items()
    ]
    rates = price_lists.rates(tx, team_id, days, mine, people=people or which.people)
    return price_list(period.first, held, rates)


def projects_in(tx: Tx, which: Which) -> list[int]:
    """The projects whose time it is."""
    return [row.id for row in tx.execute(_projects(which))]


def conditions(
    tx: Tx, which: Which, projects: Collection[int] | None = None
) -> list[ColumnElement[bool]]:
    """On finished entries.

    Args:
        tx: The transaction.
        which: Which time.
        projects: Only these, whose time the filters may want.
    """
    days, parts = parted(tx, which, projects)
    return [*days, *parts]


def parted(
    tx: Tx, which: Which, projects: Collection[int] | None = None
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """The same: on whole days of people on projects, and on what of those days."""
    some, billed = projects, []
    if which.filters.need_terms:
        which = based(tx, which)
    if which.basis is not None:
        if some is None:
            some = fitting(which, which.basis)
        if which.filters.need_terms:
            billed = [on_terms(which, which.basis.terms, some)]
    days = [
        *_whose(which, some),
        _E.deleted_at.is_(None),
        _E.work_date >= which.period.first,
        _E.work_date < which.period.after_last,
        _E.seconds.is_not(None),
    ]
    return days, [*_on_tasks(tx, which), *billed]


def standing(tx: Tx, which: Which, *, deleted: bool = False) -> list[ColumnElement[bool]]:
    """On entries of any day, timers too, and with ``deleted`` those that are no more."""
    there = [] if deleted else [_E.deleted_at.is_(None)]
    return [*_whose(which, None), *there, *_on_tasks(tx, which)]


def _whose(which: Which, projects: Collection[int] | None) -> Iterator[ColumnElement[bool]]:
    seen, people = which.seen, which.filters.people
    if projects is None:
        yield _E.project_id.in_(_projects(which))
    else:
        yield among(_E.project_id, projects)
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
        task, basis = func.coalesce(_E.task_id, 0), which.basis
        asked = (tx.core.dialect.name, which.seen.team_id, filters.label)
        if which.is_narrow:  # the other way round: few entries
            of_entry = _with_label(*asked).where(_TASK.id == _E.task_id)
            yield of_entry.correlate(table(TimeEntryRow)).exists()
        elif basis is not None and basis.labelled is not None:
            yield among(task, basis.labelled)
        else:
            yield task.in_(_once_with_label(*asked))


def _projects(which: Which) -> Select[tuple[int]]:
    projects = which.seen.projects_there()
    about = which.filters.about.projects
    return projects.where(_PROJECT.id.in_(about)) if about else projects


def _labelled(tx: Tx, which: Which) -> Sequence[int] | None:
    """Found once on SQLite, where the look at each task's labels takes most of such a report."""
    label, dialect = which.filters.label, tx.core.dialect.name
    if not label or which.is_narrow or dialect != "sqlite":
        return None
    return [row.id for row in tx.execute(_with_label(dialect, which.seen.team_id, label))]


@lru_cache(maxsize=50)
def _once_with_label(dialect: str, team_id: TeamId, label: str) -> Select[tuple[int]]:
    """The same for all parts of a statement, which looks for them once."""
    return select(_with_label(dialect, team_id, label).cte("labelled").c.id)


def _with_label(dialect: str, team_id: TeamId, label: str) -> Select[tuple[int]]:
    """The tasks that have it, in any case."""
    each: ColumnElement[Any]
    written: ColumnElement[str] = cast(_TASK.labels, Text)
    if dialect == "sqlite":
        each = func.json_each(_TASK.labels).table_valued("value").c.value
    else:
        each = func.json_array_elements_text(_TASK.labels).column_valued("value")
        written = func.lower(written)
    same = or_(each == label, func.lower(each) == label.lower())
    has_it = select(literal(1)).where(same).correlate(table(TaskRow)).exists()
    found = select(_TASK.id).where(_TASK.team_id == team_id, has_it)
    if label.isascii():  # most tasks are told apart before their labels are
        found = found.where(written.contains(as_json(label.lower())[1:-1], autoescape=True))
    return found
