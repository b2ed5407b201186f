"""Lengths of time as people write them: ``90m``, ``1h30m``, ``1:30``, ``1,5 Std.``, ``1 hour``."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.input_errors import DurationNotUnderstood, DurationOutOfRange

LONGEST = 86_400
"""Seconds in the longest length accepted: 24 hours."""

_HOUR = 3600
_MINUTE = 60

_H = r"(?:hours?|hrs?\.?|h|stunden?|stdn?\.?|heures?)"
_M = r"(?:minutes?|minuten|mins?\.?|mn|m)"
_S = r"(?:seconds?|secs?\.?|s|sekunden?|sek\.?|secondes?)"
_AND = r"(?:\ ?,\ ?|\ (?:and|und|et)\ |\ )?"
_PARTS = {"\u00bd": "5", "\u00bc": "25", "\u00be": "75"}
"""Hundredths behind the comma: a half, a quarter, three quarters."""

_SPOKEN: Mapping[str, int] = {
    "a minute": 1,
    "one minute": 1,
    "an hour": 60,
    "one hour": 60,
    "half an hour": 30,
    "half hour": 30,
    "a half hour": 30,
    "quarter hour": 15,
    "quarter of an hour": 15,
    "a quarter of an hour": 15,
    "three quarters of an hour": 45,
    "an hour and a quarter": 75,
    "an hour and a half": 90,
    "one and a half hours": 90,
    "eine stunde": 60,
    "halbe stunde": 30,
    "eine halbe stunde": 30,
    "viertelstunde": 15,
    "eine viertelstunde": 15,
    "dreiviertelstunde": 45,
    "eine dreiviertelstunde": 45,
    "anderthalb stunden": 90,
    "eineinhalb stunden": 90,
    "une heure": 60,
    "une demi heure": 30,
    "demi heure": 30,
    "un quart d'heure": 15,
    "trois quarts d'heure": 45,
    "une heure et demie": 90,
}
"""Minutes in lengths that have no figure; a hyphen counts as a space."""

SPOKEN_BEGINNINGS = frozenset(words.partition(" ")[0] for words in _SPOKEN)
"""First words of lengths that have no figure."""

_UNITS = re.compile(
    rf"(?=[0-9])(?:(?P<h>[0-9]{{1,9}})\ ?{_H})?"
    rf"(?:(?(h){_AND})(?P<m>[0-9]{{1,9}})\ ?{_M})?"
    rf"(?:(?(h){_AND}|(?(m){_AND}))(?P<s>[0-9]{{1,9}})\ ?{_S})?",
)
_BARE_MINUTES = re.compile(rf"(?P<h>[0-9]{{1,9}})\ ?{_H}(?P<m>[0-9]{{1,2}}|\ [0-9]{{2}})")
_COLON = re.compile(rf"(?P<h>[0-9]{{1,9}}):(?P<m>[0-5][0-9])(?:\ ?{_H})?")
_FRACTION = re.compile(
    rf"(?P<n>[0-9]{{0,9}}(?:[.,][0-9]{{1,9}}|\ ?[{''.join(_PARTS)}]))\ ?(?:(?P<h>{_H})|{_M})"
)


def parse_duration(text: str) -> int:
    """The whole seconds in a length of time, from 1 second to 24 hours.

    Understood: ``90m``, ``45min``, ``30 minutes``, ``2h``, ``1 hour``, ``1h30m``, ``1h30``,
    ``1h 30``, ``1 hour and 30 minutes``, ``1:30`` (hours and minutes), ``1:30h``, ``1.5h``,
    ``1,5h``, ``1\u00bdh``, ``90s``, and the German and French units: ``1,5 Std.``, ``2 heures``,
    ``30 mn``. Also ``an hour``, ``half an hour`` and their like. A number without a unit is
    refused: it may be a task's number. Fractions are rounded to the nearest second.

    Raises:
        DurationNotUnderstood: these words are no length of time.
        DurationOutOfRange: it is zero, negative or longer than ``LONGEST``.
    """
    unsigned = text.strip()
    negative = unsigned.startswith("-")
    seconds = read_duration(unsigned.removeprefix("-"))
    if seconds is None:
        raise DurationNotUnderstood(text)
    return in_range(-seconds if negative else seconds)


def in_range(seconds: int) -> int:
    """The same seconds.

    Raises:
        DurationOutOfRange: zero, negative or longer than ``LONGEST``.
    """
    if not 0 < seconds <= LONGEST:
        raise DurationOutOfRange(seconds, LONGEST)
    return seconds


def read_duration(text: str) -> int | None:
    """The whole seconds in an unsigned length of time of any size, or None where there is none."""
    folded = " ".join(text.split()).lower()
    if minutes := _SPOKEN.get(folded.replace("-", " ")):
        return minutes * _MINUTE
    if found := _COLON.fullmatch(folded) or _BARE_MINUTES.fullmatch(folded):
        return int(found["h"]) * _HOUR + int(found["m"]) * _MINUTE
    if found := _FRACTION.fullmatch(folded):
        unit = _HOUR if found["h"] else _MINUTE
        exact = Decimal(_decimal(found["n"])) * unit
        return int(exact.to_integral_value(rounding=ROUND_HALF_UP))
    if found := _UNITS.fullmatch(folded):
        h, m, s = (int(found[unit] or 0) for unit in "hms")
        return h * _HOUR + m * _MINUTE + s
    return None


def _decimal(number: str) -> str:
    last = number[-1]
    if last in _PARTS:
        return f"{number[:-1].strip()}.{_PARTS[last]}"
    return number.replace(",", ".")


def format_duration(seconds: int) -> str:
    """A length of time to read, whole minutes rounded down: ``2 h 15 m``, ``40 m``, ``2 h``.

    Less than a minute is ``0 m``. Above a day it stays in hours: ``340 h``.
    """
    sign = "-" if seconds <= -_MINUTE else ""
    hours, minutes = divmod(abs(seconds) // _MINUTE, 60)
    if not hours:
        return f"{sign}{minutes} m"
    return f"{sign}{hours} h {minutes} m" if minutes else f"{sign}{hours} h"


def compact_duration(seconds: int) -> str:
    """A length of time to type, exact: ``1h30m``, ``45m``, ``1m5s``.

    ``parse_duration`` reads it back to the same seconds.
    """
    minutes, rest = divmod(seconds, _MINUTE)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0m"
