"""The history of time entries: who changed what, when, from what, to what."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, bindparam, func, insert, select
from sqlmodel import Field, SQLModel, col

from bot.domain.entries.entries import Action, Entry, EntryChange, StopReason
from bot.domain.ids import MemberId, TeamId, TimeEntryId
from bot.domain.values import dataclass
from storage.money import budgets
from storage.prepared import Prepared
from storage.sql import AnyRow, table
from storage.types import BigId, UtcDateTime
from storage.unit_of_work import Tx


class TimeEntryChangeRow(SQLModel, table=True):
    """One step in the life of a time entry: who, when, from what, to what."""

    __tablename__ = "time_entry_change"
    __table_args__ = (
        Index("ix_time_entry_change_entry", "time_entry_id"),
        Index("ix_time_entry_change_step", "step"),
        Index("ix_time_entry_change_actor", "actor_id", "at"),
        Index("ix_time_entry_change_at", "team_id", "at", "time_entry_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    time_entry_id: int = Field(foreign_key="time_entry.id", sa_type=BigId)
    step: str = Field(max_length=32)
    """The same for all that one use case changed, so that it can be taken back as a whole."""
    action: str = Field(max_length=16)
    actor_id: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """None when Hourlink itself acted."""
    at: datetime = Field(sa_type=UtcDateTime)
    before: dict[str, object] | None = Field(default=None, sa_type=JSON)
    after: dict[str, object] | None = Field(default=None, sa_type=JSON)
    reason: str = Field(default="", sa_type=Text)
    """What whoever did it to somebody else's time said of it."""


_T = TimeEntryChangeRow
_ADD = Prepared(insert(table(_T)), [column.name for column in table(_T).c if column.name != "id"])
_LAST_CHANGE_AT = Prepared(
    select(col(_T.at))
    .where(col(_T.team_id) == bindparam("team"), col(_T.time_entry_id) == bindparam("entry"))
    .order_by(col(_T.id).desc())
    .limit(1)
)
_FIELDS = tuple(field.name for field in fields(Entry) if field.compare)
_MOMENTS = ("started_at", "ended_at", "deleted_at")


@dataclass(frozen=True, slots=True)
class Step:
    """One change, as it was written down."""

    step: str
    actor: MemberId | None
    """None where Hourlink itself acted."""
    at: datetime
    change: EntryChange
    reason: str = ""
    """What was said of it."""


def record(
    tx: Tx,
    team_id: TeamId,
    changes: Sequence[EntryChange],
    *,
    step: str,
    actor: MemberId | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Writes down what one use case changed; ``actor`` is None where Hourlink itself acted.

    Budgets that finished time fills are looked at soon.
    """
    rows = [
        {
            "team_id": team_id,
            "time_entry_id": made.after.id,
            "step": step,
            "action": made.action,
            "actor_id": actor,
            "at": now,
            "before": None if made.before is None else snapshot(made.before),
            "after": snapshot(made.after),
            "reason": reason,
        }
        for made in changes
    ]
    if len(rows) == 1:
        _ADD.later(tx, rows[0])
    elif rows:
        tx.execute(insert(table(_T)), rows)
    fills = {
        (made.after.project_id, made.after.work_date)
        for made in changes
        if made.after.seconds is not None and made.after.deleted_at is None
    }
    budgets.look(tx, team_id, fills)


def of_step(tx: Tx, team_id: TeamId, step: str) -> list[tuple[MemberId | None, EntryChange]]:
    """What one use case changed and who did it, in order."""
    query = (
        select(col(_T.action), col(_T.actor_id), col(_T.before), col(_T.after))
        .where(col(_T.team_id) == team_id, col(_T.step) == step)
        .order_by(col(_T.id))
    )
    return [
        (
            None if row.actor_id is None else MemberId(row.actor_id),
            EntryChange(
                Action(row.action),
                None if row.before is None else _restored(row.before),
                _restored(row.after),
            ),
        )
        for row in tx.execute(query)
    ]


def of_step_whole(tx: Tx, team_id: TeamId, step: str) -> list[Step]:
    """The same with who and when, the last change first."""
    query = (
        select(*table(_T).columns)
        .where(col(_T.team_id) == team_id, col(_T.step) == step)
        .order_by(col(_T.id).desc())
    )
    return [_step(row) for row in tx.execute(query)]


def last_step_of(
    tx: Tx, team_id: TeamId, actor: MemberId, since: datetime
) -> tuple[str, Action] | None:
    """The latest step that a member took since a moment."""
    query = (
        select(col(_T.step), col(_T.action))
        .where(col(_T.team_id) == team_id, col(_T.actor_id) == actor, col(_T.at) >= since)
        .order_by(col(_T.id).desc())
        .limit(1)
    )
    row = tx.execute(query).first()
    return None if row is None else (row.step, Action(row.action))


def last_made(
    tx: Tx, team_id: TeamId, actor: MemberId, action: Action, since: datetime
) -> Entry | None:
    """What a member made last by this action, since a moment, as it was then."""
    query = (
        select(col(_T.after))
        .where(
            col(_T.team_id) == team_id,
            col(_T.actor_id) == actor,
            col(_T.at) >= since,
            col(_T.action) == action,
        )
        .order_by(col(_T.at).desc(), col(_T.id).desc())
        .limit(1)
    )
    kept = tx.execute(query).scalar()
    return None if kept is None else _restored(kept)


def last_change_at(tx: Tx, team_id: TeamId, entry_id: TimeEntryId) -> datetime | None:
    """When an entry was last changed; None where it never was."""
    found: datetime | None = _LAST_CHANGE_AT.value(tx, {"team": team_id, "entry": entry_id})
    return found


def last_steps(tx: Tx, team_id: TeamId, entry_ids: Sequence[TimeEntryId]) -> dict[TimeEntryId, str]:
    """The step that changed each entry last."""
    query = (
        select(col(_T.time_entry_id), col(_T.step))
        .where(col(_T.team_id) == team_id, col(_T.time_entry_id).in_(list(entry_ids)))
        .order_by(col(_T.id))
    )
    return {TimeEntryId(row.time_entry_id): row.step for row in tx.execute(query)}


def version(tx: Tx, team_id: TeamId, entry_ids: Sequence[TimeEntryId]) -> int:
    """A number that grows with every change of any of these entries; 0 before the first."""
    query = select(func.max(col(_T.id))).where(
        col(_T.team_id) == team_id, col(_T.time_entry_id).in_(list(entry_ids))
    )
    return int(tx.execute(query).scalar() or 0)


def of_entries(
    tx: Tx,
    team_id: TeamId,
    entry_ids: Sequence[TimeEntryId],
    *,
    after: int = 0,
    limit: int,
    offset: int = 0,
) -> list[Step]:
    """What was done to these entries, newest first; with ``after``, only what is newer."""
    query = (
        select(*table(_T).columns)
        .where(
            col(_T.team_id) == team_id,
            col(_T.time_entry_id).in_(list(entry_ids)),
            col(_T.id) > after,
        )
        .order_by(col(_T.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return [_step(row) for row in tx.execute(query)]


def _step(row: AnyRow) -> Step:
    return Step(
        row.step,
        None if row.actor_id is None else MemberId(row.actor_id),
        row.at,
        EntryChange(
            Action(row.action),
            None if row.before is None else _restored(row.before),
            _restored(row.after),
        ),
        row.reason,
    )


def snapshot(entry: Entry) -> dict[str, object]:
    """An entry as it is kept in the history."""
    kept: dict[str, object] = {}
    for name in _FIELDS:
        value = getattr(entry, name)
        kept[name] = value.isoformat() if isinstance(value, date) else value
    return kept


def _restored(kept: Mapping[str, Any]) -> Entry:
    values = dict(kept)
    for name in _MOMENTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["work_date"] = date.fromisoformat(values["work_date"])
    reason = values["stopped_because"]
    values["stopped_because"] = StopReason(reason) if reason else None
    return Entry(**values)
