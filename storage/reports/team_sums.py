"""Sums of everybody's finished time with its price: one way to add up, whoever asks (M4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    text,
    union_all,
)

from bot.domain.ids import MemberId
from bot.domain.periods import Period
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import Pile
from storage.entries.time_entries import TimeEntryRow
from storage.prepared import Prepared
from storage.reports.rounded import counted, is_by_day, over_days, whole_days
from storage.reports.stretches import Begins
from storage.reports.team_adding import LABELS, Adding
from storage.reports.team_entries import based, conditions, parted, standing
from storage.reports.team_names import Key, names
from storage.reports.team_terms import unbilled_tasks, whole_projects
from storage.reports.team_which import Which
from storage.sql import Ids, among, table
from storage.unit_of_work import Tx

__all__ = [
    "Key",
    "Ranked",
    "Which",
    "about_how_many",
    "based",
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
_FEW = 10
"""Projects whose tasks are put in order here; of more of them only those of a page come here."""
_WHOLE, _OF_PROJECT = -1, -2
"""Mark the row that says how many there are, and those of whole projects."""

_OF_PROJECTS = Prepared(
    select(func.sum(_E.seconds)).where(
        among(_E.project_id, bindparam("projects", type_=Ids())),
        _E.deleted_at.is_(None),
        _E.work_date >= bindparam("first"),
        _E.work_date < bindparam("after_last"),
        _E.seconds.is_not(None),
    )
)
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
    adding = Adding(tx, which)
    if group is Group.TASK and limit is not None and len(adding.projects) > _FEW:
        return _ranked_tasks(adding, limit, offset)
    return in_order(_piles(adding, group), limit, offset)


def piles(tx: Tx, which: Which, group: Group) -> dict[Key, Pile]:
    """The same, all of them."""
    return _piles(Adding(tx, which), group)


def in_order(piles: Mapping[Key, Pile], limit: int | None, offset: int = 0) -> Ranked:
    """The most first, some of them."""
    most_first = sorted(piles.items(), key=lambda one: (-one[1].seconds, one[0]))
    total = Pile()
    for pile in piles.values():
        total.add(pile)
    most = most_first[0][1].seconds if most_first else 0
    shown = most_first[offset:] if limit is None else most_first[offset : offset + limit]
    return Ranked(dict(shown), total, len(piles), most)


def by_day(tx: Tx, which: Which, begins: Begins | None = None) -> dict[date, Pile]:
    """Each day that has time; or each stretch of days, by its first one."""
    found = Adding(tx, which).piles((_E.work_date,), begins=begins)
    return {day: pile for (day, _), pile in found.items()}


def by_labels(tx: Tx, which: Which) -> dict[tuple[str, ...], Pile]:
    """Each set of labels that tasks with time have; the empty one is time without any."""
    found: dict[tuple[str, ...], Pile] = {}
    for (key, _), pile in Adding(tx, which).piles((LABELS,)).items():
        labels = tuple(dict.fromkeys(json.loads(key))) if key else ()
        found.setdefault(labels, Pile()).add(pile)
    return found


def seconds(tx: Tx, which: Which) -> int:
    """All of it, without prices where the filters need none."""
    rounding, projects = which.rounding, whole_projects(which)
    if rounding is None and projects is not None:
        period = which.period
        of_days = {"first": period.first, "after_last": period.after_last}
        return int(_OF_PROJECTS.value(tx, {"projects": projects, **of_days}) or 0)
    days, parts = parted(tx, which)
    if rounding is None or not is_by_day(rounding) or which.is_narrow:
        query = select(func.sum(counted(rounding))).where(*days, *parts)
    elif parts:
        added = func.sum(counted(rounding, at_hand=True))
        query = over_days(select(added).select_from(table(TimeEntryRow)).where(*parts), days)
    else:
        query = whole_days(rounding, days)
    return int(tx.execute(query).scalar_one() or 0)


def about_how_many(tx: Tx, which: Which) -> int:
    """Entries, guessed from some of the period's weeks."""
    which, days = based(tx, which), which.period.days
    step = max(_WEEK, days // _WEEKS_READ)
    counts = []
    for first in range(0, days - _WEEK + 1, step):
        since = which.period.first + timedelta(days=first)
        week = replace(which, period=Period(since, since + timedelta(days=_WEEK)))
        counts.append(select(func.count(_E.id)).where(*conditions(tx, week)).scalar_subquery())
    found = tx.execute(select(*counts)).one() if counts else ()
    return sum(found) * days // (_WEEK * max(1, len(found)))


def running(tx: Tx, which: Which) -> list[MemberId]:
    """Whose timers run on it now, however they will be billed; the longest first."""
    query = select(_E.member_id).where(*standing(tx, which), _E.seconds.is_(None))
    return [MemberId(row) for row in tx.execute(query.order_by(_E.started_at)).scalars()]


def _piles(adding: Adding, group: Group) -> dict[Key, Pile]:
    found = adding.piles(_KEYS.get(group, ()), by_client=group is Group.CLIENT)
    return _by_billing(found) if group is Group.BILLABLE else found


def _by_billing(found: Mapping[Key, Pile]) -> dict[Key, Pile]:
    """What is billed, and the rest."""
    whole = Pile()
    for pile in found.values():
        whole.add(pile)
    billed, rest = replace(whole, seconds=whole.billable), Pile(whole.seconds - whole.billable)
    return {(at, 0): one for at, one in ((1, billed), (0, rest)) if one.seconds}


def _ranked_tasks(adding: Adding, limit: int, offset: int) -> Ranked:
    """There may be many: the database puts them in order, and only those of the page are priced."""
    tx = adding.tx
    project, task = _KEYS[Group.TASK]
    days, parts = parted(tx, adding.which, adding.projects)
    is_over_days = is_by_day(adding.which.rounding)
    added = func.sum(counted(adding.which.rounding, at_hand=is_over_days))
    grouped = (
        select(project.label("key"), task.label("sub"), added.label("whole"))
        .where(*parts)
        .group_by(text("1"), text("2"))
    )
    every = (over_days(grouped, days) if is_over_days else grouped.where(*days)).cte("every")
    columns = (every.c.key, every.c.sub, every.c.whole, literal(0).label("free"))
    page = select(*columns).order_by(every.c.whole.desc(), every.c.key, every.c.sub)
    most = func.coalesce(func.max(every.c.whole), 0)
    whole = select(func.count(), literal(_WHOLE), most, literal(0)).select_from(every)
    marked = case((every.c.sub.in_(unbilled_tasks(adding.which.seen.team_id)), every.c.whole))
    sums = (func.sum(every.c.whole), func.coalesce(func.sum(marked), 0))
    steady = adding.steady()
    of_projects = select(
        every.c.key, literal(_OF_PROJECT), *(cast(one, BigInteger) for one in sums)
    ).group_by(every.c.key)
    if len(steady) < len(adding.projects):
        of_projects = of_projects.where(among(every.c.key, steady))
    query = union_all(select(page.limit(limit).offset(offset).subquery()), whole, of_projects)
    rows = tx.execute(query).all()
    number, longest = next((row.key, row.whole) for row in rows if row.sub == _WHOLE)
    shown = sorted(
        ((row.key, row.sub) for row in rows if row.sub >= 0),
        key={(row.key, row.sub): (-row.whole, row.key, row.sub) for row in rows}.__getitem__,
    )
    total = Pile()
    for row in rows:
        if row.sub == _OF_PROJECT:
            adding.put(total, row.key, row.whole, row.free)
    if others := adding.projects.keys() - steady:
        total.add(adding.piles((), only=others).get((0, 0), Pile()))
    piles: dict[Key, Pile] = {key: Pile() for key in shown}
    if shown:
        these = among(task, [one for _, one in shown])  # of an expression: no index on tasks
        found = adding.piles((project, task), these, only={one for one, _ in shown})
        piles |= {key: pile for key, pile in found.items() if key in piles}
    return Ranked(piles, total, int(number), int(longest))
