"""What a report of many people's time is asked for, and what its statements have in common (M4)."""

from collections.abc import Collection, Sequence

from bot.domain.periods import Period
from bot.domain.reports.rounding import Rounding
from bot.domain.reports.team_reports import Filters
from bot.domain.values import dataclass
from storage.money.price_lists import Held
from storage.reports.report_sums import Seen


@dataclass(frozen=True, slots=True)
class Basis:
    """What the statements of a report have in common."""

    projects: Sequence[int]
    """Whose time it may be."""
    terms: Held
    """Theirs."""
    labelled: Sequence[int] | None = None
    """The tasks with the label that is asked for, where each statement would look for them anew."""


@dataclass(frozen=True, slots=True)
class Which:
    """Which time is added up."""

    seen: Seen
    period: Period
    filters: Filters
    with_money: bool = True
    """Whether it is told what was earned."""
    rounding: Rounding | None = None
    """How each entry counts."""
    basis: Basis | None = None
    """As ``based`` found it, for this period."""

    @property
    def people(self) -> Collection[int] | None:
        """Those whose time it may be; None for everybody."""
        if self.seen.member_id is not None:
            return (self.seen.member_id,)
        return self.filters.people or None

    @property
    def may_earn(self) -> bool:
        """It is told what was earned, and something may have been."""
        return self.with_money and self.filters.billable is not False

    @property
    def is_narrow(self) -> bool:
        """It is so little that other indexes than that on projects find it."""
        mine = self.seen.member_id is not None
        return mine or bool(self.filters.people or self.filters.about.tasks)
