"""A report: total, comparison, a table with bars, and buttons to what is beside it."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.domain.entries.entries import TaskLabel
from bot.domain.periods import Period, Unit
from bot.domain.reports.reports import OWN_GROUPS, Group, Narrowed, Report, ReportChoice, ReportRow
from bot.views.bars import bar
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    section,
    spoken,
)
from bot.views.times import clock, dated, dates, isolated, keyed, length, told

REPORT = "report.show"
REPORT_FORM = "report.open"
REPORT_FILE = "report.file"
REPORT_CHART = "report.chart"

_ROWS = 20
"""Rows on a page: with long names, half of what the cells of a message may hold."""

_NAME = 100
_BAR = 10
_IN_LINE = 38
"""Letters of a name where there is no table."""

_A_WEEK, _A_MONTH = 7, 31
HEADS = {
    Group.PROJECT: "Project",
    Group.TASK: "Task",
    Group.DAY: "Day",
    Group.WEEK: "Week",
    Group.MONTH: "Month",
    Group.LABEL: "Label",
    Group.PERSON: "Person",
    Group.CLIENT: "Client",
    Group.BILLABLE: "Billing",
}


def show_report(found: Report, page: int = 0, *, note: str = "") -> Message:
    """As a message, whose buttons turn it into others in place."""
    lines = [*_told(found), *([note] if note else [])]
    shown, page = _page(found, page)
    blocks: list[Block] = [section(f"*{lines[0]}*"), *(context(one) for one in lines[1:])]
    if found.rows:
        blocks.append(_table(found, shown))
    said = [*lines, *(_spoken(found, row) for row in shown), *_more(found, page)]
    blocks += [context(one) for one in _more(found, page)]
    return Message(spoken(said), [*blocks, *_buttons(found, page)])


def report_form(found: Report, page: int = 0, *, note: str = "") -> Modal:
    """The same over the App Home, where Slack shows no tables."""
    lines = [*_told(found), *([note] if note else [])]
    shown, page = _page(found, page)
    blocks: list[Block] = [section(f"*{lines[0]}*"), *(context(one) for one in lines[1:])]
    if shown:
        blocks.append(section(f"```{_in_lines(found, shown)}```"))
    blocks += [context(one) for one in _more(found, page)]
    every = [*blocks, *_buttons(found, page)]
    return Modal(REPORT_FORM, "Your time", every, close="Close", returns=True)


def value(choice: ReportChoice, page: int = 0) -> str:
    """A report as a button holds it."""
    return f"{choice.period.code}|{choice.group}|{choice.about.code}|{page}"


def period_named(period: Period, today: date) -> str:
    """What people call a period: ``November 2026``, ``Q4 2026``, ``Mon 2 to Sun 15 Nov``."""
    first, last = period.first, period.last
    match period.unit:
        case Unit.DAY:
            return dated(first, today)
        case Unit.MONTH:
            return f"{first:%B %Y}"
        case Unit.QUARTER:
            return f"Q{(first.month + 2) // 3} {first.year}"
        case Unit.YEAR:
            return str(first.year)
        case _:
            return dates(first, last, today)


def period_placed(period: Period, today: date) -> str:
    """The same with where it lies: ``This month, November 2026``."""
    name = period_named(period, today)
    unit = period.unit
    if unit is not None:
        here = period.first <= today <= period.last
        just = period.moved(1)
        lately = just is not None and just.first <= today <= just.last
        if unit is Unit.DAY:
            name = f"Today, {name}" if here else f"Yesterday, {name}" if lately else name
        elif here or lately:
            name = f"{'This' if here else 'Last'} {unit}, {name}"
    return name


def _headline(found: Report) -> str:
    name = period_placed(found.choice.period, found.today)
    about = ", ".join(told(one, _NAME) for one in found.about)
    return f"{name}{f', {about}' if about else ''}: {length(found.total)}."


def _told(found: Report) -> list[str]:
    """The sum, what it is compared with, the timer, and what to know of the rows."""
    lines = [_headline(found)]
    if found.choice.period.first > found.today:
        return [*lines, "That is still to come."]
    if not found.rows or not found.total:
        lines.append("Nothing was tracked.")
    if found.before is not None and (found.before_total or found.total):
        lines.append(compared(found.before, found.before_total, found.total, found.today))
    if found.timer is not None:
        since = clock(found.timer.since, found.timer.now)
        lines.append(f"Counted up to now: {keyed(found.timer.on)} has been running since {since}.")
    if found.choice.group is Group.LABEL and found.rows:
        lines.append("A task with several labels counts under each of them.")
    return lines


def compared(before: Period, seconds_before: int, seconds: int, today: date) -> str:
    """How much more or less that is than the time of the period before."""
    name = period_named(before, today)
    if not seconds_before:
        return f"Before, {name}: nothing."
    more = seconds - seconds_before
    than = f"{length(abs(more))} {'more' if more > 0 else 'less'}" if more else "as much"
    return f"Before, {name}: {length(seconds_before)}. Now {than}."


def _page(found: Report, page: int) -> tuple[Sequence[ReportRow], int]:
    pages = max(1, -(-len(found.rows) // _ROWS))
    page = min(max(page, 0), pages - 1)
    return found.rows[page * _ROWS : (page + 1) * _ROWS], page


def _more(found: Report, page: int) -> list[str]:
    if len(found.rows) <= _ROWS:
        return []
    first = page * _ROWS + 1
    return [f"Rows {first} to {min(first + _ROWS - 1, len(found.rows))} of {len(found.rows)}."]


def _name(found: Report, row: ReportRow) -> str:
    """What a row is called, without escapes."""
    name = row.name
    running = " (running)" if row.is_running else ""
    if isinstance(name, TaskLabel):
        return f"{isolated(clipped(name.name, _NAME))}{running}"
    if isinstance(name, Period):
        today = ", today" if name.unit is Unit.DAY and name.first == found.today else ""
        return f"{period_named(name, found.today)}{today}{running}"
    return f"{isolated(clipped(name, _NAME)) if name else 'No label'}{running}"


def _spoken(found: Report, row: ReportRow) -> str:
    share = _share(found, row)
    return f"{escaped(_name(found, row))}: {length(row.seconds)}{f', {share}' if share else ''}."


def _share(found: Report, row: ReportRow) -> str:
    if found.choice.group.unit is not None or not found.total:
        return ""
    share = round(100 * row.seconds / found.total)
    return f"{share} %" if share or not row.seconds else "under 1 %"


def _table(found: Report, shown: Sequence[ReportRow]) -> Block:
    scale = max(row.seconds for row in found.rows)
    has_share = found.choice.group.unit is None
    columns = [HEADS[found.choice.group], "Project", "Time", "Share" if has_share else "Bar"]
    rows = [columns]
    for row in shown:
        drawn = f"{_share(found, row)}  {bar(row.seconds, scale, width=_BAR)}".strip()
        rows.append([_name(found, row), _project(row), length(row.seconds), drawn])
    rows.append(["Total", "", length(found.total), ""])
    wrapped: Block = {"is_wrapped": True}
    settings = [wrapped, wrapped, {"align": "right"}, {"align": "left"}]
    if len({_project(row) for row in found.rows}) == 1 or found.choice.group is not Group.TASK:
        rows = [[row[0], *row[2:]] for row in rows]
        settings.pop(1)
    cells = [[cell(text) for text in row] for row in rows]
    return {"type": "table", "rows": cells, "column_settings": settings}


def _project(row: ReportRow) -> str:
    on = row.name
    return isolated(clipped(on.project_name, _NAME)) if isinstance(on, TaskLabel) else ""


def cell(text: str) -> Block:
    """A cell of a table, which Slack wants to hold something."""
    return {"type": "raw_text", "text": text or "\N{NO-BREAK SPACE}"}


def _in_lines(found: Report, shown: Sequence[ReportRow]) -> str:
    scale = max(row.seconds for row in found.rows)
    names = [escaped(clipped(_name(found, row), _IN_LINE)) for row in shown]
    width = max(map(len, names))
    lengths = [length(row.seconds) for row in shown]
    wide = max(map(len, lengths))
    return "\n".join(
        f"{name:<{width}}  {took:>{wide}}  {bar(row.seconds, scale)} {_share(found, row)}".rstrip()
        for row, name, took in zip(shown, names, lengths, strict=True)
    )


def _buttons(found: Report, page: int) -> list[Block]:
    choice = found.choice
    turns = []
    before, after = choice.period.moved(-1), choice.period.moved(1)
    if before is not None:
        turns.append(_to(found, before, "before"))
    if after is not None and after.first <= found.today:
        turns.append(_to(found, after, "after"))
    ways = [
        button(
            f"By {group}",
            f"{REPORT}#{group}",
            value(ReportChoice(choice.period, group, choice.about)),
            says=f"Show the same by {group}",
        )
        for group in sensible_groups(OWN_GROUPS, choice.period, choice.about)
        if group is not choice.group
    ]
    here = value(choice, page)
    sent = [
        button("Chart", REPORT_CHART, here, says="Send me this as a picture"),
        button("As CSV", REPORT_FILE, here, says="Send me the entries behind it as a file"),
    ]
    blocks = [actions(*turns, *ways, *(sent if found.total else []))]
    if len(found.rows) > _ROWS:
        pages = []
        if page > 0:
            pages.append(button("Rows before", f"{REPORT}#fewer", value(choice, page - 1)))
        if (page + 1) * _ROWS < len(found.rows):
            pages.append(button("More rows", f"{REPORT}#more", value(choice, page + 1)))
        blocks.insert(0, actions(*pages))
    return blocks


def sensible_groups(groups: Iterable[Group], period: Period, about: Narrowed) -> list[Group]:
    """What a period can be divided into: a day has no weeks, and one task no projects."""
    longer_than = {Group.DAY: 1, Group.WEEK: _A_WEEK, Group.MONTH: _A_MONTH}
    found = [group for group in groups if period.days > longer_than.get(group, 0)]
    return [group for group in found if group is not Group.PROJECT or not about.tasks]


def _to(found: Report, period: Period, suffix: str) -> Block:
    name = period_named(period, found.today)
    label = f"\N{LEFTWARDS ARROW} {name}" if suffix == "before" else f"{name} \N{RIGHTWARDS ARROW}"
    choice = ReportChoice(period, found.choice.group, found.choice.about)
    return button(label, f"{REPORT}#{suffix}", value(choice), says=f"Show {name}")
