"""A report of many people's time: total, billable share, amounts, a table with bars, buttons."""

from collections.abc import Callable

from bot.domain.entries.entries import TaskLabel
from bot.domain.money.money import Money
from bot.domain.periods import Period, Unit
from bot.domain.projects.project_money import Earnings
from bot.domain.reports.reports import Group
from bot.domain.reports.team_reports import ROWS_SHOWN, Reach, TeamChoice, TeamReport, TeamRow
from bot.views.bars import bar
from bot.views.message import Block, Message, actions, button, clipped, context, section, spoken
from bot.views.reports.own import (
    HEADS,
    cell,
    compared,
    period_named,
    period_placed,
    sensible_groups,
)
from bot.views.settings.rounding import rounding_told
from bot.views.times import isolated, length, told
from bot.views.words import counted

TEAM_REPORT = "report.team"
TEAM_FILE = "report.team_file"

CSV, XLSX, PNG = "csv", "xlsx", "png"
"""How a file is asked for."""

_NAME = 100
_BAR = 10
WHOSE = {
    Reach.OWN: "Your time",
    Reach.MANAGED: "Time on your projects",
    Reach.ALL: "Everybody's time",
}
_NOTHING = {Group.CLIENT: "No client", Group.LABEL: "No label", Group.BILLABLE: "Not billable"}


def show_team_report(found: TeamReport, *, note: str = "", whose: str = "") -> Message:
    """As a message, whose buttons turn it into others in place.

    Args:
        found: The report.
        note: What is said below what it comes to.
        whose: Of whom it is for somebody else, who gets no buttons: they would show what that
            somebody may see.
    """
    lines = [*_told(found, whose), *([note] if note else [])]
    blocks: list[Block] = [section(f"*{lines[0]}*"), *(context(one) for one in lines[1:])]
    if found.rows:
        blocks.append(_table(found))
    more = _more(found)
    said = [*lines, *(_spoken(found, row) for row in found.rows), *more]
    blocks += [context(one) for one in more]
    return Message(spoken(said), [*blocks, *([] if whose else _buttons(found))])


def team_value(choice: TeamChoice, page: int = 0, *, file: str = "") -> str:
    """A report as a button holds it."""
    team = "t" if choice.for_team else "o"
    parts = (choice.period.code, choice.group, choice.filters.code, team, page, file)
    return "|".join(map(str, parts))


def row_name(group: Group, row: TeamRow, found: TeamReport) -> str:
    """What a row is called, without escapes."""
    name = row.name
    if isinstance(name, TaskLabel):
        return isolated(clipped(name.name, _NAME))
    if isinstance(name, Period):
        today = ", today" if name.unit is Unit.DAY and name.first == found.today else ""
        return f"{period_named(name, found.today)}{today}"
    if group is Group.BILLABLE and name:
        return "Billable"
    return isolated(clipped(name, _NAME)) if name else _NOTHING.get(group, "Unknown")


def amounts(earned: tuple[Money, ...]) -> str:
    """Each currency by itself: they are never added up."""
    return ", ".join(map(str, earned))


def about_words(found: TeamReport) -> str:
    """What it is about, escaped; empty for everything."""
    return _about(found, lambda name: told(name, _NAME))


def plain_about(found: TeamReport) -> str:
    """The same as it is, for where nothing has to be escaped."""
    return _about(found, str)


def _about(found: TeamReport, spelled: Callable[[str], str]) -> str:
    filters = found.choice.filters
    billable = {None: "", True: "billable", False: "not billable"}[filters.billable]
    label = f"label {spelled(filters.label)}" if filters.label else ""
    return ", ".join(part for part in (*map(spelled, found.about), label, billable) if part)


def whose_words(reach: Reach, owner: str) -> str:
    """Whose time it is, for somebody who did not ask."""
    return {
        Reach.OWN: f"Time of {owner}",
        Reach.MANAGED: f"Time on the projects of {owner}",
        Reach.ALL: WHOSE[Reach.ALL],
    }[reach]


def _told(found: TeamReport, whose: str) -> list[str]:
    """The sum, what it came to, what it is compared with, and what to know of the rows."""
    total, about, is_own = found.total, about_words(found), not whose
    period = period_placed(found.choice.period, found.today)
    whose = whose or WHOSE[found.reach]
    headline = f"{whose}. {period}{f', {about}' if about else ''}: {length(total.seconds)}."
    lines = [headline]
    if found.choice.for_team and found.reach is Reach.OWN and is_own:
        lines.append("You manage no project, so this is your own time.")
    if found.choice.period.first > found.today:
        return [*lines, "That is still to come."]
    if not total.seconds:
        lines.append("Nothing was tracked.")
    else:
        lines.append(_billed(total, sees_money=found.sees_money))
    if found.before is not None and (found.before_seconds or total.seconds):
        lines.append(compared(found.before, found.before_seconds, total.seconds, found.today))
    if found.running:
        runs = "runs now and is" if found.running == 1 else "run now and are"
        lines.append(f"{counted(found.running, 'timer')} {runs} counted once stopped{_by(found)}.")
    if found.rounding is not None and total.seconds:
        lines.append(rounding_told(found.rounding))
    if found.choice.group is Group.LABEL and found.rows:
        lines.append("A task with several labels counts under each of them.")
    return lines


def _by(found: TeamReport) -> str:
    """Whose timers they are, where that is told."""
    if not found.runners:
        return ""
    more = found.running - len(found.runners)
    others = f" and {more} more" if more > 0 else ""
    return f": {', '.join(told(name) for name in found.runners)}{others}"


def _billed(total: Earnings, *, sees_money: bool) -> str:
    said = f"Billable: {length(total.billable)}, {percent(total.billable, total.seconds)}."
    if sees_money and total.earned:
        said += f" Earned by the hour: {amounts(total.earned)}."
    if sees_money and total.unpriced:
        said += f" No rate is set for {length(total.unpriced)} of it."
    return said


def percent(part: int, whole: int) -> str:
    """A share, rounded, that is not told as nothing where it is something."""
    share = round(100 * part / whole) if whole else 0
    return f"{share} %" if share or not part else "under 1 %"


def _more(found: TeamReport) -> list[str]:
    if found.number <= ROWS_SHOWN:
        return []
    first = found.page * ROWS_SHOWN + 1
    return [f"Rows {first} to {first + len(found.rows) - 1} of {found.number}."]


def _spoken(found: TeamReport, row: TeamRow) -> str:
    sums = row.sums
    parts = [f"{told(row_name(found.choice.group, row, found), _NAME)}: {length(sums.seconds)}"]
    if found.choice.group.unit is None:
        parts.append(percent(sums.seconds, found.total.seconds))
    if sums.billable and found.choice.group is not Group.BILLABLE:
        parts.append(f"{length(sums.billable)} billable")
    if sums.earned:
        parts.append(amounts(sums.earned))
    return f"{', '.join(parts)}."


def _table(found: TeamReport) -> Block:
    group = found.choice.group
    has_share = group.unit is None
    shows_project = group is Group.TASK
    shows_billable = group is not Group.BILLABLE
    shows_money = bool(found.total.earned)
    wrapped: Block = {"is_wrapped": True}
    right: Block = {"align": "right"}
    columns = [
        (True, HEADS[group], wrapped),
        (shows_project, "Project", wrapped),
        (True, "Time", right),
        (True, "Share" if has_share else "Bar", {"align": "left"}),
        (shows_billable, "Billable", right),
        (shows_money, "Amount", right),
    ]
    rows = [[name for _, name, _ in columns]]
    for row in found.rows:
        drawn = bar(row.sums.seconds, found.most, width=_BAR)
        share = percent(row.sums.seconds, found.total.seconds) if has_share else ""
        name = row.name
        rows.append(
            [
                row_name(group, row, found),
                isolated(clipped(name.project_name, _NAME)) if isinstance(name, TaskLabel) else "",
                length(row.sums.seconds),
                f"{share}  {drawn}".strip(),
                length(row.sums.billable),
                amounts(row.sums.earned),
            ]
        )
    total = found.total
    rows.append(
        ["Total", "", length(total.seconds), "", length(total.billable), amounts(total.earned)]
    )
    shown = [at for at, (is_there, _, _) in enumerate(columns) if is_there]
    return {
        "type": "table",
        "rows": [[cell(row[at]) for at in shown] for row in rows],
        "column_settings": [columns[at][2] for at in shown],
    }


def _buttons(found: TeamReport) -> list[Block]:
    choice = found.choice
    blocks: list[Block] = []
    if found.number > ROWS_SHOWN:
        pages = []
        if found.page > 0:
            earlier = team_value(choice, found.page - 1)
            pages.append(button("Rows before", f"{TEAM_REPORT}#fewer", earlier))
        if (found.page + 1) * ROWS_SHOWN < found.number:
            later = team_value(choice, found.page + 1)
            pages.append(button("More rows", f"{TEAM_REPORT}#more", later))
        blocks.append(actions(*pages))
    ways = [
        button(
            f"By {group}",
            f"{TEAM_REPORT}#{group}",
            team_value(TeamChoice(choice.period, group, choice.filters, choice.for_team)),
            says=f"Show the same by {group}",
        )
        for group in sensible_groups(Group, choice.period, choice.filters.about)
        if group is not choice.group and (group is not Group.PERSON or found.reach is not Reach.OWN)
    ]
    blocks.append(actions(*ways))
    last = [*_turns(found)]
    if found.total.seconds:
        chart = team_value(choice, found.page, file=PNG)
        last.append(button("Chart", f"{TEAM_FILE}#{PNG}", chart, says="Send me this as a picture"))
        for label, form in (("As CSV", CSV), ("As XLSX", XLSX)):
            last.append(
                button(
                    label,
                    f"{TEAM_FILE}#{form}",
                    team_value(choice, found.page, file=form),
                    says="Send me this with the entries behind it as a file",
                )
            )
    return [*blocks, actions(*last)] if last else blocks


def _turns(found: TeamReport) -> list[Block]:
    choice = found.choice
    turns = []
    before, after = choice.period.moved(-1), choice.period.moved(1)
    if before is not None:
        turns.append((f"\N{LEFTWARDS ARROW} {period_named(before, found.today)}", before))
    if after is not None and after.first <= found.today:
        turns.append((f"{period_named(after, found.today)} \N{RIGHTWARDS ARROW}", after))
    return [
        button(
            label,
            f"{TEAM_REPORT}#{'before' if period is before else 'after'}",
            team_value(TeamChoice(period, choice.group, choice.filters, choice.for_team)),
            says=f"Show {period_named(period, found.today)}",
        )
        for label, period in turns
    ]
