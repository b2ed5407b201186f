"""Moments, lengths and what time is on, in the words of messages."""

from datetime import date, datetime

from bot.domain.durations import format_duration
from bot.domain.entries import TaskLabel
from bot.views.message import clipped, escaped

_LONGEST_NAME = 150
_LONGEST_NOTE = 300
_MINUTE = 60


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
