"""Engines: one way to open SQLite and PostgreSQL."""

from json import dumps
from json.encoder import encode_basestring_ascii
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

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

READ_ONLY = "hourlink_read_only"
"""Execution option of transactions that only read."""


def open_engine(url: str, *, pool_size: int = 16) -> Engine:
    """Opens a database for use by threads.

    SQLite runs in WAL mode with full synchronisation and foreign keys; every transaction that may
    write begins IMMEDIATE, because SQLite never retries a read that turns into a write.

    Errors do not quote what was to be written: they reach the log, and notes and sealed credentials
    have no business there.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_size=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
            json_serializer=as_json,
            connect_args=_lost(url),
        )
    engine = create_engine(
        url,
        connect_args={"timeout": SQLITE_BUSY_MS / 1000},
        hide_parameters=True,
        json_serializer=as_json,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def driver_arguments(url: str) -> dict[str, Any]:
    """What psycopg itself is called with to open the same PostgreSQL database."""
    parsed = make_url(url)
    _, arguments = parsed.get_dialect()().create_connect_args(parsed)
    return _lost(url) | dict(arguments)


def _lost(url: str) -> dict[str, int]:
    """Of ``LOST`` what the operator's address does not say itself."""
    said = make_url(url).query
    return {name: value for name, value in LOST.items() if name not in said}


def as_json(value: object) -> str:
    """As ``json.dumps`` writes it; lists of texts, of which each task has two, at a fifth."""
    if isinstance(value, list):
        try:
            return f"[{', '.join(map(encode_basestring_ascii, value))}]"
        except TypeError:  # something else than texts
            pass
    return dumps(value)


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


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
