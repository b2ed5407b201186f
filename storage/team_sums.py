"""Sums of everybody's finished time with its price: one way to add up, whoever asks (M4)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, text, union_all

from bot.domain.periods import Period
from bot.domain.reports import Group
from bot.domain.team_reports import Pile
from storage.rounded import counted
from storage.sql import among, table
from storage.team_adding import Added, Adding, stretch
from storage.team_entries import Which, conditions, standing
from storage.team_names import Key, names
from storage.time_entries import TimeEntryRow
from storage.unit_of_work import Tx

__all__ = [
    "Key",
    "Ranked",
    "Which",
    "about_how_many",
    "by_day",
    "by_labels",
    "in_order",
    "names",
    "piles",
    "ranked",
    "running",
    "seconds",
]

_E = table(TimeEntryRow).c
_WEEK, _WEEKS_READ = 7, 4
_WHOLE = -1
"""Marks the row that says how many there are."""

_KEYS: Mapping[Group, Sequence[ColumnElement[Any]]] = {
    Group.PROJECT: (_E.project_id,),
    Group.TASK: (_E.project_id, func.coalesce(_E.task_id, 0)),
    Group.PERSON: (_E.member_id,),
}
"""What of an entry itself a row is made by; the rest is by how it is billed."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Some rows, the most first, and what all of them come to."""

    rows: Mapping[Key, Pile]
    total: Pile
    number: int
    most: int


def ranked(tx: Tx, which: Which, group: Group, *, limit: int | None, offset: int = 0) -> Ranked:
    """By project, task, person, client, or whether it is billable."""
    if group is Group.TASK and limit is not None and not which.is_narrow:
        return _ranked_tasks(Adding(tx, which), limit, offset)
    return in_order(piles(tx, which, group), limit, offset)


def piles(tx: Tx, which: Which, group: Group) -> dict[Key, Pile]:
    """The same, all of them."""
    found: dict[Key, Pile] = {}
    for one in Adding(tx, which).rows(_KEYS.get(group, ())):
        for key, part in _parts(group, one):
            part.put_on(found.setdefault((key, part.sub), Pile()))
    return found


def in_order(piles: Mapping[Key, Pile], limit: int | None, offset: int = 0) -> Ranked:
    """The most first, some of them."""
    most_first = sorted(piles.items(), key=lambda one: (-one[1].seconds, one[0]))
    total = Pile()
    for pile in piles.values():
        total.add(pile)
    most = most_first[0][1].seconds if most_first else 0
    shown = most_first[offset:] if limit is None else most_first[offset : offset + limit]
    return Ranked(dict(shown), total, len(piles), most)


def by_day(tx: Tx, which: Which, begins: Sequence[date] = ()) -> dict[date, Pile]:
    """Each day that has time; or each stretch of days, by its first one.

    Args:
        tx: The transaction.
        which: Which time.
        begins: The first days of stretches, in order; that of the first stretch is the period's.
    """
    key = stretch(which.period.first, begins) if begins else _E.work_date
    piles: dict[date, Pile] = {}
    for one in Adding(tx, which).rows((key,)):
        one.put_on(piles.setdefault(one.key, Pile()))
    return piles


def by_labels(tx: Tx, which: Which) -> dict[tuple[str, ...], Pile]:
    """Each set of labels that tasks with time have; the empty one is time without any."""
    found: dict[tuple[str, ...], Pile] = {}
    for one in Adding(tx, which, by_labels=True).rows((_E.task_id,)):
        labels = tuple(dict.fromkeys(json.loads(one.key))) if one.key else ()
        one.put_on(found.setdefault(labels, Pile()))
    return found


def seconds(tx: Tx, which: Which) -> int:
    """All of it, without prices where the filters need none."""
    added = func.sum(counted(which.rounding))
    query = select(func.coalesce(added, 0)).where(*conditions(tx, which))
    return int(tx.execute(query).scalar_one())


def about_how_many(tx: Tx, which: Which) -> int:
    """Entries, guessed from some of the period's weeks."""
    days = which.period.days
    step = max(_WEEK, days // _WEEKS_READ)
    counts = []
    for first in range(0, days - _WEEK + 1, step):
        since = which.period.first + timedelta(days=first)
        week = replace(which, period=Period(since, since + timedelta(days=_WEEK)))
        counts.append(select(func.count(_E.id)).where(*conditions(tx, week)).scalar_subquery())
    found = tx.execute(select(*counts)).one() if counts else ()
    return sum(found) * days // (_WEEK * max(1, len(found)))


def running(tx: Tx, which: Which) -> int:
    """Timers that run on it now, however they will be billed."""
    query = select(func.count(_E.id)).where(*standing(tx, which), _E.seconds.is_(None))
    return int(tx.execute(query).scalar_one())


def _parts(group: Group, one: Added) -> Iterator[tuple[int, Added]]:
    """The rows of the report that it belongs to."""
    if group is Group.CLIENT:
        yield one.client_id, one
    elif group is Group.BILLABLE:
        billed = one.billed
        if billed:
            yield 1, replace(one, seconds=billed, free=0)
        if rest := one.seconds - billed:
            yield 0, replace(one, seconds=rest, free=rest)
    else:
        yield one.key, one


def _ranked_tasks(adding: Adding, limit: int, offset: int) -> Ranked:
    """There may be many: the database puts them in order, and only those of the page are priced."""
    tx = adding.tx
    project, task = _KEYS[Group.TASK]
    where = conditions(tx, adding.which, adding.prices, adding.projects)
    added = func.sum(counted(adding.which.rounding))
    every = (
        select(project.label("key"), task.label("sub"), added.label("whole"))
        .where(*where)
        .group_by(text("1"), text("2"))
        .cte("every")
    )
    columns = (every.c.key, every.c.sub, every.c.whole)
    page = select(*columns).order_by(every.c.whole.desc(), every.c.key, every.c.sub)
    most = func.coalesce(func.max(every.c.whole), 0)
    whole = select(func.count(), literal(_WHOLE), most).select_from(every)
    rows = tx.execute(union_all(select(page.limit(limit).offset(offset).subquery()), whole)).all()
    number, longest = next((row.key, row.whole) for row in rows if row.sub == _WHOLE)
    shown = sorted(
        ((row.key, row.sub) for row in rows if row.sub != _WHOLE),
        key={(row.key, row.sub): (-row.whole, row.key, row.sub) for row in rows}.__getitem__,
    )
    total = Pile()
    for one in adding.rows(()):
        one.put_on(total)
    piles: dict[Key, Pile] = {key: Pile() for key in shown}
    if shown:
        these = among(tx, task, [one for _, one in shown])  # of an expression: no index on tasks
        on_them = {one for one, _ in shown}
        for one in adding.rows((project, task), these, only=on_them):
            if (one.key, one.sub) in piles:
                one.put_on(piles[one.key, one.sub])
    return Ranked(piles, total, int(number), int(longest))
