"""Transactions: one a service method."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.away import Reach, note_saving
from storage.engine import READ_ONLY


class Tx:
    """An open transaction. Storage functions take one and never commit it.

    Statements go to the connection itself: what a session does to each of them takes a third as
    long again, and storage reads columns, not entities.
    """

    def __init__(self, connection: Connection) -> None:
        self.core = connection
        self.execute = connection.execute
        self.once_stored: list[Callable[[], None]] = []
        """Called when all of this is committed."""
        self._entities: Session | None = None

    @property
    def entities(self) -> Session:
        """A session in this transaction, for who wants a table's rows as objects."""
        if self._entities is None:
            self._entities = Session(self.core, expire_on_commit=False, autoflush=False)
        return self._entities

    def close(self) -> None:
        """Writes what was changed on such objects."""
        if self._entities is not None:
            self._entities.flush()
            self._entities.close()


class UnitOfWork:
    """Hands out transactions: committed on leaving, rolled back on a raise."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reach = Reach(engine)
        self._reading = engine.execution_options(**{READ_ONLY: True})
        self._still = self._reading
        if engine.dialect.name != "sqlite":  # where reading is like this anyway
            self._still = self._reading.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction that may write.

        Raises:
            Busy: other writers kept SQLite locked for longer than it waits.
            DatabaseAway: PostgreSQL cannot be reached, or went away meanwhile.
        """
        with self._opened(self._engine, writes=True) as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads; on SQLite it waits for no writer."""
        with self._opened(self._reading) as tx:
            yield tx

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """A transaction that reads everything as it was at one moment, however long it takes."""
        with self._opened(self._still) as tx:
            yield tx

    @contextmanager
    def _opened(self, engine: Engine, *, writes: bool = False) -> Iterator[Tx]:
        connected = saving = False
        try:
            with engine.connect() as connection:
                connected = True
                tx = Tx(connection)
                with connection.begin():
                    yield tx
                    tx.close()
                    saving = writes
                    if writes:
                        note_saving()
        except DBAPIError as error:
            meaning = self._reach.meaning(error, connected=connected, saving=saving)
            if meaning is error:
                raise
            raise meaning from error
        if self._reach.is_lost:
            self._reach.found()
        for told in tx.once_stored:
            told()
