"""What forms of settings hold, read field by field."""

from datetime import time

from bot.domain.input_errors import TimeNotUnderstood
from bot.domain.preferences import WorkHours, WorkHoursEmpty
from bot.views import field_errors
from bot.views.settings import fields as field_views
from handlers.asking import Fields
from handlers.dates import clock_of

_WEEKDAYS = {str(number): number for number, _ in field_views.DAYS}


def weekday(value: str, known: int) -> int:
    """A day of the week by its option; the one that was known for anything else."""
    return _WEEKDAYS.get(value, known)


def hours(sent: Fields, days: str, start: str, end: str, wrong: dict[str, str]) -> WorkHours | None:
    """Work days and hours; what is wrong with them goes into ``wrong``."""
    chosen = frozenset(_WEEKDAYS[one] for one in sent.choices(days) if one in _WEEKDAYS)
    begins, ends = clock(sent.choice(start)), clock(sent.choice(end))
    if not chosen:
        wrong[days] = field_errors.CHOOSE_A_DAY_AT_LEAST
    if begins is None:
        wrong[start] = field_errors.CHOOSE_TIME
    if ends is None:
        wrong[end] = field_errors.CHOOSE_TIME
    if wrong or begins is None or ends is None:
        return None
    try:
        return WorkHours(chosen, begins, ends)
    except WorkHoursEmpty:
        wrong[end] = field_errors.another_than(begins)
        return None


def is_on(sent: Fields, block_id: str) -> bool:
    """Whether a checkbox is ticked."""
    return field_views.ON in sent.choices(block_id)


def number(typed: str, most: int) -> int | None:
    """A whole number from 1 to ``most``; None for anything else."""
    digits = typed.removesuffix(".0").removesuffix(",0")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))):
        return None
    return int(digits) if 1 <= int(digits) <= most else None


def clock(chosen: str) -> time | None:
    """A time of day; None where none was chosen."""
    try:
        return clock_of(chosen)
    except TimeNotUnderstood:
        return None
