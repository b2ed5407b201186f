"""Engines: one way to open SQLite and PostgreSQL."""

import select
import time
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, cast

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.json_text import as_json, from_json

if TYPE_CHECKING:
    from storage.pipelined import Pipelined

SQLITE_BUSY_MS = 2500
"""Below Slack's 3 seconds, so that a handler can still say that the database is busy."""

LOST = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""When a server that does not answer counts as gone, in seconds and milliseconds. By themselves
connections to a machine that vanished hang for a quarter of an hour, and whoever uses them."""

IDLE = 30.0
"""Seconds after which a connection to PostgreSQL is tried before it is used again: something on
the way may have forgotten it in silence."""

_SINCE = "hourlink_since"
"""In a pooled connection's notes: the moment at which it was given back."""

READ_ONLY = "hourlink_read_only"
"""Execution option of transactions that only read."""

STILL = "hourlink_still"
"""Execution option for PostgreSQL: a transaction that sees everything as it was at one moment."""

BY_HAND = "hourlink_by_hand"
"""Execution option for SQLite: who holds the connection begins and ends its transactions."""

AT_ONCE = "hourlink_at_once"
"""Execution option for PostgreSQL: every statement is a transaction of its own."""


def open_engine(url: str, *, pool_size: int = 16) -> Engine:
    """Opens a database for use by threads.

    SQLite runs in WAL mode with full synchronisation and foreign keys; every transaction that may
    write begins IMMEDIATE, because SQLite never retries a read that turns into a write.

    Errors do not quote what was to be written: they reach the log, and notes and sealed credentials
    have no business there.
    """
    if make_url(url).get_backend_name() != "sqlite":
        engine = create_engine(
            url,
            pool_size=pool_size,
            pool_use_lifo=True,  # few connections that have their plans, rather than many
            hide_parameters=True,
            json_serializer=as_json,
            json_deserializer=from_json,
            creator=partial(_connected, url),
            isolation_level="AUTOCOMMIT",  # as below: transactions are begun here
        )
        event.listen(engine, "connect", _set_up_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkin", _left)
        event.listen(engine, "checkout", partial(_taken_up, engine.dialect))
        return engine
    engine = create_engine(
        url,
        connect_args={"timeout": SQLITE_BUSY_MS / 1000},
        hide_parameters=True,
        json_serializer=as_json,
        json_deserializer=from_json,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connected(url: str) -> object:
    """A connection to PostgreSQL. The driver is imported only where it is used."""
    connection: type[Pipelined] = import_module("storage.pipelined").Pipelined
    return connection.connect(**driver_arguments(url))


def _left(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's own
    del connection
    record.info[_SINCE] = time.monotonic()


def _taken_up(
    dialect: Dialect,
    connection: Any,  # noqa: ANN401 - the driver's own
    record: ConnectionPoolEntry,
    taken: object,
) -> None:
    """Tries a connection that may have ended meanwhile; nothing is sent on any other.

    Raises:
        InvalidatePoolError: it did. SQLAlchemy opens another one, and all anew.
    """
    del taken
    since = record.info.get(_SINCE)
    if since is None:  # it was just opened
        return
    if time.monotonic() - since < IDLE and not _has_news(connection):
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _has_news(connection: Any) -> bool:  # noqa: ANN401 - the driver's own
    """The server said something that nobody asked for: most likely that it goes away."""
    if not hasattr(select, "poll"):  # as on Windows
        return True
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    return bool(waiting.poll(0))


def driver_arguments(url: str) -> dict[str, Any]:
    """What psycopg itself is called with to open the same PostgreSQL database."""
    parsed = make_url(url)
    _, arguments = parsed.get_dialect()().create_connect_args(parsed)
    return _lost(url) | dict(arguments)


def _lost(url: str) -> dict[str, int]:
    """Of ``LOST`` what the operator's address does not say itself."""
    said = make_url(url).query
    return {name: value for name, value in LOST.items() if name not in said}


def _set_up_postgresql(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's own
    """Keeps a statement in one process of the server, and transactions as this is made for.

    To start others for a sum of a month costs a quarter of its time, and saves nothing. A default
    of ``serializable`` refuses most of what people do at the same moment; what must not meet takes
    locks here.
    """
    del record
    connection.execute(
        "SET max_parallel_workers_per_gather = 0;"
        " SET default_transaction_isolation = 'read committed'"
    )


def _set_up_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's own
    del record
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {SQLITE_BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_postgresql(connection: Connection) -> None:
    """Begins by itself: to have the driver do so for some takes longer than a statement."""
    options = connection.get_execution_options()
    if AT_ONCE in options or "isolation_level" in options:  # the driver sees to that one
        return
    _begin(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ" if STILL in options else "BEGIN")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if BY_HAND not in options:
        _begin(connection, "BEGIN" if READ_ONLY in options else "BEGIN IMMEDIATE")


def _begin(connection: Connection, begin: str) -> None:
    if connection.engine.dispatch.before_cursor_execute:  # somebody listens to statements
        connection.exec_driver_sql(begin)
        return
    driver = cast("Any", connection.connection.dbapi_connection)
    try:  # the driver itself, at a tenth of the time: two to each request
        getattr(driver, "begin", driver.execute)(begin)
    except connection.dialect.loaded_dbapi.Error as error:
        raise_as_sqlalchemy(connection, error, begin)


def raise_as_sqlalchemy(connection: Connection, error: Exception, text: str) -> NoReturn:
    """What it makes of an error of the driver, which it did not see."""
    dialect = connection.dialect
    is_gone = dialect.is_disconnect(cast("Any", error), cast("Any", connection.connection), None)
    if is_gone:
        connection.invalidate(error)
    raise DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_gone,
        dialect=dialect,
    ) from error
