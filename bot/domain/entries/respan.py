"""When an edited entry begins and ends: what a form says, read on its owner's wall clock.

A form shows minutes, and an entry has seconds. What somebody leaves as it was shown keeps its
seconds; and on the night the clocks are set back, it keeps the very moment it had.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.durations import in_range
from bot.domain.entries.editing import Edit
from bot.domain.input_errors import BadInput, DayInTheFuture, InTheFuture
from bot.domain.values import dataclass
from bot.domain.wall_clock import readings, readings_or_jump

_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open, in UTC."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Its length."""
        return int((self.end - self.start).total_seconds())


@dataclass(eq=False)
class EndsBeforeStart(BadInput):
    """An end, given with its day, that is not after the start; both in the owner's zone."""

    start: datetime
    end: datetime


def timer_start(edit: Edit, kept: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """When a running timer began; a time that happened twice is the latest that has passed.

    Raises:
        InTheFuture: that has not come yet.
        TimeDoesNotExist: the clocks jumped over it.
    """
    there = readings(edit.day, _clock(edit.start, kept, zone), zone)
    start = kept if kept in there else max((one for one in there if one <= now), default=there[0])
    if start > now:
        raise InTheFuture(start, now)
    return start


def span(edit: Edit, kept: Span, now: datetime, zone: ZoneInfo) -> Span:
    """From when to when an entry lasts.

    Raises:
        InTheFuture: it would end after ``now``.
        TimeDoesNotExist: the clocks jump over one of its ends.
        EndsBeforeStart: the end is given with a day, and is not after the start.
        DurationOutOfRange: nothing at all, or longer than 24 hours.
    """
    if _is_as_shown(edit, kept, zone):
        return kept
    there = readings(edit.day, _clock(edit.start, kept.start, zone), zone)
    start = kept.start if kept.start in there else there[0]
    end = _end(edit, start, kept, zone)
    found = Span(start, end)
    if found == kept:
        return kept
    in_range(found.seconds)
    if end > now:
        raise InTheFuture(end, now)
    return found


def length(edit: Edit, kept: int, today: date) -> int:
    """How long an entry without clock times is.

    Raises:
        DayInTheFuture: its day has not come yet.
        DurationOutOfRange: nothing at all, or longer than 24 hours.
    """
    if edit.day > today:
        raise DayInTheFuture(edit.day, today)
    return kept if edit.seconds in {None, kept} else in_range(edit.seconds or 0)


def _end(edit: Edit, start: datetime, kept: Span, zone: ZoneInfo) -> datetime:
    if edit.seconds is not None:
        return start + timedelta(seconds=in_range(edit.seconds))
    clock = _clock(edit.end, kept.end, zone)
    if edit.end_day is not None:
        there = readings(edit.end_day, clock, zone)
        end = kept.end if kept.end in there else there[-1]
        if end <= start:
            raise EndsBeforeStart(start.astimezone(zone), end.astimezone(zone))
        return end
    if edit.start == edit.end and clock == edit.end != _MIDNIGHT:
        in_range(0)
    later = [one for one in readings_or_jump(edit.day, clock, zone) if one > start]
    if later:
        readings(edit.day, clock, zone)
        return kept.end if kept.end in later else later[0]
    there = readings(edit.day + _ONE_DAY, clock, zone)
    return kept.end if kept.end in there else there[0]


def _is_as_shown(edit: Edit, kept: Span, zone: ZoneInfo) -> bool:
    first, last = kept.start.astimezone(zone), kept.end.astimezone(zone)
    return (
        edit.seconds is None
        and edit.day == first.date()
        and edit.start in {None, _shown(kept.start, zone)}
        and edit.end in {None, _shown(kept.end, zone)}
        and edit.end_day in {None, last.date()}
    )


def _clock(given: time | None, kept: datetime, zone: ZoneInfo) -> time:
    """The clock time that is meant, with the seconds of what is left as it was shown."""
    local = kept.astimezone(zone).time().replace(fold=0)
    return local if given is None or given == _shown(kept, zone) else given


def _shown(kept: datetime, zone: ZoneInfo) -> time:
    return kept.astimezone(zone).time().replace(second=0, microsecond=0, fold=0)
