"""Opening locked time for one person, some days and a while (T13).

```
AlreadyDone
+- UnlockAnswered        somebody answered the wish before
+- UnlockAsked           the same was asked for before, and is not answered yet
NotPossible
+- DaysUnusual           the last day lies before the first, or there are too many
```
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.entries.entries import Entry
from bot.domain.errors import AlreadyDone, NotPossible
from bot.domain.ids import MemberId, ProjectId, TeamId, UnlockId
from bot.domain.values import dataclass

MOST_DAYS = 366
"""The longest stretch of days that is opened at once."""


class UnlockState(StrEnum):
    """Where a wish to open locked time stands."""

    ASKED = "asked"
    GRANTED = "granted"
    """It is open until its moment comes."""
    REFUSED = "refused"
    ENDED = "ended"
    """Locked again before its moment came."""


class UnlockEvent(StrEnum):
    """What can happen to it."""

    GRANT = "grant"
    REFUSE = "refuse"
    END = "end"


_S, _E = UnlockState, UnlockEvent

UNLOCK_MOVES: Mapping[tuple[UnlockState, UnlockEvent], UnlockState] = {
    (_S.ASKED, _E.GRANT): _S.GRANTED,
    (_S.ASKED, _E.REFUSE): _S.REFUSED,
    (_S.GRANTED, _E.END): _S.ENDED,
}
"""Every allowed move; a pair that is not here changes nothing."""


def moved(state: UnlockState, event: UnlockEvent) -> UnlockState | None:
    """The state an event leads to, or None when it means nothing in this state."""
    return UNLOCK_MOVES.get((state, event))


class Lasting(StrEnum):
    """How long locked time stays open."""

    HOUR = "hour"
    DAY = "day"
    THREE_DAYS = "three_days"
    WEEK = "week"


LASTING: Mapping[Lasting, timedelta] = {
    Lasting.HOUR: timedelta(hours=1),
    Lasting.DAY: timedelta(days=1),
    Lasting.THREE_DAYS: timedelta(days=3),
    Lasting.WEEK: timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whose time on which days, on one project or on all."""

    member_id: MemberId
    project_id: ProjectId | None
    """None for every project."""
    first: date
    last: date
    """Included."""

    def covers(self, entry: Entry) -> bool:
        """Whether an entry lies in it."""
        return (
            entry.member_id == self.member_id
            and self.first <= entry.work_date <= self.last
            and self.project_id in {None, entry.project_id}
        )

    def within(self, other: "Stretch") -> bool:
        """Whether the other covers all of it."""
        return (
            self.member_id == other.member_id
            and other.first <= self.first
            and self.last <= other.last
            and other.project_id in {None, self.project_id}
        )


def checked(stretch: Stretch) -> Stretch:
    """The same stretch.

    Raises:
        DaysUnusual: it ends before it begins, or is longer than a year.
    """
    days = (stretch.last - stretch.first).days + 1
    if not 1 <= days <= MOST_DAYS:
        raise DaysUnusual(days)
    return stretch


@dataclass(frozen=True, slots=True)
class Unlock:
    """A wish to open locked time, and what became of it."""

    id: UnlockId
    team_id: TeamId
    stretch: Stretch
    state: UnlockState
    wish: str
    """Why it was asked for; empty where nobody asked."""
    asked_at: datetime | None
    reason: str
    """Why it was granted or refused."""
    decided_by: MemberId | None
    decided_at: datetime | None
    until: datetime | None
    """When it is locked again."""

    def is_open(self, now: datetime) -> bool:
        """Whether time in it may be changed now."""
        return self.state is UnlockState.GRANTED and self.until is not None and now < self.until


@dataclass(frozen=True, slots=True)
class UnlockView:
    """A wish, with the names that people know; moments in the reader's zone."""

    unlock: Unlock
    owner: str
    project: str
    """Empty for every project."""
    decided_by: str
    until: datetime | None
    decided_at: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True)
class WishMade:
    """A wish was sent."""

    unlock: Unlock
    project: str
    asked: tuple[str, ...]
    """The names of those who were asked."""


@dataclass(eq=False)
class UnlockAnswered(AlreadyDone):
    """Somebody answered before."""

    view: UnlockView


@dataclass(eq=False)
class UnlockAsked(AlreadyDone):
    """The same was asked for before, and is not answered yet."""


@dataclass(eq=False)
class DaysUnusual(NotPossible):
    """The last day lies before the first, or there are more days than are opened at once."""

    days: int
