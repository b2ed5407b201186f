"""Time entries with their price as rows of a table, for files that people open elsewhere.

Each amount is what the total of its currency grows by with that row. So a column adds up to the
very total that every other view of the same time shows; a single row may be a cent off what it
would come to by itself.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.entries.entries import TaskLabel
from bot.domain.entries.entry_table import AFTER_MIDNIGHT, STOPPED
from bot.domain.money.money import Money, Purse, rounded

HEAD = (
    *("date", "start", "end", "zone", "person", "client", "project", "task", "title", "note"),
    *("seconds", "hours", "h:mm", "billable"),
)
MONEY = ("rate", "amount", "currency")
"""For who may see it."""
ROUNDED = ("rounded seconds", "rounded hours")
"""Where the team rounds."""
LAST = ("written to", "remark")


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One entry."""

    day: date
    start: datetime | None
    """On its person's wall clock; None for a length without clock times."""
    end: datetime | None
    zone: str
    person: str
    client: str
    on: TaskLabel
    note: str
    seconds: int
    is_billable: bool
    rate: Money | None = None
    """What an hour earns; None where hours earn nothing."""
    goes_on: bool = False
    was_stopped: bool = False
    written: str = ""
    """The tool that has it; in brackets what is not as it should be there."""
    counted: int | None = None
    """Seconds as the team's rule rounds them; None where there is none."""

    @property
    def told(self) -> int:
        """Seconds that reports count."""
        return self.seconds if self.counted is None else self.counted

    @property
    def remark(self) -> str:
        """What to know of it."""
        remarks = ((self.goes_on, AFTER_MIDNIGHT), (self.was_stopped, STOPPED))
        return ", ".join(text for holds, text in remarks if holds)


@dataclass(slots=True)
class Added:
    """What the rows of a file come to, while they pass."""

    rows: int = 0
    seconds: int = 0
    told: int = 0
    """Seconds that the report counts."""
    purse: Purse = field(default_factory=Purse)

    def amount(self, line: ReportLine) -> Money | None:
        """Counts a row; what the total of its currency grows by."""
        self.rows += 1
        self.seconds += line.seconds
        self.told += line.told
        if line.rate is None:
            return None
        currency = line.rate.currency
        before = rounded(self.purse.held.get(currency, 0))
        self.purse.add(currency, line.told * line.rate.minor)
        return Money(rounded(self.purse.held[currency]) - before, currency)


def cells(
    line: ReportLine, amount: Money | None, *, with_money: bool, with_rounded: bool = False
) -> tuple[str, ...]:
    """What stands under the head, spelled as spreadsheets read moments and numbers."""
    minutes = line.seconds // 60
    money: tuple[str, ...] = ()
    if with_money:
        money = ("", "", "")
        if line.rate is not None and amount is not None:
            money = (str(line.rate.plain), str(amount.plain), amount.currency)
    return (
        line.day.isoformat(),
        *("" if one is None else f"{one:%Y-%m-%d %H:%M:%S}" for one in (line.start, line.end)),
        *(line.zone, line.person, line.client, line.on.project_name, line.on.key, line.on.title),
        *(line.note, str(line.seconds), f"{line.seconds / 3600:.4f}"),
        f"{minutes // 60}:{minutes % 60:02}",
        "yes" if line.is_billable else "no",
        *((str(line.told), f"{line.told / 3600:.4f}") if with_rounded else ()),
        *money,
        line.written,
        line.remark,
    )
