"""Moments, lengths and what time is on, in the words of messages."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.domain.durations import format_duration
from bot.domain.entries.entries import TaskLabel
from bot.domain.slack_text import escape
from bot.domain.tracking.tracking import DayLine
from bot.views.message import clipped, escaped

_LONGEST_NAME = 150
_LONGEST_NOTE = 300
_MINUTE = 60
_RIGHT_TO_LEFT = {"R", "AL"}
_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Invisible letters that turn what is behind them, or end that."""
_MOST_SPANS = 3


def named(on: TaskLabel) -> str:
    """Key and title, or the project's name, in bold."""
    return f"*{told(on.name)}*"


def keyed(on: TaskLabel) -> str:
    """The key, or the project's name, in bold."""
    return f"*{told(on.short)}*"


def quiet(on: TaskLabel) -> str:
    """Key and title without bold, for lists and buttons' labels."""
    return told(on.name)


def linked(on: TaskLabel) -> str:
    """As ``named``, with the key leading to the task where it has an address."""
    if not on.task_id or not on.url.startswith(("https://", "http://")):
        return named(on)
    return f"*<{_address(on.url)}|{told(on.key)}>* {told(on.title)}".rstrip()


def linked_whole(on: TaskLabel) -> str:
    """As ``named``, all of it leading to the task where it has an address."""
    if not on.task_id or not on.url.startswith(("https://", "http://")):
        return named(on)
    return f"*<{_address(on.url)}|{told(on.name)}>*"


def noted(note: str) -> str:
    """The note, on one line."""
    return told(" ".join(note.split()), _LONGEST_NOTE)


def told(text: str, limit: int = _LONGEST_NAME) -> str:
    """Somebody else's words inside a line of ours: short, harmless, in their own direction."""
    return isolated(escaped(clipped(text, limit)))


def isolated(text: str) -> str:
    """Words written from right to left, kept from turning the numbers around them."""
    if text.isascii():
        return text
    ways = [unicodedata.bidirectional(letter) for letter in text]
    if not _TURNS.isdisjoint(ways):
        kept = zip(text, ways, strict=True)
        text = "".join(letter for letter, way in kept if way not in _TURNS)
    if not _RIGHT_TO_LEFT.isdisjoint(ways):
        return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
    return text


def _address(url: str) -> str:
    return escape(url).replace("|", "%7C")


def length(seconds: int) -> str:
    """A length of time: ``2 h 15 m``, or ``25 s`` below a minute."""
    return f"{seconds} s" if 0 < seconds < _MINUTE else format_duration(seconds)


def day_parts(days: Sequence[tuple[date, int]]) -> str:
    """What falls on each day: ``Fri 20 Nov 1 h 30 m, Sat 21 Nov 45 m``.

    The minutes add up to those of the whole, as ``length`` shows it: what is left after each was
    rounded down goes to the days that lost most.
    """
    left = sum(seconds for _, seconds in days) // _MINUTE
    left -= sum(seconds // _MINUTE for _, seconds in days)
    most = sorted(range(len(days)), key=lambda at: days[at][1] % _MINUTE, reverse=True)[:left]
    return ", ".join(
        f"{day(date_)} {length(seconds + _MINUTE if at in most else seconds)}"
        for at, (date_, seconds) in enumerate(days)
    )


def clock(moment: datetime, now: datetime) -> str:
    """A time of day; with its date where that is not today's."""
    shown = f"{moment.hour:02}:{moment.minute:02}"  # %H:%M takes three times as long
    if moment.date() == now.date():
        return shown
    return f"{shown} on {dated(moment.date(), now.date())}"


def until(moment: datetime) -> str:
    """The time of day at which something ended; midnight is the end of its day."""
    return "24:00" if moment.time() == time() else f"{moment:%H:%M}"


@lru_cache(maxsize=1000)  # most of what is shown is of a few days
def day(date_: date) -> str:
    """``Fri 20 Nov``."""
    return f"{date_:%a} {date_.day} {date_:%b}"


def spans(lines: Sequence[DayLine], now: datetime) -> str:
    """A few entries with their clock times: ``WEB-9 14:00-15:30; and 2 more``."""
    shown = "; ".join(_span(line, now) for line in lines[:_MOST_SPANS])
    more = len(lines) - _MOST_SPANS
    return f"{shown}; and {more} more" if more > 0 else shown


def shared(lines: Sequence[DayLine], now: datetime) -> str:
    """A warning, where the team allows time to overlap."""
    return f" It overlaps: {spans(lines, now)}." if lines else ""


def _span(line: DayLine, now: datetime) -> str:
    name = keyed(line.on)
    if line.start is None:
        return name
    if line.end is None:
        return f"{name} has been running since {clock(line.start, now)}"
    on = "" if line.start.date() == now.date() else f"{dated(line.start.date(), now.date())} "
    return f"{name} {on}{line.start:%H:%M}-{until(line.end)}"


def day_named(date_: date, today: date) -> str:
    """``Today, Fri 20 Nov``, ``Yesterday, Thu 19 Nov``, ``Thu 20 Nov 2025``."""
    name = dated(date_, today)
    if date_ == today:
        return f"Today, {name}"
    return f"Yesterday, {name}" if date_ == today - timedelta(days=1) else name


def dated(date_: date, today: date) -> str:
    """A day, with its year where that is not today's."""
    return day(date_) if date_.year == today.year else f"{day(date_)} {date_.year}"


def dates(first: date, last: date, today: date | None = None) -> str:
    """Days in a row: ``Mon 16 to Sun 22 Nov``, ``Mon 29 Dec 2025 to Sun 4 Jan 2026``.

    Args:
        first: The first of them.
        last: The last of them.
        today: Whose year goes without saying; where there is none, no year does.
    """
    if first.year != last.year:
        return f"{day(first)} {first.year} to {day(last)} {last.year}"
    end = f"{day(last)} {last.year}" if today is None else dated(last, today)
    if first == last:
        return end
    start = day(first) if first.month != last.month else f"{first:%a} {first.day}"
    return f"{start} to {end}"
