"""What is shown of submitted weeks, and what can go wrong with them (T14).

```
NotPossible
+- TimesheetsOff         the team does not submit weeks
+- NothingToSubmit       the week has no time
+- TimerInWeek           a timer runs that began in it
+- CommentMissing        a week is returned with a word
NotAllowed
+- OwnWeek               others decide on one's own week
AlreadyDone
+- SheetMoved            somebody else, or the same click, brought it elsewhere before
```

Moments are in the reader's zone.
"""

from datetime import date, datetime

from bot.domain.approval.week_sheets import PartState, SheetState, WeekSheet
from bot.domain.errors import AlreadyDone, NotAllowed, NotPossible
from bot.domain.ids import ProjectId
from bot.domain.tracking.tracking import DayLine, RunningTimer
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class ProjectTotal:
    """The time on one project of a week."""

    project_id: ProjectId
    name: str
    seconds: int
    state: PartState | None = None
    """None before it is submitted."""


@dataclass(frozen=True, slots=True)
class WeekToSubmit:
    """A member's week before it is submitted, and the others that could be."""

    first: date
    days: tuple[tuple[date, int], ...]
    projects: tuple[ProjectTotal, ...]
    state: SheetState
    comment: str
    choices: tuple[tuple[date, SheetState], ...]
    """First days of weeks, newest first, and how each stands."""
    is_over: bool
    """Its last day is behind the member."""

    @property
    def seconds(self) -> int:
        """In all."""
        return sum(seconds for _, seconds in self.days)


@dataclass(frozen=True, slots=True)
class SheetView:
    """A week as somebody sees it who decides on it, or whose it is."""

    sheet: WeekSheet
    owner: str
    projects: tuple[ProjectTotal, ...]
    """Those the reader may see."""
    moved_by: str
    moved_at: datetime | None
    now: datetime
    is_own: bool = False
    """It is the reader's week."""
    moved_by_reader: bool = False

    @property
    def seconds(self) -> int:
        """Of the projects that are shown."""
        return sum(one.seconds for one in self.projects)


@dataclass(frozen=True, slots=True)
class SheetDetails:
    """A week with its entries, for who decides on it."""

    view: SheetView
    lines: tuple[tuple[date, DayLine], ...]
    hidden: int = 0
    """Entries that are not shown."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """How a submitted week stands, to its owner."""

    view: SheetView
    asked: tuple[str, ...]
    """The names of those for whom it waits."""


@dataclass(frozen=True, slots=True)
class Wished:
    """The owner asked to get an approved week back."""

    sheet: WeekSheet
    asked: tuple[str, ...]
    """The names of those who were asked."""


@dataclass(eq=False)
class TimesheetsOff(NotPossible):
    """The team does not submit weeks."""


@dataclass(eq=False)
class NothingToSubmit(NotPossible):
    """The week has no time to submit."""

    first: date
    last: date


@dataclass(eq=False)
class TimerInWeek(NotPossible):
    """A timer runs that began in the week: what it tracks would be missing."""

    timer: RunningTimer


@dataclass(eq=False)
class CommentMissing(NotPossible):
    """It does not say what to change."""


@dataclass(eq=False)
class OwnWeek(NotAllowed):
    """Nobody decides on their own week where somebody else can."""

    others: tuple[str, ...]
    """Who can, by name."""


@dataclass(eq=False)
class SheetMoved(AlreadyDone):
    """The week is not where the click thought it was."""

    view: SheetView
