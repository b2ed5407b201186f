"""A week of a member's time: a bar for each day, and what it went to."""

from datetime import date, timedelta
from functools import lru_cache

from bot.domain.approval.week_sheets import SheetState
from bot.domain.periods import Unit, period_around
from bot.domain.reports.reports import Group, ReportChoice
from bot.domain.tracking.timesheet import Week, WeekDay, WeekStands
from bot.views.approval.week_sheets import OPEN as SUBMIT
from bot.views.bars import WIDTH, bar
from bot.views.message import Block, Message, Modal, actions, button, context, section
from bot.views.reports.own import REPORT, value
from bot.views.times import dates, day, length, linked, noted, quiet
from bot.views.tracking.timesheet import DAY, WEEK

WEEK_FORM = "week.open"

_MOST_TASKS = 10
_SEVEN_DAYS = timedelta(days=7)


def show_week(found: Week) -> Message:
    """A bar for each day, what the time went to, and buttons to the days and weeks around."""
    head = week_headline(found)
    blocks = [section(f"*{head}*"), week_bars(found), *standing_blocks(found.stands, found.today)]
    shown = found.tasks[:_MOST_TASKS]
    lines = [f"*{length(seconds)}*  {linked(on)}" for on, seconds in shown]
    hidden = found.tasks[_MOST_TASKS:]
    rest = f"and {len(hidden)} more, {length(sum(seconds for _, seconds in hidden))}"
    if shown:
        blocks.append(section("\n".join([*lines, *([rest] if hidden else [])])))
    tracked = [one for one in found.days if one.seconds]
    if tracked:
        blocks.append(actions(*(_to_day(one) for one in tracked)))
    told = ", ".join(f"{day(one.date)} {length(one.seconds)}" for one in tracked)
    spoken = ", ".join(f"{quiet(on)} {length(seconds)}" for on, seconds in shown)
    more = f", {rest}" if hidden else ""
    yet = " yet" if found.is_this_week else ""
    text = f"{head} {told}. {spoken}{more}." if tracked else f"{head} Nothing tracked{yet}."
    stands = standing(found.stands, found.today)
    return Message(f"{text} {stands}".rstrip(), [*blocks, _turning(found)])


def week_form(found: Week) -> Modal:
    """The same where no message is: over the App Home."""
    blocks = show_week(found).blocks
    return Modal(WEEK_FORM, "Your time", blocks, close="Close", returns=True)


def week_headline(found: Week) -> str:
    """The week and its total: ``This week, Mon 16 to Sun 22 Nov: 22 h 25 m of 40 h``."""
    span = dates(found.first, found.last, found.today)
    weeks_ago = (found.today - found.first).days // 7
    name = {0: f"This week, {span}", 1: f"Last week, {span}"}.get(weeks_ago, span)
    of = f" of {length(found.expected)}" if found.expected else ""
    return f"{name}: {length(found.total)}{of}."


def standing(found: WeekStands | None, today: date) -> str:
    """Where a week stands with those who approve it; nothing where that goes without saying."""
    if found is None:
        return ""
    weeks_ago = (today - found.first).days // 7
    name = {0: "This week", 1: "Last week"}.get(weeks_ago, "That week")
    match found.state:
        case SheetState.SUBMITTED:
            return f"{name} is submitted and waits for approval."
        case SheetState.APPROVED:
            return f"{name} is approved, and locked."
        case SheetState.RETURNED:
            return f"{name} was returned: {noted(found.comment)}"
    return f"{name} is not submitted yet." if weeks_ago else ""


def standing_blocks(found: WeekStands | None, today: date) -> list[Block]:
    """The same, with the way to submit it where it is one's turn."""
    said = standing(found, today)
    if found is None or not said:
        return []
    if found.state in {SheetState.SUBMITTED, SheetState.APPROVED}:
        return [context(said)]
    submit = button("Submit...", SUBMIT, found.first.isoformat())
    return [section(said, accessory=submit)]


def week_bars(found: Week) -> Block:
    """Seven lines: day, length, bar; today, days off and leave are marked by words."""
    scale = max([1, *(max(one.seconds, one.expected.seconds) for one in found.days)])
    numbers = [_numbers(one) for one in found.days]
    width = max(map(len, numbers))
    lines = []
    for one, number in zip(found.days, numbers, strict=True):
        marks = [
            *(["today"] if one.date == found.today else []),
            *(["away"] if one.expected.is_away else []),
            *(["day off"] if not one.expected.is_work_day and not one.expected.is_away else []),
        ]
        # Where there is no bar, the words take its place: a phone would break a longer line.
        drawn = bar(one.seconds, scale, track=one.expected.seconds)
        shown = f"{drawn:<{WIDTH}}  " if drawn else ""
        lines.append(f"{_in_line(one.date)}  {number:<{width}}  {shown}{', '.join(marks)}".rstrip())
    return section("```" + "\n".join(lines) + "```")


@lru_cache(maxsize=100)
def _in_line(date_: date) -> str:
    """A day, as long as any other; everybody's weeks have the same ones."""
    return f"{date_:%a} {date_.day:>2} {date_:%b}"


def _numbers(one: WeekDay) -> str:
    of = f" of {length(one.expected.seconds)}" if one.expected.seconds else ""
    return f"{length(one.seconds)}{of}" if one.seconds or of else "-"


def _to_day(one: WeekDay) -> Block:
    label = f"{one.date:%a} {one.date.day}"
    says = f"Show {day(one.date)}"
    return button(label, f"{DAY}#{one.date:%a}", one.date.isoformat(), says=says)


def _turning(found: Week) -> Block:
    before, after = found.first - _SEVEN_DAYS, found.first + _SEVEN_DAYS
    buttons = [
        button(
            "\N{LEFTWARDS ARROW} Week before",
            f"{WEEK}#before",
            before.isoformat(),
            says=f"Show the week from {day(before)}",
        )
    ]
    if after <= found.today:
        buttons.append(
            button(
                "Week after \N{RIGHTWARDS ARROW}",
                f"{WEEK}#after",
                after.isoformat(),
                says=f"Show the week from {day(after)}",
            )
        )
    if found.first + _SEVEN_DAYS <= found.today - _SEVEN_DAYS:
        buttons.append(button("This week", f"{WEEK}#now", found.today.isoformat()))
    choice = week_report(found)
    buttons.append(button("Report", REPORT, value(choice), says="Show where the hours went"))
    return actions(*buttons)


def week_report(found: Week) -> ReportChoice:
    """The week as a report: by project, or by task where there is only one project."""
    around = period_around(found.first, Unit.WEEK, found.first.weekday())
    projects = {on.project_id for on, _ in found.tasks}
    return ReportChoice(around, Group.PROJECT if len(projects) > 1 else Group.TASK)
