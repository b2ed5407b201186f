"""Transactions: one a service method."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.away import Reach, note_saving
from storage.engine import AT_ONCE, BY_HAND, READ_ONLY, STILL
from storage.looks import Looks
from storage.together import Together
from storage.tx import Tx

__all__ = ["Tx", "UnitOfWork"]


class UnitOfWork:
    """Hands out transactions: committed on leaving, rolled back on a raise.

    Brief ones may be committed together with what comes after them on their thread, inside
    ``gathering``. Any other is begun after what waits is committed.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reach = Reach(engine)
        self._reading = engine.execution_options(**{READ_ONLY: True})
        self._still = self._briefly = self._reading
        if engine.dialect.name != "sqlite":  # where reading is like this anyway
            self._still = self._reading.execution_options(**{STILL: True})
            # Each statement sees its own moment in any case: BEGIN and COMMIT would add nothing.
            self._briefly = self._reading.execution_options(**{AT_ONCE: True})
        self._by_hand = engine.execution_options(**{BY_HAND: True})
        self._here = threading.local()

    @contextmanager
    def gathering(self) -> Iterator[Together]:
        """Lets brief transactions of this thread wait for a common commit; only for SQLite.

        Whoever asks for this tells nobody of what was done before ``Together.tell`` says so.
        """
        together = Together(self._engine, self._uncommitted)
        looks = Looks(self._by_hand)
        self._here.together, self._here.looks = together, looks
        try:
            yield together
        finally:
            self._here.together = self._here.looks = None
            looks.close()
            together.settle()

    @contextmanager
    def begin(self, *, brief: bool = False) -> Iterator[Tx]:
        """A transaction that may write.

        Args:
            brief: It is over soon, whatever is in the database, and waits for nothing.

        Raises:
            Busy: others kept it waiting for too long, or came first.
            DatabaseAway: it cannot be reached, or went away meanwhile.
            SavingRefused: its disk is full, for example.
        """
        together = self._joinable(brief=brief)
        with self._joined(together) if together else self._opened(self._engine, writes=True) as tx:
            yield tx

    @contextmanager
    def read(self, *, brief: bool = False) -> Iterator[Tx]:
        """A transaction that only reads; on SQLite it waits for no writer.

        Args:
            brief: It is over soon, whatever is in the database.
        """
        together = self._joinable(brief=brief)
        looks: Looks | None = getattr(self._here, "looks", None)
        if together and (tx := together.reading()):
            yield tx
        elif brief and looks and not looks.is_under_way:
            with self._told(), looks.one() as tx:
                yield tx
        else:
            with self._opened(self._briefly if brief else self._reading) as tx:
                yield tx

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """A transaction that reads everything as it was at one moment, however long it takes."""
        self._joinable(brief=False)
        with self._opened(self._still) as tx:
            yield tx

    def _joinable(self, *, brief: bool) -> Together | None:
        """What this transaction may join; where it may not, what waits is committed first."""
        together: Together | None = getattr(self._here, "together", None)
        if together is None or brief:
            return together
        together.settle()
        return None

    @contextmanager
    def _joined(self, together: Together) -> Iterator[Tx]:
        with self._told():
            with together.one() as tx:
                yield tx
            note_saving()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Says what a failure means, over a connection that is there."""
        try:
            yield
        except DBAPIError as error:
            meaning = self._reach.meaning(error, connected=True, saving=False)
            if meaning is error:
                raise
            raise meaning from error

    def _uncommitted(self, error: Exception | None) -> Exception | None:
        """Hears how a common commit ended; what a failure means."""
        if error is None:
            self._reach.saved()
        elif isinstance(error, DBAPIError):
            return self._reach.meaning(error, connected=True, saving=True)
        return error

    @contextmanager
    def _opened(self, engine: Engine, *, writes: bool = False) -> Iterator[Tx]:
        connected = saving = False
        was_lost = self._reach.is_lost
        try:
            with engine.connect() as connection:
                connected = True
                tx = Tx(connection)
                # Where each statement is a transaction of its own there is nothing to begin.
                alone = AT_ONCE in engine.get_execution_options()
                with nullcontext() if alone else connection.begin():
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
        if was_lost:
            self._reach.found()
        if writes:
            self._reach.saved()
        for told in tx.once_stored:
            told()
