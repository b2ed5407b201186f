"""What to say when something about money, clients or budgets does not go as asked."""

from bot.domain import money
from bot.views.saying import says
from bot.views.words import quoted


@says(money.CurrencyUnknown)
def _currency(error: money.CurrencyUnknown) -> str:
    return f"{quoted(error.text)} is no currency. Write its three letters: EUR, USD, GBP."


@says(money.AmountNotUnderstood)
def _amount(error: money.AmountNotUnderstood) -> str:
    example = money.Money(95 * 10 ** money.DECIMALS[error.currency], error.currency)
    if not error.text.strip():
        return f"Give an amount, for example {example}."
    return f"{quoted(error.text)} is no amount in {error.currency}. Write it like {example}."
