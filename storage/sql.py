"""The few statements' worth of vocabulary that every noun uses."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    CursorResult,
    Dialect,
    Executable,
    Row,
    Table,
    Text,
    func,
    insert,
    literal,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from storage.unit_of_work import Tx

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert

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


class Ids(TypeDecorator[Collection[int]]):
    """Any number of ids, sent as one value."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A list on PostgreSQL, and JSON on SQLite."""
        sent = Text() if dialect.name == "sqlite" else ARRAY(BigInteger)
        return dialect.type_descriptor(sent)

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> object:
        """As the driver takes it."""
        ids = value or ()
        return f"[{','.join(map(str, ids))}]" if dialect.name == "sqlite" else list(ids)


class _Among(FunctionElement[bool]):
    """``among`` in SQL."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> "_Among":
        """As it is: compared with 1, as SQLite has no truth of its own, no index would help."""
        del against
        return self


@compiles(_Among, "sqlite")
def _among_json(element: _Among, compiler: SQLCompiler, **options: object) -> str:
    column, ids = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - values are bound


@compiles(_Among, "postgresql")
def _among_list(element: _Among, compiler: SQLCompiler, **options: object) -> str:
    column, ids = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY ({ids})"


def among(
    column: ColumnElement[Any], ids: Collection[int] | BindParameter[Any]
) -> ColumnElement[bool]:
    """It is one of these ids, however many: they are sent as one value.

    In a prepared statement they are a parameter of the type ``Ids``.
    """
    sent = ids if isinstance(ids, BindParameter) else literal(ids, Ids())
    return _Among(column, sent)


def change(
    tx: Tx, statement: Executable, parameters: Sequence[Mapping[str, object]] | None = None
) -> int:
    """Runs an insert, update or delete; the number of rows it touched."""
    result = tx.execute(statement, cast("Any", parameters))
    return cast("CursorResult[Any]", result).rowcount


def insert_into(target: Table, dialect: str) -> "Insert":
    """An insert that knows what to do where its row is there already.

    Both kinds of database say it alike, and SQLAlchemy has a class for each. PostgreSQL's takes
    long to import: a server on SQLite starts without it.
    """
    insert_here = import_module(f"sqlalchemy.dialects.{dialect}").insert
    return cast("Insert", insert_here(target))


def create(tx: Tx, model: type[SQLModel], **values: object) -> int:
    """Inserts one row; its new id."""
    return int(tx.execute(_creating(model), values).scalar_one())


@cache
def _creating(model: type[SQLModel]) -> Executable:
    target = table(model)
    return insert(target).returning(target.c.id)


def create_if_free(tx: Tx, model: type[SQLModel], **values: object) -> int | None:
    """Inserts one row; None, and nothing is changed, where a unique index has another one.

    On PostgreSQL it waits for a transaction that is inserting the same.
    """
    target = table(model)
    row = insert_into(target, tx.core.dialect.name).values(values).on_conflict_do_nothing()
    made = tx.execute(row.returning(target.c.id)).scalar()
    return None if made is None else int(made)


def create_or_change(
    tx: Tx,
    model: type[SQLModel],
    values: Mapping[str, object],
    *,
    key: Sequence[str],
    keeps: Collection[str] = (),
    where: str | None = None,
) -> None:
    """Inserts one row, or overwrites the one that has this key, whoever inserts it meanwhile.

    Args:
        tx: The open transaction.
        model: Whose table.
        values: The row.
        key: Columns of a unique index.
        keeps: Columns that an existing row keeps.
        where: The condition of that index, where it is a partial one.
    """
    told = tuple(name for name in values if name not in {*key, *keeps})
    tx.execute(_changing(model, tx.core.dialect.name, tuple(key), told, where), dict(values))


@cache
def _changing(
    model: type[SQLModel],
    dialect: str,
    key: tuple[str, ...],
    told: tuple[str, ...],
    where: str | None,
) -> Executable:
    """Made once: what a row would have had is a copy of every column of its table."""
    row = insert_into(table(model), dialect)
    return row.on_conflict_do_update(
        index_elements=list(key),
        index_where=None if where is None else text(where),
        set_={name: row.excluded[name] for name in told},
    )
