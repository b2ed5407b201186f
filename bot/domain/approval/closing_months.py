"""Closing months: which may be closed, and what closing one means (T13).

```
NotPossible
+- MonthNotOver          somebody's month still goes on
+- ReasonMissing         opening what was closed is explained
```
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.days import work_date
from bot.domain.errors import NotPossible
from bot.domain.values import dataclass

OFFERED = 24
"""Months back that a form offers."""

_ONE_DAY = timedelta(days=1)


def last_of_month(day: date) -> date:
    """The last day of a day's month."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - _ONE_DAY


def month_before(day: date) -> date:
    """The last day of the month before a day's."""
    return day.replace(day=1) - _ONE_DAY


def newest_over(zones: Iterable[ZoneInfo], now: datetime) -> date:
    """The last day of the newest month that is over in every one of these zones.

    Where somebody's 31st still goes on, their timer would be refused by a closed month.
    """
    today = min((work_date(now, zone) for zone in zones), default=now.date())
    return month_before(today)


def offered_months(newest: date, closed_through: date | None) -> tuple[date, ...]:
    """The months that may be closed, by their last days, newest first; what is closed is one."""
    months = [newest]
    while len(months) < OFFERED:
        months.append(month_before(months[-1]))
    if closed_through is not None and closed_through not in months:
        months.append(closed_through)
    return tuple(sorted(months, reverse=True))


@dataclass(frozen=True, slots=True)
class MonthsStanding:
    """What is closed, what may be, and what closing up to one would lock."""

    closed_through: date | None
    offered: tuple[date, ...]
    chosen: date | None
    """The last day of the month that is chosen; None opens every one."""
    seconds: int = 0
    """Finished time that would be locked in addition, or opened."""
    people: int = 0
    timers: int = 0
    """Running timers whose day would be locked; what they track until its end is kept."""

    @property
    def opens(self) -> bool:
        """Whether the choice opens what is closed."""
        if self.closed_through is None:
            return False
        return self.chosen is None or self.chosen < self.closed_through


@dataclass(eq=False)
class MonthNotOver(NotPossible):
    """The month cannot be closed yet: somewhere people track time, it still goes on."""

    month: date
    newest: date
    """The newest month that can be."""


@dataclass(eq=False)
class ReasonMissing(NotPossible):
    """Opening a closed month, and unlocking time, needs a reason."""
