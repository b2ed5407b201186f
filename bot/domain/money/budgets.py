"""Budgets of projects, in hours or money, and the warnings as they fill up (M2)."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from bot.domain.days import week_bounds
from bot.domain.errors import NotPossible
from bot.domain.ids import ProjectId, SlackUserId
from bot.domain.input_errors import BadInput
from bot.domain.money.money import AN_HOUR, Money
from bot.domain.values import dataclass

THRESHOLDS = (50, 80, 100)
MOST_THRESHOLDS = 8
HIGHEST_THRESHOLD = 500
MOST_HOURS = 1_000_000
_HUNDRED = 100
_DECEMBER = 12


class Kind(StrEnum):
    """What a budget limits."""

    HOURS = "hours"
    """All time on the project, billable or not."""
    MONEY = "money"
    """What the time earns by the hour, in the budget's currency."""


class Every(StrEnum):
    """How often a budget begins anew."""

    ONCE = "once"
    WEEK = "week"
    MONTH = "month"


@dataclass(eq=False)
class OverBudget(NotPossible):
    """The project's budget is used up, and the team lets no timer start then."""

    project: str
    percent: int
    managers: tuple[str, ...]


@dataclass(eq=False)
class HoursNotUnderstood(BadInput):
    """No number of hours for a budget in these words."""

    text: str


@dataclass(eq=False)
class ThresholdsNotUnderstood(BadInput):
    """No list of percentages in these words."""

    text: str


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be spent on a project, and how often anew."""

    kind: Kind
    amount: int
    """Seconds, or smallest units of the currency."""
    every: Every = Every.ONCE
    currency: str | None = None
    """Of money."""
    thresholds: tuple[int, ...] = THRESHOLDS
    """Percentages at which people are warned, ascending."""

    @property
    def whole(self) -> int:
        """What the budget is full with: seconds, or cent-seconds."""
        return self.amount if self.kind is Kind.HOURS else self.amount * AN_HOUR

    def percent(self, spent: int) -> int:
        """How much of it is used, rounded down."""
        return spent * _HUNDRED // self.whole

    def has_reached(self, percentage: int, spent: int) -> bool:
        """So much of it is used, whether it is one of the thresholds or not."""
        return spent * _HUNDRED >= percentage * self.whole

    def reached(self, spent: int) -> list[int]:
        """The thresholds that are reached, ascending."""
        return [one for one in self.thresholds if self.has_reached(one, spent)]

    def newly_reached(self, spent: int, warned: Collection[int]) -> list[int]:
        """Those of them that nobody was warned of in this period."""
        return [one for one in self.reached(spent) if one not in warned]

    def is_used_up(self, spent: int) -> bool:
        """Nothing is left."""
        return spent >= self.whole


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that a budget's period has."""

    first: date
    after_last: date


def period_of(every: Every, day: date, week_start: int) -> Stretch:
    """The period around a day."""
    match every:
        case Every.ONCE:
            return Stretch(date.min, date.max)
        case Every.WEEK:
            first, after_last = week_bounds(day, week_start)
            return Stretch(first, after_last)
        case Every.MONTH:
            first = day.replace(day=1)
            is_last = first.month == _DECEMBER
            following = (first.year + is_last, 1 if is_last else first.month + 1)
            return Stretch(first, date(*following, 1))


@dataclass(frozen=True, slots=True)
class Burn:
    """How much of a budget is used in a period."""

    budget: Budget
    first: date
    spent: int
    """Seconds, or cent-seconds."""

    @property
    def percent(self) -> int:
        """Rounded down."""
        return self.budget.percent(self.spent)


@dataclass(frozen=True, slots=True)
class BudgetWish:
    """What somebody wrote into the form."""

    kind: Kind | None
    """None for no budget."""
    amount: str = ""
    every: Every = Every.ONCE
    thresholds: str = ""


@dataclass(frozen=True, slots=True)
class BudgetForm:
    """What the form shows of one project, or of many."""

    project: str | None
    """None where several are meant."""
    projects: int
    budget: Budget | None
    """Of the one project."""
    currencies: tuple[str, ...]
    """Of all of them, today."""


@dataclass(frozen=True, slots=True)
class BudgetSet:
    """Projects have a budget now, or none any more."""

    projects: int
    changed: int
    budget: Budget | None
    earning_nothing: int = 0
    """Of them, those whose hours earn nothing, so that a budget in money does not fill up."""


@dataclass(frozen=True, slots=True)
class BudgetWarning:
    """What somebody is told of a budget."""

    project_id: ProjectId
    project: str
    burn: Burn
    to: SlackUserId | None = None
    """None for a channel."""
    sees_money: bool = False


def read_hours(text: str) -> int:
    """The seconds of a budget: ``120``, ``120 h``, ``37,5``.

    Raises:
        HoursNotUnderstood: no number of hours, none at all, or too many.
    """
    bare = text.strip().casefold().removesuffix("hours").removesuffix("h").strip()
    whole, _, decimals = bare.replace(",", ".").partition(".")
    digits = f"{whole}{decimals}"
    if not (digits.isascii() and digits.isdigit() and whole and len(decimals) <= 2):  # noqa: PLR2004
        raise HoursNotUnderstood(text)
    seconds = int(f"{whole}{decimals.ljust(2, '0')}") * AN_HOUR // _HUNDRED
    if not 0 < seconds <= MOST_HOURS * AN_HOUR:
        raise HoursNotUnderstood(text)
    return seconds


def read_thresholds(text: str) -> tuple[int, ...]:
    """Percentages, ascending: ``50, 80, 100``, ``80 %``; nothing warns nobody.

    Raises:
        ThresholdsNotUnderstood: no percentages, or too many of them.
    """
    words = text.replace("%", " ").replace(",", " ").replace(";", " ").split()
    if not all(one.isascii() and one.isdigit() and len(one) <= 3 for one in words):  # noqa: PLR2004
        raise ThresholdsNotUnderstood(text)
    found = sorted({int(one) for one in words})
    if len(found) > MOST_THRESHOLDS or not all(0 < one <= HIGHEST_THRESHOLD for one in found):
        raise ThresholdsNotUnderstood(text)
    return tuple(found)


def money_of(budget: Budget) -> Money | None:
    """The amount of a budget in money."""
    return None if budget.currency is None else Money(budget.amount, budget.currency)
