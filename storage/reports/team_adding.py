"""Finished time added up as finely as its prices need, and priced (M4).

The database adds up by what is asked for and by what decides a price. For most projects that is
nothing but the project; where terms or rates begin in the period it is the stretch of days as
well, and where hours earn what their person earns, the person. Few rows are left, and those are
priced here. Cent-seconds are whole numbers, so this grouping gives the same as any other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
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

from bot.domain.money.billing import Price
from bot.domain.money.price_list import PriceList
from bot.domain.reports.team_reports import Pile
from storage.entries.time_entries import TimeEntryRow
from storage.reports.rounded import counted, is_by_day, over_days
from storage.reports.stretches import Begins, folded, stretch
from storage.reports.team_entries import based, conditions, parted, prices_of
from storage.reports.team_terms import fitting, is_unbilled
from storage.reports.team_which import Which
from storage.sql import fenced, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx

_E, _TASK = table(TimeEntryRow).c, table(TaskRow).c
_NONE: ColumnElement[Any] = literal(0)
LABELS = cast(_TASK.labels, Text)
"""The labels of an entry's task; NULL without one."""

_IN_ORDER = (_E.project_id, _E.work_date)
"""Keys that the index on projects has in order: those are added up within each project."""


@dataclass(frozen=True, slots=True)
class _Alike:
    """Projects whose time is added up in the same way."""

    by_person: bool
    """An hour earns what its person earns."""
    by_day: bool
    """The price changes in the period."""
    is_free: bool
    """Nobody is billed on any day."""
    is_one: bool
    """Hours earn nothing that is told: as far as prices go, these may be one project."""
    is_parted: bool
    """The filters want only some of the days."""

    @property
    def is_steady(self) -> bool:
        """An hour earns the same all through, whoever works."""
        return not self.by_person and not self.by_day


@dataclass(frozen=True, slots=True)
class _By:
    """What sums are grouped by, beside the keys that are asked for."""

    member: ColumnElement[Any] | None
    day: ColumnElement[date] | None
    is_free: bool = False
    """Nobody is billed."""
    project: int | None = None
    """Stands for all of them; None where they are kept apart."""


class Adding:
    """Adds up one report's entries as finely as their prices need."""

    def __init__(self, tx: Tx, which: Which) -> None:
        self.tx, self.which = tx, based(tx, which)
        basis = self.which.basis
        self.projects = {} if basis is None else fitting(self.which, basis)
        """Whose time it may be, and how each stands; empty where only the entries tell that."""
        self.prices = None if basis is None else prices_of(tx, self.which)

    def piles(
        self,
        keys: Sequence[ColumnElement[Any]],
        *more: ColumnElement[bool],
        only: Collection[int] | None = None,
        begins: Begins | None = None,
        by_client: bool = False,
    ) -> dict[tuple[Any, int], Pile]:
        """The entries by one key or two; without a second one it is 0.

        Args:
            keys: What of an entry they are added up by.
            more: Conditions on entries.
            only: Of these projects alone.
            begins: By stretches of days instead of keys; each is named by its first day.
            by_client: By the client of each day instead of keys.
        """
        rows, prices = self._rows(keys, more, only, begins, by_client=by_client)
        known: dict[tuple[int, int, Any], tuple[int, Price]] = {}
        found: dict[tuple[Any, int], Pile] = {}
        for key, sub, project, member, day, seconds, free in rows:
            place = (project, member, day)
            priced = known.get(place)
            if priced is None:
                priced = known[place] = _priced(prices, project, member, day)
            name = (priced[0], 0) if by_client else (key, sub)
            pile = found.get(name)
            if pile is None:
                pile = found[name] = Pile()
            pile.put(priced[1], seconds, free)
        return found

    def steady(self) -> set[int]:
        """The projects whose hours earn the same all through, whoever works."""
        if self.prices is None:
            return set()
        kinds = self._sorted(self.prices, None, by_client=False)
        return {one for alike, each in kinds if alike.is_steady for one in each}

    def put(self, pile: Pile, project: int, seconds: int, free: int) -> None:
        """Puts time on a project that is steady on top, and prices it."""
        if self.prices is not None:
            pile.put(_priced(self.prices, project, 0, self.which.period.first)[1], seconds, free)

    def _rows(
        self,
        keys: Sequence[ColumnElement[Any]],
        more: Sequence[ColumnElement[bool]],
        only: Collection[int] | None,
        begins: Begins | None,
        *,
        by_client: bool,
    ) -> tuple[Sequence[Any], PriceList]:
        """Key, sub, project, member, day, seconds, and those on tasks that nobody is billed for."""
        if self.which.is_narrow:
            found = self._fetched([self._finely(keys, begins)])
            prices = self.prices or prices_of(
                self.tx,
                self.which,
                {row.project for row in found},
                {row.member for row in found},
            )
            return found, prices
        prices = self.prices or prices_of(self.tx, self.which)
        kinds = self._sorted(prices, only, by_client=by_client)
        may_join = (
            begins is None
            and not by_client
            and bool(keys)
            and not any(keys[0] is one for one in _IN_ORDER)
        )
        queries = (
            self._coarsely(keys, prices, more, begins, kind=kind, may_join=may_join)
            for kind in kinds
        )
        return self._fetched(list(queries)), prices

    def _fetched(self, queries: Sequence[Select[Any]]) -> Sequence[Any]:
        if not queries:
            return ()
        query = queries[0] if len(queries) == 1 else union_all(*queries)
        return self.tx.execute(query).all()

    def _finely(self, keys: Sequence[ColumnElement[Any]], begins: Begins | None) -> Select[Any]:
        """By everything that may decide a price: few entries."""
        where = conditions(self.tx, self.which, self.projects if self.prices else None)
        if self.which.seen.member_id is not None or self.which.filters.people:
            where.append(fenced(_E.team_id, self.which.seen.team_id))
        if begins is not None:
            keys = (stretch(self.which.period.first, begins),)
        return self._grouped(keys, (where, ()), _By(_E.member_id, _E.work_date))

    def _coarsely(
        self,
        keys: Sequence[ColumnElement[Any]],
        prices: PriceList,
        more: Sequence[ColumnElement[bool]],
        begins: Begins | None,
        *,
        kind: tuple[_Alike, list[int]],
        may_join: bool,
    ) -> Select[Any]:
        """By what decides the price, which is not the same for all projects."""
        (alike, projects), first = kind, self.which.period.first
        days, parts = parted(self.tx, self.which, projects)
        where = (days, [*parts, *more])
        changes: Sequence[date] = ()
        if not alike.is_steady:
            changes = prices.changes(set(projects), with_people=alike.by_person)
        by = _By(
            _E.member_id if alike.by_person else None,
            stretch(first, changes) if changes else None,
            alike.is_free,
            projects[0] if may_join and alike.is_one else None,
        )
        if begins is None:
            return self._grouped(keys, where, by)
        if by.member is not None or by.day is not None:
            return self._grouped((stretch(first, begins),), where, by)
        # the index has the days in order, and of those there are few
        return folded(self._grouped((_E.work_date,), where, by).subquery(), first, begins)

    def _sorted(
        self, prices: PriceList, only: Collection[int] | None, *, by_client: bool
    ) -> list[tuple[_Alike, list[int]]]:
        alike: dict[_Alike, list[int]] = {}
        changing, may_earn = prices.changing(), self.which.may_earn
        for project, held in self.projects.items():
            if only is not None and project not in only:
                continue
            by_person = may_earn and prices.is_by_person(project)
            billed = {one.is_billed for one in held}
            changes = may_earn or by_client or len(billed) > 1
            kind = _Alike(
                by_person,
                by_day=changes and not by_person and project in changing,
                is_free=True not in billed,
                is_one=not may_earn or True not in billed,
                is_parted=self.which.filters.need_terms and len(held) > 1,
            )
            alike.setdefault(kind, []).append(project)
        return list(alike.items())

    def _grouped(
        self,
        keys: Sequence[ColumnElement[Any]],
        where: tuple[Sequence[ColumnElement[bool]], Sequence[ColumnElement[bool]]],
        finely: _By,
    ) -> Select[Any]:
        key, sub = (*keys, None, None)[:2]
        project = _E.project_id if finely.project is None else None
        by: dict[str, ColumnElement[Any] | None] = {"key": key, "sub": sub, "project": project}
        by |= {"member": finely.member, "day": finely.day}
        other: dict[str, ColumnElement[Any]]
        other = {"day": literal(self.which.period.first), "project": literal(finely.project)}
        columns = [
            (other.get(name, _NONE) if one is None else one).label(name) for name, one in by.items()
        ]
        # Twice the same column would cost SQLite the order that its index has. What takes long to
        # be compared comes last.
        places = {id(one): str(at) for at, one in enumerate(by.values(), 1) if one is not None}
        days, parts = where
        is_over_days = is_by_day(self.which.rounding) and not self.which.is_narrow
        seconds = counted(self.which.rounding, at_hand=is_over_days)
        unbilled = is_unbilled(self.which.seen.team_id)
        free = _NONE if finely.is_free else func.sum(case((unbilled, seconds), else_=0))
        source: FromClause = table(TimeEntryRow)
        if key is LABELS:
            source = source.outerjoin(table(TaskRow), _TASK.id == _E.task_id)
        query = (
            select(
                *columns,
                cast(func.sum(seconds), BigInteger).label("added"),
                cast(free, BigInteger).label("free"),
            )
            .select_from(source)
            .where(*parts)
            .group_by(*map(text, reversed(places.values())))
        )
        return over_days(query, days) if is_over_days else query.where(*days)


def _priced(prices: PriceList, project: int, member: int, day: date) -> tuple[int, Price]:
    """The client, 0 for none, and the price."""
    terms = prices.held(project, day)
    client = 0 if terms is None else terms.client_id or 0
    return client, prices.price_on(terms, project, member, day)
