"""Today and this week, by the member's local days."""

from collections import Counter
from datetime import date, datetime, timedelta

from bot.domain.days import day_bounds, week_bounds
from bot.domain.entries import LabelledEntry, TaskLabel
from bot.domain.people import Member
from bot.domain.tracking import Day, DayLine, Week
from bot.services.desk import Desk, began
from storage import teams, time_entries
from storage.unit_of_work import Tx, UnitOfWork

_ONE_DAY = timedelta(days=1)


class Timesheet:
    """What a member tracked, a running timer counted up to now."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def today(self, *, who: Member, now: datetime) -> Day:
        """The entries of the member's local day, in order."""
        with self._uow.read() as tx:
            desk = _desk(tx, who, now)
            found = time_entries.on_days(
                tx, desk.team_id, who.id, desk.today, desk.today + _ONE_DAY
            )
            lines = [desk.line(one) for one in found if not one.entry.is_running]
            running = desk.running()
            if running is not None:
                lines.append(_part(desk, running, desk.today))
            total = sum(line.seconds for line in lines)
            return Day(desk.today, tuple(lines), total, desk.local(desk.now))

    def week(self, *, who: Member, now: datetime) -> Week:
        """The seconds of each day of the week, as the team begins it, and of each task."""
        with self._uow.read() as tx:
            desk = _desk(tx, who, now)
            week_start = teams.settings(tx, desk.team_id).week_start
            first, after_last = week_bounds(desk.today, week_start)
            found = time_entries.on_days(tx, desk.team_id, who.id, first, after_last)
            days: Counter[date] = Counter()
            tasks: Counter[TaskLabel] = Counter()
            for one in found:
                if one.entry.seconds is not None:
                    days[one.entry.work_date] += one.entry.seconds
                    tasks[one.on] += one.entry.seconds
            running = desk.running()
            week = [first + number * _ONE_DAY for number in range(7)]
            if running is not None:
                for day in week:
                    days[day] += desk.part_of(running, day)
                    tasks[running.on] += desk.part_of(running, day)
            return Week(
                first,
                tuple((day, days[day]) for day in week),
                tuple((on, seconds) for on, seconds in tasks.most_common() if seconds),
                sum(days.values()),
                desk.local(desk.now),
            )


def _desk(tx: Tx, who: Member, now: datetime) -> Desk:
    return Desk(tx, who, now, new_marker=str, provider_name=str)


def _part(desk: Desk, running: LabelledEntry, day: date) -> DayLine:
    start = day_bounds(day, desk.zone)[0]
    continued = began(running) < start
    return DayLine(
        running.entry.id,
        running.on,
        desk.local(max(start, began(running))),
        None,
        desk.part_of(running, day),
        running.entry.note,
        is_running=True,
        is_continued=continued,
    )
