"""Brief transactions of one thread that are committed at once: the disk is waited for once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, cast

from sqlalchemy import Connection, Engine

from storage.tx import Tx

MOST = 32
"""Transactions that are committed at once."""

LONGEST = 0.025
"""Seconds for which one is kept open for more: meanwhile nobody else may write."""

Told: TypeAlias = Callable[[BaseException | None], None]
"""Called at the commit, with what went wrong, if anything."""

Meaning: TypeAlias = Callable[[Exception | None], Exception | None]
"""Hears how each commit ended, and says what a failure means to whoever asked for something."""


class Together:
    """An open SQLite transaction, in which others are savepoints: each is taken back alone.

    Whoever makes one tells nobody of it before the commit, of which ``tell`` lets them hear.
    """

    def __init__(self, engine: Engine, meaning: Meaning) -> None:
        self._engine = engine
        self._meaning = meaning
        self._connection: Connection | None = None
        self._under_way = 0
        self._number = 0
        self._since = 0.0
        self._stored: list[Callable[[], None]] = []
        self._told: list[Told] = []

    @property
    def is_open(self) -> bool:
        """Something waits for a commit."""
        return self._connection is not None

    @property
    def is_full(self) -> bool:
        """Nothing more should be added before a commit."""
        return self._number >= MOST or time.monotonic() - self._since > LONGEST

    @contextmanager
    def one(self) -> Iterator[Tx]:
        """A transaction that waits for the others."""
        connection = self._connection or self._begun()
        driver = cast("Any", connection.connection.dbapi_connection)
        tx = Tx(connection)
        self._under_way += 1
        try:
            driver.execute("SAVEPOINT one")
            yield tx
            tx.close()
            driver.execute("RELEASE one")
        except BaseException as error:
            self._take_back(driver, error)
            raise
        finally:
            self._under_way -= 1
        self._number += 1
        self._stored += tx.once_stored

    def reading(self) -> Tx | None:
        """Reads what waits too; None where nothing does."""
        return None if self._connection is None else Tx(self._connection)

    def tell(self, told: Told) -> None:
        """Lets somebody hear of the next commit; at once where nothing waits for one."""
        if self._connection is None:
            told(None)
        else:
            self._told.append(told)

    def settle(self) -> None:
        """Commits what waits, and tells of it, unless one is just being made.

        Raises:
            Exception: it could not be committed. Everybody was told.
        """
        if self._connection is None or self._under_way:
            return
        try:
            self._connection.commit()
        except Exception as error:
            meaning = self._meaning(error) or error
            self._end(meaning)
            if meaning is error:
                raise
            raise meaning from error
        self._meaning(None)
        try:
            for stored in self._stored:
                stored()
        finally:
            self._end(None)

    def _begun(self) -> Connection:
        connection = self._engine.connect()
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        self._connection, self._since = connection, time.monotonic()
        return connection

    def _take_back(self, driver: Any, error: BaseException) -> None:  # noqa: ANN401 - driver's own
        """Nothing stays of this one. Where the disk is full, SQLite took back all by itself."""
        if driver.in_transaction:
            driver.execute("ROLLBACK TO one")
            driver.execute("RELEASE one")
        else:
            self._end(self._meaning(error) if isinstance(error, Exception) else error)

    def _end(self, error: BaseException | None) -> None:
        connection, told = self._connection, self._told
        self._connection, self._number = None, 0
        self._stored, self._told = [], []
        if connection is not None:
            if error is not None:
                connection.invalidate(error)  # whatever is left of it
            connection.close()
        for one in told:
            one(error)
