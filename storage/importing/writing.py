"""The entries of an import, many at a time, as docs/decisions/0025 writes tasks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.entries.entries import Action, Entry
from bot.domain.ids import ImportId, TeamId, TimeEntryId
from bot.domain.importing.plan import Import
from storage.additions import add_all
from storage.entries.entry_history import TimeEntryChangeRow, snapshot
from storage.entries.time_entries import TimeEntryRow, row_of
from storage.importing.imports import ImportedRow
from storage.sql import table
from storage.unit_of_work import Tx

_ENTRY, _CHANGE, _ROW = table(TimeEntryRow), table(TimeEntryChangeRow), table(ImportedRow)


def take_ids(tx: Tx, count: int) -> list[TimeEntryId]:
    """So many ids that no entry has, in a transaction that writes."""
    if not count:
        return []
    if tx.core.dialect.name == "sqlite":  # which has one writer at a time
        last = int(tx.execute(select(func.coalesce(func.max(_ENTRY.c.id), 0))).scalar_one())
        return [TimeEntryId(last + number) for number in range(1, count + 1)]
    following = func.nextval(func.pg_get_serial_sequence("time_entry", "id"))
    series = func.generate_series(1, count).table_valued("number")
    found = tx.execute(select(following.label("id")).select_from(series))
    return sorted(TimeEntryId(one) for one in found.scalars())


def add(
    tx: Tx,
    team_id: TeamId,
    brought_by: Import,
    entries: Sequence[tuple[Entry, str]],
    *,
    marks: Sequence[tuple[str, TimeEntryId]],
    now: datetime,
) -> None:
    """Saves entries that have their ids, each with its marker, and what is known of them.

    Nothing is owed to any tool, and no budget is looked at: it is time of the past.

    Args:
        tx: The open transaction.
        team_id: The fence.
        brought_by: The import.
        entries: New ones, what continues another behind it.
        marks: By which rows of the file are known again, with their first entries.
        now: The present moment.
    """
    add_all(
        tx,
        _ENTRY,
        [{"id": entry.id, **row_of(team_id, entry, marker, now)} for entry, marker in entries],
    )
    add_all(tx, _CHANGE, [_imported(team_id, entry, brought_by.step, now) for entry, _ in entries])
    add_all(tx, _ROW, [_marked(team_id, brought_by.id, mark, entry) for mark, entry in marks])


def _imported(team_id: TeamId, entry: Entry, step: str, now: datetime) -> dict[str, object]:
    return {
        "team_id": team_id,
        "time_entry_id": entry.id,
        "step": step,
        "action": Action.IMPORTED.value,
        "at": now,
        "after": snapshot(entry),
    }


def _marked(
    team_id: TeamId, import_id: ImportId, mark: str, entry_id: TimeEntryId
) -> dict[str, object]:
    return {"team_id": team_id, "mark": mark, "import_id": import_id, "time_entry_id": entry_id}
