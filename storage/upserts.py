"""Bulk upserts: one prepared statement a table and dialect, run for the changed rows alone."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.sql import change
from storage.unit_of_work import Tx


class Upsert:
    """Inserts rows, or overwrites those that have the same provider id in the integration."""

    def __init__(self, target: Table, *, keeps: Sequence[str] = ()) -> None:
        """Prepares the statement for both databases.

        Args:
            target: A table with ``integration_id`` and ``external_id`` unique together.
            keeps: Columns that an existing row keeps.
        """
        self._statements = {
            "sqlite": _on_conflict(sqlite.insert(target), keeps),
            "postgresql": _on_conflict(postgresql.insert(target), keeps),
        }

    def __call__(self, tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
        """Writes the rows: one statement, prepared once and run for each."""
        if rows:
            change(tx, self._statements[tx.core.dialect.name], rows)


def _on_conflict(statement: sqlite.Insert | postgresql.Insert, keeps: Sequence[str]) -> Executable:
    identity = ("integration_id", "external_id")
    kept = {"id", "team_id", *identity, *keeps}
    return statement.on_conflict_do_update(
        index_elements=identity,
        set_={c.name: c for c in statement.excluded if c.name not in kept},
    )
