"""When a timer starts or stops: ``-15m``, ``at 09:30``, ``yesterday at 17:30``.

A time is read anywhere behind the task, a time without ``at`` only as the last word. What would
read like a time and is none is refused where it is all that is left: as a note it would leave the
timer to begin or end now.
"""

import re
from datetime import time

from bot.domain.clock_times import Ago, At, When, read_clock, read_range
from bot.domain.days import Coming, DaysAgo, day_words
from bot.domain.durations import LONGEST, compact_duration, in_range, read_duration
from bot.domain.input_errors import Misuse, TimeNotUnderstood, UsageError
from handlers.grammar.cursor import Words
from handlers.grammar.phrases import (
    MOST_CLOCK,
    MOST_DAY,
    MOST_LENGTH,
    MOST_RANGE,
    may_be_length,
    read_on_day,
    take_start,
    with_units,
)

# "1:30" without "at" may as well be an hour and a half.
_CLOCK_ALONE = re.compile(
    r"(?:[6-9]|[0-9]{2})[:.][0-9]{2}|[0-9]{1,2}(?:[:.][0-9]{2})? ?[ap]\.?m\.?", re.IGNORECASE
)
_VERSION_LIKE = re.compile(r"[0-9]+\.[0-9]+")
_COLON = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_NUMBER = re.compile(r"[-+]?[0-9]+")
_AHEAD = re.compile(r"(?:\+|in |after )(?P<length>.+)", re.IGNORECASE)
_FOR = re.compile(r"for ", re.IGNORECASE)
_HOUR_SINCE = re.compile(r"(?:since |from |@ ?)(?P<hour>[0-9]{1,2})", re.IGNORECASE)
_NOW = {"now", "today"}
_BEFORE_CLOCK = ("at", "since", "from")
_MOST_WHEN = 1 + MOST_LENGTH
_MOST_AT = 1 + MOST_CLOCK


def take_when(words: Words, *, in_search: bool = False) -> When | None:
    """``-15m``, ``15m ago``, ``at 09:30``, ``yesterday at 17:30``, where that comes next.

    ``in_search`` says that words come before it, which may end in ``9:00-9:15``.

    Raises:
        DurationOutOfRange: longer ago than 24 hours, or not ago at all.
        TimeNotUnderstood: ``at`` and then something like a clock time that is none.
        UsageError: from one time to another, and nothing else.
    """
    first = words.peek().lower()
    if not first:
        return None
    has_mark = first in _BEFORE_CLOCK or first[0] == "@"
    if has_mark or not in_search:
        span = words.take_last(read_range, most=MOST_RANGE)
        if span is not None:
            raise UsageError(words.verb, Misuse.RANGE_NOT_TIME, str(span))
    if has_mark:
        return _take_clock(words)
    if may_be_length(first) and (seconds := words.take(_ago, most=_MOST_WHEN)) is not None:
        return Ago(in_range(seconds))
    return words.take(_day_at, most=MOST_DAY + _MOST_AT)


def _take_clock(words: Words) -> At | None:
    """Behind the time may stand its day; what else that may be is a note."""
    found = words.take(_at_yesterday, most=_MOST_AT + MOST_DAY)
    found = found or words.take_last(_at_day, most=_MOST_AT + MOST_DAY)
    found = found or words.take(_at, most=_MOST_AT)
    if found is None and words.peek().lower() == "at":
        take_start(words)
    return found


def take_bare_clock(words: Words, *, in_search: bool = False) -> At | None:
    """``09:30``, or ``yesterday 17:30``, as the last words: nobody's note is nothing but a time.

    ``in_search`` says that words come before it, which may end in a version: ``ubuntu 22.04``.
    """
    if in_search and _VERSION_LIKE.fullmatch(words.peek()):
        return None
    return words.take_last(_clock_alone, most=MOST_DAY + MOST_CLOCK)


def pass_now(words: Words) -> None:
    """``now`` as the last word is when it is done anyway."""
    words.take_last(lambda text: text.lower() in _NOW or None)


def refuse_what_is_no_time(words: Words, *, is_search: bool = False) -> None:
    """``15m`` as the last word says neither when nor how long: nothing is guessed.

    Of a search, which may be for ``monday``, days are left alone.

    Raises:
        UsageError: that, a day without a time, or a time to come, is all that is left.
        TimeNotUnderstood: it is ``25:00``, or ``since 9``, which may be in the evening.
    """
    left = words.left()
    if not left or words.at_note() or len(left.split()) > MOST_RANGE:
        return
    if hour := _HOUR_SINCE.fullmatch(left):
        raise TimeNotUnderstood(hour["hour"])
    if (ahead := _AHEAD.fullmatch(left)) and read_duration(ahead["length"]):
        raise UsageError(words.verb, Misuse.AHEAD_OF_TIME, left)
    length = _FOR.sub("", left, count=1)
    seconds = read_duration(length) if may_be_length(length) else None
    if _COLON.fullmatch(left) and seconds is not None and seconds > LONGEST:
        raise TimeNotUnderstood(left)
    if seconds or (left.isascii() and _NUMBER.fullmatch(left)):
        raise UsageError(words.verb, Misuse.LENGTH_NOT_TIME, left)
    day = None if is_search else read_on_day(left)
    if day is not None:
        why = Misuse.AHEAD_OF_TIME if isinstance(day, Coming) else Misuse.DAY_NOT_TIME
        raise UsageError(words.verb, why, left)


def when_words(when: When) -> str:
    """A time to type: ``-15m``, ``at 09:30``, ``yesterday at 17:30``."""
    match when:
        case Ago(seconds):
            return f"-{compact_duration(seconds)}"
        case At(clock, day):
            return f"{day_words(day)} at {clock:%H:%M}" if day else f"at {clock:%H:%M}"


def _clock_behind(text: str) -> time | None:
    """The time behind ``at``."""
    if text[0] == "@":
        return read_clock(text[1:].lstrip())
    head, _, clock = text.partition(" ")
    return read_clock(clock) if head.lower() in _BEFORE_CLOCK else None


def _at(text: str) -> At | None:
    clock = _clock_behind(text)
    return None if clock is None else At(clock)


def _at_day(text: str) -> At | None:
    """``at 17:30 on friday``."""
    words = text.split()
    for count in range(1, len(words)):
        day = read_on_day(" ".join(words[count:]))
        if day is not None and (clock := _clock_behind(" ".join(words[:count]))) is not None:
            return At(clock, day)
    return None


def _at_yesterday(text: str) -> At | None:
    """The same for ``today`` and ``yesterday``, with which hardly any note begins."""
    found = _at_day(text)
    return found if found is not None and isinstance(found.day, DaysAgo) else None


def _day_at(text: str, *, bare: bool = False) -> At | None:
    """``friday at 17:30``."""
    words = text.split()
    for count in range(1, len(words)):
        before, behind = " ".join(words[:count]), " ".join(words[count:])
        day = read_on_day(before)
        if day is None:
            continue
        clock = _bare(behind) if bare else _clock_behind(behind)
        if clock is not None:
            return At(clock, day)
    return None


def _bare(text: str) -> time | None:
    return read_clock(text) if _CLOCK_ALONE.fullmatch(text) else None


def _clock_alone(text: str) -> At | None:
    clock = _bare(text)
    return _day_at(text, bare=True) if clock is None else At(clock)


def _ago(text: str) -> int | None:
    if text.startswith("-"):
        return with_units(text[1:])
    length, _, ago = text.rpartition(" ")
    return read_duration(length) if ago.lower() == "ago" else None
