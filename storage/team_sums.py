"""Sums of everybody's finished time with its price: one aggregate, whoever asks (M4).

The team's fence is its projects' own rows: the index on projects holds everything else that is
added up, so no entry itself is read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
    union_all,
)

from bot.domain.entries import TaskLabel
from bot.domain.ids import ClientId, MemberId, ProjectId, TaskId, TeamId
from bot.domain.periods import Period
from bot.domain.reports import Group, RowName
from bot.domain.team_reports import Filters, Pile
from storage import clients, members
from storage.priced import Priced, eras, priced
from storage.projects import ProjectRow
from storage.report_sums import Seen
from storage.sql import AnyRow, table
from storage.tasks import TaskRow
from storage.time_entries import TimeEntryRow
from storage.unit_of_work import Tx

_E, _PROJECT, _TASK = table(TimeEntryRow).c, table(ProjectRow).c, table(TaskRow).c
_SUMS = ("seconds", "billable", "unpriced", "earned")
_AT_ONCE = 5000
"""Ids in one statement; databases take a few ten thousand."""

Key = tuple[int, int]
"""What a row is about: an id, or a project's and a task's; 0 for none."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which time is added up."""

    seen: Seen
    period: Period
    filters: Filters


@dataclass(frozen=True, slots=True)
class Ranked:
    """Some rows, the most first, and what all of them come to."""

    rows: Mapping[Key, Pile]
    total: Pile
    number: int
    most: int


def ranked(tx: Tx, which: Which, group: Group, *, limit: int | None, offset: int = 0) -> Ranked:
    """By project, task, person, client, or whether it is billable."""
    sums = _sums(tx, which, group)
    of_key = func.sum(sums.c.seconds)
    page = (
        select(sums.c.key, sums.c.sub, of_key.label("whole"))
        .group_by(sums.c.key, sums.c.sub)
        .order_by(of_key.desc(), sums.c.key, sums.c.sub)
        .limit(limit)
        .offset(offset)
        .cte("page")
    )
    every = select(func.sum(sums.c.seconds).label("whole")).group_by(sums.c.key, sums.c.sub)
    counted = every.subquery()
    columns = [sums.c[name] for name in ("key", "sub", "currency", *_SUMS)]
    shown = select(*columns, page.c.whole, literal(0).label("number")).join(
        page, (page.c.key == sums.c.key) & (page.c.sub == sums.c.sub)
    )
    whole = select(
        literal(-1),
        literal(-1),
        sums.c.currency,
        *(func.sum(sums.c[name]) for name in _SUMS),
        select(func.max(counted.c.whole)).scalar_subquery(),
        select(func.count()).select_from(counted).scalar_subquery(),
    ).group_by(sums.c.currency)
    rows: dict[Key, tuple[int, Pile]] = {}
    total, number, most = Pile(), 0, 0
    for row in tx.execute(union_all(shown, whole)):
        if row.key == -1:
            total.add(_pile(row))
            number, most = int(row.number), int(row.whole)
        else:
            rows.setdefault((row.key, row.sub), (int(row.whole), Pile()))[1].add(_pile(row))
    in_order = sorted(rows.items(), key=lambda one: (-one[1][0], one[0]))
    return Ranked({key: pile for key, (_, pile) in in_order}, total, number, most)


def by_day(tx: Tx, which: Which) -> dict[date, Pile]:
    """Each day that has time."""
    sums = _sums(tx, which, Group.DAY)
    found: dict[date, Pile] = {}
    for row in tx.execute(select(sums)):
        found.setdefault(row.key, Pile()).add(_pile(row))
    return found


def by_labels(tx: Tx, which: Which) -> dict[tuple[str, ...], Pile]:
    """Each set of labels that tasks with time have; the empty one is time without any."""
    sums = _sums(tx, which, Group.LABEL)
    labels = cast(_TASK.labels, Text).label("labels")
    query = (
        select(labels, sums.c.currency, *(func.sum(sums.c[name]).label(name) for name in _SUMS))
        .select_from(sums.outerjoin(table(TaskRow), _TASK.id == sums.c.key))
        .group_by(labels, sums.c.currency)
    )
    found: dict[tuple[str, ...], Pile] = {}
    for row in tx.execute(query):
        own = tuple(dict.fromkeys(json.loads(row.labels))) if row.labels else ()
        found.setdefault(own, Pile()).add(_pile(row))
    return found


def seconds(tx: Tx, which: Which) -> int:
    """All of it, without prices where the filters need none."""
    where = conditions(tx, which)
    if which.filters.need_terms:
        prices = priced(which.seen.team_id, where, era=_eras(tx, which))
        billed = on_terms(prices, which.filters)
        query = select(prices.seconds).select_from(prices.source).where(*billed)
    else:
        query = select(func.coalesce(func.sum(_E.seconds), 0)).where(*where)
    return int(tx.execute(query).scalar_one())


def running(tx: Tx, which: Which) -> int:
    """Timers that run on it now, however they will be billed."""
    query = select(func.count(_E.id)).where(*standing(tx, which), _E.seconds.is_(None))
    return int(tx.execute(query).scalar_one())


def names(tx: Tx, team_id: TeamId, group: Group, keys: Sequence[Key]) -> dict[Key, RowName]:
    """What the rows are called; empty for no client and what is not billable."""
    found: dict[Key, RowName] = {}
    for at in range(0, len(keys), _AT_ONCE):
        found |= _names(tx, team_id, group, keys[at : at + _AT_ONCE])
    return found


def _names(tx: Tx, team_id: TeamId, group: Group, keys: Sequence[Key]) -> dict[Key, RowName]:
    ids = [key for key, _ in keys]
    match group:
        case Group.BILLABLE:
            return {(1, 0): "billable", (0, 0): ""}
        case Group.PERSON:
            people = members.by_ids(tx, team_id, map(MemberId, ids))
            return {(id_, 0): one.name for id_, one in people.items()}
        case Group.CLIENT:
            called = clients.names(tx, team_id, list(map(ClientId, ids)))
            return {(0, 0): "", **{(id_, 0): name for id_, name in called.items()}}
        case _:
            return _work(tx, team_id, keys)


def conditions(tx: Tx, which: Which) -> list[ColumnElement[bool]]:
    """On finished entries, whatever holds for how they are billed."""
    period = which.period
    return [
        *standing(tx, which),
        _E.work_date >= period.first,
        _E.work_date < period.after_last,
        _E.seconds.is_not(None),
    ]


def on_terms(prices: Priced, filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions on how entries are billed."""
    found: list[ColumnElement[bool]] = []
    if filters.clients:
        found.append(prices.client_id.in_(filters.clients))
    if filters.billable is not None:
        is_billable = func.coalesce(prices.is_billable, false())
        found.append(is_billable if filters.billable else not_(is_billable))
    return found


def standing(tx: Tx, which: Which, *, deleted: bool = False) -> list[ColumnElement[bool]]:
    """On entries of any day, timers too, and with ``deleted`` those that are no more."""
    seen, filters = which.seen, which.filters
    projects = seen.projects_there()
    if filters.about.projects:
        projects = projects.where(_PROJECT.id.in_(filters.about.projects))
    found: list[ColumnElement[bool]] = [_E.project_id.in_(projects)]
    if not deleted:
        found.append(_E.deleted_at.is_(None))
    if seen.member_id is not None:
        found.append(_E.member_id == seen.member_id)
    if filters.people:
        found.append(_E.member_id.in_(filters.people))
    if filters.about.tasks:
        found.append(_E.task_id.in_(filters.about.tasks))
    if filters.label:
        found.append(_E.task_id.in_(_with_label(tx, seen.team_id, filters.label)))
    return found


def _with_label(tx: Tx, team_id: TeamId, label: str) -> Select[tuple[int]]:
    if tx.get_bind().dialect.name == "sqlite":
        each: ColumnElement[Any] = func.json_each(_TASK.labels).table_valued("value").c.value
    else:
        each = func.json_array_elements_text(_TASK.labels).column_valued("value")
    same = or_(each == label, func.lower(each) == label.lower())
    has_it = select(literal(1)).where(same).correlate(table(TaskRow)).exists()
    return select(_TASK.id).where(_TASK.team_id == team_id, has_it)


def _eras(tx: Tx, which: Which) -> ColumnElement[date]:
    return eras(tx, which.seen.team_id, which.period.first, which.period.after_last)


_BY: Mapping[Group, Sequence[ColumnElement[Any]]] = {
    Group.PROJECT: (_E.project_id.label("key"),),
    Group.TASK: (_E.project_id.label("key"), func.coalesce(_E.task_id, 0).label("sub")),
    Group.PERSON: (_E.member_id.label("key"),),
    Group.DAY: (_E.work_date.label("key"),),
    Group.LABEL: (func.coalesce(_E.task_id, 0).label("key"),),
}
"""What of an entry itself a row is made by; the rest is by how it is billed."""


def _sums(tx: Tx, which: Which, group: Group) -> CTE:
    """By key and currency. Each expression is written once: PostgreSQL compares parameters."""
    team_id, where = which.seen.team_id, conditions(tx, which)
    prices = priced(team_id, where, _BY.get(group, ()), era=_eras(tx, which))
    none: ColumnElement[Any] = literal(0)
    if group is Group.CLIENT:
        key: ColumnElement[Any] = func.coalesce(prices.client_id, 0)
    elif group is Group.BILLABLE:
        key = case((prices.is_billable, 1), else_=0)
    else:
        key = prices.keys["key"]
    product = type_coerce(prices.added, BigInteger) * func.coalesce(prices.per_hour, 0)
    each = (
        select(
            key.label("key"),
            prices.keys.get("sub", none).label("sub"),
            func.coalesce(prices.currency, "").label("currency"),
            prices.added.label("seconds"),
            case((prices.is_billable, prices.added), else_=0).label("billable"),
            case((prices.is_unpriced, prices.added), else_=0).label("unpriced"),
            product.label("earned"),
        )
        .select_from(prices.source)
        .where(*on_terms(prices, which.filters))
        .subquery()
    )
    by = (each.c.key, each.c.sub, each.c.currency)
    added = (func.sum(each.c[name]).label(name) for name in _SUMS)
    return select(*by, *added).group_by(*by).cte("sums")


def _pile(row: AnyRow) -> Pile:
    found = Pile(int(row.seconds), int(row.billable), int(row.unpriced))
    if row.currency and row.earned:
        found.purse.add(row.currency, int(row.earned))
    return found


def _work(tx: Tx, team_id: TeamId, keys: Sequence[Key]) -> dict[Key, RowName]:
    query = select(_PROJECT.id, _PROJECT.name).where(
        _PROJECT.team_id == team_id, _PROJECT.id.in_([project for project, _ in keys])
    )
    projects = {row.id: row.name for row in tx.execute(query)}
    task_ids = [task for _, task in keys if task]
    tasks: dict[int, AnyRow] = {}
    if task_ids:
        of_task = select(_TASK.id, _TASK.key, _TASK.title, _TASK.url).where(
            _TASK.team_id == team_id, _TASK.id.in_(task_ids)
        )
        tasks = {row.id: row for row in tx.execute(of_task)}
    found: dict[Key, RowName] = {}
    for project, task in keys:
        label = TaskLabel(ProjectId(project), projects.get(project, ""))
        if one := tasks.get(task):
            label = TaskLabel(
                label.project_id, label.project_name, TaskId(task), one.key, one.title, one.url
            )
        found[project, task] = label
    return found
