"""Where everybody's hours and money went: what a report was asked for, and what it says (M4)."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import quote, unquote

from bot.domain.ids import ClientId, MemberId
from bot.domain.money.billing import Price
from bot.domain.money.money import Purse, earned
from bot.domain.periods import Period
from bot.domain.projects.project_money import Earnings
from bot.domain.reports.reports import Group, Narrowed, RowName, narrowed_from
from bot.domain.reports.rounding import Rounding

_EVERYTHING = Narrowed()
LONGEST_LABEL = 100
ROWS_SHOWN = 20
"""Rows on a page: with long names, half of what the cells of a message may hold."""


class Reach(StrEnum):
    """Whose time is in a report; who asks decides."""

    OWN = "own"
    MANAGED = "managed"
    """On the projects that who asks manages."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a report is about; nothing means everything that who asks may see."""

    about: Narrowed = _EVERYTHING
    clients: tuple[ClientId, ...] = ()
    people: tuple[MemberId, ...] = ()
    label: str = ""
    billable: bool | None = None

    @property
    def code(self) -> str:
        """For a button's value; ``filters_from`` reads it."""
        parts = [
            self.about.code,
            ",".join(map(str, self.clients)),
            ",".join(map(str, self.people)),
            quote(self.label, safe=""),
            {None: "", True: "y", False: "n"}[self.billable],
        ]
        return ";".join(parts)

    @property
    def need_terms(self) -> bool:
        """Which time it is depends on how projects are billed."""
        return bool(self.clients) or self.billable is not None


_UNFILTERED = Filters()
_IDS = r"((?:[0-9]{1,18}(?:,(?=[0-9])|(?=;))){0,5})"
_CODE = re.compile(
    rf"([pt0-9,]{{0,500}});{_IDS};{_IDS};([A-Za-z0-9_.~%-]{{0,1200}});([yn]?)", re.ASCII
)


def filters_from(code: str) -> Filters | None:
    """What a report is about by the code in a button's value; None where it is none."""
    found = _CODE.fullmatch(code)
    about = None if found is None else narrowed_from(found[1])
    if found is None or about is None or "%00" in found[4]:  # which no database takes
        return None
    clients, people = ([int(one) for one in found[at].split(",") if one] for at in (2, 3))
    return Filters(
        about,
        tuple(map(ClientId, clients)),
        tuple(map(MemberId, people)),
        unquote(found[4])[:LONGEST_LABEL],
        {"": None, "y": True, "n": False}[found[5]],
    )


@dataclass(frozen=True, slots=True)
class TeamChoice:
    """A report as a button holds it."""

    period: Period
    group: Group
    filters: Filters = _UNFILTERED
    for_team: bool = True


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One row."""

    name: RowName
    """Empty for no client, no label, and what is not billable."""
    sums: Earnings
    id: int | None = None
    """Of the person or client; names may be the same."""


@dataclass(frozen=True, slots=True)
class TeamReport:
    """Finished time in a period, as far as who asked may see it."""

    choice: TeamChoice
    reach: Reach
    about: tuple[str, ...]
    """Names of what it is about; empty for everything."""
    rows: tuple[TeamRow, ...]
    """Those of one page, the most first; days, weeks and months in order."""
    most: int
    """Seconds of the longest of all rows."""
    number: int
    """Rows on all pages."""
    page: int
    total: Earnings
    """Of all pages. Each amount is rounded from its own exact sum."""
    before: Period | None
    """What it is compared with: as many days of the period before; None where there is none."""
    before_seconds: int
    running: int
    """Timers that run on this now; they count once they are stopped."""
    sees_money: bool
    today: date
    rounding: Rounding | None = None
    """How its time is counted."""
    runners: tuple[str, ...] = ()
    """Whose they are, where it goes by person; the longest first, and not all of very many."""


@dataclass(slots=True)
class Pile:
    """Sums while they are added up."""

    seconds: int = 0
    billable: int = 0
    unpriced: int = 0
    purse: Purse = field(default_factory=Purse)

    def put(self, price: Price, seconds: int, free: int) -> None:
        """Puts time of one price on top; of it, ``free`` seconds that nobody is billed for."""
        self.seconds += seconds
        if not price.is_billable:
            return
        billed = seconds - free
        self.billable += billed
        if price.is_unpriced:
            self.unpriced += billed
        elif price.currency is not None and price.per_hour and billed:
            self.purse.add(price.currency, earned(billed, price.per_hour))

    def add(self, other: "Pile") -> None:
        """Puts another one on top."""
        self.seconds += other.seconds
        self.billable += other.billable
        self.unpriced += other.unpriced
        self.purse.pour([other.purse])

    def told(self, *, sees_money: bool) -> Earnings:
        """What may be shown of it."""
        if not sees_money:
            return Earnings(self.seconds, self.billable)
        return Earnings(self.seconds, self.billable, tuple(self.purse), self.unpriced)
