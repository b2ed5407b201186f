"""How budgets are told, wherever they are."""

from collections.abc import Mapping

from bot.domain.money.budgets import Budget, Burn, Every, Kind, money_of
from bot.domain.money.money import Money, rounded
from bot.views.bars import bar
from bot.views.times import length

BUDGET = "projects.budget"
"""The button of a project, and of everything that is ticked."""

_A: Mapping[Every, str] = {Every.ONCE: "", Every.WEEK: " a week", Every.MONTH: " a month"}


def whole(budget: Budget) -> str:
    """``120 h a month``, ``5,000.00 EUR``."""
    money = money_of(budget)
    amount = length(budget.amount) if money is None else str(money)
    return f"{amount}{_A[budget.every]}"


def burned(burn: Burn, *, sees_money: bool) -> list[str]:
    """How much is used, in a line, and a bar for those who like one."""
    budget = burn.budget
    when = "" if budget.every is Every.ONCE else f" this {budget.every.value}"
    if budget.kind is Kind.MONEY and not sees_money:
        said = f"Budget: {burn.percent} % used{when}"
    else:
        used, left = amount_of(budget, burn.spent), budget.whole - burn.spent
        rest = f"{amount_of(budget, abs(left))} {'left' if left >= 0 else 'over'}"
        said = f"Budget of {whole(budget)}: {burn.percent} % used{when}, {used}, {rest}"
    return [f"{said}.", f"`{bar(burn.spent, budget.whole, track=budget.whole)}`"]


def amount_of(budget: Budget, spent: int) -> str:
    """Seconds, or cent-seconds, in words."""
    if budget.kind is Kind.HOURS or budget.currency is None:
        return length(spent)
    return str(Money(rounded(spent), budget.currency))
