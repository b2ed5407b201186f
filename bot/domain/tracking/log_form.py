"""What the form *Log time* begins with, and what it would save."""

from datetime import date, datetime, time

from bot.domain.entries.entries import TaskLabel
from bot.domain.tracking.tracking import DayLine
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Begins:
    """The fields before anybody touched them."""

    day: date
    on: TaskLabel | None = None
    """What was logged last, or tracked last, where it still can be."""
    seconds: int | None = None
    """The length that was logged last."""
    by_clock: bool = False
    """From and to, instead of a length."""
    start: time | None = None
    """What from and to begin with."""
    end: time | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WouldLog:
    """What the form as it stands would save; moments in the member's zone."""

    days: tuple[tuple[date, int], ...]
    """Seconds by local day; more than one where it crosses midnight."""
    day_total: int
    """Of the first day, with this."""
    now: datetime
    start: datetime | None = None
    """None for a length without clock times."""
    end: datetime | None = None
    taken: tuple[DayLine, ...] = ()
    """What has the same time."""
    refused: bool = False
    """Whether the team lets nobody save that."""

    @property
    def seconds(self) -> int:
        """Of all days."""
        return sum(seconds for _, seconds in self.days)
