"""When somebody works: the hours, days and leave of one person on their own wall clock."""

from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.days import work_date
from bot.domain.preferences import Absence, MemberSettings, TeamSettings, WorkHours
from bot.domain.values import dataclass
from bot.domain.wall_clock import readings_or_jump

_ONE_DAY = timedelta(days=1)
_FAR = 800
"""Days that are looked through; who is away for longer is asked nothing."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """One person's work days; moments come out in UTC.

    A day is the one on which work begins, also where it ends on the next: leave on that day is
    leave from all of it.

    On a night when clocks change, a time that is skipped is the moment after the jump, and an end
    that happens twice is the later one.
    """

    zone: ZoneInfo
    hours: WorkHours = field(default_factory=WorkHours)
    away: tuple[Absence, ...] = ()

    def is_away(self, day: date) -> bool:
        """Whether it is a day of leave."""
        return any(one.covers(day) for one in self.away)

    def is_work_day(self, day: date) -> bool:
        """Whether they work on this day."""
        return day.weekday() in self.hours.days and not self.is_away(day)

    def begins(self, day: date) -> datetime:
        """When work begins on a day, were it a work day."""
        return readings_or_jump(day, self.hours.start, self.zone)[0].astimezone(UTC)

    def ends(self, day: date) -> datetime:
        """When work ends on a day, were it a work day."""
        last = day + _ONE_DAY if self.hours.ends_next_day else day
        return readings_or_jump(last, self.hours.end, self.zone)[-1].astimezone(UTC)

    def holds(self, moment: datetime) -> bool:
        """Whether they work at this moment: from the beginning up to the end, without it."""
        day = work_date(moment, self.zone)
        return any(
            self.is_work_day(one) and self.begins(one) <= moment < self.ends(one)
            for one in self._within_reach(day)
        )

    def next_end(self, after: datetime) -> datetime | None:
        """The first end of a work day after a moment."""
        first = self._within_reach(work_date(after, self.zone))[0]
        ends = (self.ends(day) for day in self._work_days(first))
        return next((end for end in ends if end > after), None)

    def next_opening(self, since: datetime) -> datetime | None:
        """The first moment of work at or after a moment: itself, where they work then."""
        if self.holds(since):
            return since
        begins = (self.begins(day) for day in self._work_days(work_date(since, self.zone)))
        return next((begin for begin in begins if begin >= since), None)

    def _within_reach(self, day: date) -> tuple[date, ...]:
        """The days on which work may begin that goes on into this day."""
        return (day - _ONE_DAY, day) if self.hours.ends_next_day else (day,)

    def _work_days(self, first: date) -> Iterator[date]:
        days = (first + number * _ONE_DAY for number in range(_FAR))
        return (day for day in days if self.is_work_day(day))


def working_time(zone: ZoneInfo, own: MemberSettings, team: TeamSettings) -> WorkingTime:
    """When a member works, by what they and their team chose."""
    return WorkingTime(zone, own.work_hours(team), own.away)
