"""Taking away what an import brought, as far as nobody changed it since."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from bot.domain.entries.entries import Action, Entry
from bot.domain.ids import TeamId, TimeEntryId
from bot.domain.importing.plan import Import, Left
from storage.additions import add_all
from storage.entries.entry_history import TimeEntryChangeRow, snapshot
from storage.entries.time_entries import TimeEntryRow, entry_of
from storage.importing.imports import ImportedRow
from storage.sql import among, change, fenced, table
from storage.unit_of_work import Tx

_ENTRY, _CHANGE, _ROW = table(TimeEntryRow), table(TimeEntryChangeRow), table(ImportedRow)
_E, _C = _ENTRY.c, _CHANGE.c
_BESIDE = _ENTRY.alias("beside")


def left(tx: Tx, team_id: TeamId, brought_by: Import) -> Left:
    """What of it would go, and what would stay and why."""
    mine = (fenced(_E.team_id, team_id), _E.import_id == brought_by.id)
    there, changed = _E.deleted_at.is_(None), _was_changed(brought_by)
    query = select(
        func.count().filter(there, ~changed),
        func.coalesce(func.sum(_E.seconds).filter(there, ~changed), 0),
        func.count().filter(there, changed),
        func.count().filter(~there),
    ).where(*mine)
    return Left(*map(int, tx.execute(query).one()))


def untouched(
    tx: Tx, team_id: TeamId, brought_by: Import, *, after: TimeEntryId, limit: int
) -> list[Entry]:
    """Some entries that nobody changed since it brought them, by id, behind one of them."""
    query = select(*_E).where(
        fenced(_E.team_id, team_id),
        _E.import_id == brought_by.id,
        _E.id > after,
        _E.deleted_at.is_(None),
        ~_was_changed(brought_by),
    )
    # A whole entry at a time: what continues another comes right behind it.
    found = [entry_of(row) for row in tx.execute(query.order_by(_E.id).limit(limit))]
    following = select(*_E).where(
        _E.team_id == team_id,
        among(_E.continues_id, [one.id for one in found[-1:]]),
        _E.deleted_at.is_(None),
    )
    return found + [entry_of(row) for row in tx.execute(following)] if found else []


def take_away(
    tx: Tx,
    team_id: TeamId,
    gone: Sequence[tuple[Entry, Entry]],
    *,
    step: str,
    now: datetime,
) -> None:
    """Deletes entries, and forgets the rows that they came from, which may come again.

    Args:
        tx: The open transaction.
        team_id: The fence.
        gone: Each as it was, and as it is.
        step: Names it in their history.
        now: The present moment.
    """
    these = [old.id for old, _ in gone]
    change(
        tx,
        update(_ENTRY).where(_E.team_id == team_id, among(_E.id, these)).values(deleted_at=now),
    )
    add_all(
        tx,
        _CHANGE,
        [
            {
                "team_id": team_id,
                "time_entry_id": old.id,
                "step": step,
                "action": Action.DELETED.value,
                "at": now,
                "before": snapshot(old),
                "after": snapshot(new),
            }
            for old, new in gone
        ],
    )
    row = _ROW.c
    change(tx, delete(_ROW).where(row.team_id == team_id, among(row.time_entry_id, these)))


def _was_changed(brought_by: Import) -> ColumnElement[bool]:
    """Somebody changed it, or the part before or behind it."""
    # An entry's steps are looked for by the entry alone: never among all of the team's.
    by_another = _C.step != brought_by.step
    behind = exists().where(_BESIDE.c.continues_id == _E.id, _C.time_entry_id == _BESIDE.c.id)
    return or_(
        exists().where(by_another, _C.time_entry_id == _E.id),
        exists().where(by_another, _C.time_entry_id == _E.continues_id),
        behind.where(by_another),
    )
