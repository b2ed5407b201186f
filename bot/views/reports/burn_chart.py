"""The words of a picture of a budget, and what a screen reader says of it."""

from datetime import date, timedelta

from bot.domain.money.budgets import Every, Kind
from bot.domain.reports.burn_charts import BurnChart
from bot.domain.reports.pictures import Climb, Mark
from bot.views.money.budget_words import amount_of, whole
from bot.views.reports.chart import MOST_SAID
from bot.views.times import dated, dates

_TICKS = 6
_HUNDRED = 100


def burn_chart(found: BurnChart) -> tuple[Climb, str]:
    """What is drawn, and its description."""
    burn, today = found.burn, found.first + timedelta(days=len(found.sums) - 1)
    budget = burn.budget
    veiled = budget.kind is Kind.MONEY and not found.sees_money
    days = max((found.last - found.first).days + 1, len(found.sums))
    left = budget.whole - burn.spent
    used = f"{burn.percent} % used"
    rest = ""
    if not veiled:
        rest = f"{amount_of(budget, abs(left))} {'left' if left >= 0 else 'over'}"
        used += f", {amount_of(budget, burn.spent)}"
    said = [_period(found, today), ", ".join(filter(None, (used, rest)))]
    name = "Budget" if veiled else f"Budget of {whole(budget)}"
    marks = [
        Mark(budget.whole * percent // _HUNDRED, f"{percent} %")
        for percent in budget.thresholds
        if percent != _HUNDRED
    ]
    full = "100 %" if veiled else amount_of(budget, budget.whole)
    climb = Climb(
        title=found.project,
        lines=(f"{name}, {said[0]}", said[1]),
        sums=found.sums,
        days=days,
        ticks=tuple(_ticks(found.first, days)),
        marks=(*marks, Mark(budget.whole, full, is_end=True)),
        said=f"{burn.percent} %" if veiled else amount_of(budget, burn.spent),
        foot="" if days == len(found.sums) else f"Up to {dated(today, today)}.",
    )
    return climb, f"Chart: {found.project}. {'. '.join(climb.lines)}."[:MOST_SAID]


def _period(found: BurnChart, today: date) -> str:
    named = dates(found.first, found.last, today)
    every = found.burn.budget.every
    return named if every is Every.ONCE else f"this {every}: {named}"


def _ticks(first: date, days: int) -> list[tuple[int, str]]:
    apart = max(1, -(-days // _TICKS))
    found = [first + timedelta(days=number) for number in range(0, days, apart)]
    return [((day - first).days, f"{day.day} {day:%b}") for day in found]
