"""The phrases that verbs share: times, lengths, days, tasks and projects."""

import re
from datetime import time

from bot.domain.clock_times import (
    Amount,
    ClockLength,
    ClockRange,
    read_clock,
    read_range,
)
from bot.domain.days import (
    LAST_WORDS,
    MONTH_NAME,
    CalendarDay,
    Day,
    DaysAgo,
    Weekday,
    day_words,
    read_day,
)
from bot.domain.durations import SPOKEN_BEGINNINGS, compact_duration, in_range, read_duration
from bot.domain.input_errors import DayNotUnderstood, Misuse, TimeNotUnderstood, UsageError
from bot.domain.period_words import read_period
from bot.domain.periods import Around, Between, Numbered, OnePeriod, Unit
from bot.domain.tasks.task_refs import (
    CALLED,
    NumberRef,
    ProjectRef,
    QuotedName,
    TaskRef,
    UrlRef,
    WordsRef,
    read_called,
    read_token,
    ref_words,
)
from handlers.grammar.cursor import Words

_LENGTH = re.compile(r"-?[.,]?[0-9]|-?[\u00bc\u00bd\u00be]")
_CLOCK_LIKE = re.compile(r"[0-9]{1,2}(?:[:.h][0-9]{0,2})?(?: ?[ap]\.?m\.?| ?uhr)?", re.IGNORECASE)
_AFTERNOON = re.compile(r"(?:1[3-9]|2[0-3]):[0-5][0-9]")
_HOURS = re.compile(r"[0-9]{1,2}(?:[:.][0-9]{2})?-[0-9]{1,2}|[0-9]{1,2}-[0-9]{1,2}[:.][0-9]{2}")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_LONGEST_NUMBER = 5
_VERSIONS = re.compile(r"[0-9]+-[0-9]+\.[0-9]+")
_RANGES_BEGIN = {"noon", "midnight", "from", "von", "at"}
_DAY_LIKE = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}\.[0-9]{1,2}\.|[0-9]{1,2}/[0-9]{1,2}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|\.)? ?(?:{MONTH_NAME})|(?:{MONTH_NAME})\.? [0-9]{{1,2}}",
    re.IGNORECASE,
)
BEFORE_TASK = ("on", "to", "for")
"""What may stand before a task: ``log 1h to TASK-12``."""

MOST_LENGTH = 6  # "1 hour 30 minutes 10 seconds"
MOST_CLOCK = 3  # "17 h 30"
MOST_RANGE = 8  # "from 17 h 30 to 18 h 15"
_MOST_DAYS = 5  # "from mon to wed"
MOST_DAY = 5  # "on fri 20 nov 2026"


def may_be_length(text: str) -> bool:
    """Whether a length may begin like this."""
    first = re.split(r"[\s-]", text.lower().removeprefix("-"), maxsplit=1)[0]
    return first in SPOKEN_BEGINNINGS or _LENGTH.match(text) is not None


def refuse_days(words: Words) -> None:
    """``mon-fri`` behind a length is more than one day, and no note.

    Raises:
        UsageError: a week, a month or several days are all that is left.
    """
    left = words.left()
    if left and not words.at_note() and read_period(left) is not None:
        raise UsageError(words.verb, Misuse.SEVERAL_DAYS, left)


def refuse_number(text: str) -> None:
    """``90 TASK-12`` and ``1.5 TASK-12`` do not say of what.

    Raises:
        UsageError: a number without a unit stands before a task, or alone.
    """
    number, _, rest = text.partition(" ")
    is_alone = not rest or read_token(rest.partition(" ")[0]) is not None
    if is_alone and _NUMBER.fullmatch(number) and len(number) <= _LONGEST_NUMBER:
        raise UsageError("log", Misuse.NUMBER_NOT_LENGTH, number)


def take_start(words: Words) -> time | None:
    """``at 09:30``, where that comes next.

    Raises:
        TimeNotUnderstood: ``at`` and then something like a clock time that is none.
    """
    if words.peek().lower() != "at":
        return None
    clock = words.take(_at, most=1 + MOST_CLOCK)
    if clock is None:
        words.take(_refuse_clock, most=1 + MOST_CLOCK)
    return clock


def take_amount(
    words: Words, *, bare_minutes: bool, in_search: bool = False
) -> int | ClockRange | None:
    """A length in whole seconds or a range of clock times, where that comes next.

    ``bare_minutes`` says whether ``1h 30`` is one length or a length and a number, and
    ``in_search`` that words come before it, which may have numbers: ``chapter 3-4``.

    Raises:
        DurationOutOfRange: zero, negative or over 24 hours.
        UsageError: ``14:00`` alone, which nobody means as fourteen hours, or ``9-5``, which may be
            at night.
    """
    first = words.peek()
    if not may_be_length(first) and first.lower().partition("-")[0] not in _RANGES_BEGIN:
        return None
    if in_search and _VERSIONS.fullmatch(first):
        return None
    span = words.take(read_range, most=MOST_RANGE)
    if span is not None:
        return span
    if _AFTERNOON.fullmatch(first) or (not in_search and _HOURS.fullmatch(first)):
        raise UsageError(words.verb, Misuse.CLOCK_NOT_LENGTH, first)
    seconds = words.take(_signed if bare_minutes else with_units, most=MOST_LENGTH)
    return None if seconds is None else in_range(seconds)


def take_day(words: Words) -> Day | None:
    """A day, with or without ``on`` before it, where that comes next.

    Raises:
        DayNotUnderstood: something like a date that no calendar has.
        UsageError: several days, and nothing else.
    """
    if words.take_last(_between, most=_MOST_DAYS):
        raise UsageError(words.verb, Misuse.SEVERAL_DAYS)
    day = words.take(read_on_day, most=MOST_DAY)
    if day is None:
        day = words.take_last(lambda text: LAST_WORDS.get(text.lower()))
    if day is None:
        words.take(_refuse_day, most=2)
    return day


def read_week(text: str) -> OnePeriod | None:
    """``last``, ``last week``, ``2026-W45``, or a day of the week that is meant."""
    folded = text.lower()
    if folded in {"this", "last", "previous"}:
        folded = f"{folded} week"
    found = read_period(folded)
    match found:
        case Around(Unit.WEEK, _) | Numbered(Unit.WEEK, _, _) | DaysAgo() | Weekday():
            return found
        case CalendarDay():
            return found
        case _:
            return None


def take_exact_ref(words: Words) -> TaskRef | None:
    """A key, a number, an address (perhaps behind ``on`` or ``task``), or a quoted name, if next.

    Raises:
        UsageError: a quote that never closes, or with nothing in it.
    """
    name = words.quoted()
    if name is None:
        return words.take(_token, most=_longest_ref(words))
    if not name:
        raise UsageError(words.verb, Misuse.MISSING_NAME)
    return QuotedName(name)


def take_key(words: Words) -> TaskRef | None:
    """A key, an address, or a number behind ``#`` or ``task``, where that comes next."""
    return words.take(_key, most=_longest_ref(words))


def _longest_ref(words: Words) -> int:
    """How many words a reference may take that begins with the next one: ``on task 12``."""
    first = words.peek().lower()
    if first in BEFORE_TASK:
        return 3
    return 2 if first in CALLED else 1


def project_ref(words: Words, *, until: tuple[str, ...] = ()) -> ProjectRef | None:
    """A project: a quoted name, an address, or the words up to a keyword or the end.

    Raises:
        UsageError: a quote that never closes, or with nothing in it.
    """
    name = words.quoted()
    if name is not None:
        if not name:
            raise UsageError(words.verb, Misuse.MISSING_NAME)
        return QuotedName(name)
    url = words.take(_url)
    if url is not None:
        return url
    found = words.until(until)
    return WordsRef(found) if found else None


def site_name(verb: str, text: str) -> str:
    """A tool or site by name: all the words, out of their quotes where quotes hold all of them.

    Raises:
        UsageError: a quote that never closes.
    """
    words = Words(verb, text)
    name = words.quoted()
    return text if name is None or words else name


def site_words(name: str) -> str:
    """The same to type."""
    return ref_words(QuotedName(name)) if name[:1] in {'"', "'"} else name


def amount_words(amount: Amount) -> str:
    """What was logged, to type: ``1h30m``, ``14:00-15:30``, ``1h30m at 14:00``."""
    match amount:
        case int():
            return compact_duration(amount)
        case ClockRange():
            return str(amount)
        case ClockLength(start, seconds):
            return f"{compact_duration(seconds)} at {start:%H:%M}"


def optional_words(*parts: str | None) -> str:
    """The parts that are there, with single spaces between."""
    return " ".join(part for part in parts if part)


def note_words(note: str) -> str:
    """A note to type, marked as one."""
    return f"note: {note}" if note else ""


def optional_day(day: Day | None) -> str:
    """A day to type, or nothing."""
    return day_words(day) if day else ""


def _at(text: str) -> time | None:
    head, _, clock = text.partition(" ")
    return read_clock(clock) if head.lower() == "at" else None


def _refuse_clock(text: str) -> None:
    clock = text.partition(" ")[2]
    if _CLOCK_LIKE.fullmatch(clock):
        raise TimeNotUnderstood(clock)


def _signed(text: str) -> int | None:
    if not text.startswith("-"):
        return read_duration(text)
    seconds = read_duration(text[1:])
    return None if seconds is None else -seconds


def with_units(text: str) -> int | None:
    """A length whose last word is not a bare number."""
    last = text.rpartition(" ")[2]
    return None if " " in text and last.isdigit() else _signed(text)


def read_on_day(text: str) -> Day | None:
    """A day, with or without ``on`` before it."""
    head, _, day = text.partition(" ")
    return read_day(day if head.lower() == "on" else text)


def _token(text: str) -> TaskRef | None:
    head, _, ref = text.partition(" ")
    return read_called(ref if ref and head.lower() in BEFORE_TASK else text)


def _key(text: str) -> TaskRef | None:
    ref = _token(text)
    is_called = isinstance(ref, NumberRef) and ref.called
    return None if text.rpartition(" ")[2].isdigit() and not is_called else ref


def _between(text: str) -> Between | None:
    """From a weekday to another day: ``since nov`` may be words of a title."""
    found = read_period(text)
    if isinstance(found, Between) and isinstance(found.first, Weekday):
        return found
    return None


def _refuse_day(text: str) -> None:
    if _DAY_LIKE.fullmatch(text):
        raise DayNotUnderstood(text)


def _url(text: str) -> UrlRef | None:
    ref = read_token(text)
    return ref if isinstance(ref, UrlRef) else None
