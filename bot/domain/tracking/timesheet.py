"""Days and weeks of a member's time, and what can be read off them."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.approval.week_sheets import SheetState
from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import TimeEntryId
from bot.domain.preferences import MemberSettings, TeamSettings, WorkHours
from bot.domain.tracking.spans import elapsed, minute
from bot.domain.tracking.tracking import DayLine
from bot.domain.values import dataclass

SHORTEST_GAP = 5 * 60
"""Seconds without a time entry that are worth a word."""

_DAY = 24 * 3600
_ONE_DAY = timedelta(days=1)
_USUAL = WorkHours()


@dataclass(frozen=True, slots=True)
class Expected:
    """What a day asks of a member."""

    is_work_day: bool = True
    """Work begins on it, or goes on from the day before."""
    is_away: bool = False
    """A day of leave that asks for nothing: a night shift's end may still lie on one."""
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
class WeekStands:
    """Where a week stands with those who approve it (T14)."""

    first: date
    state: SheetState
    comment: str = ""
    """Of who returned it last."""


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days in a row."""

    first: date
    days: tuple[WeekDay, ...]
    tasks: tuple[tuple[TaskLabel, int], ...]
    """What the time went to, most first."""
    total: int
    today: date
    stands: WeekStands | None = None
    """None where the team does not submit weeks, or there is nothing to submit."""

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
    """What a day asks of a member, by the hours that they or their team chose.

    Work over midnight is asked for as it is tracked: of either day what lies on it.
    """
    hours = own.work_hours(team)
    is_chosen = own.work is not None or team.work != _USUAL
    begins, goes_on = _lengths(hours)
    day_before = day - _ONE_DAY
    is_away = _is_away(day, own)
    goes_on *= day_before.weekday() in hours.days and not _is_away(day_before, own)
    begins *= day.weekday() in hours.days and not is_away
    seconds = begins + goes_on if is_chosen else 0
    is_work_day = day.weekday() in hours.days or goes_on > 0
    return Expected(is_work_day, is_away and not seconds, seconds)


def _is_away(day: date, own: MemberSettings) -> bool:
    return any(absence.covers(day) for absence in own.away)


def _lengths(hours: WorkHours) -> tuple[int, int]:
    """Seconds of work on the day on which it begins, and on the next."""
    start, end = _since_midnight(hours.start), _since_midnight(hours.end)
    return (_DAY - start, end) if hours.ends_next_day else (end - start, 0)


def _since_midnight(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60


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
