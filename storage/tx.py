"""An open transaction."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from sqlalchemy import Connection
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Callable


Asked: TypeAlias = tuple[str, Sequence[object]]
"""A statement as the driver takes it, and values by their places."""


class Driver(Protocol):
    """A connection to which statements go straight."""

    def ask(
        self, text: str, values: Sequence[object], along: Sequence[Asked], *, looks: bool
    ) -> tuple[list[Sequence[Any]], int]:
        """The rows, and how many were touched.

        Args:
            text: The statement.
            values: Its parameters.
            along: Looks that will be asked next: they may be sent with it.
            looks: It changes and locks nothing itself.
        """

    def look(
        self, text: str, values: Mapping[str, object], *, is_fixed: bool
    ) -> list[Sequence[Any]]:
        """The rows of a statement that changes nothing, in the driver's own words.

        Args:
            text: The statement.
            values: Its parameters by name.
            is_fixed: It is the same every time.
        """

    def ahead(self, looks: Sequence[Asked]) -> None:
        """Looks that will be asked next: they may be sent together now."""

    def later(self, text: str, values: Sequence[object]) -> None:
        """Does it before what comes next, the commit at the latest."""


class OneByOne:
    """Sends each statement when its turn comes."""

    def __init__(self, cursor: Any) -> None:  # noqa: ANN401 - the driver's own
        self._cursor = cursor

    def ask(
        self, text: str, values: Sequence[object], along: Sequence[Asked], *, looks: bool
    ) -> tuple[list[Sequence[Any]], int]:
        """The rows, and how many were touched."""
        del along, looks
        self._cursor.execute(text, values)
        return (self._cursor.fetchall() if self._cursor.description else []), self._cursor.rowcount

    def look(
        self, text: str, values: Mapping[str, object], *, is_fixed: bool
    ) -> list[Sequence[Any]]:
        """The rows."""
        del is_fixed
        return cast("list[Sequence[Any]]", self._cursor.execute(text, values).fetchall())

    def ahead(self, looks: Sequence[Asked]) -> None:
        """Waits until they are asked."""

    def later(self, text: str, values: Sequence[object]) -> None:
        """Does it at once."""
        self._cursor.execute(text, values)


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
        self._driver: Driver | None = None
        self._entities: Session | None = None

    @property
    def driver(self) -> Driver:
        """For prepared statements, which go straight there."""
        if self._driver is None:
            connection = self.core.connection.dbapi_connection
            if hasattr(connection, "ask"):
                self._driver = cast("Driver", connection)
            else:
                self._driver = OneByOne(cast("Any", connection).cursor())
        return self._driver

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
