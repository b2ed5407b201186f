"""Comparing what tools have with what they should have, without changing anything."""

from datetime import date
from enum import StrEnum

from bot.domain.values import dataclass
from bot.domain.writing.worklog_work import WorklogWork, wish_of
from bot.domain.writing.worklogs import Record, Unwanted, WorklogState, is_close


class Kind(StrEnum):
    """How a tool's record differs from an entry."""

    MISSING = "missing"
    """It should be there, and is not."""
    DIFFERENT = "different"
    """Its day or its length is another."""
    LEFT_OVER = "left over"
    """It is there, and should not be."""
    CHANGED = "changed"
    """Day and length are right; its text or its task was changed there."""
    OWED = "owed"
    """It is not written yet, or could not be."""
    UNKNOWN = "unknown"
    """The tool does not say."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry that its tool does not have as it should."""

    kind: Kind
    site: str
    person: str
    on: str
    day: date
    seconds: int
    theirs_day: date | None = None
    theirs_seconds: int | None = None
    reason: str = ""


def needs_a_look(work: WorklogWork) -> bool:
    """Whether the tool has to be asked: something is there, may be there, or should be."""
    stored = work.stored
    if stored.record is not None or stored.tried is not None:
        return True
    return not isinstance(wish_of(work), Unwanted)


def difference(work: WorklogWork, found: Record | None) -> Difference | None:
    """How the tool's record differs from what is wanted; None where it does not."""
    wish, stored = wish_of(work), work.stored
    if isinstance(wish, Unwanted):
        if found is None or wish.leaves:
            return None
        return _difference(work, Kind.LEFT_OVER, found)
    settled = stored.state is WorklogState.WRITTEN
    if found is None:
        return _difference(work, Kind.MISSING if settled else Kind.OWED, None)
    said = wish.said
    if found.day != said.day or not is_close(said.seconds, found.seconds):
        return _difference(work, Kind.DIFFERENT, found)
    if not settled:
        return _difference(work, Kind.OWED, found)
    is_ours = stored.record is not None and stored.record.version == found.version
    return None if is_ours else _difference(work, Kind.CHANGED, found)


def unknown(work: WorklogWork, reason: str) -> Difference:
    """The tool did not say what it has."""
    return _difference(work, Kind.UNKNOWN, None, reason)


def _difference(
    work: WorklogWork, kind: Kind, found: Record | None, reason: str = ""
) -> Difference:
    entry = work.found.entry
    return Difference(
        kind,
        work.place.site,
        work.member,
        work.found.on.short,
        entry.work_date,
        0 if entry.deleted_at else entry.seconds or 0,
        None if found is None else found.day,
        None if found is None else found.seconds,
        reason or work.stored.reason,
    )
