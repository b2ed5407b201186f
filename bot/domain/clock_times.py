"""Clock times as people type them, in a member's own zone.

On the nights the clocks change:

- A time the clocks jump over is refused, naming the next one that exists.
- A time that happens twice: for a live timer (``at 02:30``) it is the one most recently past. For
  a logged span (``02:30-03:30``) the start is the earlier one, and the end is the earliest one
  after the start.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.days import Day, resolve_worked, work_date
from bot.domain.durations import in_range
from bot.domain.input_errors import ClockInTheFuture, SpanInTheFuture, TooLongAgo
from bot.domain.values import dataclass
from bot.domain.wall_clock import readings, readings_or_jump

_LOOK_BACK = timedelta(hours=12)
_SOON = timedelta(hours=1)
_ONE_DAY = timedelta(days=1)
_HALF = 12
_MIDNIGHT = time()
_LONGEST_WORDS = 24

_H = r"(?P<h>[01]?[0-9]|2[0-3])"
_M = r"(?P<m>[0-5][0-9])"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_H}[:.]{_M}(?: ?(?:h|uhr))?",
        rf"{_H} ?h(?: ?{_M})?",
        rf"{_H} ?uhr(?: {_M})?",
        rf"(?P<h>[01][0-9]|2[0-3]){_M}",
        rf"(?P<h>0?[1-9]|1[0-2])(?:[:.]{_M})?[ ]?(?P<half>[ap])\.?m\.?",
    )
)
_BETWEEN = re.compile(r" ?- ?| (?:to|till|until|bis) ")
_RANGES_FOLLOW = {"from", "von", "at"}
_ENDS_THE_DAY = re.compile(r"24[:.]00(?: ?(?:h|uhr))?|2400|24 ?(?:h|uhr)")
_BARE = re.compile(r"[0-9]{1,2}(?:[:.][0-9]{2})?")
_BARE_HOUR = re.compile(r"[01]?[0-9]|2[0-3]")
_WITH_MINUTES = re.compile(r"[0-9]{1,2}[:.][0-9]{2}")
_SHARED = re.compile(r"(?: ?[ap]\.?m\.?| ?uhr| ?h)$")
_HALF_OF_DAY = re.compile(r" ?[ap]\.?m\.?$")
_OTHER_HALF = str.maketrans("ap", "pa")
_WORDS = {"noon": time(12), "midnight": _MIDNIGHT}


@dataclass(frozen=True, slots=True)
class Ago:
    """A number of seconds before now, as in ``-15m``."""

    seconds: int


@dataclass(frozen=True, slots=True)
class At:
    """A wall clock's time, most recently past, as in ``at 09:30``; or that of a day."""

    clock: time
    day: Day | None = None


When = Ago | At


@dataclass(frozen=True, slots=True)
class ClockRange:
    """From one wall clock's time to another; an end not after the start is on the next day.

    Equal ends are midnight to midnight, a whole day.
    """

    start: time
    end: time

    def __str__(self) -> str:
        end = "24:00" if self.end == _MIDNIGHT else f"{self.end:%H:%M}"
        return f"{self.start:%H:%M}-{end}"


@dataclass(frozen=True, slots=True)
class ClockLength:
    """So many seconds from a wall clock's time on, as in ``1h at 14:00``."""

    start: time
    seconds: int


Amount = int | ClockRange | ClockLength
"""What can be logged: whole seconds of a day, or a span of it."""


def read_clock(text: str) -> time | None:
    """A wall clock's time, to the minute; None where the words are none.

    Understood: ``09:30``, ``9:30``, ``9.30``, ``0930``, ``9am``, ``9:30 pm``, ``9.30am``,
    ``17h30``, ``17 h 30``, ``17h``, ``9:30 Uhr``, ``9 Uhr``, ``noon``, ``midnight`` (00:00). One or
    two bare digits are none.
    """
    if len(text) > _LONGEST_WORDS:
        return None
    folded = " ".join(text.split()).lower()
    if folded in _WORDS:
        return _WORDS[folded]
    for form in _FORMS:
        if found := form.fullmatch(folded):
            parts = found.groupdict()
            hour = int(found["h"])
            if half := parts.get("half"):
                hour = hour % 12 + (12 if half == "p" else 0)
            return time(hour, int(parts.get("m") or 0))
    return None


def read_range(text: str) -> ClockRange | None:
    """``14:00-15:30`` as a range, or None where the words are none; ``24:00`` may end one.

    Also ``from 2pm to 3:30pm``, ``9-11am`` and ``14 bis 16 Uhr``: a first time without a unit has
    that of the last, or the other half of the day where it would begin after the end; and so has
    the last one behind ``9am-11``. One end may be an hour alone, ``14-15:30``, but not where that
    may be meant by twelve hours: ``9-5:30``.

    Raises:
        DurationOutOfRange: both ends are the same time.
    """
    folded = " ".join(text.split()).lower()
    word, _, rest = folded.partition(" ")
    if word in _RANGES_FOLLOW:
        folded = rest
    first, dash, last = _parted(folded)
    if not dash:
        return None
    ends_the_day = _ENDS_THE_DAY.fullmatch(last) is not None
    whole_end = _MIDNIGHT if ends_the_day else _last(first, last)
    end = whole_end or _hour(last, beside=first)
    if end is None:
        return None
    whole_start = _first(first, last, end)
    start = whole_start or _hour(first, beside=last)
    if start is None:
        return None
    if (whole_end is None or whole_start is None) and end < start and _may_be_halves(start, end):
        return None
    if start == end and not ends_the_day:
        in_range(0)
    return ClockRange(start, end)


def _hour(text: str, *, beside: str) -> time | None:
    """A bare hour, where the other end has minutes."""
    if not (_BARE_HOUR.fullmatch(text) and _WITH_MINUTES.fullmatch(beside)):
        return None
    return time(int(text))


def _may_be_halves(start: time, end: time) -> bool:
    """Both may be read on a clock of twelve hours."""
    return start.hour <= _HALF and end.hour >= 1


def _parted(text: str) -> tuple[str, str, str]:
    found = _BETWEEN.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _last(first: str, last: str) -> time | None:
    """``11`` behind ``9am-`` has its half of the day, or the other where it would come before."""
    unit = _HALF_OF_DAY.search(first)
    if unit is None or not _BARE.fullmatch(last):
        return read_clock(last)
    start, end = read_clock(first), read_clock(last + unit[0])
    if start is None or end is None or end > start:
        return end
    return read_clock(last + unit[0].translate(_OTHER_HALF))


def _first(first: str, last: str, end: time) -> time | None:
    unit = _SHARED.search(last)
    if unit is None or not _BARE.fullmatch(first):
        return read_clock(first)
    start = read_clock(first + unit[0])
    other = unit[0].translate(_OTHER_HALF)
    if start is not None and start > end and other != unit[0]:
        return read_clock(first + other)
    return start


def resolve_when(
    when: When, now: datetime, zone: ZoneInfo, *, since: datetime | None = None
) -> datetime:
    """The moment, in UTC, that a person means who types this at ``now`` (aware).

    A clock time is today's. Where that has not come yet it is yesterday's, if that is at most
    12 hours ago: ``at 23:50`` typed at 00:05.

    Args:
        when: What they typed.
        now: The moment when they did.
        zone: Theirs.
        since: When the timer began that is stopped: it may be yesterday's whenever the clock has
            shown that time but once since then, and shows it again in an hour at the earliest.

    Raises:
        ClockInTheFuture: that time has not come yet on its day.
        TimeDoesNotExist: the clocks jump over it on its day.
        DayInTheFuture, DayNotUnderstood: as with ``resolve_worked``.
    """
    now = now.astimezone(UTC)
    if isinstance(when, Ago):
        return now - timedelta(seconds=when.seconds)
    if when.day is not None:
        return _of_day(when, resolve_worked(when.day, work_date(now, zone)), now, zone)
    today = now.astimezone(zone).date()
    ahead = readings(today, when.clock, zone)
    last_night = readings_or_jump(today - _ONE_DAY, when.clock, zone)
    past = [moment for moment in (*last_night, *ahead) if now - _LOOK_BACK <= moment <= now]
    if any(moment <= now for moment in ahead):
        return max(moment for moment in ahead if moment <= now)
    if not past and since is not None and ahead[0] - now >= _SOON:
        past = [moment for moment in last_night if since < moment]
        before = readings_or_jump(today - 2 * _ONE_DAY, when.clock, zone)
        past = [] if any(since < moment for moment in before) else past
    if not past:
        raise ClockInTheFuture(ahead[0], now)
    return past[-1]


def not_too_long_ago(moment: datetime, now: datetime) -> datetime:
    """The same moment, for a timer to begin at.

    Raises:
        TooLongAgo: more than 24 hours before ``now``; both aware.
    """
    if moment < now - _ONE_DAY:
        raise TooLongAgo(moment, now)
    return moment


def _of_day(when: At, day: date, now: datetime, zone: ZoneInfo) -> datetime:
    shown = readings(day, when.clock, zone)
    past = [moment for moment in shown if moment <= now]
    if not past:
        raise ClockInTheFuture(shown[0], now)
    return past[-1]


def resolve_range(
    span: ClockRange,
    day: date | None,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[datetime, datetime]:
    """A range on a member's local day as a half-open span in UTC.

    Without a day it is today's; a range over midnight that would end in the future is last
    night's.

    Raises:
        DurationOutOfRange: longer than 24 hours, as a whole day of 25 hours is.
        SpanInTheFuture: it ends after ``now`` (aware).
        TimeDoesNotExist: the clocks jump over one of its ends.
    """
    now = now.astimezone(UTC)
    start, end = _on(span, day or work_date(now, zone), zone)
    if day is None and end > now and span.end <= span.start:
        start, end = _on(span, work_date(now, zone) - _ONE_DAY, zone)
    in_range(int((end - start).total_seconds()))
    return _over((start, end), day, now, zone)


def resolve_length(
    span: ClockLength,
    day: date | None,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[datetime, datetime]:
    """A length from a clock time on, on a member's local day, as a half-open span in UTC.

    Without a day it is today's; where that would end in the future it is yesterday's, if it ended
    at most 12 hours ago: ``20m at 23:30`` typed at 00:05.

    Raises:
        SpanInTheFuture: it ends after ``now`` (aware).
        TimeDoesNotExist: the clocks jump over its start.
    """
    now = now.astimezone(UTC)
    length = timedelta(seconds=span.seconds)
    begun = day or work_date(now, zone)
    if day is None and readings_or_jump(begun, span.start, zone)[0] + length > now:
        last_night = readings_or_jump(begun - _ONE_DAY, span.start, zone)[0] + length
        if now - _LOOK_BACK <= last_night <= now:
            begun -= _ONE_DAY
    start = readings(begun, span.start, zone)[0]
    return _over((start, start + length), day, now, zone)


def _over(
    span: tuple[datetime, datetime], day: date | None, now: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    start, end = span
    if end > now:
        raise SpanInTheFuture(
            end,
            now,
            start.astimezone(zone).time(),
            end.astimezone(zone).time(),
            has_begun=start < now,
            is_dated=day is not None,
        )
    return span


def _on(span: ClockRange, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start = readings(day, span.start, zone)[0]
    later = () if span.start == span.end else readings_or_jump(day, span.end, zone)
    for end in later:
        if end > start:
            readings(day, span.end, zone)
            return start, end
    return start, readings(day + _ONE_DAY, span.end, zone)[0]
