"""Migrations: the only way a database gets or changes its tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from storage.engine import open_engine
from storage.migrations import task_queue

LOCK = 0x486F75726C696E6B
"""PostgreSQL's advisory lock under which a database is migrated: the word Hourlink."""


_UNDECLARED = ("search_vector", "ix_task_search")
"""PostgreSQL's index of task search; SQLite's is a table that makes more tables."""


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Whether the code declares such a thing for every database, so that both are compared.

    The task queue's tables are Procrastinate's, and each database has a search of its own.
    """
    del parents
    if kind == "table" and name is not None:
        return not name.startswith((task_queue.OWN, "task_fts"))
    return name not in _UNDECLARED


def config(url: str) -> Config:
    """Alembic's configuration for one database."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


def upgrade(url: str) -> None:
    """Brings a database to the newest schema; an up-to-date one is left alone.

    Processes that start together on PostgreSQL take turns; SQLite has only one.
    """
    engine = open_engine(url)
    try:
        if engine.dialect.name != "postgresql":
            command.upgrade(config(url), "head")
            return
        with _alone(engine), engine.connect() as connection:
            command.upgrade(config(url), "head")
            task_queue.catch_up(connection)
    finally:
        engine.dispose()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
