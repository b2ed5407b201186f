"""What tracking answers with. Moments are in the member's own zone, ready to be shown."""

from datetime import date, datetime

from bot.domain.entries.entries import Action, StopReason, TaskLabel
from bot.domain.ids import TimeEntryId
from bot.domain.tasks.finding import Candidate
from bot.domain.tracking.spans import elapsed
from bot.domain.values import dataclass
from bot.domain.writing.worklogs import WorklogShown


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """A timer that runs."""

    entry_id: TimeEntryId
    on: TaskLabel
    since: datetime
    now: datetime
    note: str
    permalink: str = ""
    """Of the Slack message that it was started from."""

    @property
    def seconds(self) -> int:
        """How long it has been running."""
        return elapsed(self.since, self.now)


@dataclass(frozen=True, slots=True)
class TimerEnd:
    """A timer that was stopped."""

    entry_id: TimeEntryId
    on: TaskLabel
    since: datetime
    until: datetime
    seconds: int
    """0 where less than a second had passed and nothing was kept."""
    note: str
    days: tuple[tuple[date, int], ...] = ()
    """Seconds by local day; more than one where it crossed midnight."""
    because: StopReason | None = None


@dataclass(frozen=True, slots=True)
class DayLine:
    """A time entry, or the part of a running timer inside one local day."""

    entry_id: TimeEntryId
    on: TaskLabel
    start: datetime | None
    """None for a length without clock times."""
    end: datetime | None
    """None while the timer runs."""
    seconds: int
    note: str
    is_running: bool = False
    is_continued: bool = False
    """It goes on from the day before."""
    goes_on: bool = False
    """It goes on after midnight."""
    because: StopReason | None = None
    """Why Hourlink itself stopped it."""
    permalink: str = ""
    """Of the Slack message that it was tracked from."""
    worklog: WorklogShown | None = None
    """Where it stands in its tool; None where that was not asked for, or there is nothing."""


@dataclass(frozen=True, slots=True)
class Started:
    """A timer was started, and perhaps another one stopped for it."""

    timer: RunningTimer
    stopped: TimerEnd | None
    today: int
    """The day's seconds so far, the timer's included."""
    step: str
    """Names the change, to take it back."""
    overlaps: tuple[DayLine, ...] = ()
    """What shares its time, where the team allows that."""
    is_done: bool = False
    """The task is marked done in its tool."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The timer was stopped."""

    end: TimerEnd
    now: datetime
    today: int
    step: str


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry has this note now, or none."""

    entry_id: TimeEntryId
    on: TaskLabel
    note: str
    is_running: bool
    step: str
    """Empty where it had that note before."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The timer was thrown away."""

    on: TaskLabel
    since: datetime
    seconds: int
    now: datetime
    step: str


@dataclass(frozen=True, slots=True)
class Status:
    """What runs, and the day so far."""

    timer: RunningTimer | None
    today: int


@dataclass(frozen=True, slots=True)
class Logged:
    """Time already worked was saved."""

    on: TaskLabel
    seconds: int
    day: date
    """Of its first part."""
    start: datetime | None
    """None for a length without clock times."""
    end: datetime | None
    day_total: int
    note: str
    now: datetime
    step: str
    entry_id: TimeEntryId
    """Of its first part."""
    overlaps: tuple[DayLine, ...] = ()
    """What shares its time, where the team allows that."""


@dataclass(frozen=True, slots=True)
class Undone:
    """A change was taken back."""

    action: Action
    """What was taken back, for example ``STOPPED``."""
    on: TaskLabel
    timer: RunningTimer | None
    """What runs now."""
    seconds: int
    """How long what was taken back had been, where that is over."""
    days: tuple[tuple[date, int], ...]
    """The totals of the days that it changed, today where it changed none."""
    now: datetime
    overlaps: tuple[DayLine, ...] = ()
    """What shares the timer's time, where the team allows that."""
    owner: str = ""
    """Whose time it is, where that is not who asks; the rest is about them."""


@dataclass(frozen=True, slots=True)
class KeptOffer:
    """What was refused before the account was connected, and can be done now."""

    pending_id: int
    on: TaskLabel | None = None
    """None where the task is still to be found."""
    is_log: bool = False
    seconds: int | None = None
    """How long, where that was said."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """Time already worked that is not saved yet; moments in the member's zone."""

    now: datetime
    seconds: int | None
    """Where no clock times were typed."""
    start: datetime | None
    end: datetime | None
    day: date | None


@dataclass(frozen=True, slots=True)
class TaskOffer:
    """A task that was named without saying what to do with it; moments in the member's zone."""

    pending_id: int
    """Keeps time and note until one of the offers is taken."""
    on: TaskLabel
    now: datetime
    start: datetime | None = None
    """Of a timer, where that is not now."""
    worked: Worked | None = None
    """None where a timer is meant."""
    note: str = ""
    timer: RunningTimer | None = None
    """What runs now, perhaps on this very task; None beside time already worked."""


@dataclass(frozen=True, slots=True)
class WhichTask:
    """A question: the words mean several tasks, or none that can be tracked."""

    pending_id: int
    """Keeps time and note of the command until it is answered."""
    words: str
    """What was typed; empty where no task was named, and likely ones are offered."""
    candidates: tuple[Candidate, ...]
    """Matches, or what is near them."""
    total: int
    """Matches in all; 0 where nothing matched."""
    worked: Worked | None
    """What is to be logged; None where a timer is to be started."""
    is_all: bool = True
    """False where so much was searched that there may be more."""
    provider_names: tuple[tuple[str, str], ...] = ()
    """Slug and name of every provider among the candidates."""
    within: str = ""
    """The project that the channel prefers, where that decided what was searched."""
    note: str = ""
    """What was typed behind the task."""

    @property
    def is_log(self) -> bool:
        """Time is logged; else a timer is started."""
        return self.worked is not None
