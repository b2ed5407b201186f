"""When a timer ended, by the clock of whoever says so afterwards."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.input_errors import InTheFuture
from bot.domain.tracking.tracking import RunningTimer
from bot.domain.tracking.tracking_errors import StopsBeforeStart
from bot.domain.wall_clock import readings

_ONE_DAY = timedelta(days=1)


def clocked_end(timer: RunningTimer, day: date | None, clock: time, zone: ZoneInfo) -> datetime:
    """The moment that a form means.

    Of two moments at which the clock showed the same, when it was set back, it is the later one
    that fits. Without a day it was today, or yesterday where only that fits: the form asks for no
    day while the timer runs since today, and midnight may come before it is sent.

    Args:
        timer: With its moments in the same zone.
        day: On which it ended.
        clock: What the clock showed then.
        zone: Of who says so.

    Raises:
        InTheFuture: that is still to come.
        StopsBeforeStart: the timer began later.
        TimeDoesNotExist: the clocks jumped over it.
    """
    today = timer.now.date()
    moments = readings(day or today, clock, zone)
    fitting = _fitting(timer, moments)
    if not fitting and day is None and timer.since.date() < today:
        fitting = _fitting(timer, readings(today - _ONE_DAY, clock, zone))
    if fitting:
        return fitting[-1]
    if moments[0] > timer.now:
        raise InTheFuture(moments[0], timer.now)
    raise StopsBeforeStart(timer, moments[0].astimezone(zone))


def _fitting(timer: RunningTimer, moments: tuple[datetime, ...]) -> list[datetime]:
    return [one for one in moments if timer.since < one <= timer.now]
