"""Procrastinate's tables, beside ours in PostgreSQL.

Procrastinate ships its schema as one file, and every later change as a file of its own, but does
not note which of them a database has. So we do, by their names, in one more table.
"""

from importlib import resources

import psycopg
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection

OWN = "procrastinate_"
"""What the names of its tables begin with; ours are never compared with them."""


def install(connection: Connection) -> None:
    """Creates the tables as the installed Procrastinate wants them, in the open transaction."""
    driver = _driver(connection)
    driver.execute(SchemaManager.get_schema())
    driver.execute("CREATE TABLE procrastinate_migration (name text PRIMARY KEY)")
    for name in _changes():
        _note(driver, name)


def remove(connection: Connection) -> None:
    """Drops everything again."""
    _driver(connection).execute(_DROP)


def catch_up(connection: Connection) -> list[str]:
    """Makes the changes that a newer Procrastinate brought, each of them whole; their names.

    Takes a connection without a transaction.
    """
    driver = _driver(connection)
    known = {row[0] for row in driver.execute("SELECT name FROM procrastinate_migration")}
    made = []
    for name, statements in _changes().items():
        if name not in known:
            # One by one: PostgreSQL lets no new enum value be used before its commit.
            with driver.transaction():
                driver.execute(statements)
                _note(driver, name)
            made.append(name)
    return made


def _changes() -> dict[str, str]:
    """Every change since its first version, in order."""
    folder = resources.files("procrastinate.sql") / "migrations"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=str)
    return {file.name: file.read_text("utf-8") for file in files}


def _note(driver: "psycopg.Connection[tuple[str, ...]]", name: str) -> None:
    driver.execute("INSERT INTO procrastinate_migration VALUES (%s)", (name,))


def _driver(connection: Connection) -> "psycopg.Connection[tuple[str, ...]]":
    """The driver's connection: it runs a whole file, and takes no % for a parameter."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(type(driver))
    return driver


_DROP = r"""
DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT oid::regclass AS name FROM pg_class
      WHERE relname LIKE 'procrastinate\_%' AND relkind = 'r'
      AND relnamespace = current_schema()::regnamespace LOOP
    EXECUTE format('DROP TABLE %s CASCADE', found.name);
  END LOOP;
  FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
      WHERE proname LIKE 'procrastinate\_%'
      AND pronamespace = current_schema()::regnamespace LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', found.name);
  END LOOP;
  FOR found IN SELECT oid::regtype AS name FROM pg_type
      WHERE typname LIKE 'procrastinate\_%' AND typtype IN ('e', 'c')
      AND typnamespace = current_schema()::regnamespace LOOP
    EXECUTE format('DROP TYPE %s CASCADE', found.name);
  END LOOP;
END $$
"""
