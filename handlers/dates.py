"""Days and times of day that were chosen in a form or stand in a button."""

from datetime import date, time

from bot.domain.days import FIRST_YEAR, LAST_YEAR
from bot.domain.input_errors import DayNotUnderstood, TimeNotUnderstood


def date_of(text: str) -> date:
    """A day as Slack writes it, in a year in which days can be named: others have no moments.

    Raises:
        DayNotUnderstood: it is none.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise DayNotUnderstood(text) from None
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise DayNotUnderstood(text)
    return day


def clock_of(text: str) -> time:
    """A time of day as Slack writes it.

    Raises:
        TimeNotUnderstood: it is none.
    """
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        raise TimeNotUnderstood(text) from None
    if clock.tzinfo is not None:
        raise TimeNotUnderstood(text)
    return clock
