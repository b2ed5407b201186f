"""Rows that are surely new, many at a time: by the way that is quickest in each database.

SQLAlchemy's own statements take most of their time making parameters. On SQLite fifty rows are one
statement: between two of them Python's interpreter changes hands, so that a statement a row would
hold up, and be held up by, whoever reads the next page meanwhile. PostgreSQL has ``COPY``.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sqlalchemy import JSON, Dialect, Table

from storage.json_text import as_json
from storage.unit_of_work import Tx

if TYPE_CHECKING:
    import psycopg

_TOGETHER = 50
"""Rows in one statement on SQLite; more of them save nothing."""

_Values: TypeAlias = tuple[object, ...]
_Write: TypeAlias = Callable[[Any], object]


def add_all(tx: Tx, target: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts rows that have the same columns. One that is there already fails them all."""
    if not rows:
        return
    names = tuple(rows[0])
    dialect = tx.core.dialect
    columns: list[Sequence[object]] = list(zip(*map(itemgetter(*names), rows), strict=True))
    for place, write in _writes(target, names, dialect):
        columns[place] = _written(columns[place], write)
    values = list(zip(*columns, strict=True))
    if dialect.name == "sqlite":
        _insert(tx, target, names, values)
    else:
        _copy(tx, target, names, values)


def _writes(target: Table, names: Sequence[str], dialect: Dialect) -> list[tuple[int, _Write]]:
    """Where in a row a value is not written as it is, and how it is written."""
    found: list[tuple[int, _Write]] = []
    for place, name in enumerate(names):
        kind = target.c[name].type
        write: _Write | None = as_json
        if not isinstance(kind, JSON):
            write = kind.dialect_impl(dialect).bind_processor(dialect)
        if write is not None:
            found.append((place, write))
    return found


def _written(column: Sequence[object], write: _Write) -> list[object]:
    """A whole column at a time; one in which all is the same is written once."""
    first = column[0]
    if all(value is first for value in column):
        return [write(first)] * len(column)
    return list(map(write, column))


def _insert(tx: Tx, target: Table, names: tuple[str, ...], rows: Sequence[_Values]) -> None:
    whole = len(rows) - len(rows) % _TOGETHER
    together = [
        tuple(chain.from_iterable(rows[start : start + _TOGETHER]))
        for start in range(0, whole, _TOGETHER)
    ]
    connection = tx.core
    if together:
        connection.exec_driver_sql(_statement(target.name, names, _TOGETHER), together)
    if rest := list(rows[whole:]):
        connection.exec_driver_sql(_statement(target.name, names, 1), rest)


@lru_cache
def _statement(target: str, names: tuple[str, ...], rows: int) -> str:
    places = f"({', '.join('?' * len(names))})"
    return f"INSERT INTO {target} ({', '.join(names)}) VALUES {', '.join([places] * rows)}"  # noqa: S608 - our own names


def _copy(tx: Tx, target: Table, names: tuple[str, ...], rows: Sequence[_Values]) -> None:
    driver = cast("psycopg.Connection", tx.core.connection.driver_connection)
    copying = f"COPY {target.name} ({', '.join(names)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row(row)
