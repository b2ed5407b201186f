"""Dates, clock times and lengths as spreadsheets and trackers write them."""

import re
from collections.abc import Iterable
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from bot.domain.csv_text import harmless
from bot.domain.durations import read_duration
from bot.domain.importing.problems import FileProblem, FileRefused
from bot.domain.slack_text import visible
from bot.domain.values import dataclass

_LONGEST = 40
_MONTHS, _CENTURY = 12, 2000
_YEARS = range(1970, 2200)
"""Others are slips; a spreadsheet's zero is in 1899."""
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_CLOCK = re.compile(
    r"(?P<h>[0-9]{1,2})(?::(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.,][0-9]{1,6})?)?)?"
    r"(?:\ ?(?P<half>[ap])\.?m\.?)?"
)
_COLONS = re.compile(r"([0-9]{1,6}):([0-5][0-9])(?::([0-5][0-9]))?")
_NUMBER = re.compile(r"[0-9]{0,9}(?:[.,][0-9]{1,9})?")
_DAY_AND_CLOCK = re.compile(r"(?P<day>[0-9]+[-/.][0-9]+[-/.][0-9]+)[ T,]+(?P<clock>[0-9].*)")


class Order(StrEnum):
    """In which order a date has day, month and year."""

    DMY = "dmy"
    MDY = "mdy"
    ISO = "iso"


@dataclass(frozen=True, slots=True)
class Dates:
    """How the dates of a file are read, and the date that showed it; empty where none had to."""

    order: Order
    shown_by: str = ""


def bare(cell: str) -> str:
    """The text of a cell that can be seen, without the apostrophe that keeps it from being run."""
    text = visible(cell).strip()
    return text[1:] if text[:1] == "'" and harmless(text[1:]) != text[1:] else text


def read_date(text: str, order: Order) -> date | None:
    """The day; None where the words are none. Only ``2026-11-20`` is read in every order.

    Between dots the day always comes first: nobody writes 11.20.2026.
    """
    if len(text) > _LONGEST:
        return None
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        return None
    first, last, year = int(found[1]), int(found[3]), int(found[4])
    year += _CENTURY if len(found[4]) == len("26") else 0
    if found[2] == "." or order is Order.DMY:
        return _day(year, last, first)
    return _day(year, first, last) if order is Order.MDY else None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number) if year in _YEARS else None
    except ValueError:
        return None


def order_of(texts: Iterable[str]) -> Dates:
    """How the dates of a file are meant, which one date alone may not show: ``03/04/2026``.

    Raises:
        FileRefused: none of them shows it, or two show opposite things.
    """
    unsure = ""
    shown: dict[Order, str] = {}
    for text in texts:
        found = _YEAR_LAST.fullmatch(text)
        if found is None or found[2] == ".":
            continue
        first, last = int(found[1]), int(found[3])
        if first > _MONTHS >= last:
            shown.setdefault(Order.DMY, text)
        elif last > _MONTHS >= first:
            shown.setdefault(Order.MDY, text)
        else:
            unsure = unsure or text
    if len(shown) > 1:
        raise FileRefused(FileProblem.DATES_MIXED, shown[Order.DMY], shown[Order.MDY])
    if shown:
        ((order, text),) = shown.items()
        return Dates(order, text)
    if unsure:
        raise FileRefused(FileProblem.DATES_AMBIGUOUS, unsure)
    return Dates(Order.ISO)


def parted(text: str) -> tuple[str, str]:
    """A day and a clock time in one cell, ``2026-11-20 09:30``; the day is empty without one."""
    found = _DAY_AND_CLOCK.fullmatch(text) if len(text) <= _LONGEST else None
    return (found["day"], found["clock"].strip()) if found else ("", text)


def read_clock(text: str) -> time | None:
    """A wall clock's time to the second: ``09:30``, ``9:30:15``, ``9:30 PM``, ``9 am``."""
    found = _CLOCK.fullmatch(text.casefold()) if len(text) <= _LONGEST else None
    if found is None or (found["m"] is None and found["half"] is None):
        return None
    hour = int(found["h"])
    if found["half"]:
        if not 1 <= hour <= _MONTHS:
            return None
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    try:
        return time(hour, int(found["m"] or 0), int(found["s"] or 0))
    except ValueError:
        return None


def read_length(text: str, unit: int = 3600) -> int | None:
    """The seconds in a length, below zero too; None where the words are none.

    Understood: ``1:30``, ``1:30:15``, ``1.5`` and ``1,5`` of a unit, ``1h 30m`` and what can be
    typed in Slack.

    Args:
        text: The words.
        unit: Seconds in one of a bare number.
    """
    if len(text) > _LONGEST:
        return None
    unsigned = text.removeprefix("-").strip()
    sign = -1 if text.startswith("-") else 1
    if found := _COLONS.fullmatch(unsigned):
        return sign * (int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0))
    if unsigned and _NUMBER.fullmatch(unsigned):
        exact = Decimal(unsigned.replace(",", ".")) * unit
        return sign * int(exact.to_integral_value(rounding=ROUND_HALF_UP))
    seconds = read_duration(unsigned)
    return None if seconds is None else sign * seconds
