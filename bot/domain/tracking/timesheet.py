"""Days and weeks of a member's time, and what can be read off them."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import TimeEntryId
from bot.domain.preferences import MemberSettings, TeamSettings, WorkHours
from bot.domain.tracking.spans import elapsed, minute
from bot.domain.tracking.tracking import DayLine
from bot.domain.values import dataclass

SHORTEST_GAP = 5 * 60
"""Seconds without a time entry that are worth a word."""

_DATE = date(2000, 1, 1)
_USUAL = WorkHours()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a day asks of a member."""

    is_work_day: bool = True
    is_away: bool = False
    seconds: int = 0
    """0 where nobody has chosen work hours, and on days off."""


@dataclass(frozen=True, slots=True)
class Day:
    """One local day."""

    today: date
    """The member's present one."""
    now: datetime
    date: date
    """Which one this is."""
    lines: tuple[DayLine, ...]
    """Those with clock times by their start, then the others."""
    total: int
    expected: Expected = Expected()

    @property
    def is_today(self) -> bool:
        """It is the member's present day."""
        return self.date == self.today


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of a week."""

    date: date
    seconds: int
    expected: Expected = Expected()


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days in a row."""

    first: date
    days: tuple[WeekDay, ...]
    tasks: tuple[tuple[TaskLabel, int], ...]
    """What the time went to, most first."""
    total: int
    today: date

    @property
    def last(self) -> date:
        """Its seventh day."""
        return self.first + timedelta(days=6)

    @property
    def expected(self) -> int:
        """The seconds that its days ask for together."""
        return sum(one.expected.seconds for one in self.days)

    @property
    def is_this_week(self) -> bool:
        """The member's present day is one of them."""
        return self.first <= self.today <= self.last


@dataclass(frozen=True, slots=True)
class Gap:
    """Time between two entries of a day that nothing was tracked in."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """How long it is."""
        return elapsed(self.start, self.end)


def expected(day: date, own: MemberSettings, team: TeamSettings) -> Expected:
    """What a day asks of a member, by the hours that they or their team chose."""
    hours = own.work_hours(team)
    is_chosen = own.work is not None or team.work != _USUAL
    is_work_day = day.weekday() in hours.days
    is_away = any(absence.covers(day) for absence in own.away)
    asks = is_chosen and is_work_day and not is_away
    return Expected(is_work_day, is_away, _length(hours) if asks else 0)


def _length(hours: WorkHours) -> int:
    span = datetime.combine(_DATE, hours.end) - datetime.combine(_DATE, hours.start)
    return int(span.total_seconds())


def in_order(lines: Collection[DayLine]) -> tuple[DayLine, ...]:
    """Those with clock times by their start, then the others as they came."""
    timed = [line for line in lines if line.start is not None]
    timed.sort(key=lambda line: (_utc(line.start), line.entry_id))
    return (*timed, *(line for line in lines if line.start is None))


def with_gaps(day: Day) -> list[DayLine | Gap]:
    """The day's lines with the gaps between them."""
    rows: list[DayLine | Gap] = []
    covered: datetime | None = None
    for line in day.lines:
        if line.start is not None:
            if covered is not None and elapsed(covered, line.start) >= SHORTEST_GAP:
                rows.append(Gap(covered, line.start))
            end = line.end or day.now
            covered = end if covered is None or _utc(end) > _utc(covered) else covered
        rows.append(line)
    return rows


def overlapping(lines: Sequence[DayLine]) -> frozenset[TimeEntryId]:
    """Those that begin before an earlier one has ended."""
    found: set[TimeEntryId] = set()
    covered = datetime.min.replace(tzinfo=UTC)
    for line in lines:
        if line.start is None:
            continue
        if minute(line.start) < covered:
            found.add(line.entry_id)
        covered = max(covered, _end(line))
    return frozenset(found)


def _end(line: DayLine) -> datetime:
    return datetime.max.replace(tzinfo=UTC) if line.end is None else minute(line.end)


def _utc(moment: datetime | None) -> datetime:
    # Moments of one zone compare by the wall clock, which repeats an hour once a year.
    return datetime.max.replace(tzinfo=UTC) if moment is None else moment.astimezone(UTC)
