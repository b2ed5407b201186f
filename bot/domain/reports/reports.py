"""Where the hours went: what a report was asked for, and what it says (M4)."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ProjectId, TaskId
from bot.domain.periods import Period, PeriodWords, Unit, period_around
from bot.domain.tasks.task_refs import TaskRef
from bot.domain.tracking.tracking import RunningTimer
from bot.domain.values import dataclass

_FEW_DAYS = 62
"""Days up to which a report by day has a row for those without time, too."""
_FEW_ROWS = 12
"""Up to which a report begins with its period: a week's days, a year's months."""


class Group(StrEnum):
    """What a report has a row for."""

    PROJECT = "project"
    TASK = "task"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    LABEL = "label"
    """Of the task in its tool; a task with several counts under each."""
    PERSON = "person"
    CLIENT = "client"
    """As of the day of the work."""
    BILLABLE = "billable"

    @property
    def unit(self) -> Unit | None:
        """The unit of the calendar, where it is one."""
        return Unit(self.value) if self.value in {"day", "week", "month"} else None


OWN_GROUPS = (Group.PROJECT, Group.TASK, Group.DAY, Group.WEEK, Group.MONTH, Group.LABEL)
"""What a report of one's own time, running timer included, has rows for."""


@dataclass(frozen=True, slots=True)
class ReportWish:
    """What somebody typed."""

    period: PeriodWords | None = None
    """None is the present week."""
    group: Group | None = None
    """None is what suits the period and what it is about."""
    about: TaskRef | None = None
    """One project, or a task."""
    as_csv: bool = False
    """The entries behind it as a file, too."""
    as_xlsx: bool = False
    """The same as a workbook."""
    as_chart: bool = False
    """A picture of it, too."""
    for_team: bool = False
    """Everybody's time, as far as who asks may see it."""
    person: str = ""
    """A name, or Slack's id of somebody."""
    client: str = ""
    label: str = ""
    billable: bool | None = None

    @property
    def is_plain(self) -> bool:
        """It asks for one's own time and for nothing that only tables of many have."""
        asks_more = self.for_team or self.person or self.client or self.label or self.as_xlsx
        grouped = self.group is None or self.group in OWN_GROUPS
        return grouped and not asks_more and self.billable is None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a report is about, where that is not everything; no ids means everything."""

    projects: tuple[ProjectId, ...] = ()
    tasks: tuple[TaskId, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.projects or self.tasks)

    @property
    def code(self) -> str:
        """For a button's value; ``narrowed_from`` reads it."""
        return ",".join([*(f"p{one}" for one in self.projects), *(f"t{one}" for one in self.tasks)])

    def holds(self, on: TaskLabel) -> bool:
        """Time on this is in the report."""
        if self.tasks:
            return on.task_id in self.tasks
        return not self.projects or on.project_id in self.projects


_CODE = re.compile(r"(?:[pt][0-9]{1,18}(?:,(?=[pt])|$)){0,20}", re.ASCII)


def narrowed_from(code: str) -> Narrowed | None:
    """What a report is about by the code in a button's value; None where it is none."""
    if not _CODE.fullmatch(code):
        return None
    ids = code.split(",") if code else []
    return Narrowed(
        tuple(ProjectId(int(one[1:])) for one in ids if one[0] == "p"),
        tuple(TaskId(int(one[1:])) for one in ids if one[0] == "t"),
    )


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """The same as a wish once it is known what its words mean; what a button holds."""

    period: Period
    group: Group
    about: Narrowed = Narrowed()


RowName: TypeAlias = TaskLabel | Period | str
"""A task or project; a day, week or month; a label (empty for none)."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row."""

    name: RowName
    seconds: int
    is_running: bool = False
    """A timer that runs is counted in it."""


@dataclass(frozen=True, slots=True)
class Report:
    """One person's time in a period."""

    choice: ReportChoice
    about: tuple[str, ...]
    """Names of what it is about; empty for everything."""
    rows: tuple[ReportRow, ...]
    """All of them, the most first; days, weeks and months in order."""
    total: int
    before: Period | None
    """What it is compared with: as many days of the period before; None where there is none."""
    before_total: int
    timer: RunningTimer | None
    """The timer that is counted in it, if one is."""
    today: date
    now: datetime


def suited(group: Group | None, period: Period, about: Narrowed) -> Group:
    """The grouping that was asked for, or the one that says most."""
    if group is not None:
        return group
    if about.tasks:
        return Group.TASK if period.unit is Unit.DAY else Group.DAY
    return Group.TASK if about.projects or period.unit is Unit.DAY else Group.PROJECT


def compared_with(period: Period, today: date) -> Period | None:
    """The period before; of an unfinished one, only as many days as have begun."""
    before = period.moved(-1)
    if before is None or not period.first <= today < period.last:
        return before
    days = (today - period.first).days + 1
    after_last = min(before.after_last, date.fromordinal(before.first.toordinal() + days))
    return Period(before.first, after_last)


def by_calendar(
    seconds: Iterable[tuple[date, int]], period: Period, unit: Unit, *, today: date, week_start: int
) -> list[tuple[Period, int]]:
    """Seconds of days added up by day, week or month, in order.

    Those without time are there too, up to today, unless they would bury the others: of many, those
    before the first time are left out, and of very many days all of them. Without any time there
    is nothing.
    """
    tracked: dict[Period, int] = {}
    for day, amount in seconds:
        around = period_around(day, unit, week_start)
        tracked[around] = tracked.get(around, 0) + amount
    if not tracked:
        return []
    added = dict(tracked)
    if unit is not Unit.DAY or period.days <= _FEW_DAYS:
        last = min(period.last, max(today, period.first))
        for day in Period(period.first, date.fromordinal(last.toordinal() + 1)).dates():
            added.setdefault(period_around(day, unit, week_start), 0)
    rows = sorted(added.items(), key=lambda row: row[0].first)
    if len(rows) <= _FEW_ROWS:
        return rows
    begun = min(one.first for one in tracked)
    return [row for row in rows if row[0].first >= begun]


def by_label(
    seconds: Iterable[tuple[Sequence[str], int]],
) -> list[tuple[str, int]]:
    """Seconds of tasks added up by label, the most first; no label is the empty one."""
    added: dict[str, int] = {}
    for labels, amount in seconds:
        for label in dict.fromkeys(labels) or ("",):
            added[label] = added.get(label, 0) + amount
    return sorted(added.items(), key=lambda row: (-row[1], row[0].casefold()))
