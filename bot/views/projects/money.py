"""A project's client, billing and earnings on its page (M3)."""

from bot.domain.money.budgets import Burn
from bot.domain.money.money import Money
from bot.domain.projects.project_money import Earnings, ProjectMoney
from bot.views.message import Block, actions, button, clipped, divider, escaped, section
from bot.views.money.billing_words import BILLING, CLIENT, METHODS, priced
from bot.views.money.budget_words import BUDGET, burned
from bot.views.times import length

_NAME = 120


def money(found: ProjectMoney, project_id: int, *, is_admin: bool) -> list[Block]:
    """Nothing, where there is nothing to tell and nothing to do."""
    lines = told_money(found)
    if not lines and not is_admin:
        return []
    said = "\n".join(["*Billing*", *(lines or ["No client, not billable."])])
    blocks: list[Block] = [divider(), section(said)]
    if is_admin:
        value = str(project_id)
        blocks.append(
            actions(
                button("Client", CLIENT, value, says="Change the client"),
                button("Billing", BILLING, value, says="Change how its time is billed"),
                button("Budget", BUDGET, value, says="Change the budget"),
                block_id="money",
            )
        )
    return blocks


def told_money(found: ProjectMoney) -> list[str]:
    """Client, billing, budget and earnings, a line each, as far as the value has them."""
    lines = []
    if found.client:
        lines.append(f"Client: *{escaped(clipped(found.client, _NAME))}*")
    if found.terms is not None:
        how = priced(found.terms, found.rates) if found.sees_money else METHODS[found.terms.method]
        lines.append(f"{how[:1].upper()}{how[1:]}.")
    if found.terms is not None and found.month is not None and found.total is not None:
        lines.append(f"This month: {_earned(found.month)}. In all: {_earned(found.total)}.")
    if found.burn is not None:
        lines += [*burned(found.burn, sees_money=found.sees_money), *_idle(found, found.burn)]
    if found.per_hour is not None:
        lines.append(f"So far the fee comes to {found.per_hour} an hour.")
    if found.total is not None and found.total.unpriced:
        lines.append(
            f"*{length(found.total.unpriced)} earn nothing*, because no rate is set for them in "
            "the project's currency."
        )
    return lines


def _idle(found: ProjectMoney, burn: Burn) -> list[str]:
    """Why new time does not fill a budget in money, to who sees that."""
    terms, currency = found.terms, burn.budget.currency
    if currency is None or not found.sees_money:
        return []
    if terms is None or not terms.method.is_hourly:
        return ["Its hours earn nothing now, so new time does not fill the budget."]
    if terms.currency == currency:
        return []
    return [
        f"It is billed in {terms.currency} now, so new time does not fill a budget in {currency}."
    ]


def _earned(one: Earnings) -> str:
    if not one.seconds:
        return "no time"
    billable = f"{one.share} % billable"
    return f"{_amounts(one.earned)}, {billable}" if one.earned else billable


def _amounts(amounts: tuple[Money, ...]) -> str:
    return " and ".join(str(one) for one in amounts)
