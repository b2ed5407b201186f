"""What a picture of a report shows: which bars, and how long each is (M4).

Everything in it is taken from the report itself, so a chart says what its text says.
"""

from collections.abc import Sequence
from datetime import date

from bot.domain.periods import Period, Unit, period_around
from bot.domain.reports.reports import Group, Report, RowName
from bot.domain.reports.team_reports import TeamReport
from bot.domain.values import dataclass

MOST_RANKED = 12
"""Bars of projects, people and the like; the rest of them is one more."""
MOST_IN_ORDER = 62
"""Bars of days, weeks and months."""
_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar."""

    name: RowName
    seconds: int
    billable: int | None = None
    """Seconds of it; None where that is not told apart."""
    is_running: bool = False
    """A timer that runs is counted in it."""
    others: int = 0
    """It stands for so many further rows, and has no name."""


@dataclass(frozen=True, slots=True)
class ChartData:
    """All bars of a picture, and what the report says of all time."""

    group: Group
    bars: tuple[ChartBar, ...]
    """Days, weeks, months and years in order; else the longest first, the others last."""
    total: int
    billable: int | None
    """Seconds of the total; None where that is not told apart."""

    @property
    def is_in_order(self) -> bool:
        """It shows how time went on, not who or what had most."""
        return self.group.unit is not None

    @property
    def is_split(self) -> bool:
        """It tells something to divide the bars: some time is billable, and some is not."""
        return bool(self.billable) and self.billable != self.total


def charted(group: Group, period: Period) -> Group:
    """The grouping of a picture: in a long period, days are too many for bars."""
    if group is Group.DAY and period.days > MOST_IN_ORDER:
        group = Group.WEEK
    if group is Group.WEEK and period.days > MOST_IN_ORDER * _A_WEEK:
        group = Group.MONTH
    return group


def chart_of(found: TeamReport) -> ChartData:
    """Of a report that has all of its rows."""
    is_told = found.choice.group is not Group.BILLABLE
    bars = [
        ChartBar(row.name, row.sums.seconds, row.sums.billable if is_told else None)
        for row in found.rows
    ]
    return chart_data(
        found.choice.group,
        bars,
        total=found.total.seconds,
        billable=found.total.billable if is_told else None,
    )


def own_chart_of(found: Report) -> ChartData:
    """Of a member's own report."""
    bars = [ChartBar(row.name, row.seconds, is_running=row.is_running) for row in found.rows]
    return chart_data(found.choice.group, bars, total=found.total)


def chart_data(
    group: Group, bars: Sequence[ChartBar], *, total: int, billable: int | None = None
) -> ChartData:
    """The bars that there is room for; no time is left out.

    The total is the report's own: by label, bars come to more, because a task with several labels
    counts under each.
    """
    shown = _in_order(bars) if group.unit is not None else _ranked(bars)
    return ChartData(group, tuple(shown), total, billable)


def _ranked(bars: Sequence[ChartBar]) -> list[ChartBar]:
    some = [bar for bar in bars if bar.seconds]
    if len(some) <= MOST_RANKED + 1:  # one that is left would only be renamed
        return some
    return [*some[:MOST_RANKED], _added("", some[MOST_RANKED:])]


def _in_order(bars: Sequence[ChartBar]) -> list[ChartBar]:
    """As they are, or by year where there are too many."""
    if len(bars) <= MOST_IN_ORDER:
        return list(bars)
    years: dict[Period, list[ChartBar]] = {}
    for bar in bars:
        if isinstance(bar.name, Period):
            years.setdefault(_year_of(bar.name), []).append(bar)
    return [_added(year, some) for year, some in years.items()]


def _year_of(period: Period) -> Period:
    """That in which most of its days lie."""
    middle = date.fromordinal((period.first.toordinal() + period.last.toordinal()) // 2)
    return period_around(middle, Unit.YEAR)


def _added(name: RowName, bars: Sequence[ChartBar]) -> ChartBar:
    told = [bar.billable for bar in bars if bar.billable is not None]
    return ChartBar(
        name,
        sum(bar.seconds for bar in bars),
        sum(told) if len(told) == len(bars) else None,
        any(bar.is_running for bar in bars),
        others=0 if isinstance(name, Period) else len(bars),
    )
