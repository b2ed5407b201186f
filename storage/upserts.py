"""Bulk upserts: one prepared statement a table and dialect, run for the changed rows alone."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, Table

from storage.sql import change, insert_into
from storage.unit_of_work import Tx


class Upsert:
    """Inserts rows, or overwrites those that have the same provider id in the integration."""

    def __init__(self, target: Table, *, keeps: Sequence[str] = ()) -> None:
        """Prepares nothing yet.

        Args:
            target: A table with ``integration_id`` and ``external_id`` unique together.
            keeps: Columns that an existing row keeps.
        """
        self._target = target
        self._keeps = keeps
        self._statements: dict[str, Executable] = {}

    def __call__(self, tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
        """Writes the rows: one statement, prepared once and run for each."""
        if not rows:
            return
        dialect = tx.core.dialect.name
        if dialect not in self._statements:
            self._statements[dialect] = self._on_conflict(dialect)
        change(tx, self._statements[dialect], rows)

    def _on_conflict(self, dialect: str) -> Executable:
        statement = insert_into(self._target, dialect)
        identity = ("integration_id", "external_id")
        kept = {"id", "team_id", *identity, *self._keeps}
        return statement.on_conflict_do_update(
            index_elements=identity,
            set_={c.name: c for c in statement.excluded if c.name not in kept},
        )
