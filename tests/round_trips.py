"""How often PostgreSQL is waited for."""

import tempfile
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from sqlalchemy import Engine

if TYPE_CHECKING:
    from storage.pipelined import Pipelined


def trips(engine: Engine, work: Callable[[], object]) -> int:
    """The answers that came over the connection which is used next."""
    with engine.connect() as connection:
        pgconn = cast("Pipelined", connection.connection.driver_connection).pgconn
    with tempfile.TemporaryFile() as told:
        pgconn.trace(told.fileno())
        work()
        pgconn.untrace()
        told.seek(0)
        return told.read().count(b"ReadyForQuery")
