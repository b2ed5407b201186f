"""Rounding in reports: what is told, never what was tracked (M4).

Rounded by the day, the time of one person on one project and day is rounded as a whole. Each entry
then counts for what the rounded whole grows by with it, in the order in which entries were made. So
tasks, labels and files add up to the same as projects and people do.
"""

from enum import StrEnum

from bot.domain.values import dataclass

STEPS = (5, 6, 10, 15, 30)
"""Minutes."""
_MINUTE = 60
_PARTS = 3


class Way(StrEnum):
    """Which multiple it becomes."""

    UP = "up"
    NEAREST = "nearest"
    """Half a step goes up."""


class Per(StrEnum):
    """What is rounded."""

    ENTRY = "entry"
    DAY = "day"
    """All of one person's on one project and day."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """A team's rule."""

    way: Way
    minutes: int
    per: Per

    @property
    def step(self) -> int:
        """Seconds."""
        return self.minutes * _MINUTE

    @property
    def added(self) -> int:
        """Seconds to be added before whole steps are counted."""
        return self.step - 1 if self.way is Way.UP else self.step // 2

    def whole(self, seconds: int) -> int:
        """The multiple that a length becomes."""
        return (seconds + self.added) // self.step * self.step

    @property
    def code(self) -> str:
        """As it is stored; ``rounding_from`` reads it."""
        return f"{self.way}:{self.minutes}:{self.per}"


def rounding_from(code: str) -> Rounding:
    """A rule by its code.

    Raises:
        ValueError: it is none.
    """
    parts = code.split(":")
    if len(parts) != _PARTS or not parts[1].isdigit() or int(parts[1]) not in STEPS:
        raise ValueError(code)
    return Rounding(Way(parts[0]), int(parts[1]), Per(parts[2]))
