"""What can go wrong while tracking time.

```
NotAllowed
+- AccountNotConnected   the member's account on the integration is not connected (U8)
+- NoProviderAccess      the provider does not show the project to the account
NotPossible
+- NothingToTrackOn      there is no project that this person may track on, and whom to ask
+- NoTimerRunning        what stopped last is told
+- AnotherTimerRuns      a timer cannot run again beside it
+- OtherTimerRuns        another task than the one that was named
+- ProjectArchived       its timer is off
+- ProjectUnlinked       nothing is tracked on its tasks, since it is linked to no tool any more
+- TaskRequired          the team tracks no time on projects without a task
+- EntryOverlaps         with which entries
+- StartsBeforeTimer     the running timer began later than that
+- StopsBeforeStart      a timer cannot end before it began
NotFound
+- NothingToResume       nothing was ever tracked
+- NothingToUndo         nothing was changed lately
+- TargetUnknown         what a button names is not there any more, or not for this person
AlreadyDone
+- AlreadyOn             the same task is running
+- AlreadyStopped        a button's timer had ended before
+- AlreadyAnswered       a picker was used before
+- AlreadyLogged         the same request came twice
+- ChangedSince          what a button would take back is no longer as it left it
```

Moments are in the member's own zone.
"""

from datetime import datetime

from bot.domain.entries.entries import Target, TaskLabel
from bot.domain.errors import AlreadyDone, NotAllowed, NotFound, NotPossible
from bot.domain.ids import IntegrationId, ProjectId
from bot.domain.tracking.tracking import DayLine, RunningTimer, TimerEnd
from bot.domain.values import dataclass


@dataclass(eq=False)
class AccountNotConnected(NotAllowed):
    """The task comes from a tool where this person has not connected an account."""

    integration_id: IntegrationId
    provider: str
    """The tool's name, for people."""
    site: str
    project_name: str
    """Empty where no one project was meant."""
    target: Target | None = None
    """The one task or project that was meant; never its title, which is not theirs to read yet."""
    for_guest: tuple[str, ...] | None = None
    """Whom a guest can ask whom nobody has asked to connect; None for those who can connect."""


@dataclass(eq=False)
class NoProviderAccess(NotAllowed):
    """The tool does not show the project to this person's account; only admins are told so."""

    provider: str
    site: str
    project_name: str


@dataclass(eq=False)
class NothingToTrackOn(NotPossible):
    """There is no project that this person may track on."""

    has_tools: bool
    """A tool is connected."""
    is_admin: bool
    admins: tuple[str, ...]
    """Whom to ask, by name."""
    deleted: str = ""
    """The project that they tracked on last, where its tool shows it no more."""
    provider: str = ""
    """That tool's name, for people."""
    site: str = ""


@dataclass(eq=False)
class NoTimerRunning(NotPossible):
    """There is nothing to stop, note or throw away."""

    last: TimerEnd | None
    """What ended last, today."""
    now: datetime


@dataclass(eq=False)
class AnotherTimerRuns(NotPossible):
    """A timer cannot run again beside this one."""

    timer: RunningTimer


@dataclass(eq=False)
class OtherTimerRuns(NotPossible):
    """What was to be stopped is not what runs."""

    asked: TaskLabel
    timer: RunningTimer


@dataclass(eq=False)
class ProjectArchived(NotPossible):
    """Nothing more is tracked on it, but what an admin logs by hand."""

    project_name: str
    is_admin: bool
    """Who is refused may log by hand."""


@dataclass(eq=False)
class ProjectUnlinked(NotPossible):
    """Its tasks are no longer tracked on; only who could see them is told so."""

    key: str
    project_name: str
    project_id: ProjectId | None
    """None where time is not tracked on the project as such either."""
    provider: str
    site: str
    is_admin: bool
    admins: tuple[str, ...]


@dataclass(eq=False)
class TaskRequired(NotPossible):
    """The team tracks time on tasks only."""

    project_name: str


@dataclass(eq=False)
class EntryOverlaps(NotPossible):
    """The span shares time with these; a timer among them runs."""

    lines: tuple[DayLine, ...]
    now: datetime


@dataclass(eq=False)
class StartsBeforeTimer(NotPossible):
    """The running timer would end before it began."""

    timer: RunningTimer
    at: datetime


@dataclass(eq=False)
class StopsBeforeStart(NotPossible):
    """The timer began later than the moment given for its end."""

    timer: RunningTimer
    at: datetime


@dataclass(eq=False)
class NothingToResume(NotFound):
    """This person has tracked nothing yet."""


@dataclass(eq=False)
class NothingToUndo(NotFound):
    """This person changed nothing lately, or took it back."""


@dataclass(eq=False)
class TargetUnknown(NotFound):
    """What was meant is not there any more, or not for this person."""


@dataclass(eq=False)
class AlreadyOn(AlreadyDone):
    """The same task is running; nothing was changed."""

    timer: RunningTimer
    is_more_wished: bool = False
    """Another note or beginning was asked for as well."""


@dataclass(eq=False)
class AlreadyStopped(AlreadyDone):
    """The timer that a button would stop had ended before; nothing was changed."""

    end: TimerEnd | None
    """None where it was thrown away."""
    timer: RunningTimer | None
    """What runs now."""
    now: datetime


@dataclass(eq=False)
class AlreadyAnswered(AlreadyDone):
    """The question was answered before, or waited longer than a day."""


@dataclass(eq=False)
class AlreadyLogged(AlreadyDone):
    """The same request came before."""


@dataclass(eq=False)
class ChangedSince(AlreadyDone):
    """What the button would take back was taken back or changed since."""
