"""Run by Alembic for every migration command."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from storage.engine import open_engine
from storage.migrations.task_queue import OWN
from storage.tables import METADATA


def render(kind: str, item: Any, autogen: object) -> str | Literal[False]:  # noqa: ANN401
    """Writes SQLModel's own string type as the plain one it is."""
    del autogen
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Leaves the task queue's tables alone: they are Procrastinate's."""
    del parents
    return kind != "table" or name is None or not name.startswith(OWN)


def migrate() -> None:
    """Runs the migrations in one transaction each, on a connection of their own."""
    url = context.config.get_main_option("sqlalchemy.url")
    engine = open_engine(url or "")
    with engine.connect() as connection:
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
