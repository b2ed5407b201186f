"""Run by Alembic for every migration command."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from storage.engine import open_engine
from storage.indexes import spell_out
from storage.migrations import is_ours
from storage.tables import METADATA


def render(kind: str, item: Any, autogen: object) -> str | Literal[False]:  # noqa: ANN401
    """Writes SQLModel's own string type as the plain one it is."""
    del autogen
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def migrate() -> None:
    """Runs the migrations in one transaction each, on a connection of their own."""
    spell_out(METADATA)
    url = context.config.get_main_option("sqlalchemy.url")
    engine = open_engine(url or "")
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A table that is made anew is dropped first, while others still point at it. The
            # pragma means nothing inside a transaction, and the connection begins one by itself.
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render,
            include_name=is_ours,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


migrate()
