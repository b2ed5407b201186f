"""Statements that are asked so often that they go straight to the driver.

SQLAlchemy compiles a statement once, but looks for what it has compiled on every call, and wraps
what comes back; that takes several times what the driver takes for a row. A prepared statement is
compiled when it is first run, with what its columns' types do to values, and from then on costs
little more than the driver's call.

What does not change from run to run is written into its text. SQLite would plan a statement anew on
every run where the condition of a partial index is compared with a value that is sent.

PostgreSQL is waited for less often where statements are sent together (``storage/pipelined.py``).
For that a statement may be asked along with another, or written later. On SQLite, and where
somebody listens to statements, each is sent by itself, when its turn comes.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sqlalchemy import BindParameter, Dialect, Executable, Insert, ReturnsRows, SelectBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from bot.domain.values import dataclass
from storage.engine import raise_as_sqlalchemy
from storage.sql import AnyRow
from storage.unit_of_work import Tx

if TYPE_CHECKING:
    from sqlalchemy.sql import ClauseElement

Convert = Callable[[Any], Any]

Look: TypeAlias = "tuple[Prepared, Mapping[str, object]]"
"""A statement that changes nothing, and its parameters."""


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
        self._compiled: dict[str, Compiled] = {}

    def all(
        self, tx: Tx, parameters: Mapping[str, object], along: Sequence[Look] = ()
    ) -> list[AnyRow]:
        """Every row, read by the names of its columns.

        Args:
            tx: The open transaction.
            parameters: By name.
            along: What is most likely asked next in this transaction, before it changes anything.
                It is seen as it is after this statement.
        """
        return cast("list[AnyRow]", self._run(tx, parameters, along)[0])

    def first(
        self, tx: Tx, parameters: Mapping[str, object], along: Sequence[Look] = ()
    ) -> AnyRow | None:
        """The first row; of a statement that finds few."""
        return next(iter(self.all(tx, parameters, along)), None)

    def value(self, tx: Tx, parameters: Mapping[str, object], along: Sequence[Look] = ()) -> Any:  # noqa: ANN401 - a column's
        """The first column of the first row; None without one."""
        row = self.first(tx, parameters, along)
        return None if row is None else row[0]

    def change(self, tx: Tx, parameters: Mapping[str, object], along: Sequence[Look] = ()) -> int:
        """Runs an insert, update or delete; the number of rows it touched."""
        return self._run(tx, parameters, along)[1]

    def later(self, tx: Tx, parameters: Mapping[str, object]) -> None:
        """Runs an insert, update or delete before whatever comes next, the commit at the latest.

        What the database refuses is raised there: not for what somebody has an answer to.
        """
        if _is_heard(tx):
            self.change(tx, parameters)
            return
        text, values = self.compiled(tx.core.dialect).asked(parameters)
        try:
            tx.driver.later(text, values)
        except tx.core.dialect.loaded_dbapi.Error as error:
            raise_as_sqlalchemy(tx.core, error, text)

    def compiled(self, dialect: Dialect) -> "Compiled":
        """As the driver takes it."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = _compiled(self._statement, self._columns, dialect)
            self._compiled[dialect.name] = compiled
        return compiled

    @cached_property
    def _statement(self) -> Executable:
        return _written_out(self._given)

    def _run(
        self, tx: Tx, parameters: Mapping[str, object], along: Sequence[Look]
    ) -> tuple[list[Any], int]:
        if _is_heard(tx):
            result = tx.core.execute(self._statement, parameters)
            return (list(result) if result.returns_rows else []), result.rowcount
        dialect = tx.core.dialect
        compiled = self.compiled(dialect)
        text, values = compiled.asked(parameters)
        others = [other.compiled(dialect).asked(named) for other, named in along]
        try:
            found, touched = tx.driver.ask(text, values, others, looks=compiled.looks)
        except dialect.loaded_dbapi.Error as error:
            raise_as_sqlalchemy(tx.core, error, text)
        return compiled.read(found), touched


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement for one kind of database."""

    text: str
    names: Sequence[str]
    """Of the parameters, in the order in which the driver takes them."""
    constants: Mapping[str, object]
    """Parameters that the statement brings itself, converted: a limit, for example."""
    to_driver: Mapping[str, Convert]
    """What is done to parameters."""
    from_driver: Sequence[tuple[int, Convert]]
    """What is done to columns."""
    row: Callable[[Sequence[object]], Any] | None
    """Makes a row; None where none comes back."""
    looks: bool
    """It changes and locks nothing."""

    def asked(self, parameters: Mapping[str, object]) -> tuple[str, list[object]]:
        """Its text, and the values for it."""
        values = {**self.constants, **parameters}
        for name, convert in self.to_driver.items():
            values[name] = convert(values[name])
        return self.text, [values[name] for name in self.names]

    def read(self, found: Sequence[Sequence[object]]) -> list[Any]:
        """Rows out of what the driver gave."""
        if self.row is None:
            return []
        if not self.from_driver:
            return [self.row(one) for one in found]
        return [self._read(self.row, one) for one in found]

    def _read(self, row: Callable[[Sequence[object]], Any], found: Sequence[object]) -> object:
        values = list(found)
        for place, convert in self.from_driver:
            values[place] = convert(values[place])
        return row(values)


def ask_together(tx: Tx, looks: Sequence[Look]) -> None:
    """Asks all of this while waiting once, where somebody waits.

    Whoever asks it afterwards in this transaction has the answer, unless something was changed or
    locked meanwhile.
    """
    if _is_heard(tx):
        return
    dialect = tx.core.dialect
    asked = [look.compiled(dialect).asked(named) for look, named in looks]
    try:
        tx.driver.ahead(asked)
    except dialect.loaded_dbapi.Error as error:
        raise_as_sqlalchemy(tx.core, error, asked[0][0])


def written(
    tx: Tx, text: str, values: Mapping[str, object], *, is_fixed: bool = False
) -> list[Sequence[Any]]:
    """The rows of a look in the driver's own words.

    Args:
        tx: The open transaction.
        text: The statement.
        values: Its parameters by name.
        is_fixed: It is not written out anew each time.
    """
    if _is_heard(tx):
        return list(tx.core.exec_driver_sql(text, dict(values)))
    try:
        return tx.driver.look(text, values, is_fixed=is_fixed)
    except tx.core.dialect.loaded_dbapi.Error as error:
        raise_as_sqlalchemy(tx.core, error, text)


def _is_heard(tx: Tx) -> bool:
    """Somebody listens to statements, and is to hear of each from SQLAlchemy."""
    return bool(tx.core.engine.dispatch.before_cursor_execute)


def _compiled(statement: Executable, columns: list[str], dialect: Dialect) -> Compiled:
    compiled: Any = cast("ClauseElement", statement).compile(
        dialect=_by_place(dialect), column_keys=columns if isinstance(statement, Insert) else None
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
    names = whole.positiontup
    looks = _only_looks(statement)
    return Compiled(whole.statement, names, constants, to_driver, from_driver, row, looks)


def _by_place(dialect: Dialect) -> Dialect:
    """The same, with the parameters of PostgreSQL as it takes them itself: ``$1``."""
    if dialect.positional:
        return dialect
    placing: Any = copy(dialect)
    placing.paramstyle, placing.positional = "numeric_dollar", True
    placing.identifier_preparer = placing.preparer(placing)
    return cast("Dialect", placing)


def _only_looks(statement: Executable) -> bool:
    """It changes no rows, and waits for nobody's lock."""
    return isinstance(statement, SelectBase) and not any(
        getattr(part, "_for_update_arg", None) is not None
        or (isinstance(part, FunctionElement) and "lock" in str(getattr(part, "name", "")))
        for part in iterate(statement)
    )


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
