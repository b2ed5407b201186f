"""How a budget filled up, day by day, as a picture shows it (M3)."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.domain.ids import SlackUserId
from bot.domain.money.budgets import Burn
from bot.domain.values import dataclass

MOST_DAYS = 400
"""Points of a line; what came before is where it begins."""


@dataclass(frozen=True, slots=True)
class BurnChart:
    """A project's budget in its present period."""

    to: SlackUserId
    project: str
    burn: Burn
    sees_money: bool
    first: date
    """Of the days that are drawn."""
    sums: tuple[int, ...]
    """What was used at the end of each day up to today: seconds, or cent-seconds."""
    last: date
    """Of the budget's period; today where it has no end."""


def climbed(
    spent: Mapping[date, int], first: date | None, today: date
) -> tuple[date, tuple[int, ...]]:
    """The first day that is drawn, and what was used at the end of each day.

    The last sum is everything, that of days to come included.

    Args:
        spent: What was used on each day.
        first: Of the budget's period; None where it has no beginning: then the first with time.
        today: The last day that is drawn.
    """
    begin = first or min(spent, default=today)
    begin = max(min(begin, today), today - timedelta(days=MOST_DAYS - 1))
    used = sum(amount for day, amount in spent.items() if day < begin)
    sums = []
    for number in range((today - begin).days + 1):
        used += spent.get(begin + timedelta(days=number), 0)
        sums.append(used)
    sums[-1] += sum(amount for day, amount in spent.items() if day > today)
    return begin, tuple(sums)
