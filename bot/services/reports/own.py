"""Where a member's own hours went (M4)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from bot.domain.entries.entries import LabelledEntry, TaskLabel
from bot.domain.errors import Vanished
from bot.domain.input_errors import PeriodNotUnderstood
from bot.domain.people.people import Member
from bot.domain.period_words import period_words
from bot.domain.periods import Around, Period, Unit, period_around, resolve_period
from bot.domain.reports.reports import (
    Group,
    Narrowed,
    Report,
    ReportChoice,
    ReportRow,
    ReportWish,
    by_calendar,
    by_label,
    compared_with,
    suited,
)
from bot.domain.tracking.spans import split_at_midnights
from bot.services.reports.meaning import own_meant
from bot.services.tracking.desk import Desk, began, to_read
from storage import teams
from storage.reports import report_sums
from storage.reports.report_sums import Whose
from storage.unit_of_work import UnitOfWork


class Reports:
    """A person's own report; a running timer is counted up to now."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def wished(self, *, who: Member, now: datetime, wish: ReportWish) -> Report:
        """What somebody typed.

        Raises:
            PeriodNotUnderstood: the period lies outside the years in which days are named.
            NothingTrackedOn: nothing of that name has time that they may see.
            OnlyOthersTracked: it has time of others alone.
            TooManyMeant: the name means more than a report is about.
        """
        with self._uow.read() as tx:
            desk = to_read(tx, who, now)
            week_start = teams.settings(tx, who.team_id).week_start
            words = wish.period or Around(Unit.WEEK, 0)
            period = resolve_period(words, desk.today, week_start)
            if period is None:
                raise PeriodNotUnderstood(period_words(words))
            about = Narrowed() if wish.about is None else own_meant(desk.tx, who, wish.about)
            group = suited(wish.group, period, about)
            made = _Maker(desk, ReportChoice(period, group, about), week_start).report()
            if wish.group is None and group is Group.PROJECT and len(made.rows) == 1:
                choice = ReportChoice(period, Group.TASK, about)
                return _Maker(desk, choice, week_start).report()
            return made

    def chosen(self, *, who: Member, now: datetime, choice: ReportChoice) -> Report:
        """What a button holds.

        Raises:
            Vanished: it is about something that is not there.
        """
        with self._uow.read() as tx:
            desk = to_read(tx, who, now)
            week_start = teams.settings(tx, who.team_id).week_start
            return _Maker(desk, choice, week_start).report()


class _Maker:
    """Adds up one report."""

    def __init__(self, desk: Desk, choice: ReportChoice, week_start: int) -> None:
        self._desk = desk
        self._choice = choice
        self._week_start = week_start
        self._running = _counted(desk.running(), choice.about)

    def report(self) -> Report:
        desk, choice = self._desk, self._choice
        names = report_sums.names(desk.tx, desk.team_id, choice.about) if choice.about else []
        if choice.about and not names:
            raise Vanished("project")
        before = compared_with(choice.period, desk.today)
        own = dict(self._running_days(choice.period))
        running = self._running if own else None
        return Report(
            choice=choice,
            about=tuple(names),
            rows=tuple(self._rows(own)),
            total=self._total(choice.period),
            before=before,
            before_total=0 if before is None else self._total(before),
            timer=None if running is None else desk.timer(running),
            today=desk.today,
            now=desk.local(desk.now),
        )

    def _whose(self, period: Period) -> Whose:
        desk = self._desk
        return Whose(desk.team_id, desk.who.id, period, self._choice.about)

    def _total(self, period: Period) -> int:
        running = sum(seconds for _, seconds in self._running_days(period))
        return report_sums.total(self._desk.tx, self._whose(period)) + running

    def _running_days(self, period: Period) -> Iterator[tuple[date, int]]:
        """The seconds of the running timer on each day of a period."""
        desk, running = self._desk, self._running
        if running is None:
            return
        since = began(running)
        for part in split_at_midnights(since, max(since, desk.now), desk.zone):
            if period.first <= part.work_date < period.after_last:
                yield part.work_date, part.seconds

    def _rows(self, running: Mapping[date, int]) -> list[ReportRow]:
        group = self._choice.group
        if (unit := group.unit) is not None:
            return self._by_calendar(unit, running)
        if group is Group.LABEL:
            return self._by_label(sum(running.values()))
        return self._by_work(group, sum(running.values()) if running else None)

    def _by_calendar(self, unit: Unit, running: Mapping[date, int]) -> list[ReportRow]:
        desk, period = self._desk, self._choice.period
        found = [*report_sums.by_day(desk.tx, self._whose(period)), *running.items()]
        live = {period_around(day, unit, self._week_start) for day in running}
        added = by_calendar(found, period, unit, today=desk.today, week_start=self._week_start)
        return [ReportRow(name, seconds, name in live) for name, seconds in added]

    def _by_label(self, running: int) -> list[ReportRow]:
        desk = self._desk
        tasks = report_sums.by_task(desk.tx, self._whose(self._choice.period))
        found = [(labels, seconds) for _, labels, seconds in tasks]
        live: Sequence[str] = ()
        if running and self._running is not None:
            task_id = self._running.on.task_id
            own = report_sums.labels_of(desk.tx, desk.team_id, task_id) if task_id else ()
            found.append((own, running))
            live = own or ("",)
        return [ReportRow(name, seconds, name in live) for name, seconds in by_label(found)]

    def _by_work(self, group: Group, running: int | None) -> list[ReportRow]:
        tx, whose = self._desk.tx, self._whose(self._choice.period)
        added: Counter[TaskLabel] = Counter()
        if group is Group.PROJECT:
            added.update(dict(report_sums.by_project(tx, whose)))
        else:
            added.update({on: seconds for on, _, seconds in report_sums.by_task(tx, whose)})
        live = None
        if running is not None and self._running is not None:
            on = self._running.on
            live = on if group is Group.TASK else TaskLabel(on.project_id, on.project_name)
            added[live] += running
        rows = [ReportRow(on, seconds, on == live) for on, seconds in added.items()]
        return sorted(rows, key=lambda row: (-row.seconds, str(row.name)))


def _counted(running: LabelledEntry | None, about: Narrowed) -> LabelledEntry | None:
    return running if running is not None and about.holds(running.on) else None
