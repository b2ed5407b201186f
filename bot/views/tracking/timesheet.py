"""A day of a member's time: entries, gaps, what they went to."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from bot.domain.durations import format_duration
from bot.domain.ids import TimeEntryId
from bot.domain.tracking.timesheet import Day, Gap, overlapping, with_gaps
from bot.domain.tracking.tracking import DayLine
from bot.views.entries.listing import DELETE, EDIT
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    context,
    menu,
    section,
    spoken,
)
from bot.views.offers import again_on
from bot.views.times import day, day_named, length, linked, noted, quiet, told
from bot.views.tracking.log_form import OPEN, Opening, log_button
from bot.views.tracking.timer import why
from bot.views.writing import worklogs

DAY = "day.show"
DAY_FORM = "day.open"
WEEK = "week.show"

_ROWS = 15
"""Entries on a page; with the gaps between them they fit into a message."""

_ONE_DAY = timedelta(days=1)


def show_day(found: Day, page: int | None = None) -> Message:
    """The day's entries in order, with their total; a page of them where there are many.

    Without a page the one that holds the present: the last one of today, else the first.
    """
    head = headline(found)
    rows = with_gaps(found)
    pages = max(1, -(-len(found.lines) // _ROWS))
    if page is None:
        page = pages - 1 if found.is_today else 0
    page = min(max(page, 0), pages - 1)
    shown = _page(rows, page)
    lines = [row for row in shown if isinstance(row, DayLine)]
    blocks: list[Block] = [section(f"*{head}*")]
    if not found.lines:
        empty = _nothing(found)
        return Message(f"{head} {empty}", [*blocks, section(empty), _turning(found)])
    doubled = overlapping(found.lines)
    here = f"{found.date}.{page}"
    blocks += [
        _gap(row) if isinstance(row, Gap) else entry_row(row, doubled, here) for row in shown
    ]
    said = [head, *(_spoken(row, doubled) for row in shown)]
    if pages > 1:
        first = page * _ROWS + 1
        said.append(f"Entries {first} to {first + len(lines) - 1} of {len(found.lines)}.")
        blocks += [context(said[-1]), _pages(found, page, pages)]
    return Message(spoken(said), [*blocks, _turning(found)])


def day_form(found: Day, page: int | None = None) -> Modal:
    """The same where no message is: over the App Home."""
    shown = found.date.isoformat() if page is None else f"{found.date}.{page}"
    blocks = show_day(found, page).blocks
    return Modal(f"{DAY_FORM}#{shown}", "Your time", blocks, close="Close", returns=True)


def headline(found: Day) -> str:
    """The day and its total: ``Today, Fri 20 Nov: 3 h 20 m of 8 h``."""
    asked = found.expected
    of = f" of {length(asked.seconds)}" if asked.seconds else ""
    off = " (away)" if asked.is_away else "" if asked.is_work_day else " (day off)"
    return f"{day_named(found.date, found.today)}{off}: {length(found.total)}{of}."


def entry_row(line: DayLine, doubled: Collection[TimeEntryId] = (), here: str = "") -> Block:
    """One entry with what can be done to it; ``here`` names the page of a day that it is on."""
    head = f"{_span(line)}  *{length(line.seconds)}*  {linked(line.on)}"
    small = " \N{MIDDLE DOT} ".join(
        [
            *([told(line.on.project_name)] if line.on.task_id else []),
            *_marks(line, doubled),
            *([f"_{noted(line.note)}_"] if line.note else []),
            *([f"<{line.permalink}|message>"] if line.permalink else []),
        ]
    )
    return section(f"{head}\n{small}" if small else head, accessory=entry_menu(line, here))


def entry_menu(line: DayLine, here: str = "") -> Block:
    """What can be done to an entry."""
    value = f"{line.entry_id}{f':{here}' if here else ''}"
    again = ("Start again", "track.start", again_on(line.on, line.entry_id))
    stop = ("Stop", "track.stop", value)
    timer = stop if line.is_running else again
    written = worklogs.menu_items(line.worklog)
    edit, delete = ("Edit", EDIT, value), ("Delete", DELETE, value)
    return menu(str(line.entry_id), edit, timer, *written, delete)


def _nothing(found: Day) -> str:
    if found.is_today:
        return "Nothing tracked yet. Start with `/track start TASK-12`."
    return "Nothing was tracked."


def _page(rows: Sequence[DayLine | Gap], page: int) -> list[DayLine | Gap]:
    """The rows from a page's first entry to its last; a gap belongs to the entry after it."""
    first, after_last = page * _ROWS, (page + 1) * _ROWS
    shown: list[DayLine | Gap] = []
    at = 0
    for row in rows:
        if first <= at < after_last:
            shown.append(row)
        at += isinstance(row, DayLine)
    return shown


def _span(line: DayLine) -> str:
    if line.start is None:
        return "no clock times"
    end = "now" if line.end is None else "24:00" if line.goes_on else f"{line.end:%H:%M}"
    if line.end is not None and line.end.date() > line.start.date():
        end = "24:00"
    return f"{line.start:%H:%M}-{end}"


def _marks(line: DayLine, doubled: Collection[TimeEntryId]) -> list[str]:
    marks = []
    if line.is_running:
        marks.append("*running*")
    if line.is_continued:
        before = "the day before" if line.start is None else day(line.start.date() - _ONE_DAY)
        marks.append(f"continued from {before}")
    if line.goes_on:
        marks.append("goes on after midnight")
    if line.because is not None:
        marks.append(f"stopped by Hourlink, because {why(line.because)}")
    if line.entry_id in doubled:
        marks.append("overlaps the one before")
    if said := worklogs.mark(line.worklog):
        marks.append(said)
    return marks


def _gap(gap: Gap) -> Block:
    span = Opening(gap.start.date().isoformat(), gap.start.time(), gap.end.time())
    what = f"{gap.start:%H:%M} to {gap.end:%H:%M}"
    log = button("Log", f"{OPEN}#{what}", span.written(), says=f"Log time for {what}")
    return section(_gap_words(gap), accessory=log)


def _gap_words(gap: Gap) -> str:
    return f"{gap.start:%H:%M}-{gap.end:%H:%M}  not tracked, {format_duration(gap.seconds)}"


def _spoken(row: DayLine | Gap, doubled: Collection[TimeEntryId]) -> str:
    if isinstance(row, Gap):
        return f"{_gap_words(row)}."
    marks = "".join(f", {mark.replace('*', '')}" for mark in _marks(row, doubled))
    note = f" Note: {noted(row.note)}" if row.note else ""
    return f"{_span(row)}  {quiet(row.on)}, {length(row.seconds)}{marks}.{note}"


def _pages(found: Day, page: int, pages: int) -> Block:
    turns = []
    if page > 0:
        turns.append(button("Earlier entries", f"{DAY}#earlier", f"{found.date}.{page - 1}"))
    if page < pages - 1:
        turns.append(button("Later entries", f"{DAY}#later", f"{found.date}.{page + 1}"))
    return actions(*turns)


def _turning(found: Day) -> Block:
    before, after = found.date - _ONE_DAY, found.date + _ONE_DAY
    buttons = [_to(before, f"\N{LEFTWARDS ARROW} {day(before)}", "before")]
    if after <= found.today:
        buttons.append(_to(after, f"{day(after)} \N{RIGHTWARDS ARROW}", "after"))
    if after < found.today:
        buttons.append(_to(found.today, "Today", "today"))
    buttons.append(button("Week", WEEK, found.date.isoformat(), says="Show the week"))
    buttons.append(log_button(Opening("" if found.is_today else found.date.isoformat())))
    return actions(*buttons)


def _to(date_: date, label: str, suffix: str) -> Block:
    return button(label, f"{DAY}#{suffix}", date_.isoformat(), says=f"Show {day(date_)}")
