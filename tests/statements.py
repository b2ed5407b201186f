"""What a database is asked while something works: how many statements, which, and their plans."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event


class Statement(NamedTuple):
    """One that was sent."""

    sql: str
    values: Any
    """As the driver takes them."""
    is_for_many: bool
    """Sent once with the values of many rows."""


@contextmanager
def listening(engine: Engine | type[Engine], hear: Callable[[Statement], object]) -> Iterator[None]:
    """Tells of each statement before it is sent; of what begins a transaction it does not.

    Args:
        engine: The one that is listened to; the class itself for whichever there are.
        hear: Called with each.
    """

    def note(*told: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event
        _, _, sql, values, _, is_for_many = told
        if not sql.startswith("BEGIN"):
            hear(Statement(sql, values, is_for_many))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def heard(engine: Engine | type[Engine]) -> Iterator[list[Statement]]:
    """Gives a list that grows by each statement while the block lasts."""
    found: list[Statement] = []
    with listening(engine, found.append):
        yield found


def asked(engine: Engine, work: Callable[[], object]) -> list[str]:
    """The SQL of each statement that some work sends."""
    with heard(engine) as found:
        work()
    return [one.sql for one in found]


def plan(connection: Connection, statement: Statement) -> list[str]:
    """The steps in which the database would answer it."""
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {statement.sql}", statement.values)
    return [str(row[-1]) for row in rows]
