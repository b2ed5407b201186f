"""Transactions: one a service method."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Executable, Result
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.domain.errors import Busy
from storage.engine import READ_ONLY


class Tx(Session):
    """An open transaction. Storage functions take one and never commit it.

    A session for whoever wants entities. Statements go to the connection itself: what a session
    does to each of them takes a third as long again, and nothing here reads entities.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, expire_on_commit=False, autoflush=False)
        self.core = connection
        self.once_stored: list[Callable[[], None]] = []
        """Called when all of this is committed."""

    if not TYPE_CHECKING:  # typed as a session's own

        def execute(
            self,
            statement: Executable,
            params: Any = None,  # noqa: ANN401 - what a connection takes
            *,
            execution_options: Any = None,  # noqa: ANN401
            **session_only: object,
        ) -> Result[Any]:
            """Runs a statement."""
            if session_only:  # a session that looks for an entity asks like this
                options = execution_options or {}
                return super().execute(statement, params, execution_options=options, **session_only)
            return self.core.execute(statement, params, execution_options=execution_options)


class UnitOfWork:
    """Hands out transactions: committed on leaving, rolled back on a raise."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(**{READ_ONLY: True})
        self._still = self._reading
        if engine.dialect.name != "sqlite":  # where reading is like this anyway
            self._still = self._reading.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction that may write.

        Raises:
            Busy: other writers kept SQLite locked for longer than it waits.
        """
        try:
            with _opened(self._engine) as tx:
                yield tx
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise Busy from error
            raise

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads; on SQLite it waits for no writer."""
        with _opened(self._reading) as tx:
            yield tx

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """A transaction that reads everything as it was at one moment, however long it takes."""
        with _opened(self._still) as tx:
            yield tx


@contextmanager
def _opened(engine: Engine) -> Iterator[Tx]:
    with engine.connect() as connection:
        with connection.begin(), Tx(connection) as tx:
            yield tx
            tx.flush()
        for told in tx.once_stored:
            told()
