"""An open transaction."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Callable


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

    @cached_property
    def cursor(self) -> Any:  # noqa: ANN401 - the driver's own
        """For statements that go straight to the driver, one after another."""
        return cast("Any", self.core.connection.dbapi_connection).cursor()

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
