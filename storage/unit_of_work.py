"""Transactions: one a service method."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.domain.errors import Busy
from storage.engine import READ_ONLY

Tx: TypeAlias = Session
"""An open transaction. Storage functions take one and never commit it."""


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
            with Session(self._engine, expire_on_commit=False, autoflush=False) as tx, tx.begin():
                yield tx
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise Busy from error
            raise

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads; on SQLite it waits for no writer."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as tx, tx.begin():
            yield tx

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """A transaction that reads everything as it was at one moment, however long it takes."""
        with Session(self._still, expire_on_commit=False, autoflush=False) as tx, tx.begin():
            yield tx
