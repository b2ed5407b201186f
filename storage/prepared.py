"""Statements that are asked so often that they go straight to the driver.

SQLAlchemy compiles a statement once, but looks for what it has compiled on every call, and wraps
what comes back; that takes several times what the driver takes for a row. A prepared statement is
compiled when it is first run, with what its columns' types do to values, and from then on costs
little more than the driver's call.

What does not change from run to run is written into its text. SQLite would plan a statement anew on
every run where the condition of a partial index is compared with a value that is sent.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BindParameter, Dialect, Executable, Insert, ReturnsRows
from sqlalchemy.sql.visitors import replacement_traverse

from bot.domain.values import dataclass
from storage.engine import raise_as_sqlalchemy
from storage.sql import AnyRow
from storage.unit_of_work import Tx

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement

Convert = Callable[[Any], Any]


class Prepared:
    """A statement whose parameters have fixed names. Lists of values are not for it."""

    def __init__(self, statement: Executable, columns: Sequence[str] = ()) -> None:
        """Compiles nothing yet.

        Args:
            statement: All but the values.
            columns: Of an insert: those that are given.
        """
        self._given = statement
        self._columns = list(columns)
        self._compiled: dict[str, _Compiled] = {}

    def all(self, tx: Tx, parameters: Mapping[str, object]) -> list[AnyRow]:
        """Every row, read by the names of its columns."""
        return cast("list[AnyRow]", self._run(tx, parameters)[0])

    def first(self, tx: Tx, parameters: Mapping[str, object]) -> AnyRow | None:
        """The first row; of a statement that finds few."""
        return next(iter(self.all(tx, parameters)), None)

    def value(self, tx: Tx, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 - a column's
        """The first column of the first row; None without one."""
        row = self.first(tx, parameters)
        return None if row is None else row[0]

    def change(self, tx: Tx, parameters: Mapping[str, object]) -> int:
        """Runs an insert, update or delete; the number of rows it touched."""
        return self._run(tx, parameters)[1]

    @cached_property
    def _statement(self) -> Executable:
        return _written_out(self._given)

    def _run(self, tx: Tx, parameters: Mapping[str, object]) -> tuple[list[Any], int]:
        connection = tx.core
        if connection.engine.dispatch.before_cursor_execute:  # somebody listens to statements
            result = connection.execute(self._statement, parameters)
            return (list(result) if result.returns_rows else []), result.rowcount
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = _compiled(self._statement, self._columns, connection.dialect)
            self._compiled[connection.dialect.name] = compiled
        return compiled.run(tx, parameters)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement for one kind of database."""

    text: str
    names: Sequence[str] | None
    """Of the parameters, in order, where the driver takes them by place."""
    constants: Mapping[str, object]
    """Parameters that the statement brings itself, converted: a limit, for example."""
    to_driver: Mapping[str, Convert]
    """What is done to parameters."""
    from_driver: Sequence[tuple[int, Convert]]
    """What is done to columns."""
    row: Callable[[Sequence[object]], Any] | None
    """Makes a row; None where none comes back."""

    def run(self, tx: Tx, parameters: Mapping[str, object]) -> tuple[list[Any], int]:
        """The rows, and how many were touched."""
        values = {**self.constants, **parameters}
        for name, convert in self.to_driver.items():
            values[name] = convert(values[name])
        placed = values if self.names is None else [values[name] for name in self.names]
        found, touched = _sent(tx, self.text, placed, is_answered=self.row is not None)
        return [self._read(self.row, one) for one in found] if self.row else [], touched

    def _read(self, row: Callable[[Sequence[object]], Any], found: Sequence[object]) -> object:
        values = list(found)
        for place, convert in self.from_driver:
            values[place] = convert(values[place])
        return row(values)


def written(tx: Tx, text: str, values: Mapping[str, object]) -> list[Sequence[Any]]:
    """The rows of a statement in the driver's own words, which is written out anew each time."""
    connection = tx.core
    if connection.engine.dispatch.before_cursor_execute:  # somebody listens to statements
        return list(connection.exec_driver_sql(text, dict(values)))
    return _sent(tx, text, values, is_answered=True)[0]


def _sent(
    tx: Tx, text: str, values: Mapping[str, object] | Sequence[object], *, is_answered: bool
) -> tuple[list[Sequence[Any]], int]:
    cursor = tx.cursor
    try:
        cursor.execute(text, values)
        return (cursor.fetchall() if is_answered else []), cursor.rowcount
    except tx.core.dialect.loaded_dbapi.Error as error:
        raise_as_sqlalchemy(tx.core, error, text)


def _compiled(statement: Executable, columns: list[str], dialect: Dialect) -> _Compiled:
    compiled: Any = cast("ClauseElement", statement).compile(
        dialect=dialect, column_keys=columns if isinstance(statement, Insert) else None
    )
    given = [name for parameter, name in compiled.bind_names.items() if parameter.required]
    whole = compiled.construct_expanded_state(dict.fromkeys(given))
    converts = {
        name: convert
        for parameter, name in compiled.bind_names.items()
        if (convert := parameter.type.dialect_impl(dialect).bind_processor(dialect))
    } | whole.processors
    to_driver = {name: converts[name] for name in given if name in converts}
    constants = {
        name: converts[name](value) if name in converts else value
        for name, value in whole.parameters.items()
        if name not in given
    }
    row: Callable[[Sequence[object]], Any] | None = None
    from_driver: list[tuple[int, Convert]] = []
    returned = statement.exported_columns if isinstance(statement, ReturnsRows) else ()
    if len(returned):
        row = _row([str(column.key) for column in returned])
        for place, column in enumerate(returned):
            if convert := column.type.dialect_impl(dialect).result_processor(dialect, None):
                from_driver.append((place, convert))
    names = whole.positiontup if compiled.positional else None
    return _Compiled(whole.statement, names, constants, to_driver, from_driver, row)


def _written_out(statement: Executable) -> Executable:
    """The same with every value that is known already in its text."""

    def written(element: object, **_: object) -> "BindParameter[Any] | None":
        if isinstance(element, BindParameter) and not element.required:
            return element.render_literal_execute()
        return None

    return cast("Executable", replacement_traverse(cast("Any", statement), {}, written))


def _row(names: Sequence[str]) -> Callable[[Sequence[object]], Any]:
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - known only now
    return cast("Callable[[Sequence[object]], Any]", made._make)
