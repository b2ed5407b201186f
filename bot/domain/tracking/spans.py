"""A span of time, split into the member's local days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.days import day_start, work_date
from bot.domain.values import dataclass

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Part:
    """The piece of a span inside one local day: half-open, in UTC, with its whole seconds."""

    work_date: date
    start: datetime
    end: datetime
    seconds: int


def minute(moment: datetime) -> datetime:
    """The moment as a clock without seconds shows it, in UTC."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def share_time(
    start: datetime, end: datetime | None, other_start: datetime, other_end: datetime | None
) -> bool:
    """Whether two half-open spans share time, by the minutes that people see and type.

    A timer ends at 10:00:30, and whoever then logs from 10:00 to 11:00 is right: see
    docs/decisions/0012.
    A span without an end goes on for ever. One that begins and ends within a minute takes none
    of those that people see, and gives way.
    """
    if _within_a_minute(start, end) or _within_a_minute(other_start, other_end):
        return False
    begins_in_time = other_end is None or minute(start) < minute(other_end)
    ends_late = end is None or minute(other_start) < minute(end)
    return begins_in_time and ends_late


def _within_a_minute(start: datetime, end: datetime | None) -> bool:
    return end is not None and minute(start) == minute(end)


def elapsed(since: datetime, until: datetime) -> int:
    """The whole seconds from one aware moment to another, never less than none.

    Python subtracts moments of the same zone by the wall clock, which is wrong on the nights the
    clocks change.
    """
    return max(0, (until.astimezone(UTC) - since.astimezone(UTC)) // _SECOND)


def split_at_midnights(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Part, ...]:
    """The half-open span from ``start`` to ``end`` (aware), cut where the member's days begin.

    The parts touch, each lies in one local day, and their seconds add up to the whole seconds of
    the span. A span of no length is one part of 0 seconds.

    Raises:
        ValueError: the span ends before it starts.
    """
    if end < start:
        raise ValueError("a span cannot end before it starts")
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    parts: list[Part] = []
    at = first
    while not parts or at < last:
        day = work_date(at, zone)
        until = min(_day_end(day, zone), last)
        # Counted from the span's start, so that fractions of a second are not lost at a cut.
        seconds = (until - first) // _SECOND - (at - first) // _SECOND
        parts.append(Part(day, at, until, seconds))
        at = until
    return tuple(parts)


def _day_end(day: date, zone: ZoneInfo) -> datetime:
    return day_start(day + timedelta(days=1), zone)
