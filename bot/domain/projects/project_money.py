"""A project's money as its page tells it, as far as who asks may see it (M3)."""

from bot.domain.money.billing import Rate, Terms
from bot.domain.money.budgets import Burn
from bot.domain.money.money import Money
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Earnings:
    """Billable time of a stretch of days, and what it came to."""

    seconds: int = 0
    """All of it, billable or not."""
    billable: int = 0
    earned: tuple[Money, ...] = ()
    """By the hour, one amount a currency; none for who may not see money."""
    unpriced: int = 0
    """Seconds that earn nothing because no rate is set."""

    @property
    def share(self) -> int | None:
        """Percent that is billable; None without time."""
        return round(100 * self.billable / self.seconds) if self.seconds else None


@dataclass(frozen=True, slots=True)
class ProjectMoney:
    """For whom and how a project is billed, and what it has brought."""

    client: str | None
    terms: Terms | None
    """Today's; None where nobody has set any. Without a fee for who may not see money."""
    rates: tuple[Rate, ...] = ()
    """The project's own, for who may see money."""
    sees_money: bool = False
    month: Earnings | None = None
    """None for who sees their own time alone."""
    total: Earnings | None = None
    per_hour: Money | None = None
    """What a fixed fee comes to an hour so far."""
    burn: Burn | None = None
    """What of the budget is used; in money, only the percentage is for who may not see that."""


NO_MONEY = ProjectMoney(None, None)
"""Nothing was ever set."""
