"""Brief looks of one thread that share a connection: to take one up and put it back costs more."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection, Engine

from storage.tx import Tx


class Looks:
    """A connection to SQLite that is kept between transactions that only read, one at a time."""

    def __init__(self, engine: Engine) -> None:
        """Opens nothing yet.

        Args:
            engine: Whose connections begin no transaction by themselves.
        """
        self._engine = engine
        self._connection: Connection | None = None
        self.is_under_way = False
        """One is being made; another needs a connection of its own."""

    @contextmanager
    def one(self) -> Iterator[Tx]:
        """A transaction that only reads."""
        if self._connection is None:
            self._connection = self._engine.connect()
        tx = Tx(self._connection)
        driver = cast("Any", self._connection.connection.dbapi_connection)
        self.is_under_way = True
        try:
            driver.execute("BEGIN")
            yield tx
            tx.close()
            driver.execute("COMMIT")
        except BaseException:
            self.close()
            raise
        finally:
            self.is_under_way = False

    def close(self) -> None:
        """Puts the connection back, where what is left on it is taken back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
