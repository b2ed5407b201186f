"""The words of a report's picture, and what a screen reader says of it."""

from datetime import date, datetime

from bot.domain.entries.entries import TaskLabel
from bot.domain.periods import Period, Unit
from bot.domain.reports.charts import ChartBar, ChartData
from bot.domain.reports.pictures import Bars, Strip
from bot.domain.reports.reports import Group, Report
from bot.domain.reports.team_reports import TeamReport
from bot.views.message import clipped
from bot.views.reports.own import HEADS, period_named
from bot.views.reports.team import WHOSE, amounts, percent, plain_about
from bot.views.settings.rounding import rounding_told
from bot.views.times import length
from bot.views.words import counted

MOST_SAID = 1000
"""Characters that Slack takes to describe a picture."""

_HOUR, _MINUTE = 3600, 60
_FEW, _MANY = 5, 14
_UNNAMED = {Group.CLIENT: "No client", Group.LABEL: "No label", Group.BILLABLE: "Not billable"}
_OTHERS = {
    Group.PROJECT: ("other project", ""),
    Group.TASK: ("other task", ""),
    Group.LABEL: ("other label", ""),
    Group.PERSON: ("other person", "other people"),
    Group.CLIENT: ("other client", ""),
}


def team_chart(found: TeamReport, data: ChartData, whose: str = "") -> tuple[Bars, str]:
    """A picture of many people's time, and its description; ``whose`` for who did not ask."""
    total = found.total
    lines = [_placed(found.choice.period, found.today, plain_about(found))]
    lines.append(_total(data))
    if total.earned:
        lines.append(f"Earned by the hour: {amounts(total.earned)}")
    foot = ""
    if found.running:
        foot = f"{counted(found.running, 'timer')} running now: not counted yet."
    if found.rounding is not None:
        foot = " ".join(filter(None, (rounding_told(found.rounding), foot)))
    bars = _bars(f"{whose or WHOSE[found.reach]} by {_by(data)}", lines, data, foot)
    return bars, _said(bars, data, found.today)


def own_chart(found: Report, data: ChartData) -> tuple[Bars, str]:
    """A picture of one's own time, and its description."""
    lines = [_placed(found.choice.period, found.today, ", ".join(found.about)), _total(data)]
    foot = "" if found.timer is None else _until(found.timer.on, found.now)
    bars = _bars(f"Your time by {_by(data)}", lines, data, foot)
    return bars, _said(bars, data, found.today)


def _by(data: ChartData) -> str:
    unit = next((bar.name.unit for bar in data.bars if isinstance(bar.name, Period)), None)
    return unit.value if unit is not None else HEADS[data.group].lower()


def _until(on: TaskLabel, now: datetime) -> str:
    return f"Counted up to {now:%H:%M}: {clipped(on.short, 60)} is running."


def _placed(period: Period, today: date, about: str) -> str:
    named = period_named(period, today)
    return f"{named}, {about}" if about else named


def _total(data: ChartData) -> str:
    parts = [f"{length(data.total)} in all"]
    if data.billable is not None:
        parts.append(f"{percent(data.billable, data.total)} billable")
    return ", ".join(parts)


def _bars(title: str, lines: list[str], data: ChartData, foot: str) -> Bars:
    kinds: tuple[str, ...] = ()
    if data.is_split and data.billable is not None:
        left = data.total - data.billable
        kinds = (f"Billable, {length(data.billable)}", f"Not billable, {length(left)}")
    if data.group is Group.LABEL:
        foot = " ".join(filter(None, ("A task with several labels counts under each.", foot)))
    is_short = len(data.bars) > _FEW
    strips = []
    before: Period | None = None
    for bar in data.bars:
        name = _name(bar, data.group)
        under = ""
        if isinstance(bar.name, Period):
            name, under = _column(bar.name, before, number=len(data.bars))
            before = bar.name
        strips.append(
            Strip(
                name,
                _at(bar, data, is_short=is_short),
                bar.seconds,
                bar.billable if data.is_split else None,
                under,
                is_rest=bool(bar.others),
            )
        )
    return Bars(title, tuple(lines), tuple(strips), data.is_in_order, kinds, foot)


def _at(bar: ChartBar, data: ChartData, *, is_short: bool) -> str:
    if data.is_in_order:
        return _hours(bar.seconds) if is_short else length(bar.seconds)
    running = ", running" if bar.is_running else ""
    return f"{length(bar.seconds)}, {percent(bar.seconds, data.total)}{running}"


def _hours(seconds: int) -> str:
    """``7:30``; what is less than a minute stays something."""
    if 0 < seconds < _MINUTE:
        return length(seconds)
    return f"{seconds // _HOUR}:{seconds % _HOUR // _MINUTE:02}"


def _column(period: Period, before: Period | None, *, number: int) -> tuple[str, str]:
    """What stands below a column, and below that where it changes."""
    first = period.first
    turned_month = before is None or before.first.month != first.month
    turned_year = before is None or before.first.year != first.year
    match period.unit:
        case Unit.YEAR:
            return str(first.year), ""
        case Unit.MONTH:
            return f"{first:%b}", str(first.year) if turned_year else ""
        case Unit.DAY if number <= _MANY:
            return f"{first:%a} {first.day}", f"{first:%b}" if turned_month else ""
        case Unit.DAY:
            return str(first.day), f"{first:%b}" if turned_month else ""
        case _:
            return f"{first.day} {first:%b}", str(first.year) if turned_year else ""


def _name(bar: ChartBar, group: Group) -> str:
    if bar.others:
        return counted(bar.others, *_OTHERS.get(group, ("other", "others")))
    name = bar.name
    if isinstance(name, TaskLabel):
        return name.name
    if isinstance(name, Period):
        return ""
    if group is Group.BILLABLE and name:
        return "Billable"
    return name or _UNNAMED.get(group, "Unknown")


def _said(bars: Bars, data: ChartData, today: date) -> str:
    """Totals first, then as many bars as there is room for, with their whole names."""
    said = ". ".join((f"Chart: {bars.title}", *bars.lines))
    kinds = f" {'; '.join(bars.kinds)}." if bars.kinds else ""
    said = f"{said}.{kinds}"
    shown = 0
    for bar in data.bars:
        name = bar.name
        called = period_named(name, today) if isinstance(name, Period) else _name(bar, data.group)
        line = f" {called}: {length(bar.seconds)}."
        if not bar.seconds:
            shown += 1
            continue
        if len(said) + len(line) > MOST_SAID - len(" And 10,000 more."):
            break
        said += line
        shown += 1
    left = len(data.bars) - shown
    return f"{said} And {left:,} more." if left else said
