"""What ``/track`` can be asked: one frozen value for each verb."""

from dataclasses import field

from bot.domain.clock_times import Amount, When
from bot.domain.days import Day
from bot.domain.periods import OnePeriod
from bot.domain.reports.reports import ReportWish
from bot.domain.reports.schedules import Rhythm
from bot.domain.tasks.task_refs import TaskRef
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Start:
    """Start a timer on a task, now or at an earlier moment; offers tasks where none is named."""

    task: TaskRef | None = None
    when: When | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """Stop the running timer and start another, as ``Start`` does."""

    task: TaskRef | None = None
    when: When | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop the running timer, now or at an earlier moment; the one on a task, where it is named."""

    when: When | None = None
    note: str = ""
    task: TaskRef | None = None
    typed: str = field(default="", compare=False)
    """The task as it was typed, with a mark behind it; it begins the note where it is no task."""


@dataclass(frozen=True, slots=True)
class Log:
    """Log time already worked: whole seconds on a day, or a span of it.

    Offers tasks where none is named.
    """

    task: TaskRef | None
    amount: Amount
    day: Day | None = None
    note: str = ""
    otherwise: "Log | None" = field(default=None, compare=False)
    """``1h 12 menu`` read as an hour on task 12, where this reads an hour and twelve minutes."""


@dataclass(frozen=True, slots=True)
class LogTime:
    """Log time already worked, in a form that asks how long it was."""

    task: TaskRef | None = None
    day: Day | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """Start again on the task last tracked."""


@dataclass(frozen=True, slots=True)
class Status:
    """Show the running timer."""


@dataclass(frozen=True, slots=True)
class TeamStatus:
    """Show whose timers run, as far as who asks may see them."""


@dataclass(frozen=True, slots=True)
class Note:
    """Set the running timer's note; a form asks for it where the text is empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """Throw the running timer away."""


@dataclass(frozen=True, slots=True)
class Today:
    """Show a day's time entries, today's where none is named."""

    day: Day | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """Show a week's time, this week's where none is named."""

    week: OnePeriod | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Show where the hours went."""

    wish: ReportWish = field(default_factory=ReportWish)


@dataclass(frozen=True, slots=True)
class ScheduleReport:
    """Send a report again and again."""

    wish: ReportWish
    rhythm: Rhythm
    to: str = "me"
    """``me``, ``here``, ``@name``, or ``#`` and a channel's id."""


@dataclass(frozen=True, slots=True)
class Schedules:
    """Show the reports that are sent again and again."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """List tasks that can be tracked, all or those matching the words."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Edit a time entry; the last one where none is named."""

    entry: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last change back."""


@dataclass(frozen=True, slots=True)
class Done:
    """Complete a task in its provider; the running one where none is named."""

    task: TaskRef | None = None


@dataclass(frozen=True, slots=True)
class ConnectAccount:
    """Connect one's own provider account."""

    provider: str = ""


@dataclass(frozen=True, slots=True)
class UnlockTime:
    """Show what locked time is open, and open more."""


@dataclass(frozen=True, slots=True)
class SubmitWeek:
    """Submit a week; a form asks which where none is named."""

    week: OnePeriod | None = None


@dataclass(frozen=True, slots=True)
class Approvals:
    """Show the weeks that wait for approval."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Show one's own API tokens, make one, take one back."""


@dataclass(frozen=True, slots=True)
class TrackSettings:
    """Open one's own settings."""


@dataclass(frozen=True, slots=True)
class TrackHelp:
    """Show how ``/track`` is used: all verbs, or one by its name."""

    verb: str = ""


TrackCommand = (
    Start
    | Switch
    | Stop
    | Log
    | LogTime
    | Resume
    | Status
    | TeamStatus
    | Note
    | Cancel
    | Today
    | Week
    | Report
    | ScheduleReport
    | Schedules
    | Tasks
    | Edit
    | Undo
    | Done
    | ConnectAccount
    | SubmitWeek
    | Approvals
    | UnlockTime
    | Tokens
    | TrackSettings
    | TrackHelp
)
