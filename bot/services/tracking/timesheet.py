"""A member's days and weeks, by their own local days."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.approval.week_sheets import SheetState
from bot.domain.days import Day as NamedDay
from bot.domain.days import day_bounds, resolve_day, week_bounds
from bot.domain.entries.entries import LabelledEntry, TaskLabel
from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from bot.domain.periods import OnePeriod, resolve_period
from bot.domain.tracking.timesheet import (
    Day,
    Week,
    WeekDay,
    WeekStands,
    expected,
    in_order,
)
from bot.domain.tracking.tracking import DayLine
from bot.domain.writing.worklogs import WorklogShown
from bot.services.tracking.desk import began, to_read
from storage import choices
from storage.approval import week_sheets
from storage.entries import continued_entries, time_entries
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklogs_shown

_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Timesheet:
    """What a member tracked, a running timer counted up to now."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def day(self, *, who: Member, now: datetime, day: NamedDay | date | None = None) -> Day:
        """The entries of a local day in order; of the present one where none is named.

        Raises:
            DayInTheFuture: it has not come yet.
        """
        with self._uow.read() as tx:
            sheet = Sheet(tx, who, now)
            if day is None or isinstance(day, date):
                return sheet.day(day or sheet.today)
            return sheet.day(resolve_day(day, sheet.today))

    def week(self, *, who: Member, now: datetime, week: OnePeriod | date | None = None) -> Week:
        """The seconds of each day of a week, and of each task.

        Args:
            who: Whose.
            now: When this was asked.
            week: The one around this date, or the one these words name; None is the present one.
        """
        with self._uow.read() as tx:
            sheet = Sheet(tx, who, now)
            if week is None or isinstance(week, date):
                return sheet.week(week or sheet.today)
            named = resolve_period(week, sheet.today, sheet.team.week_start)
            return sheet.week(named.first if named else sheet.today)


class Sheet:
    """One member's time in an open transaction; what is asked twice is read once."""

    def __init__(self, tx: Tx, who: Member, now: datetime) -> None:
        self._desk = to_read(tx, who, now)
        self.today = self._desk.today
        self.now = self._desk.local(self._desk.now)
        chosen = choices.of_member(tx, who.team_id, who.id)
        self.team, self.own, self.manages = chosen.team, chosen.own, chosen.manages
        self.running: LabelledEntry | None = None
        """Their timer; known once a day or week was asked for."""
        self._read: dict[date, list[LabelledEntry]] = {}

    def day(self, day: date) -> Day:
        """One local day."""
        finished = self._finished(day, day + _ONE_DAY)
        going_on = self._going_on(day, finished)
        written = self._written(finished)
        lines = [
            replace(
                self._desk.line(one),
                goes_on=one.entry.id in going_on,
                worklog=written.get(one.entry.id),
            )
            for one in finished
        ]
        if self.running is not None and (part := self._part(self.running, day)):
            lines.append(part)
        total = sum(line.seconds for line in lines)
        asked = expected(day, self.own, self.team)
        return Day(self.today, self.now, day, in_order(lines), total, asked)

    def week(self, day: date) -> Week:
        """The week around a day, as the team begins its weeks."""
        first, after_last = week_bounds(day, self.team.week_start)
        days: Counter[date] = Counter()
        tasks: Counter[TaskLabel] = Counter()
        for one in self._finished(first, after_last):
            days[one.entry.work_date] += one.entry.seconds or 0
            tasks[one.on] += one.entry.seconds or 0
        dates = [first + number * _ONE_DAY for number in range(7)]
        if self.running is not None:
            for date_ in dates:
                seconds = self._desk.part_of(self.running, date_)
                days[date_] += seconds
                tasks[self.running.on] += seconds
        return Week(
            first,
            tuple(
                WeekDay(date_, days[date_], expected(date_, self.own, self.team)) for date_ in dates
            ),
            tuple((on, seconds) for on, seconds in tasks.most_common() if seconds),
            sum(days.values()),
            self.today,
            self._stands(first, has_time=any(days.values())),
        )

    def last_week(self) -> WeekStands | None:
        """Where the week before this one stands; None where it is approved, or has no time."""
        first = week_bounds(self.today, self.team.week_start)[0] - _WEEK
        if not self.team.timesheets:
            return None
        desk = self._desk
        last = first + _WEEK - _ONE_DAY
        had = week_sheets.with_time(desk.tx, desk.team_id, [desk.who.id], first, last)
        stands = self._stands(first, has_time=bool(had))
        return None if stands and stands.state is SheetState.APPROVED else stands

    def _stands(self, first: date, *, has_time: bool) -> WeekStands | None:
        if not self.team.timesheets:
            return None
        desk = self._desk
        sheet = week_sheets.of_week(desk.tx, desk.team_id, desk.who.id, first)
        if sheet is None or sheet.state is SheetState.OPEN:
            return WeekStands(first, SheetState.OPEN) if has_time else None
        is_returned = sheet.state is SheetState.RETURNED
        return WeekStands(first, sheet.state, sheet.comment if is_returned else "")

    def _finished(self, first: date, after_last: date) -> Sequence[LabelledEntry]:
        dates = [first + number * _ONE_DAY for number in range((after_last - first).days)]
        if not all(date_ in self._read for date_ in dates):
            desk = self._desk
            found, self.running = time_entries.on_days_and_running(
                desk.tx, desk.team_id, desk.who.id, first, after_last
            )
            self._read |= {date_: [] for date_ in dates}
            for one in found:
                self._read[one.entry.work_date].append(one)
        return [one for date_ in dates for one in self._read[date_]]

    def _written(self, finished: Sequence[LabelledEntry]) -> Mapping[TimeEntryId, WorklogShown]:
        ids = [one.entry.id for one in finished if one.entry.task_id is not None]
        desk = self._desk
        return worklogs_shown.of_entries(desk.tx, desk.team_id, ids) if ids else {}

    def _going_on(self, day: date, finished: Sequence[LabelledEntry]) -> Collection[TimeEntryId]:
        """Those that go on after midnight."""
        ends = day_bounds(day, self._desk.zone)[1]
        last = [one.entry.id for one in finished if one.entry.ended_at == ends]
        if not last:
            return ()
        desk = self._desk
        return continued_entries.continued(desk.tx, desk.team_id, desk.who.id, day + _ONE_DAY, last)

    def _part(self, running: LabelledEntry, day: date) -> DayLine | None:
        """The part of the running timer inside one day."""
        first, last = day_bounds(day, self._desk.zone)
        start = max(first, began(running))
        if start >= last or start > self._desk.now:
            return None
        goes_on = self._desk.now >= last
        return replace(
            self._desk.line(running),
            start=self._desk.local(start),
            end=self._desk.local(last) if goes_on else None,
            seconds=self._desk.part_of(running, day),
            is_continued=began(running) < first,
            goes_on=goes_on,
        )
