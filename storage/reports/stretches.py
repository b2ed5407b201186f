"""Stretches of days, each by its first one, in which sums of finished time are told."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    case,
    cast,
    func,
    literal,
    select,
    text,
)

from storage.entries.time_entries import TimeEntryRow
from storage.sql import table

_E = table(TimeEntryRow).c
_MOST_STRETCHES = 60
"""With more than that, days are as good."""

Begins: TypeAlias = Sequence[date]
"""The first days of stretches, in order; that of the first stretch is the period's."""


def stretch(
    first: date, begins: Begins, day: ColumnElement[date] = _E.work_date
) -> ColumnElement[date]:
    """A day's stretch of days, by its first one."""
    if len(begins) > _MOST_STRETCHES:
        return day
    whens = [(day >= one, literal(one)) for one in reversed(begins)]
    return case(*whens, else_=literal(first)) if whens else literal(first)


def folded(days: FromClause, first: date, begins: Begins) -> Select[Any]:
    """Sums of days as those of stretches."""
    columns = days.c
    other = [columns[name] for name in ("sub", "project", "member", "day")]
    sums = (cast(func.sum(columns[name]), BigInteger).label(name) for name in ("added", "free"))
    key = stretch(first, begins, columns.key).label("key")
    return select(key, *other, *sums).group_by(*other, text("1"))
