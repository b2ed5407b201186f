"""What is told about a forgotten timer, and what can go wrong in answering (T11).

```
AlreadyDone
+- QuestionAnswered      in whatever way; what happened is told
```

Moments are in the owner's own zone.
"""

from datetime import datetime

from bot.domain.errors import AlreadyDone
from bot.domain.ids import QuestionId, SlackUserId
from bot.domain.tracking.forgotten import QuestionState
from bot.domain.tracking.tracking import RunningTimer, TimerEnd
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, as it is sent."""

    to: SlackUserId
    question_id: QuestionId
    timer: RunningTimer
    ends_at: datetime
    """Where the timer's time ends if nobody answers."""
    gives_up_at: datetime


@dataclass(frozen=True, slots=True)
class KeptRunning:
    """The timer runs on."""

    question_id: QuestionId
    timer: RunningTimer
    again_at: datetime | None
    """When its owner is asked next; None for not again."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Nobody answered, so the timer was stopped."""

    to: SlackUserId
    end: TimerEnd
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class EndWanted:
    """What the form *I stopped at...* shows."""

    question_id: QuestionId
    timer: RunningTimer
    suggested: datetime

    @property
    def spans_days(self) -> bool:
        """Whether the day has to be asked for, too."""
        return self.timer.since.date() != self.timer.now.date()


@dataclass(eq=False)
class QuestionAnswered(AlreadyDone):
    """The question needs no answer any more."""

    state: QuestionState
    at: datetime
    now: datetime
    timer: RunningTimer | None
    """What runs now."""
    end: TimerEnd | None
    """How the timer ended that was asked about; None while it runs, or if it was thrown away."""
