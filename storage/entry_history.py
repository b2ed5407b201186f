"""The history of time entries: who changed what, when, from what, to what."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import col

from bot.domain.entries import Action, Entry, EntryChange, StopReason
from bot.domain.ids import MemberId, TeamId, TimeEntryId
from storage.sql import table
from storage.time_entries import TimeEntryChangeRow
from storage.unit_of_work import Tx

_T = TimeEntryChangeRow
_FIELDS = tuple(field.name for field in fields(Entry))
_MOMENTS = ("started_at", "ended_at", "deleted_at")


def record(
    tx: Tx,
    team_id: TeamId,
    changes: Sequence[EntryChange],
    *,
    step: str,
    actor: MemberId | None,
    now: datetime,
) -> None:
    """Writes down what one use case changed; ``actor`` is None where Hourlink itself acted."""
    rows = [
        {
            "team_id": team_id,
            "time_entry_id": made.after.id,
            "step": step,
            "action": made.action,
            "actor_id": actor,
            "at": now,
            "before": None if made.before is None else _snapshot(made.before),
            "after": _snapshot(made.after),
        }
        for made in changes
    ]
    if rows:
        tx.execute(insert(table(_T)), rows)


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


def last_steps(tx: Tx, team_id: TeamId, entry_ids: Sequence[TimeEntryId]) -> dict[TimeEntryId, str]:
    """The step that changed each entry last."""
    query = (
        select(col(_T.time_entry_id), col(_T.step))
        .where(col(_T.team_id) == team_id, col(_T.time_entry_id).in_(list(entry_ids)))
        .order_by(col(_T.id))
    )
    return {TimeEntryId(row.time_entry_id): row.step for row in tx.execute(query)}


def _snapshot(entry: Entry) -> dict[str, object]:
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
