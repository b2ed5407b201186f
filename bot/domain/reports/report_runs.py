"""Long reports, which are made in the background: how one stands."""

from enum import StrEnum

from bot.domain.ids import ReportRunId, SlackUserId
from bot.domain.periods import Period, Unit, period_around
from bot.domain.reports.team_reports import TeamChoice
from bot.domain.values import dataclass


class RunState(StrEnum):
    """Where a long report stands."""

    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunWish:
    """What is made."""

    choice: TeamChoice
    page: int = 0
    form: str = ""
    """Of a file; empty for the report itself."""


@dataclass(frozen=True, slots=True)
class ReportRun:
    """A report that somebody waits for."""

    id: ReportRunId
    to: SlackUserId
    wish: RunWish
    channel_id: str | None = None
    message_ts: str | None = None
    """The direct message that is edited until it holds the result."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a report is made."""

    done: int
    of: int

    @property
    def percent(self) -> int:
        """In whole hundredths."""
        return 100 * self.done // max(1, self.of)


def pieces(period: Period) -> list[Period]:
    """The months that a period has days in, as far as they are in it."""
    found: list[Period] = []
    day = period.first
    while day < period.after_last:
        end = min(period_around(day, Unit.MONTH).after_last, period.after_last)
        found.append(Period(day, end))
        day = end
    return found
