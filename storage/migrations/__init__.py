"""Migrations: the only way a database gets or changes its tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from storage.engine import open_engine

if TYPE_CHECKING:
    from alembic.config import Config

LOCK = 0x486F75726C696E6B
"""PostgreSQL's advisory lock under which a database is migrated: the word Hourlink."""


STOP_FIRST = {
    "0006": "projects and tools' projects need names to search by",
    "0011": "the words that tasks were searched by are gone",
    "0014": "people need the words of their names",
    "0019": "the audit log needs words to search by",
    "0023": "whether time is written back is kept in another way",
    "0024": "Slack's tokens are kept in a table of their own",
}
"""Migrations beside which the version of before does not go on working, with the reason. All others
only add; a test compares."""


class DatabaseNewer(Exception):
    """A later version has been here."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


class TransactionsPooled(Exception):
    """What stands before PostgreSQL gives each transaction another of its connections."""


_UNDECLARED = ("search_vector", "ix_task_search")
"""PostgreSQL's index of task search; SQLite's is a table that makes more tables."""


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Whether the code declares such a thing for every database, so that both are compared.

    The task queue's tables are Procrastinate's, and each database has a search of its own.
    """
    from storage.migrations import task_queue  # noqa: PLC0415 - see upgrade

    del parents
    if kind == "table" and name is not None:
        return not name.startswith((task_queue.OWN, "task_fts"))
    return name not in _UNDECLARED


def config(url: str) -> "Config":
    """Alembic's configuration for one database."""
    from alembic.config import Config  # noqa: PLC0415 - see upgrade

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


def upgrade(url: str, begins: Callable[[str | None, str], None] | None = None) -> None:
    """Brings a database to the newest schema; an up-to-date one is left alone.

    Processes that start together on PostgreSQL take turns; SQLite has only one. Alembic is not even
    imported where nothing is to be done, as at nearly every start.

    Args:
        url: The database.
        begins: Told, where something is to be done, the migration before and the one after.

    Raises:
        DatabaseNewer: it has a migration that this version does not know.
        TransactionsPooled: what is kept on a connection, the lock here first of all, is lost there.
    """
    engine = open_engine(url)
    try:
        if engine.dialect.name != "postgresql":
            _upgrade(engine, url, begins)
            return
        from storage.migrations import task_queue  # noqa: PLC0415 - it imports Procrastinate

        with _alone(engine), engine.connect() as connection:
            _upgrade(engine, url, begins)
            task_queue.catch_up(connection)
    finally:
        engine.dispose()


def _upgrade(engine: Engine, url: str, begins: Callable[[str | None, str], None] | None) -> None:
    has, known = _has(engine), _known()
    if has == max(known):
        return
    if has is not None and has not in known:
        raise DatabaseNewer(has)
    if begins is not None:
        begins(has, max(known))
    from alembic import command  # noqa: PLC0415 - see upgrade

    command.upgrade(config(url), "head")


def _has(engine: Engine) -> str | None:
    """The last migration of a database; None before the first."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _known() -> set[str]:
    """The numbers that the names of the migrations begin with, and that they go by."""
    names = (path.name for path in (Path(__file__).parent / "versions").glob("[0-9]*.py"))
    return {name.partition("_")[0] for name in names}


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    plain = engine.execution_options(isolation_level="AUTOCOMMIT")
    with plain.connect() as connection, plain.connect() as other:
        # Asked for as the first thing: a pooler of transactions gives what has just become free.
        if _server_of(connection) == _server_of(other):
            raise TransactionsPooled
        other.close()
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})


def _server_of(connection: Connection) -> int:
    """Which of PostgreSQL's processes is at the other end."""
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
