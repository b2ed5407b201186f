"""Days as people name them, and the member's local days as moments.

Numbers are day first: ``03/04`` is the 3rd of April, everywhere. A date with its month first is
refused even where only one reading exists (``11/20``), because the next one (``11/10``) would be
misread in silence. The year first (``2026-11-20``) is never ambiguous.

A local day starts when its date is reached for good. That is 00:00 on nearly every day; 01:00
where the clocks jump over midnight (America/Sao_Paulo until 2018); and the second midnight where
the clocks are set back across it (America/St_Johns until 2011). So days never overlap, leave no
gap, and have 0, 23, 24, 25 or some other number of hours.
"""

import calendar
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.input_errors import DayInTheFuture, DayNotUnderstood
from bot.domain.values import dataclass
from bot.domain.wall_clock import readings_or_jump

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""The years in which days can be named."""

_LONGEST_LEAP_GAP = 8  # years between two 29ths of February around 1900 and 2100
_ANY_LEAP_YEAR = 2000
_ONE_DAY = timedelta(days=1)
_LONGEST_WORDS = 40

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


@dataclass(frozen=True, slots=True)
class DaysAgo:
    """``today`` (0), ``yesterday`` (1), ``3 days ago``."""

    count: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """The most recent such day, today included; Monday is 0."""

    number: int
    before_today: bool = False
    """``last monday``: today is not meant."""


@dataclass(frozen=True, slots=True)
class Coming:
    """``tomorrow``, or with a weekday ``next mon``: nothing was tracked then.

    It is read all the same: as the first word of a note it would leave the time on today.
    """

    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date; without a year the most recent such day, today included."""

    month: int
    day: int
    year: int | None = None
    weekday: int | None = None
    """As it was said with it, ``fri 20 nov``; another one than the date's is a slip."""


Day = DaysAgo | Weekday | CalendarDay | Coming

_WEEK = [Weekday(number) for number in range(7)]
_FIXED: dict[str, Day] = {
    "today": DaysAgo(0),
    "yesterday": DaysAgo(1),
    "tomorrow": Coming(),
    "day before yesterday": DaysAgo(2),
    "the day before yesterday": DaysAgo(2),
    **{name: Weekday(number) for number, name in enumerate(WEEKDAYS)},
    **{name[:3]: Weekday(number) for number, name in enumerate(WEEKDAYS)},
    "tues": Weekday(1),
    "thur": Weekday(3),
    "thurs": Weekday(3),
}
_ABROAD: dict[str, Day] = {
    **dict.fromkeys(("heute", "aujourd'hui"), DaysAgo(0)),
    "gestern": DaysAgo(1),
    **dict.fromkeys(("vorgestern", "avant-hier"), DaysAgo(2)),
    **{
        name: Weekday(number)
        for names in (
            ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
            ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        )
        for number, name in enumerate(names)
    },
}
LAST_WORDS: dict[str, Day] = {"hier": DaysAgo(1), "morgen": Coming(), "demain": Coming()}
"""Days only where no more words follow: *hier* is German for here, *morgen* also a morning."""

_MOST_DAYS_AGO = 366
_SOON = timedelta(days=31)
_AGO = re.compile(r"(?P<count>[0-9]{1,3}|a) (?P<unit>days?|weeks?) ago")
_WEEKDAY_NAME = "|".join(name for name in _FIXED if _FIXED[name] in _WEEK)
_WEEKDAY = re.compile(rf"(?:(?P<last>last )|(?P<next>next ))?(?P<name>{_WEEKDAY_NAME})\.?")
MONTH_NUMBERS = {
    **{name: number for number, name in enumerate(_MONTHS, start=1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, start=1)},
    "sept": 9,
}
MONTH_NAME = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
"""A pattern for every word that names a month, the longest first."""

_MONTH = rf"(?P<name>{MONTH_NAME})"
_DAY = r"(?P<d>[0-9]{1,2})"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<y>[0-9]{4})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})",
        rf"{_DAY}(?P<sep>[-/.])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<y>[0-9]{{4}}|[0-9]{{2}})",
        rf"{_DAY}\.(?P<m>[0-9]{{1,2}})\.",
        rf"{_DAY}/(?P<m>[0-9]{{1,2}})",
        rf"{_DAY}(?:st|nd|rd|th|\.)?[ ]?{_MONTH}\.?(?:,?[ ](?P<y>[0-9]{{4}}))?",
        rf"{_MONTH}\.?[ ]{_DAY}(?:st|nd|rd|th)?(?:,?[ ](?P<y>[0-9]{{4}}))?",
    )
)


def read_day(text: str) -> Day | None:
    """The day these words name, not yet tied to anybody's calendar; None where they name none.

    Understood: ``today``, ``yesterday``, ``3 days ago``, ``mon`` to ``sunday``, ``last mon``,
    ``tomorrow``, ``next mon``,
    ``2026-11-20``, ``20.11.``, ``20.11.2026``, ``20/11``, ``20/11/2026``, ``20 nov``, ``nov 20``,
    either with a year, and each with its weekday: ``fri 20 nov``. Also ``gestern``, ``Montag``,
    ``lundi`` and the like.
    """
    if len(text) > _LONGEST_WORDS:
        return None
    folded = " ".join(text.split()).lower()
    return _FIXED.get(folded) or _ABROAD.get(folded) or _ago(folded) or _named(folded)


def _ago(folded: str) -> DaysAgo | None:
    found = _AGO.fullmatch(folded)
    if found is None:
        return None
    count = 1 if found["count"] == "a" else int(found["count"])
    days = count * (7 if found["unit"].startswith("week") else 1)
    return DaysAgo(days) if 0 < days <= _MOST_DAYS_AGO else None


def _named(folded: str) -> Day | None:
    """A date, perhaps behind its weekday, or a weekday alone."""
    weekday = _WEEKDAY.match(folded)
    if weekday is None:
        return _date(folded)
    number = WEEKDAYS.index(next(one for one in WEEKDAYS if one.startswith(weekday["name"][:3])))
    rest = folded[weekday.end() :]
    if weekday["next"]:
        return None if rest else Coming(number)
    if not rest:
        return Weekday(number, before_today=weekday["last"] is not None)
    if weekday["last"] or not rest.startswith((" ", ", ")):
        return None
    found = _date(rest.lstrip(", "))
    return None if found is None else replace(found, weekday=number)


def _date(folded: str) -> CalendarDay | None:
    for form in _FORMS:
        if found := form.fullmatch(folded):
            return _calendar_day(found.groupdict())
    return None


def _calendar_day(parts: dict[str, str]) -> CalendarDay | None:
    month = int(parts["m"]) if "m" in parts else MONTH_NUMBERS[parts["name"]]
    number = int(parts["d"])
    written = parts.get("y")
    year = int(written) + (2000 if len(written) == len("26") else 0) if written else None
    in_calendar = _exists(year or _ANY_LEAP_YEAR, month, number)
    if not in_calendar or not (year is None or FIRST_YEAR <= year <= LAST_YEAR):
        return None
    return CalendarDay(month, number, year)


def _exists(year: int, month: int, number: int) -> bool:
    return 1 <= month <= len(_MONTHS) and 1 <= number <= calendar.monthrange(year, month)[1]


def day_words(day: Day) -> str:
    """A day to type: ``today``, ``mon``, ``2026-11-20``, ``20.11.``; ``read_day`` reads it."""
    match day:
        case DaysAgo(count):
            return ("today", "yesterday")[count] if count < 2 else f"{count} days ago"  # noqa: PLR2004
        case Weekday(number, before_today):
            return f"{'last ' if before_today else ''}{WEEKDAYS[number][:3]}"
        case Coming(weekday):
            return "tomorrow" if weekday is None else f"next {WEEKDAYS[weekday][:3]}"
        case CalendarDay(month, number, year, weekday):
            said = "" if weekday is None else f"{WEEKDAYS[weekday][:3]} "
            if year is None:
                return f"{said}{number:02}.{month:02}."
            return f"{said}{year:04}-{month:02}-{number:02}"


def resolve_day(day: Day, today: date) -> date:
    """The date a day word means for a member whose local date is ``today``.

    Raises:
        DayInTheFuture: a date with a year that has not come yet, ``tomorrow``, ``next mon``.
        DayNotUnderstood: a date that is another weekday than was said with it.
    """
    match day:
        case DaysAgo(count):
            return today - timedelta(days=count)
        case Weekday():
            return _last(day, today)
        case Coming(weekday):
            ahead = 1 if weekday is None else (weekday - today.weekday() - 1) % 7 + 1
            raise DayInTheFuture(today + timedelta(days=ahead), today)
        case CalendarDay():
            named = _dated(day, today)
            if day.weekday not in {None, named.weekday()}:
                raise DayNotUnderstood(day_words(day))
            return named


def resolve_worked(day: Day, today: date) -> date:
    """The same for a day on which somebody worked.

    A date without a year that comes within a month is a slip, and not last year's.

    Raises:
        DayInTheFuture: as with ``resolve_day``, and such a date.
        DayNotUnderstood: as with ``resolve_day``.
    """
    if isinstance(day, CalendarDay) and day.year is None:
        years = (year for year in (today.year, today.year + 1) if _exists(year, day.month, day.day))
        for coming in (date(year, day.month, day.day) for year in years):
            if today < coming <= today + _SOON:
                raise DayInTheFuture(coming, today)
    return resolve_day(day, today)


def _last(day: Weekday, today: date) -> date:
    back = (today.weekday() - day.number) % 7
    return today - timedelta(days=back or (7 if day.before_today else 0))


def _dated(day: CalendarDay, today: date) -> date:
    if day.year is None:
        return _most_recent(day.month, day.day, today)
    named = date(day.year, day.month, day.day)
    if named > today:
        raise DayInTheFuture(named, today)
    return named


def _most_recent(month: int, number: int, today: date) -> date:
    years = range(today.year, today.year - _LONGEST_LEAP_GAP - 1, -1)
    days = (date(year, month, number) for year in years if _exists(year, month, number))
    return next(day for day in days if day <= today)


def work_date(moment: datetime, zone: ZoneInfo) -> date:
    """The member's local day that an aware moment belongs to."""
    day = moment.astimezone(zone).date()
    # Where the clocks are set back across midnight, the first minutes past the first midnight
    # still belong to the day before.
    return day if day_start(day, zone) <= moment else day - _ONE_DAY


@lru_cache(maxsize=4096)
def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The moment a local day starts, in UTC; see the top of this file for odd nights."""
    midnights = readings_or_jump(day, time(), zone)
    last = midnights[-1]
    returned = (last - timedelta(seconds=1)).astimezone(zone).date() < day
    return (last if returned else midnights[0]).astimezone(UTC)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A local day as a half-open span in UTC: its start, and the start of the next day."""
    return day_start(day, zone), day_start(day + _ONE_DAY, zone)


def week_bounds(day: date, week_start: int = 0) -> tuple[date, date]:
    """The week around a day: its first date and the first date after it.

    ``week_start`` is the weekday a week begins with; Monday is 0.
    """
    first = day - timedelta(days=(day.weekday() - week_start) % 7)
    return first, first + timedelta(days=7)
