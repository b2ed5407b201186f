"""Which entry a person means by the words after ``/track edit``."""

from datetime import date, time
from typing import TypeAlias

from bot.domain.clock_times import read_clock
from bot.domain.days import Day, read_day
from bot.domain.tasks.task_refs import TaskRef, parse_task_ref
from bot.domain.tracking.tracking import DayLine
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class LastEntry:
    """What was tracked last, where nothing is said."""


@dataclass(frozen=True, slots=True)
class OnDay:
    """Any of a day's: ``yesterday``, ``mon``."""

    day: Day


@dataclass(frozen=True, slots=True)
class AtClock:
    """The one that lasted over a time of day, most recently past: ``10:30``."""

    clock: time


EntryRef: TypeAlias = LastEntry | OnDay | AtClock | TaskRef


def read_entry_ref(text: str) -> EntryRef:
    """The reference in these words: a day, a time of day, or what was tracked on."""
    if day := read_day(text):
        return OnDay(day)
    clock = read_clock(text)
    if clock is not None:
        return AtClock(clock)
    return parse_task_ref(text) or LastEntry()


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry in a list that is not of one day."""

    day: date
    line: DayLine


@dataclass(frozen=True, slots=True)
class Matches:
    """Entries that words may mean, the newest first."""

    lines: tuple[Listed, ...]
    has_more: bool
