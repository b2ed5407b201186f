"""Entries that midnight cut into parts, each of which continues the one before."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from bot.domain.entries.entries import LabelledEntry
from bot.domain.ids import MemberId, TeamId, TimeEntryId
from storage.entries import time_entries
from storage.entries.time_entries import TimeEntryRow
from storage.sql import table
from storage.unit_of_work import Tx

_E = table(TimeEntryRow).c


def continued(
    tx: Tx,
    team_id: TeamId,
    member_id: MemberId,
    next_day: date,
    entry_ids: Collection[TimeEntryId],
) -> set[TimeEntryId]:
    """Those of the member's entries that go on on the next day."""
    query = select(_E.continues_id).where(
        _E.team_id == team_id,
        _E.member_id == member_id,
        _E.work_date == next_day,
        _E.continues_id.in_(list(entry_ids)),
        _E.deleted_at.is_(None),
    )
    return {TimeEntryId(found) for found in tx.execute(query).scalars()}


def chain(tx: Tx, team_id: TeamId, entry_id: TimeEntryId) -> list[LabelledEntry]:
    """The entry with every part that it continues and that continues it, in order.

    Empty when there is no such entry, or it was deleted.
    """
    parts = [one] if (one := time_entries.labelled(tx, team_id, entry_id)) else []
    while parts and parts[0].entry.continues_id is not None:
        before = time_entries.labelled(tx, team_id, parts[0].entry.continues_id)
        if before is None:
            break
        parts.insert(0, before)
    while parts and (after := time_entries.continuation(tx, team_id, parts[-1].entry.id)):
        parts.append(after)
    return parts
