"""An entry's seconds as a team's rule of rounding lets reports count them (M4)."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from bot.domain.rounding import Per, Rounding
from storage.sql import table
from storage.time_entries import TimeEntryRow

_E = table(TimeEntryRow).c


def counted(rounding: Rounding | None) -> ColumnElement[Any]:
    """To be selected or summed; the very seconds where nothing is rounded."""
    if rounding is None:
        return _E.seconds
    if rounding.per is Per.ENTRY:
        return _whole(_E.seconds, rounding)
    other = table(TimeEntryRow).alias("same_day")
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


def _whole(seconds: ColumnElement[Any], rounding: Rounding) -> ColumnElement[Any]:
    return (seconds + rounding.added) // rounding.step * rounding.step
