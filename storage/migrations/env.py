"""Run by Alembic for every migration command."""

from alembic import context

from storage.engine import open_engine
from storage.tables import METADATA


def migrate() -> None:
    """Runs the migrations in one transaction each, on a connection of their own."""
    url = context.config.get_main_option("sqlalchemy.url")
    engine = open_engine(url or "")
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


migrate()
