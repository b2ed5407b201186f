"""Where entries stand in their tools, as people see it (W3), and deciding about conflicts."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.entries.entries import Entry
from bot.domain.errors import AlreadyDone, NotPossible
from bot.domain.ids import IntegrationId, SlackUserId
from bot.domain.tracking.tracking import DayLine
from bot.domain.values import dataclass
from bot.domain.writing.worklogs import Choice, Trouble, WorklogShown, is_close


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both versions, for whoever decides."""

    worklog: WorklogShown
    owner: SlackUserId
    owner_name: str
    line: DayLine
    """The entry as it is here."""
    day: date
    is_deleted: bool
    """The entry was deleted here."""
    theirs_seconds: int | None
    """None where the record is gone."""
    theirs_day: date | None

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be chosen: what is gone cannot be kept beside ours."""
        if self.theirs_seconds is None or self.is_deleted:
            return (Choice.OURS, Choice.THEIRS)
        return (Choice.OURS, Choice.THEIRS, Choice.BOTH)

    @property
    def is_same_time(self) -> bool:
        """Day and length are the same; its text or its task was changed."""
        theirs = self.theirs_seconds
        return (
            theirs is not None
            and self.theirs_day == self.day
            and is_close(self.line.seconds, theirs)
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """What was chosen about a conflict."""

    conflict: Conflict
    choice: Choice


@dataclass(frozen=True, slots=True)
class DecidedElsewhere:
    """How a conflict ended, for the message that asked about it."""

    channel_id: str
    ts: str
    site: str
    line: DayLine
    """The entry as it is by now."""
    choice: Choice
    by: str | None
    """Who chose, where it was not its owner."""


@dataclass(frozen=True, slots=True)
class TriedAgain:
    """Something that had failed is tried once more."""

    worklog: WorklogShown


@dataclass(frozen=True, slots=True)
class Unwritten:
    """What an integration does not have, for the Overview."""

    integration_id: IntegrationId
    site: str
    failed: int
    conflicts: int
    reasons: tuple[tuple[str, int], ...] = ()
    """Why, in the tool's words or as a ``Trouble``, and of how many; the most frequent first."""


@dataclass(frozen=True, slots=True)
class NoticePlace:
    """Where a direct message is, and since when."""

    channel_id: str
    ts: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One entry that could not be written."""

    worklog: WorklogShown
    line: DayLine
    day: date
    is_deleted: bool = False
    """Here; its record was to go."""

    @property
    def is_own_key(self) -> bool:
        """A new key of their own mends it."""
        return self.worklog.reason == Trouble.OWN_KEY


@dataclass(frozen=True, slots=True)
class Notice:
    """What could not be written of one person's time in one integration."""

    to: SlackUserId
    integration_id: IntegrationId
    site: str
    entries: tuple[GivenUp, ...]
    """The newest."""
    total: int
    """Of all; none once everything is written or on its way."""
    place: NoticePlace | None
    """The message that says so already."""


@dataclass(eq=False)
class NothingToDecide(AlreadyDone):
    """There is no conflict any more."""

    site: str


@dataclass(eq=False)
class NotFailed(AlreadyDone):
    """It is written, or on its way."""

    site: str


@dataclass(eq=False)
class CannotChoose(NotPossible):
    """This conflict has no such way out."""


def adopted(entry: Entry, seconds: int, day: date, end: datetime | None) -> Entry:
    """The entry with the day and length of the provider's record.

    Args:
        entry: Ours.
        seconds: Theirs.
        day: Theirs.
        end: Where it would end by its own start, if it may end there; None makes it a length
            without clock times.
    """
    if entry.work_date == day and is_close(entry.seconds or 0, seconds):
        return entry
    return replace(
        entry,
        started_at=None if end is None else entry.started_at,
        ended_at=end,
        seconds=seconds,
        work_date=day,
    )
