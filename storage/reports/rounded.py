"""An entry's seconds as a team's rule of rounding lets reports count them (M4)."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, column, func, select
from sqlalchemy.sql.util import ClauseAdapter

from bot.domain.reports.rounding import Per, Rounding
from storage.entries.time_entries import TimeEntryRow
from storage.sql import table

_E = table(TimeEntryRow).c
_DAY = (_E.project_id, _E.work_date, _E.member_id)
"""What is rounded as a whole, in the order of the index."""
_SO_FAR: ColumnElement[int] = column("so_far", Integer)

Query = TypeVar("Query", bound=Select[Any])


def is_by_day(rounding: Rounding | None) -> bool:
    """Whether an entry counts for what the whole of its day grows by with it."""
    return rounding is not None and rounding.per is Per.DAY


def counted(rounding: Rounding | None, *, at_hand: bool = False) -> ColumnElement[Any]:
    """To be selected or summed; the very seconds where nothing is rounded.

    Args:
        rounding: The team's rule.
        at_hand: The query goes through ``over_days``. Else what came before an entry is looked up
            for each, which is for few.
    """
    if rounding is None:
        return _E.seconds
    if rounding.per is Per.ENTRY:
        return _whole(_E.seconds, rounding)
    other = table(TimeEntryRow).alias("same_day")
    so_far: ColumnElement[int] = _SO_FAR
    if not at_hand:
        so_far = (
            select(func.sum(other.c.seconds))
            .where(
                other.c.project_id == _E.project_id,
                other.c.member_id == _E.member_id,
                other.c.work_date == _E.work_date,
                other.c.deleted_at.is_(None),
                other.c.id <= _E.id,
            )
            .correlate(table(TimeEntryRow))
            .scalar_subquery()
        )
    return _whole(so_far, rounding) - _whole(so_far - _E.seconds, rounding)


def over_days(query: Query, days: Sequence[ColumnElement[bool]]) -> Query:
    """The same query, of entries that know what came before them on their day.

    Args:
        query: It reads nothing of an entry but its id, day, project, member, task and seconds.
        days: Conditions that let whole days in; the query's own ones may leave parts of them out.
    """
    so_far = func.sum(_E.seconds).over(partition_by=_DAY, order_by=_E.id).label("so_far")
    entries = select(_E.id, *_DAY, _E.task_id, _E.seconds, so_far).where(*days)
    adapted: Query = ClauseAdapter(entries.subquery("entry")).traverse(query)
    return adapted


def whole_days(rounding: Rounding, days: Sequence[ColumnElement[bool]]) -> Select[tuple[int]]:
    """All of some days, where nothing of them is left out."""
    each = select(func.sum(_E.seconds).label("seconds")).where(*days).group_by(*_DAY).subquery()
    return select(func.sum(_whole(each.c.seconds, rounding)))


def _whole(seconds: ColumnElement[Any], rounding: Rounding) -> ColumnElement[Any]:
    return (seconds + rounding.added) // rounding.step * rounding.step
