"""The one place that says what becomes of time that shares a moment with other time (T7)."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.ids import TimeEntryId
from bot.domain.preferences import Overlaps
from bot.domain.tracking.spans import share_time
from bot.domain.tracking.tracking import DayLine
from bot.domain.tracking.tracking_errors import EntryOverlaps
from bot.services.tracking.desk import Desk, began
from storage import teams
from storage.entries import time_entries

_OWN_ONLY: frozenset[TimeEntryId] = frozenset()


def overlaps(
    desk: Desk,
    since: datetime,
    until: datetime | None,
    *,
    leaving_out: Collection[TimeEntryId] = _OWN_ONLY,
) -> tuple[DayLine, ...]:
    """The member's entries that share time with a span, where the team allows that.

    Args:
        desk: The member.
        since: When the span begins.
        until: When it ends; None for a timer that runs on, which is held against finished time.
        leaving_out: Entries that change themselves, for example the one that is edited.

    Returns:
        What to warn about; nothing where the time is free.

    Raises:
        EntryOverlaps: there are some, and the team refuses that.
    """
    found = time_entries.overlapping(desk.tx, desk.team_id, desk.who.id, since, until)
    lines = tuple(
        desk.line(one)
        for one in found
        if one.entry.id not in leaving_out
        and share_time(since, until, began(one), one.entry.ended_at)
    )
    if lines and teams.settings(desk.tx, desk.team_id).overlaps is Overlaps.REFUSE:
        raise EntryOverlaps(lines, desk.local(desk.now))
    return lines


def shared(
    desk: Desk,
    since: datetime | None,
    until: datetime | None,
    *,
    leaving_out: Collection[TimeEntryId] = _OWN_ONLY,
) -> tuple[tuple[DayLine, ...], bool]:
    """What has the same time, and whether the team refuses that; for who only wants to know.

    A length without clock times, which has no ``since``, shares nothing.
    """
    if since is None:
        return (), False
    try:
        return overlaps(desk, since, until, leaving_out=leaving_out), False
    except EntryOverlaps as error:
        return error.lines, True
