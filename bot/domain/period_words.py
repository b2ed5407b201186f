"""Words to periods and back: ``last month``, ``2026-W45``, ``1-15 nov``, ``from mon to today``."""

import re
from collections.abc import Callable, Mapping

from bot.domain.days import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTH_NAME,
    MONTH_NUMBERS,
    CalendarDay,
    Day,
    day_words,
    read_day,
)
from bot.domain.periods import Around, Between, LastFew, Numbered, OnePeriod, PeriodWords, Unit

_LONGEST_WORDS = 60
_LONGEST_COUNT = {Unit.DAY: 3660, Unit.WEEK: 520, Unit.MONTH: 120, Unit.YEAR: 10}
_MOST = {Unit.WEEK: 53, Unit.MONTH: 12, Unit.QUARTER: 4, Unit.YEAR: 1}
_MONTH_WORDS = (
    *("", "jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)

_UNIT_WORDS = {
    **dict.fromkeys(("d", "day", "days"), Unit.DAY),
    **dict.fromkeys(("w", "wk", "week", "weeks"), Unit.WEEK),
    **dict.fromkeys(("month", "months"), Unit.MONTH),
    **dict.fromkeys(("quarter",), Unit.QUARTER),
    **dict.fromkeys(("y", "year", "years"), Unit.YEAR),
}
_YEAR = r"(?P<y>[0-9]{4})"
_AROUND = re.compile(
    r"(?:(?P<which>this|current|last|previous) )?(?P<unit>week|month|quarter|year)"
)
_FEW = re.compile(
    r"(?:the )?(?:last |past )?(?P<count>[0-9]{1,4}) ?(?P<unit>d|days?|w|weeks?|months?|y|years?)"
)
_NUMBERED: tuple[tuple[Unit, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(form))
    for unit, form in (
        (Unit.WEEK, rf"{_YEAR}-?w(?P<n>[0-9]{{1,2}})"),
        (Unit.WEEK, rf"w(?:eek ?)?(?P<n>[0-9]{{1,2}})(?:[ /-]{_YEAR})?"),
        (Unit.MONTH, rf"{_YEAR}[-/.](?P<n>[0-9]{{1,2}})"),
        (Unit.MONTH, rf"(?P<n>[0-9]{{1,2}})[/.]{_YEAR}"),
        (Unit.MONTH, rf"(?P<name>{MONTH_NAME})\.?(?:,?[ -]{_YEAR})?"),
        (Unit.MONTH, rf"{_YEAR}[ -](?P<name>{MONTH_NAME})"),
        (Unit.QUARTER, rf"{_YEAR}[ -]?q(?P<n>[1-9])"),
        (Unit.QUARTER, rf"q(?P<n>[1-9])(?:[ /-]{_YEAR})?"),
        (Unit.YEAR, _YEAR),
    )
)
_FROM_TO = r"(?P<a>[0-9]{1,2})\.? ?- ?(?P<b>[0-9]{1,2})"
_DAYS_OF_MONTH = tuple(
    re.compile(form)
    for form in (
        rf"{_FROM_TO}\.? ?(?P<name>{MONTH_NAME})\.?(?:,? {_YEAR})?",
        rf"(?P<name>{MONTH_NAME})\.? {_FROM_TO}(?:,? {_YEAR})?",
        rf"{_FROM_TO}\.(?P<m>[0-9]{{1,2}})\.{_YEAR}?",
    )
)
_FROM = r"(?:(?:since|from) )?"
_UP_TO = r"(?P<a>[0-9]{1,2})(?:\.? ?- ?(?P<b>[0-9]{1,2}))?"
_DATED = tuple(
    re.compile(form)
    for form in (
        rf"{_FROM}{_UP_TO}\.? ?(?P<name>{MONTH_NAME})\.?(?:,? {_YEAR})?",
        rf"{_FROM}(?P<name>{MONTH_NAME})\.? {_UP_TO}(?:,? {_YEAR})?",
    )
)
_LONGEST_MONTH = 31
_TOO_FEW_OR_MANY = re.compile(
    r"(?:the )?(?:last|past) [0-9]{1,9} ?(?:d|days?|w|weeks?|months?|y|years?)"
)
_SINCE = re.compile(r"(?:since |from )(?P<a>.+)|(?P<b>.+?) ?\.\.")
_BETWEEN = re.compile(
    r"between (?P<a>.+?) and (?P<b>.+)"
    r"|(?:from |since )?(?P<c>.+?)(?: ?\.\. ?| to | until | till | - )(?P<d>.+)"
)
_LOOKS_LIKE = re.compile(
    r"[0-9]{4}-?[wq][0-9]*|w(?:eek ?)?[0-9]+|q[0-9]+|[0-9]{4}[-/.][0-9]{1,2}|.+\.\..*"
    r"|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
)


def read_period(text: str) -> PeriodWords | None:
    """The period that these words name, and nothing else; None where they name none.

    Understood: ``today``, ``yesterday``, every day that ``read_day`` knows, ``this week``,
    ``last month``, ``quarter``, ``2026-W45``, ``week 45``, ``2026-11``, ``november``,
    ``nov 2026``, ``Q3``, ``2026``, ``last 30 days``, ``2 weeks``, ``1-15 nov``,
    ``from mon to yesterday``, ``2026-09..2026-11``, ``since 1 nov``.
    """
    if len(text) > _LONGEST_WORDS:
        return None
    folded = " ".join(text.split()).lower()
    return _single(folded) or _days_of_month(folded) or _range(folded)


def looks_like_period(text: str) -> bool:
    """Whether a word was surely meant as a period, though it is none: ``2026-W60``."""
    return _LOOKS_LIKE.fullmatch(text.lower()) is not None


def misses_calendar(text: str) -> bool:
    """Whether several words name days that there are not, or more than are reported at once.

    ``31 nov``, ``since 30 feb``, ``1-31 nov``, ``last 5000 days``. What may be the number of a task
    and a month, as ``45 nov``, is none of them.
    """
    folded = " ".join(text.split()).lower()
    few = _TOO_FEW_OR_MANY.fullmatch(folded)
    if few is not None:
        return _few(folded) is None
    found = next((found for form in _DATED if (found := form.fullmatch(folded))), None)
    if found is None:
        return False
    ends = [found[end] for end in ("a", "b") if found[end] is not None]
    if any(int(end) > _LONGEST_MONTH for end in ends):
        return False
    return any(_day_of_month(found.groupdict(), end) is None for end in ends)


def period_words(period: PeriodWords) -> str:
    """A period to type; ``read_period`` reads it back."""
    match period:
        case Between(first, None):
            return f"since {_one_words(first)}"
        case Between(first, last) if last is not None:
            return f"from {_one_words(first)} to {_one_words(last)}"
        case _:
            return _one_words(period)


def _one_words(period: PeriodWords) -> str:
    match period:
        case Around(unit, back):
            return f"{'last' if back else 'this'} {unit}"
        case LastFew(count, unit):
            return f"last {count} {unit}s"
        case Numbered():
            return _numbered_words(period)
        case Between():
            return period_words(period)
        case _:
            return day_words(period)


def _numbered_words(period: Numbered) -> str:
    year = "" if period.year is None else f"{period.year:04}"
    match period.unit:
        case Unit.WEEK:
            return f"{year}-w{period.number:02}".removeprefix("-")
        case Unit.MONTH:
            return f"{year}-{period.number:02}" if year else _MONTH_WORDS[period.number]
        case Unit.QUARTER:
            return f"{year}-q{period.number}".removeprefix("-")
        case _:
            return year


def _single(text: str) -> OnePeriod | None:
    readers: tuple[Callable[[str], OnePeriod | None], ...] = (read_day, _around, _few, _numbered)
    return next((found for read in readers if (found := read(text)) is not None), None)


def _around(text: str) -> Around | None:
    found = _AROUND.fullmatch(text)
    if found is None:
        return None
    return Around(Unit(found["unit"]), 1 if found["which"] in {"last", "previous"} else 0)


def _few(text: str) -> LastFew | None:
    found = _FEW.fullmatch(text)
    if found is None:
        return None
    count, unit = int(found["count"]), _UNIT_WORDS[found["unit"]]
    return LastFew(count, unit) if 1 <= count <= _LONGEST_COUNT[unit] else None


def _numbered(text: str) -> Numbered | None:
    for unit, form in _NUMBERED:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            number = MONTH_NUMBERS[parts["name"]] if parts.get("name") else int(parts.get("n") or 1)
            year = int(parts["y"]) if parts.get("y") else None
            in_years = year is None or FIRST_YEAR <= year <= LAST_YEAR
            if in_years and 1 <= number <= _MOST[unit]:
                return Numbered(unit, number, year)
    return None


def _days_of_month(text: str) -> Between | None:
    for form in _DAYS_OF_MONTH:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            ends = [_day_of_month(parts, parts[end]) for end in ("a", "b")]
            if ends[0] is not None and ends[1] is not None:
                return Between(ends[0], ends[1])
    return None


def _day_of_month(parts: Mapping[str, str | None], number: str | None) -> Day | None:
    month = str(parts.get("m") or MONTH_NUMBERS[parts.get("name") or "jan"])
    day = read_day(f"{number}.{month}.{parts.get('y') or ''}")
    return day if isinstance(day, CalendarDay) else None


def _range(text: str) -> Between | None:
    if (found := _BETWEEN.fullmatch(text)) is not None:
        first, last = _single(found["a"] or found["c"]), _single(found["b"] or found["d"])
        if first is not None and last is not None:
            return Between(first, last)
    if (found := _SINCE.fullmatch(text)) is not None:
        begun = _single(found["a"] or found["b"])
        return None if begun is None else Between(begun, None)
    for at, letter in enumerate(text):
        if letter == "-":
            first, last = _single(text[:at].strip()), _single(text[at + 1 :].strip())
            if first is not None and last is not None:
                return Between(first, last)
    return None
