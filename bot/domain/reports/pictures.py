"""Pictures as values, before anybody draws them: all words are there already."""

from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Strip:
    """One bar."""

    name: str
    """Cut where it is too long; what a screen reader says has it whole."""
    said: str
    """What stands at its end."""
    amount: int
    first: int | None = None
    """How much of it is of the first kind, where bars are divided."""
    under: str = ""
    """Below the name where it stands under a column: the month of a day, the year of a month."""
    is_rest: bool = False
    """It stands for all that had no room."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Who or what had how much, the most first; or how it went on, column by column."""

    title: str
    lines: tuple[str, ...]
    strips: tuple[Strip, ...]
    in_order: bool
    """Columns from left to right, over a scale of hours."""
    kinds: tuple[str, ...] = ()
    """What both parts of a divided bar are; none where bars are whole."""
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A level to be compared with."""

    at: int
    name: str
    is_end: bool = False
    """The budget itself, not a warning on the way."""


@dataclass(frozen=True, slots=True)
class Climb:
    """A sum that grows day by day, beside the levels it may reach."""

    title: str
    lines: tuple[str, ...]
    sums: tuple[int, ...]
    """At the end of each day, from the first one up to today."""
    days: int
    """That the whole width stands for; no fewer than there are sums."""
    ticks: tuple[tuple[int, str], ...]
    """Days to be named, by their place, 0 being the first one."""
    marks: tuple[Mark, ...]
    said: str
    """What stands at the end of the line."""
    foot: str = ""
