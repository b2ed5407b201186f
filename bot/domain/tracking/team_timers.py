"""Other people's running timers, as managers and admins see them, and stopping one for somebody.

```
AlreadyDone
+- TheirTimerEnded       the timer that was to be stopped is not running any more
```

Moments are in the zone of who asks, or of whom it is told to.
"""

from datetime import datetime

from bot.domain.entries.entries import TaskLabel
from bot.domain.errors import AlreadyDone
from bot.domain.ids import ProjectId, SlackUserId, TimeEntryId
from bot.domain.tracking.spans import elapsed
from bot.domain.tracking.tracking import RunningTimer, TimerEnd
from bot.domain.values import dataclass

TIMERS_SHOWN = 15
"""On a page."""
LONGEST_REASON = 200
"""Characters of why somebody's timer was stopped for them."""


@dataclass(frozen=True, slots=True)
class TeamTimersAsked:
    """Which of the timers that somebody may see, and which page of them."""

    project_id: ProjectId | None = None
    """Only those on it; None for all."""
    page: int = 0


@dataclass(frozen=True, slots=True)
class TeamTimer:
    """Somebody's running timer."""

    entry_id: TimeEntryId
    person: str
    is_asker: bool
    on: TaskLabel
    since: datetime
    now: datetime
    today: int
    """Their seconds of their own day so far, this timer's included; only what may be seen."""

    @property
    def seconds(self) -> int:
        """How long it has been running."""
        return elapsed(self.since, self.now)


@dataclass(frozen=True, slots=True)
class TeamTimers:
    """A page of them, the longest first."""

    asked: TeamTimersAsked
    """As it was answered: the page is one that there is."""
    timers: tuple[TeamTimer, ...]
    total: int
    is_all: bool
    """Everybody's: who asks is an admin; else those on the projects that they manage."""
    project: str
    """The name of the one project; empty where it is about all of them."""
    now: datetime


@dataclass(frozen=True, slots=True)
class StopWanted:
    """What the form asks that stops somebody's timer."""

    person: str
    timer: RunningTimer
    zone: str
    """Of who asks, in which clock times are read."""
    is_own: bool
    """It is the timer of who asks, after all."""

    @property
    def spans_days(self) -> bool:
        """It has been running since another day."""
        return self.timer.since.date() != self.timer.now.date()


@dataclass(frozen=True, slots=True)
class StoppedForSomebody:
    """A timer was stopped by a manager or an admin."""

    person: str
    end: TimerEnd
    now: datetime
    reason: str
    step: str
    """Names the change, to take it back."""
    is_told: bool
    """Its owner gets a message: they are still here, and something was kept."""


@dataclass(frozen=True, slots=True)
class StoppedByOther:
    """What its owner is told of that."""

    to: SlackUserId
    who: str
    """Who stopped it."""
    end: TimerEnd
    now: datetime
    reason: str
    may_edit: bool


@dataclass(eq=False)
class TheirTimerEnded(AlreadyDone):
    """The timer that was to be stopped had ended before; nothing was changed."""

    person: str
    on: TaskLabel
    end: TimerEnd | None
    """None where it was thrown away or deleted."""
    timer: RunningTimer | None
    """What they track now, where who asks may see it."""
    now: datetime
