"""What can be wrong with the words a person typed.

```
BadInput
+- TextTooLong             more characters than are read
+- DurationNotUnderstood   no length of time in these words
+- DurationOutOfRange      zero, negative, or longer than a day
+- TimeNotUnderstood       no clock time in these words
+- TimeDoesNotExist        the clocks jumped over that local time
+- DayNotUnderstood        no day in these words
+- DayInTheFuture          a day after the member's today
+- PeriodNotUnderstood     no period in these words, though they look like one
+- InTheFuture             a moment after now
|  +- SpanInTheFuture      a span of a day that is not over
|  +- ClockInTheFuture     a time of day that has not come yet
+- TooLongAgo              a timer would begin more than 24 hours before now
+- UnknownVerb             the first word is no command of ours
+- MissingTask             the command needs a task and got none
+- UsageError              anything else the command's usage does not allow; ``reason`` says what
```

The classes carry data; ``bot/views/failures/`` has the sentences.
"""

from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.values import dataclass


class Misuse(StrEnum):
    """What a ``UsageError`` is about."""

    MISSING_DURATION = "missing duration"
    MISSING_NAME = "missing name"
    BLANK_NAME = "blank name"
    MISSING_PERSON = "missing person"
    MISSING_PROJECT = "missing project"
    MISSING_CHANNEL = "missing channel"
    UNCLOSED_QUOTE = "unclosed quote"
    UNEXPECTED_WORDS = "unexpected words"
    NOT_A_PERSON = "not a person"
    ONE_PERSON = "more than one person"
    NOT_A_CHANNEL = "not a channel"
    NOT_A_POLICY = "not a policy"
    NOT_A_MONTH = "not a month"
    NOT_A_WEEK = "not a week"
    CLOCK_NOT_LENGTH = "a clock time where a length is wanted"
    SEVERAL_DAYS = "several days where one is wanted"
    NUMBER_NOT_LENGTH = "a number without a unit where a length is wanted"
    LENGTH_NOT_TIME = "a length where a time is wanted"
    RANGE_NOT_TIME = "from and to where a time is wanted"
    AHEAD_OF_TIME = "a timer that is to start or stop later"
    DAY_NOT_TIME = "a day where a time is wanted"
    SECOND_TASK = "a second task behind the first"
    NOT_A_GROUPING = "not a grouping"


@dataclass(eq=False)
class BadInput(Exception):
    """Root of everything a person's words can get wrong."""


@dataclass(eq=False)
class TextTooLong(BadInput):
    """More text than is read; both numbers count characters."""

    length: int
    limit: int


@dataclass(eq=False)
class DurationNotUnderstood(BadInput):
    """No length of time in these words."""

    text: str


@dataclass(eq=False)
class DurationOutOfRange(BadInput):
    """A length of time that is zero, negative or above the limit; both in seconds."""

    seconds: int
    limit: int


@dataclass(eq=False)
class TimeNotUnderstood(BadInput):
    """No clock time in these words."""

    text: str


@dataclass(eq=False)
class TimeDoesNotExist(BadInput):
    """A local time the clocks jumped over."""

    local: datetime
    """As the wall clock would have shown it, without a zone."""
    next_valid: datetime
    """The first moment after the jump, aware, in the member's zone."""


@dataclass(eq=False)
class DayNotUnderstood(BadInput):
    """No day in these words."""

    text: str


@dataclass(eq=False)
class DayInTheFuture(BadInput):
    """A day after today, both in the member's zone."""

    day: date
    today: date


@dataclass(eq=False)
class PeriodNotUnderstood(BadInput):
    """No period of the calendar, though the words look like one: ``2026-W60``."""

    text: str


@dataclass(eq=False)
class InTheFuture(BadInput):
    """A moment after now; both aware, in UTC."""

    moment: datetime
    now: datetime


@dataclass(eq=False)
class SpanInTheFuture(InTheFuture):
    """A span of a day that is not over; ``moment`` is its end."""

    start: time
    """On the clock of whose time it is, as ``end``."""
    end: time
    has_begun: bool
    is_dated: bool
    """Its day was given."""


@dataclass(eq=False)
class ClockInTheFuture(InTheFuture):
    """A time of day for a timer to begin or end at."""


@dataclass(eq=False)
class TooLongAgo(BadInput):
    """A timer cannot begin that long ago; both aware."""

    moment: datetime
    now: datetime


@dataclass(eq=False)
class UnknownVerb(BadInput):
    """The first word is no verb of this command; the nearest ones, best first."""

    text: str
    nearest: tuple[str, ...] = ()


@dataclass(eq=False)
class MissingTask(BadInput):
    """The verb needs a task and got none."""

    verb: str


@dataclass(eq=False)
class UsageError(BadInput):
    """The words after the verb do not fit its usage; ``text`` is the part that does not."""

    verb: str
    reason: Misuse
    text: str = ""
