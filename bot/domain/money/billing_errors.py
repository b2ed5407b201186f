"""What can go wrong about clients, billing and budgets."""

from bot.domain.errors import NotPossible
from bot.domain.values import dataclass


@dataclass(eq=False)
class ClientExists(NotPossible):
    """Another client has this name."""

    name: str
    is_archived: bool


@dataclass(eq=False)
class CurrencyInUse(NotPossible):
    """Rates, fees or budgets of the client's projects are in its currency."""

    client: str
    currency: str


@dataclass(eq=False)
class CurrenciesDiffer(NotPossible):
    """Two clients that are to become one have different currencies."""

    one: str
    other: str


class MergeWithItself(NotPossible):
    """A client cannot become itself."""


class AmountMissing(NotPossible):
    """A rate or a fee is needed and none was given."""


class BudgetMissing(NotPossible):
    """A budget of something is wanted and nothing was given."""


class AmountForNothing(NotPossible):
    """An amount was given, but not what it is for."""


class PersonMissing(NotPossible):
    """A rate is whose?"""


@dataclass(eq=False)
class CurrenciesMixed(NotPossible):
    """One amount for projects in several currencies."""

    currencies: tuple[str, ...]
