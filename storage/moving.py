"""Every row of one database into another that is empty: how SQLite becomes PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
    Connection,
    Integer,
    Table,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError

from storage.tables import METADATA

ROWS = 1000
"""Held at a time."""

Row = dict[str, Any]


class RowRefused(Exception):
    """A row of a table is not taken; its cause says why."""

    def __init__(self, table: str, cause: DBAPIError) -> None:
        super().__init__(table)
        self.table = table
        self.cause = cause


def first_filled(target: Connection) -> str | None:
    """A table that is not empty, by its name."""
    for table in METADATA.sorted_tables:
        if target.execute(select(1).select_from(table).limit(1)).first() is not None:
            return table.name
    return None


def rows_of(source: Connection) -> int:
    """How many rows there are to move."""
    counts = (select(func.count()).select_from(table) for table in METADATA.sorted_tables)
    return sum(source.execute(one).scalar_one() for one in counts)


def move(source: Connection, target: Connection, moved: Callable[[int], None]) -> None:
    """Copies every row with its ids, so that whatever points at one goes on doing so.

    Args:
        source: Is only read, and of the version that this code is.
        target: PostgreSQL, empty, of the same version; in a transaction, which is the caller's.
        moved: Told the number of rows, some at a time.

    Raises:
        RowRefused: PostgreSQL does not take what SQLite does.
    """
    for table in METADATA.sorted_tables:
        # A row may point at one of its own table, which may come after it.
        inward = [column for column in table.columns if _points_inward(column)]
        for rows in _batches(source, table):
            try:
                target.execute(_insertion(table), [_without(row, inward) for row in rows])
            except DBAPIError as error:
                raise RowRefused(table.name, error) from error
            moved(len(rows))
        for column in inward:
            _point(source, target, table, column)
        _count_on(target, table)


def _points_inward(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)


def _batches(source: Connection, table: Table) -> Iterator[list[Row]]:
    found = source.execute(select(table).order_by(*table.primary_key))
    for part in found.mappings().partitions(ROWS):
        yield [dict(row) for row in part]


def _without(row: Row, columns: Sequence[Column[Any]]) -> Row:
    return row | dict.fromkeys(column.name for column in columns)


def _insertion(table: Table) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    # JSON's own null is not the same as nothing at all; nobody writes it on purpose.
    nullable: dict[str, BindParameter[Any]] = {
        column.name: bindparam(column.name, type_=JSON(none_as_null=True))
        for column in table.columns
        if isinstance(column.type, JSON) and column.nullable
    }
    others = {
        column.name: bindparam(column.name, type_=column.type)
        for column in table.columns
        if column.name not in nullable
    }
    return insert(table).values(**others, **nullable)


def _point(source: Connection, target: Connection, table: Table, column: Column[Any]) -> None:
    points = source.execute(select(table.c.id, column).where(column.is_not(None)))
    rows = [{"moved": id_, "points_at": at} for id_, at in points]
    if rows:
        where = update(table).where(table.c.id == bindparam("moved"))
        target.execute(where.values({column: bindparam("points_at")}), rows)


def _count_on(target: Connection, table: Table) -> None:
    """New rows get ids after those that came with theirs."""
    key = list(table.primary_key)
    if [column.name for column in key] != ["id"] or not isinstance(key[0].type, Integer):
        return
    last = target.execute(select(func.max(table.c.id))).scalar_one()
    if last is not None:
        counter = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
        target.execute(counter, {"name": f'"{table.name}"', "last": last})
