"""The few statements' worth of vocabulary that every noun uses."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeAlias, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    CursorResult,
    Executable,
    Row,
    Table,
    any_,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import SQLModel

from storage.unit_of_work import Tx

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A result row read by column name."""


def table(model: type[SQLModel]) -> Table:
    """The Core table behind a SQLModel class."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]


def spelled_out(value: StrEnum) -> ColumnElement[str]:
    """A state written into the statement itself.

    SQLite uses a partial index only where its condition stands there word for word.
    """
    return literal(value.value, literal_execute=True)


def fenced(team: ColumnElement[str], is_this: BindParameter[str] | str) -> ColumnElement[bool]:
    """The fence of a team, around rows that a narrower index finds.

    SQLite knows nothing of how many rows a team has, and may read all of them instead of the few
    of one member. An expression is in no index.
    """
    return func.coalesce(team, "") == is_this


def among(tx: Tx, column: ColumnElement[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """It is one of these ids, however many: they are sent as one value."""
    if tx.core.dialect.name == "sqlite":
        sent = func.json_each(f"[{','.join(map(str, ids))}]").table_valued("value")
        return column.in_(select(sent.c.value))
    return column == any_(literal(list(ids), ARRAY(BigInteger)))


def change(
    tx: Tx, statement: Executable, parameters: Sequence[Mapping[str, object]] | None = None
) -> int:
    """Runs an insert, update or delete; the number of rows it touched."""
    result = tx.execute(statement, cast("Any", parameters))
    return cast("CursorResult[Any]", result).rowcount


def create(tx: Tx, model: type[SQLModel], **values: object) -> int:
    """Inserts one row; its new id."""
    target = table(model)
    return int(tx.execute(insert(target).values(values).returning(target.c.id)).scalar_one())


def create_if_free(tx: Tx, model: type[SQLModel], **values: object) -> int | None:
    """Inserts one row; None, and nothing is changed, where a unique index has another one.

    On PostgreSQL it waits for a transaction that is inserting the same.
    """
    target = table(model)
    dialect = tx.core.dialect.name
    insert_or_not = sqlite_insert if dialect == "sqlite" else postgresql_insert
    row = insert_or_not(target).values(values).on_conflict_do_nothing()
    made = tx.execute(row.returning(target.c.id)).scalar()
    return None if made is None else int(made)
