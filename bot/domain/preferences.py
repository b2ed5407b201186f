"""What a team and a member may choose: every choice, its default, and its stored form.

Stored is only what differs from the default, as JSON. What no longer reads as a choice (an older
or newer version wrote it) counts as not chosen.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, Self

from bot.domain.errors import NotPossible
from bot.domain.money.money import CurrencyUnknown, read_currency
from bot.domain.reports.rounding import Rounding, rounding_from
from bot.domain.values import dataclass

MONDAY_TO_FRIDAY = frozenset(range(5))


class Overlaps(StrEnum):
    """What happens to a time entry that shares time with another."""

    REFUSE = "refuse"
    WARN = "warn"
    """It is saved, and the person is told."""


class MoneySeenBy(StrEnum):
    """Who sees rates, fees and amounts of money."""

    ADMINS = "admins"
    MANAGERS = "managers"
    """Admins, and a project's managers on theirs."""
    ALL = "all"
    """Everybody who sees the project."""

    def lets(self, *, is_admin: bool, manages: bool) -> bool:
        """Whether somebody may see amounts of money on what they manage, or do not."""
        match self:
            case MoneySeenBy.ALL:
                return True
            case MoneySeenBy.MANAGERS:
                return is_admin or manages
            case MoneySeenBy.ADMINS:
                return is_admin


class StartPage(StrEnum):
    """What a member's App Home begins with."""

    TIME = "time"
    OVERVIEW = "overview"
    """For admins: integrations first."""


class WorkHoursEmpty(NotPossible):
    """A work day that ends when it begins, or a week without a work day."""


@dataclass(frozen=True, slots=True)
class WorkHours:
    """When somebody works, in their own zone: from 22:00 to 06:00 ends on the next day."""

    days: frozenset[int] = MONDAY_TO_FRIDAY
    """On which work begins; Monday is 0."""
    start: time = time(9)
    end: time = time(18)

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(range(7)) or self.start == self.end:
            raise WorkHoursEmpty

    @property
    def ends_next_day(self) -> bool:
        """A night shift, or one up to midnight."""
        return self.end < self.start


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a member is away, both included."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


def joined(away: Iterable[Absence]) -> tuple[Absence, ...]:
    """The same days in order; what overlaps, or goes on the day after, is one absence."""
    found: list[Absence] = []
    for one in sorted(away, key=lambda one: (one.first, one.last)):
        if found and (one.first - found[-1].last).days <= 1:
            found[-1] = Absence(found[-1].first, max(found[-1].last, one.last))
        else:
            found.append(one)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Reads and writes itself as a JSON object."""

    @classmethod
    def read(cls, stored: Mapping[str, object]) -> Self:
        """The choices as stored; what is missing or unreadable is the default."""
        chosen: dict[str, Any] = {}
        for name, value in stored.items():
            if name in cls.__dataclass_fields__:
                try:
                    chosen[name] = _READ[name](value)
                except _UNREADABLE:
                    continue
        return cls(**chosen)

    def stored(self) -> dict[str, object]:
        """What differs from the defaults."""
        plain = type(self)()
        return {
            field.name: _write(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        }


@dataclass(frozen=True, slots=True)
class TeamSettings(_Stored):
    """What an admin chooses for the team."""

    slack_admins: bool = True
    """Slack's workspace owners and admins administer here too."""
    time_without_task: bool = True
    """Time may be tracked on a project as such."""
    overlaps: Overlaps = Overlaps.REFUSE
    week_start: int = 0
    """Monday is 0."""
    work: WorkHours = WorkHours()
    forgotten_after: timedelta = timedelta(hours=10)
    """A timer is asked about after this long, or at the end of its owner's work day."""
    lock_after_days: int | None = None
    """Entries older than this many days are locked; None locks none by age."""
    closed_through: date | None = None
    """The last day of the last closed month; nothing up to it changes."""
    timesheets: bool = False
    """Weeks are submitted and approved."""
    currency: str = "USD"
    """Of projects without a client; what a new client begins with."""
    money_seen_by: MoneySeenBy = MoneySeenBy.MANAGERS
    money_in_channels: bool = False
    """Reports that are sent to channels on a schedule tell amounts."""
    rounding: Rounding | None = None
    """How reports count time; entries stay as they were tracked."""
    over_budget_blocks: bool = False
    """No timer starts on a project whose budget is used up; a running one is never stopped."""
    api_tokens: bool = True
    """People may read over the API with tokens of their own."""


@dataclass(frozen=True, slots=True)
class MemberSettings(_Stored):
    """What a member chooses for themselves."""

    reminders: bool = True
    quiet: bool = True
    """No reminders outside their work hours."""
    work: WorkHours | None = None
    """Their own; None takes the team's."""
    away: tuple[Absence, ...] = ()
    writes_time: bool = True
    """Their time is written to tools, where an admin has that on."""
    start_page: StartPage = StartPage.TIME

    def work_hours(self, team: TeamSettings) -> WorkHours:
        """When this member works."""
        return self.work or team.work


def _flag(stored: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(stored, bool):
        raise TypeError(stored)
    return stored


def _days(stored: Any) -> int | None:  # noqa: ANN401
    if stored is not None and (not isinstance(stored, int) or stored < 1):
        raise ValueError(stored)
    return stored


def _weekday(stored: Any) -> int:  # noqa: ANN401
    if stored not in range(7):
        raise ValueError(stored)
    return int(stored)


def _duration(stored: Any) -> timedelta:  # noqa: ANN401
    if not isinstance(stored, int) or stored <= 0:
        raise ValueError(stored)
    return timedelta(seconds=stored)


def _hours(stored: Any) -> WorkHours | None:  # noqa: ANN401
    if stored is None:
        return None
    return WorkHours(
        frozenset(stored["days"]),
        time.fromisoformat(stored["start"]),
        time.fromisoformat(stored["end"]),
    )


_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, WorkHoursEmpty, CurrencyUnknown)

_READ: Mapping[str, Callable[[Any], Any]] = {
    "slack_admins": _flag,
    "time_without_task": _flag,
    "overlaps": Overlaps,
    "week_start": _weekday,
    "work": _hours,
    "forgotten_after": _duration,
    "lock_after_days": _days,
    "closed_through": lambda stored: None if stored is None else date.fromisoformat(stored),
    "timesheets": _flag,
    "currency": lambda stored: read_currency(str(stored)),
    "money_seen_by": MoneySeenBy,
    "money_in_channels": _flag,
    "rounding": lambda stored: None if stored is None else rounding_from(stored),
    "over_budget_blocks": _flag,
    "api_tokens": _flag,
    "reminders": _flag,
    "quiet": _flag,
    "writes_time": _flag,
    "away": lambda stored: tuple(Absence(*map(date.fromisoformat, pair)) for pair in stored),
    "start_page": StartPage,
}


def _write(value: object) -> object:
    if isinstance(value, StrEnum | Rounding):
        return value.value if isinstance(value, StrEnum) else value.code
    match value:
        case WorkHours(days, start, end):
            return {
                "days": sorted(days),
                "start": start.isoformat("minutes"),
                "end": end.isoformat("minutes"),
            }
        case timedelta():
            return int(value.total_seconds())
        case date():
            return value.isoformat()
        case tuple():
            return [[one.first.isoformat(), one.last.isoformat()] for one in value]
        case _:
            return value
