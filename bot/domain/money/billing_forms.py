"""Clients, terms and rates as their forms show and change them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.ids import ClientId, ProjectId, SlackUserId, TaskId
from bot.domain.money.billing import ALWAYS, Client, Method, Rate, Terms, terms_on
from bot.domain.values import dataclass

PAGE_SIZE = 15
LONGEST_NAME = 200
MOST_SHOWN = 12
"""Of what began on which day."""


@dataclass(frozen=True, slots=True)
class ClientQuery:
    """Which clients a list shows."""

    words: str = ""
    page: int = 0
    turn: int = 0


@dataclass(frozen=True, slots=True)
class ClientLine:
    """A client in the list."""

    client: Client
    projects: int
    """That it has today."""


@dataclass(frozen=True, slots=True)
class ClientsPage:
    """One page of the list."""

    query: ClientQuery
    """As it was answered: the page is one that there is."""
    lines: tuple[ClientLine, ...]
    total: int
    currency: str
    """The team's, which a new client begins with."""

    @property
    def pages(self) -> int:
        """How many there are, one at least."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class Merged:
    """A client became another one."""

    gone: str
    into: Client
    projects: int | None
    """That came with it; None where it had been merged before."""


@dataclass(frozen=True, slots=True)
class TermsLine:
    """Terms, and what their client is called."""

    terms: Terms
    client: str | None


@dataclass(frozen=True, slots=True)
class BillingForm:
    """What the forms show of one project, or of many."""

    project: str | None
    """None where several are meant."""
    projects: int
    client: Client | None
    """Today's, of the one project."""
    terms: Terms
    """Today's, of the one project."""
    history: tuple[TermsLine, ...]
    rates: tuple[Rate, ...]
    """What everybody's hour earned when, of the one project."""
    currencies: tuple[str, ...]
    """Of all of them, today."""
    unbilled: int = 0
    """Tasks that are not billed."""
    had_client: bool = False
    """One of them has or had a client: another one begins today, unless it is said otherwise."""
    was_billed: bool = False
    """The same of billing."""


@dataclass(frozen=True, slots=True)
class BillingWish:
    """How the time is to be billed."""

    method: Method
    amount: str = ""
    """A rate or a fee, as typed; in each project's own currency."""
    from_day: date = ALWAYS


@dataclass(frozen=True, slots=True)
class Agreed:
    """Projects have other terms now."""

    projects: int
    changed: int
    client: Client | None = None
    method: Method | None = None
    amount: str = ""
    """The rate or fee that was set."""
    from_day: date = ALWAYS
    closed: date | None = None
    """The last day of closed months whose time has other prices now."""
    is_unused: bool = False
    """An amount was typed for a way of billing that takes each person's own."""
    unpriced: int = 0
    """Of them, those whose hours earn by a rate that is not set in their currency."""


@dataclass(frozen=True, slots=True)
class RateWish:
    """Whose hours earn how much."""

    users: tuple[SlackUserId, ...]
    amount: str
    currency: str
    from_day: date = ALWAYS
    project_id: ProjectId | None = None
    """Only there; None for every project."""


@dataclass(frozen=True, slots=True)
class RateLine:
    """A rate and whose it is."""

    rate: Rate
    person: str


@dataclass(frozen=True, slots=True)
class RatesPage:
    """People's rates, on one project or everywhere."""

    project_id: ProjectId | None
    project: str | None
    currency: str
    """What a new one begins with."""
    lines: tuple[RateLine, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many there are, one at least."""
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class RatesSet:
    """People's rates were set."""

    names: tuple[str, ...]
    said: str
    """The amount."""
    from_day: date = ALWAYS
    closed: date | None = None
    """The last day of closed months whose time has another price now."""
    wanted: str = ""
    """The currency of the project, where the rate has another and so earns nothing there."""
    strangers: int = 0
    """Chosen, but no people of this workspace."""


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """A task that can be billed or not."""

    id: TaskId
    name: str


@dataclass(frozen=True, slots=True)
class TasksForm:
    """Which of a project's tasks are not billed."""

    project: str
    unbilled: tuple[TaskChoice, ...]
    """The first few."""
    total: int


@dataclass(frozen=True, slots=True)
class TasksBilled:
    """Tasks are billed now, or not any more."""

    billed: int
    unbilled: int


def nothing_agreed(currency: str) -> Terms:
    """What holds where nobody has set any terms."""
    return Terms(ALWAYS, Method.NON_BILLABLE, currency)


def with_client(
    terms: Sequence[Terms], day: date, client_id: ClientId | None, currency: str
) -> list[Terms]:
    """The terms, with another client from a day on until the client changes again."""

    def change(one: Terms) -> Terms:
        return replace(one, client_id=client_id, currency=currency)

    def same(one: Terms, other: Terms) -> bool:
        return (one.client_id, one.currency) == (other.client_id, other.currency)

    return _changed(terms, day, change, same, nothing_agreed(currency))


def with_method(
    terms: Sequence[Terms], day: date, method: Method, fee: int | None, start: Terms
) -> list[Terms]:
    """The terms, billed in another way from a day on until the way changes again."""

    def change(one: Terms) -> Terms:
        return replace(one, method=method, fee=fee)

    def same(one: Terms, other: Terms) -> bool:
        return (one.method, one.fee) == (other.method, other.fee)

    return _changed(terms, day, change, same, start)


def _changed(
    terms: Sequence[Terms],
    day: date,
    change: Callable[[Terms], Terms],
    same: Callable[[Terms, Terms], bool],
    start: Terms,
) -> list[Terms]:
    before = terms_on(terms, day) or start
    made = [one for one in terms if one.from_day < day]
    made.append(replace(change(before), from_day=day))
    goes_on = True
    for later in sorted((one for one in terms if one.from_day > day), key=lambda one: one.from_day):
        goes_on = goes_on and same(before, later)
        made.append(change(later) if goes_on else later)
    return [
        one
        for at, one in enumerate(made)
        if not at or replace(one, from_day=made[at - 1].from_day) != made[at - 1]
    ]
