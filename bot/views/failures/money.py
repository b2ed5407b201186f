"""What to say when something about money, clients or budgets does not go as asked."""

from bot.domain.money import billing_errors as errors
from bot.domain.money import money
from bot.views.message import escaped
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


@says(errors.ClientExists)
def _client_exists(error: errors.ClientExists) -> str:
    archived = " It is archived; bring it back instead." if error.is_archived else ""
    return f"There is a client *{escaped(error.name)}* already.{archived}"


@says(errors.CurrencyInUse)
def _currency_in_use(error: errors.CurrencyInUse) -> str:
    return (
        f"Rates, fees or budgets of *{escaped(error.client)}* are in {error.currency}. Remove "
        "those first, or make another client for the other currency."
    )


@says(errors.CurrenciesDiffer)
def _currencies_differ(error: errors.CurrenciesDiffer) -> str:
    return (
        f"One is in {error.one}, the other in {error.other}, and amounts are never turned into "
        "another currency. Nothing was merged."
    )


@says(errors.MergeWithItself)
def _merge_with_itself(error: errors.MergeWithItself) -> str:
    del error
    return "Choose another client than this one."


@says(errors.AmountMissing)
def _amount_missing(error: errors.AmountMissing) -> str:
    del error
    return "Give an amount; this way of billing needs one."


@says(errors.BudgetMissing)
def _budget_missing(error: errors.BudgetMissing) -> str:
    del error
    return "Give an amount above zero, or choose no budget."


@says(errors.AmountForNothing)
def _amount_for_nothing(error: errors.AmountForNothing) -> str:
    del error
    return "Choose what the amount is for, or leave it empty."


@says(errors.PersonMissing)
def _person_missing(error: errors.PersonMissing) -> str:
    del error
    return "Choose at least one person of this workspace."


@says(errors.CurrenciesMixed)
def _currencies_mixed(error: errors.CurrenciesMixed) -> str:
    return (
        f"These projects are billed in {' and '.join(error.currencies)}. Do it for each currency "
        "by itself."
    )
