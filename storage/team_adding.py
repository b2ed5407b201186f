"""Finished time added up as finely as its prices need, and priced (M4).

The database adds up by what is asked for and by what decides a price. For most projects that is
nothing but the project; where terms or rates begin in the period it is the stretch of days as
well, and where hours earn what their person earns, the person. Few rows are left, and those are
priced here. Cent-seconds are whole numbers, so this grouping gives the same as any other.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    select,
    text,
    union_all,
)

from bot.domain.billing import Price
from bot.domain.price_list import PriceList
from bot.domain.team_reports import Pile
from storage.rounded import counted
from storage.sql import fenced, table
from storage.tasks import TaskRow
from storage.team_entries import Which, conditions, is_unbilled, prices_of, projects_in
from storage.time_entries import TimeEntryRow
from storage.unit_of_work import Tx

_E, _TASK = table(TimeEntryRow).c, table(TaskRow).c
_NONE: ColumnElement[Any] = literal(0)
_MOST_STRETCHES = 60
"""With more than that, days are as good."""


@dataclass(slots=True)
class Added:
    """Entries added up that have one price."""

    key: Any
    sub: int
    client_id: int
    """0 for none."""
    price: Price
    seconds: int
    free: int
    """Of those, on tasks that nobody is billed for."""

    @property
    def billed(self) -> int:
        """Seconds that somebody is billed for."""
        return self.seconds - self.free if self.price.is_billable else 0

    def put_on(self, pile: Pile) -> None:
        """Adds it to others."""
        price = self.price
        pile.seconds += self.seconds
        if not price.is_billable:
            return
        billed = self.seconds - self.free
        pile.billable += billed
        if price.is_unpriced:
            pile.unpriced += billed
        elif price.currency is not None and price.per_hour and billed:
            pile.purse.add(price.currency, price.earns(billed))


_Raw: TypeAlias = tuple[Any, int, int, int, date, int, int]
"""Key, sub, project, member, day, seconds, and those on tasks that nobody is billed for."""


class Adding:
    """Adds up one report's entries as finely as their prices need."""

    def __init__(self, tx: Tx, which: Which, *, by_labels: bool = False) -> None:
        self.tx, self.which = tx, which
        self._by_labels = by_labels
        self.projects: Sequence[int] = () if which.is_narrow else projects_in(tx, which)
        needs_all = not which.is_narrow or which.filters.need_terms
        self.prices = prices_of(tx, which) if needs_all else None

    def rows(
        self,
        keys: Sequence[ColumnElement[Any]],
        *more: ColumnElement[bool],
        only: Collection[int] | None = None,
    ) -> Iterator[Added]:
        """The added entries by keys, each row with its one price; of some projects only."""
        if self.which.is_narrow:
            found = self._fetched([self._finely(keys)])
            prices = self.prices or prices_of(self.tx, self.which, {row[2] for row in found})
        else:
            prices = self.prices or prices_of(self.tx, self.which)
            found = self._fetched(list(self._coarsely(keys, prices, more, only)))
        known: dict[tuple[int, int, date], tuple[int, Price]] = {}
        for key, sub, project, member, day, added, free in found:
            place = (project, member, day)
            if place not in known:
                terms = prices.held(project, day)
                client = 0 if terms is None else terms.client_id or 0
                known[place] = client, prices.price(project, member, day)
            yield Added(key, sub, *known[place], int(added), int(free))

    def _fetched(self, queries: Sequence[Select[Any]]) -> list[_Raw]:
        if not queries:
            return []
        query = queries[0] if len(queries) == 1 else union_all(*queries)
        return [tuple(row) for row in self.tx.execute(query)]

    def _finely(self, keys: Sequence[ColumnElement[Any]]) -> Select[Any]:
        """By everything that may decide a price: few entries."""
        where = conditions(self.tx, self.which, self.prices)
        if self.which.seen.member_id is not None or self.which.filters.people:
            where.append(fenced(_E.team_id, self.which.seen.team_id))
        return self._grouped(keys, where, _E.member_id, _E.work_date)

    def _coarsely(
        self,
        keys: Sequence[ColumnElement[Any]],
        prices: PriceList,
        more: Sequence[ColumnElement[bool]],
        only: Collection[int] | None,
    ) -> Iterator[Select[Any]]:
        """By what decides the price, which is not the same for all projects."""
        alike: dict[tuple[bool, bool], list[int]] = {}
        changing = prices.changing()
        for project in self.projects if only is None else only:
            by_person = self.which.with_money and prices.is_by_person(project)
            by_day = not by_person and project in changing
            alike.setdefault((by_person, by_day), []).append(project)
        for (by_person, _), projects in sorted(alike.items()):
            where = conditions(self.tx, self.which, prices, projects)
            begins = prices.changes(set(projects), with_people=by_person)
            member = _E.member_id if by_person else None
            day = stretch(self.which.period.first, begins) if begins else None
            yield self._grouped(keys, [*where, *more], member, day)

    def _grouped(
        self,
        keys: Sequence[ColumnElement[Any]],
        where: Sequence[ColumnElement[bool]],
        member: ColumnElement[Any] | None,
        day: ColumnElement[date] | None,
    ) -> Select[Any]:
        key, sub = (*keys, None, None)[:2]
        by = {"key": key, "sub": sub, "project": _E.project_id, "member": member, "day": day}
        other = {"day": literal(self.which.period.first)}
        columns = [
            (other.get(name, _NONE) if one is None else one).label(name) for name, one in by.items()
        ]
        # Twice the same column would cost SQLite the order that its index has.
        places = {str(one): str(at) for at, one in enumerate(by.values(), 1) if one is not None}
        unbilled = is_unbilled(self.which.seen.team_id)
        seconds = counted(self.which.rounding)
        query = (
            select(
                *columns,
                func.sum(seconds).label("added"),
                func.sum(case((unbilled, seconds), else_=0)).label("free"),
            )
            .select_from(table(TimeEntryRow))
            .where(*where)
            .group_by(*map(text, places.values()))
        )
        return self._labelled(query) if self._by_labels else query

    def _labelled(self, query: Select[Any]) -> Select[Any]:
        """The tasks' labels in their place."""
        tasks = query.subquery()
        labels = cast(_TASK.labels, Text)
        by = [labels, *(tasks.c[name] for name in ("sub", "project", "member", "day"))]
        sums = (func.sum(tasks.c[name]) for name in ("added", "free"))
        source = tasks.outerjoin(table(TaskRow), _TASK.id == tasks.c.key)
        return select(*by, *sums).select_from(source).group_by(*by)


def stretch(first: date, begins: Sequence[date]) -> ColumnElement[date]:
    """An entry's stretch of days, by its first one."""
    if len(begins) > _MOST_STRETCHES:
        return _E.work_date
    whens = [(_E.work_date >= day, literal(day)) for day in reversed(begins)]
    return case(*whens, else_=literal(first))
