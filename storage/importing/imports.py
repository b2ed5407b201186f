"""Imports: which file brought hours, and when."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint, func, select, update
from sqlmodel import Field, SQLModel, col

from bot.domain.ids import ImportId, TeamId
from bot.domain.importing.plan import Import
from storage.entries.time_entries import TimeEntryRow
from storage.sql import change, create, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class TimeImportRow(SQLModel, table=True):
    """One file that was taken in, or is being taken in."""

    __tablename__ = "time_import"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id", index=True)
    file_name: str = Field(max_length=255)
    digest: str = Field(max_length=32)
    """Of the file and what was said about it: one that was broken off goes on by it."""
    step: str = Field(max_length=32, unique=True)
    """Names it in the history of its entries."""
    begun_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None while it goes on, and where it was broken off."""


class ImportedRow(SQLModel, table=True):
    """A row of a file that became an entry; it stays when the entry is deleted."""

    __tablename__ = "imported_row"
    __table_args__ = (UniqueConstraint("team_id", "mark"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    mark: str = Field(max_length=32)
    """By which it is known again."""
    import_id: int = Field(foreign_key="time_import.id", index=True, sa_type=BigId)
    time_entry_id: int = Field(foreign_key="time_entry.id", index=True, sa_type=BigId)
    """The first part of it."""


_I, _E = table(TimeImportRow).c, table(TimeEntryRow).c
_COLUMNS = (_I.id, _I.file_name, _I.step, _I.begun_at, _I.ended_at)


def unfinished(tx: Tx, team_id: TeamId, digest: str) -> Import | None:
    """The import of the same that was broken off, the newest one."""
    query = select(*_COLUMNS).where(
        _I.team_id == team_id, _I.digest == digest, _I.ended_at.is_(None)
    )
    row = tx.execute(query.order_by(_I.id.desc()).limit(1)).first()
    return None if row is None else Import(ImportId(row.id), *row[1:])


def begin(
    tx: Tx, team_id: TeamId, file_name: str, *, digest: str, step: str, now: datetime
) -> Import:
    """A new one."""
    name = file_name[:255]
    made = create(
        tx, TimeImportRow, team_id=team_id, file_name=name, digest=digest, step=step, begun_at=now
    )
    return Import(ImportId(made), name, step, now, None)


def end(tx: Tx, team_id: TeamId, import_id: ImportId, now: datetime) -> None:
    """All of it is there."""
    same = (_I.team_id == team_id, _I.id == import_id)
    change(tx, update(table(TimeImportRow)).where(*same).values(ended_at=now))


def every(tx: Tx, team_id: TeamId) -> list[tuple[Import, int]]:
    """All of a team, the newest first, and how many entries each has left."""
    left = func.count(_E.id)
    query = (
        select(*_COLUMNS, left.label("left"))
        .select_from(table(TimeImportRow))
        .outerjoin(table(TimeEntryRow), (_E.import_id == _I.id) & _E.deleted_at.is_(None))
        .where(_I.team_id == team_id)
        .group_by(*_COLUMNS)
        .order_by(_I.id.desc())
    )
    return [(Import(ImportId(row.id), *row[1:5]), int(row.left)) for row in tx.execute(query)]


def file_names(tx: Tx, team_id: TeamId, steps: Collection[str]) -> dict[str, str]:
    """The files behind steps of histories that are imports."""
    query = select(col(TimeImportRow.step), col(TimeImportRow.file_name)).where(
        col(TimeImportRow.team_id) == team_id, col(TimeImportRow.step).in_(list(steps))
    )
    return {row.step: row.file_name for row in tx.execute(query)}
