"""A member's own time in their App Home: the timer, today, this week."""

from bot.domain.tracking.home import MemberHome
from bot.domain.tracking.timesheet import overlapping
from bot.domain.tracking.tracking import RunningTimer
from bot.views.message import Block, actions, button, clipped, context, header, section
from bot.views.offers import again_on, target
from bot.views.reports.own import REPORT_FORM, value
from bot.views.times import clock, length, linked, noted, told
from bot.views.tracking.log_form import log_button
from bot.views.tracking.timesheet import DAY_FORM, entry_row, headline
from bot.views.tracking.week import (
    WEEK_FORM,
    standing_blocks,
    week_bars,
    week_headline,
    week_report,
)

LEAST_ENTRIES = 3
MOST_ENTRIES = 12
"""Of today; the others are behind a button."""


def timer_part(mine: MemberHome) -> list[Block]:
    """What runs, with what can be done about it; or how to begin."""
    timer = mine.timer
    if timer is None:
        text = "*No timer is running.*"
        if not mine.day.lines:
            text = "*No timer is running*, and nothing is tracked today yet."
        return [section(text), actions(*_beginnings(mine), log_button())]
    name, entry = clipped(timer.on.short, 50), str(timer.entry_id)
    return [
        section(_running(timer)),
        actions(
            button("Stop", "track.stop", entry, style="danger", says=f"Stop {name}"),
            button("Switch", "track.search", says=f"Stop {name} and start another"),
            button("Note", "track.note", entry, says=f"Change the note on {name}"),
            log_button(),
        ),
    ]


def today_part(mine: MemberHome, room: int) -> list[Block]:
    """Today's latest entries; ``room`` is how many blocks there are for them."""
    day = mine.day
    blocks: list[Block] = [header(headline(day).rstrip("."))]
    most = max(LEAST_ENTRIES, min(MOST_ENTRIES, room))
    shown, hidden = day.lines[-most:], len(day.lines[:-most])
    doubled = overlapping(day.lines)
    blocks += [entry_row(line, doubled) for line in shown]
    if hidden:
        are = "entry is" if hidden == 1 else "entries are"
        blocks.append(context(f"{hidden} earlier {are} counted and not shown here."))
    if not day.lines:
        blocks.append(context("Entries appear here as you track."))
    date = day.date.isoformat()
    label = f"All {len(day.lines)} entries" if hidden else "Whole day"
    blocks.append(actions(button(label, DAY_FORM, date, says="Show the whole day")))
    return blocks


def week_part(mine: MemberHome) -> list[Block]:
    """A bar for each day, and the ways to more."""
    week = mine.week
    day = week.first.isoformat()
    return [
        header(week_headline(week).rstrip(".")),
        week_bars(week),
        *standing_blocks(week.stands, week.today),
        *standing_blocks(mine.last_week, week.today),
        actions(
            button("Whole week", WEEK_FORM, day, says="Show the week and what it went to"),
            button(
                "Report",
                REPORT_FORM,
                value(week_report(week)),
                says="Show where the hours went",
            ),
        ),
    ]


def _running(timer: RunningTimer) -> str:
    since = clock(timer.since, timer.now)
    head = f"*Running:* {linked(timer.on)}"
    where = f"{told(timer.on.project_name)}, " if timer.on.task_id else ""
    lines = [head, f"{where}since {since}, *{length(timer.seconds)}*"]
    return "\n".join([*lines, *([f"_{noted(timer.note)}_"] if timer.note else [])])


def _beginnings(mine: MemberHome) -> list[Block]:
    start = button("Start a timer", "track.search", style="primary")
    if not mine.recent:
        return [start]
    last = mine.recent[0].on
    name = clipped(last.short, 40)
    again = target(last) if mine.again is None else again_on(last, mine.again)
    return [start, button(f"Start {name} again", "track.start", again)]
