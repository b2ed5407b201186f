"""Periods of days, and how people name them: ``last month``, ``2026-W45``, ``1-15 nov``.

Where a year is left out, the most recent one is meant that has begun. Numbers of weeks are ISO's:
they begin on Monday, whatever the team's weeks begin with.
"""

import calendar
import re
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.domain.days import (
    FIRST_YEAR,
    LAST_YEAR,
    CalendarDay,
    Day,
    Weekday,
    resolve_day,
    week_bounds,
)
from bot.domain.values import dataclass

_ONE_DAY = timedelta(days=1)
_WEEK = 7
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_YEARS_TO_WEEK_53 = 8


class Unit(StrEnum):
    """What calendars divide time into."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Around:
    """``this week`` (0) or ``last week`` (1)."""

    unit: Unit
    back: int


@dataclass(frozen=True, slots=True)
class LastFew:
    """``last 30 days``: so much time up to today, today included."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Numbered:
    """``2026-W45``, ``nov 2026``, ``q3``, ``2026``; without a year the most recent."""

    unit: Unit
    number: int
    """Of the week, month or quarter in its year; 1 for a year."""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """``from mon to yesterday``, ``since 1 nov``: both ends included."""

    first: "OnePeriod"
    last: "OnePeriod | None"
    """None reaches to today."""


OnePeriod: TypeAlias = Day | Around | LastFew | Numbered
PeriodWords: TypeAlias = OnePeriod | Between


@dataclass(frozen=True, slots=True)
class Period:
    """Days in a row."""

    first: date
    after_last: date
    unit: Unit | None = None
    """What it is exactly one of; None for any other span."""

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after_last - _ONE_DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.after_last - self.first).days

    def dates(self) -> list[date]:
        """Every day of it."""
        return [self.first + number * _ONE_DAY for number in range(self.days)]

    def moved(self, by: int) -> "Period | None":
        """The same so many periods later; None beyond the years in which days are named."""
        months = _MONTHS_IN.get(self.unit or "", 0)
        try:
            if months and self.unit is not None:
                return _checked(_months_at(_plus_months(self.first, by * months), self.unit))
            step = timedelta(days=by * self.days)
            return _checked(Period(self.first + step, self.after_last + step, self.unit))
        except (ValueError, OverflowError):
            return None

    @property
    def code(self) -> str:
        """For a button's value; ``period_from`` reads it."""
        if self.unit is None:
            return f"s{self.first}.{self.days}"
        return f"{self.unit.value[0]}{self.first}"


_CODE = re.compile(r"([dwmqys])([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.([0-9]{1,5}))?", re.ASCII)
_UNITS = {unit.value[0]: unit for unit in Unit}


def period_from(code: str) -> Period | None:
    """A period by the code in a button's value; None where it is none."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    try:
        first = date.fromisoformat(found[2])
        if found[1] == "s":
            days = timedelta(days=int(found[3] or 0))
            return _checked(Period(first, first + days)) if days else None
        if found[3]:
            return None
        if found[1] == "w":
            return _checked(Period(first, first + timedelta(days=_WEEK), Unit.WEEK))
        return _checked(period_around(first, _UNITS[found[1]]))
    except (ValueError, OverflowError):
        return None


def period_around(day: date, unit: Unit, week_start: int = 0) -> Period:
    """The day, week, month, quarter or year that a day lies in; ``week_start`` 0 is Monday."""
    if unit is Unit.DAY:
        return Period(day, day + _ONE_DAY, unit)
    if unit is Unit.WEEK:
        return Period(*week_bounds(day, week_start), unit)
    months = _MONTHS_IN[unit]
    return _months_at(day.replace(month=(day.month - 1) // months * months + 1, day=1), unit)


def resolve_period(words: PeriodWords, today: date, week_start: int = 0) -> Period | None:
    """The days that a period means for a member whose local date is ``today``.

    Ends that were given the wrong way round are exchanged. None beyond the years in which days
    are named.
    """
    try:
        if isinstance(words, Between):
            return _checked(_between(words, today, week_start))
        return _checked(_one(words, today, week_start))
    except (ValueError, OverflowError):
        return None


def _between(words: Between, today: date, week_start: int) -> Period:
    if words.last is None:
        first = _one(words.first, today, week_start).first
        return Period(min(first, today), max(first, today) + _ONE_DAY)
    if _has_year(words.last) and not _has_year(words.first):
        last = _one(words.last, today, week_start)
        first = _one(words.first, last.last, week_start).first
    else:
        first = _one(words.first, today, week_start).first
        last = _not_before(words.last, first, today, week_start)
    return Period(min(first, last.first), max(last.after_last, first + _ONE_DAY))


def _has_year(words: OnePeriod) -> bool:
    return isinstance(words, CalendarDay | Numbered) and words.year is not None


def _not_before(words: OnePeriod, first: date, today: date, week_start: int) -> Period:
    """What an end means once the beginning is known: ``10 jan`` after ``20 dec``."""
    match words:
        case Weekday(number):
            day = first + timedelta(days=(number - first.weekday()) % _WEEK)
            return period_around(day, Unit.DAY)
        case CalendarDay(month, number, None):
            years = range(first.year, first.year + _YEARS_TO_WEEK_53 + 1)
            days = (_day(year, month, number) for year in years)
            return period_around(next(day for day in days if day and day >= first), Unit.DAY)
        case Numbered(unit, number, None):
            years = range(first.year, first.year + _YEARS_TO_WEEK_53 + 1)
            found = (_numbered(unit, number, year) for year in years)
            return next(one for one in found if one and one.last >= first)
        case _:
            return _one(words, today, week_start)


def _one(words: OnePeriod, today: date, week_start: int) -> Period:
    match words:
        case Around(unit, back):
            around = period_around(today, unit, week_start)
            return _required(around.moved(-back))
        case LastFew(count, unit):
            return Period(_few_before(today, count, unit) + _ONE_DAY, today + _ONE_DAY)
        case Numbered(unit, number, year):
            if year is not None:
                return _required(_numbered(unit, number, year))
            years = range(today.year + 1, today.year - _YEARS_TO_WEEK_53, -1)
            found = (_numbered(unit, number, one) for one in years)
            return next(one for one in found if one and one.first <= today)
        case _:
            return period_around(_date_of(words, today), Unit.DAY)


def _date_of(day: Day, today: date) -> date:
    match day:
        case CalendarDay(month, number, int(year)):
            return date(year, month, number)
        case CalendarDay(month, number, _):
            years = range(today.year, today.year - _YEARS_TO_WEEK_53 - 1, -1)
            days = (_day(year, month, number) for year in years)
            return next(found for found in days if found and found <= today)
        case _:
            return resolve_day(day, today)


def _few_before(today: date, count: int, unit: Unit) -> date:
    if unit is Unit.DAY or unit is Unit.WEEK:
        return today - timedelta(days=count * (_WEEK if unit is Unit.WEEK else 1))
    month = _plus_months(today.replace(day=1), -count * _MONTHS_IN[unit])
    longest = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(today.day, longest))


def _numbered(unit: Unit, number: int, year: int) -> Period | None:
    try:
        if unit is Unit.WEEK:
            first = date.fromisocalendar(year, number, 1)
            return Period(first, first + timedelta(days=_WEEK), unit)
        return _months_at(date(year, (number - 1) * _MONTHS_IN[unit] + 1, 1), unit)
    except ValueError:
        return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _months_at(first: date, unit: Unit) -> Period:
    return Period(first, _plus_months(first, _MONTHS_IN[unit]), unit)


def _plus_months(first: date, months: int) -> date:
    """The first of a month, so many months later."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _required(found: Period | None) -> Period:
    if found is None:
        raise ValueError("no calendar has it")
    return found


def _checked(found: Period) -> Period | None:
    within = found.first.year >= FIRST_YEAR and found.last.year <= LAST_YEAR
    return found if within else None
