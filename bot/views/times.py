"""Moments, lengths and what time is on, in the words of messages."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.durations import format_duration
from bot.domain.entries import TaskLabel
from bot.domain.tracking import DayLine
from bot.views.message import clipped, escaped

_LONGEST_NAME = 150
_LONGEST_NOTE = 300
_MINUTE = 60
_MOST_SPANS = 3


def named(on: TaskLabel) -> str:
    """Key and title, or the project's name, in bold."""
    return f"*{escaped(clipped(on.name, _LONGEST_NAME))}*"


def keyed(on: TaskLabel) -> str:
    """The key, or the project's name, in bold."""
    return f"*{escaped(clipped(on.short, _LONGEST_NAME))}*"


def quiet(on: TaskLabel) -> str:
    """Key and title without bold, for lists and buttons' labels."""
    return escaped(clipped(on.name, _LONGEST_NAME))


def noted(note: str) -> str:
    """The note, on one line."""
    return escaped(clipped(" ".join(note.split()), _LONGEST_NOTE))


def length(seconds: int) -> str:
    """A length of time: ``2 h 15 m``, or ``25 s`` below a minute."""
    return f"{seconds} s" if 0 < seconds < _MINUTE else format_duration(seconds)


def clock(moment: datetime, now: datetime) -> str:
    """A time of day; with its date where that is not today's."""
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    return f"{moment:%H:%M} on {day(moment.date())}"


def day(date_: date) -> str:
    """``Fri 20 Nov``."""
    return f"{date_:%a} {date_.day} {date_:%b}"


def spans(lines: Sequence[DayLine], now: datetime) -> str:
    """A few entries with their clock times: ``WEB-9 14:00-15:30; and 2 more``."""
    shown = "; ".join(_span(line, now) for line in lines[:_MOST_SPANS])
    more = len(lines) - _MOST_SPANS
    return f"{shown}; and {more} more" if more > 0 else shown


def _span(line: DayLine, now: datetime) -> str:
    name = keyed(line.on)
    if line.start is None:
        return name
    if line.end is None:
        return f"{name} has been running since {clock(line.start, now)}"
    on = "" if line.start.date() == now.date() else f"{day(line.start.date())} "
    return f"{name} {on}{line.start:%H:%M}-{line.end:%H:%M}"
