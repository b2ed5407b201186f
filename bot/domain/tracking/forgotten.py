"""Forgotten timers (T11): when their owner is asked, and what can become of a question.

A timer is due to be asked about at the end of its owner's work day, or after the team's number of
hours, whichever comes first. Where that moment lies in quiet time or leave, the question waits for
the next work hours. Unanswered for an hour, the timer is stopped, and its time ends where it was
due, not where a late question happened to come.

Who says that they are still working is taken at their word: outside their work hours the next
question comes two hours later, quiet time or not.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.days import work_date
from bot.domain.ids import MemberId, QuestionId, TeamId, TimeEntryId
from bot.domain.values import dataclass
from bot.domain.working_time import WorkingTime

PATIENCE = timedelta(hours=1)
"""How long a question waits for an answer."""

UNDELIVERED = timedelta(days=1)
"""How long it waits where it is not known to have reached the person."""

AFTER_HOURS = timedelta(hours=2)
"""Between an answer outside work hours and the next question."""

_SHORTEST = timedelta(minutes=30)
"""Between an answer and the next question."""


class QuestionState(StrEnum):
    """Where a question about a timer stands."""

    ASKED = "asked"
    WORKING = "working"
    """Its owner is still working."""
    SNOOZED = "snoozed"
    """Its owner wants to be asked again later, or not again."""
    STOPPED = "stopped"
    """Its owner stopped the timer in answer to it."""
    UNANSWERED = "unanswered"
    """Nobody answered, so the timer was stopped."""
    OVERTAKEN = "overtaken"
    """Its owner did something else with the timer, which answers it as well."""


class QuestionEvent(StrEnum):
    """What can happen to a question."""

    KEEP = "keep"
    SNOOZE = "snooze"
    STOP = "stop"
    GIVE_UP = "give_up"
    OVERTAKE = "overtake"


_S, _E = QuestionState, QuestionEvent

QUESTION_MOVES: Mapping[tuple[QuestionState, QuestionEvent], QuestionState] = {
    (_S.ASKED, _E.KEEP): _S.WORKING,
    (_S.ASKED, _E.SNOOZE): _S.SNOOZED,
    (_S.ASKED, _E.STOP): _S.STOPPED,
    (_S.ASKED, _E.GIVE_UP): _S.UNANSWERED,
    (_S.ASKED, _E.OVERTAKE): _S.OVERTAKEN,
    # Right after the answer the same message offers to be asked later instead.
    (_S.WORKING, _E.SNOOZE): _S.SNOOZED,
    (_S.SNOOZED, _E.SNOOZE): _S.SNOOZED,
}
"""Every allowed move; a pair that is not here changes nothing."""


def moved(state: QuestionState, event: QuestionEvent) -> QuestionState | None:
    """The state an event leads to, or None when it means nothing in this state."""
    return QUESTION_MOVES.get((state, event))


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a timer's owner."""

    id: QuestionId
    team_id: TeamId
    member_id: MemberId
    entry_id: TimeEntryId
    state: QuestionState
    asked_at: datetime
    ends_at: datetime
    """Where the timer's time ends if nobody answers."""
    is_delivered: bool
    answered_at: datetime | None
    """When it was answered, in whatever way, or given up."""
    again_at: datetime | None
    """When to ask again, where its owner chose that."""

    @property
    def gives_up_at(self) -> datetime:
        """When it stops its timer, unless it is answered."""
        return self.asked_at + (PATIENCE if self.is_delivered else UNDELIVERED)


@dataclass(frozen=True, slots=True)
class Habits:
    """What decides when somebody is asked about a timer."""

    work: WorkingTime
    after: timedelta = timedelta(hours=10)
    reminders: bool = True
    quiet: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer is asked about."""

    due: datetime
    """Where its time ends if nobody answers."""
    ask_at: datetime
    """The same, or later where it waits for the next work hours."""


def since_start(started_at: datetime, habits: Habits) -> Due | None:
    """When a timer is asked about that was started at a moment; None for never."""
    if not habits.reminders:
        return None
    started_at = started_at.astimezone(UTC)  # hours are counted in time, not on a wall clock
    end = habits.work.next_end(started_at)
    due = started_at + habits.after if end is None else min(end, started_at + habits.after)
    ask_at = due if due == end else _allowed(due, habits)
    return None if ask_at is None else Due(due, ask_at)


def since_answer(answered_at: datetime, habits: Habits) -> Due | None:
    """When it is asked about again after its owner showed that they are working on."""
    if not habits.reminders:
        return None
    answered_at = answered_at.astimezone(UTC)
    end = habits.work.next_end(answered_at)
    due = answered_at + habits.after if end is None else min(end, answered_at + habits.after)
    if not habits.work.holds(answered_at) or due - answered_at < _SHORTEST:
        due = answered_at + min(habits.after, AFTER_HOURS)
        return Due(due, due)
    ask_at = due if due == end else _allowed(due, habits)
    return None if ask_at is None else Due(due, ask_at)


def _allowed(due: datetime, habits: Habits) -> datetime | None:
    if habits.quiet or habits.work.is_away(work_date(due, habits.work.zone)):
        return habits.work.next_opening(due)
    return due
