"""What an import would do, did, and could not do, for a terminal."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.domain.durations import format_duration
from bot.domain.importing.cells import Dates, Order
from bot.domain.importing.columns import Column
from bot.domain.importing.plan import MOST_TOLD, Import, Left, Summary
from bot.domain.importing.problems import FileProblem, FileRefused, Flaw
from bot.domain.slack_text import visible
from bot.views.message import clipped
from bot.views.words import counted

_MOST_NAMED = 40
_LONGEST_HEADS = 600
"""Characters of a file's first row: where it is no CSV at all, that may be everything."""

_FLAWS: Mapping[Flaw, str] = {
    Flaw.NO_DATE: "there is no date",
    Flaw.DATE: "{} is not a date, or not with day, month and year in this order",
    Flaw.CLOCK: "{} is not a clock time, such as 09:30 or 9:30 PM",
    Flaw.LENGTH: "{} is not a length, such as 1:30, 1.5 or 1h 30m",
    Flaw.NO_LENGTH: "there is no duration, and not both a start and an end",
    Flaw.ZERO: "it is no time at all",
    Flaw.NEGATIVE: "it ends before it starts, or its duration is below zero",
    Flaw.TOO_LONG: "it is longer than 24 hours",
    Flaw.FUTURE: "it is not over yet",
    Flaw.SKIPPED_HOUR: "the clocks jump over {} on that day; --zone says in which zone they ran",
    Flaw.ZONE: "nobody knows the zone {}; write it as Europe/Berlin, or give --zone",
    Flaw.SAME_ID: "a row before it has the id {}; where that names something else than the row, "
    "rename the column",
    Flaw.NOBODY: "it says nobody's name or e-mail",
    Flaw.NO_SUCH_PERSON: 'nobody here is {0}; say who it is with --person "{0}=their e-mail here"',
    Flaw.SEVERAL_PEOPLE: 'several people here are called {0}; say which with --person "{0}=U..."',
    Flaw.NO_PROJECT: 'there is no project; say where such time goes with --project "=its code"',
    Flaw.LONG_NAME: "the project's name is too long: {}...",
    Flaw.SEVERAL_PROJECTS: "several projects are called {0}; say which with "
    '--project "that name=its code"',
    Flaw.OVERLAP: "that time is taken: {}",
}

_READ = {
    Order.DMY: "day first",
    Order.MDY: "month first",
    Order.ISO: "year first",
}


def flaw_words(flaw: Flaw, detail: str) -> str:
    """Why a row is not taken."""
    return _FLAWS[flaw].format(detail)


def refused(error: FileRefused) -> str:
    """Why nothing of a file is read, and how to mend it."""
    match error.problem:
        case FileProblem.EMPTY:
            return "The file has no rows. Its first row names the columns."
        case FileProblem.COLUMNS:
            return (
                f"A column is missing: {error.first}. The file has: {_heads(error.second)}. "
                "Name its columns as docs/operate.md says, in the first row."
            )
        case FileProblem.DATES_AMBIGUOUS:
            return (
                f"{error.first} may be day first or month first, and no date in the file shows "
                "which. Say --dates dmy or --dates mdy."
            )
        case FileProblem.DATES_MIXED:
            return (
                f"The dates do not go together: {error.first} has the day first, {error.second} "
                "the month. Mend the file, or say --dates dmy or --dates mdy: the others are "
                "refused then."
            )
        case FileProblem.UNREADABLE:
            return f"The file cannot be read as CSV: {error.first}. Export it as CSV in UTF-8."
        case FileProblem.WORKBOOK:
            return "It is a workbook. Save its sheet as CSV (in UTF-8), and import that."


def _heads(words: str) -> str:
    return clipped(visible(words), _LONGEST_HEADS)


def reading_words(
    columns: Mapping[Column, int], heads: list[str], dates: Dates, encoding: str
) -> Iterator[str]:
    """How the file is read."""
    left_out = [head for place, head in enumerate(heads) if place not in columns.values() and head]
    why = f", as {dates.shown_by} shows" if dates.shown_by else ""
    yield f"Dates are read {_READ[dates.order]}{why}."
    if encoding not in {"utf-8-sig", "utf-16"}:
        yield "The file is not UTF-8: its letters are read as Windows writes them (cp1252)."
    if Column.BILLABLE in columns:
        yield (
            "The column for what is billable is left out: here a project or a task is billed, or "
            "not."
        )
    if left_out:
        yield f"Left out: {_heads(', '.join(left_out))}."


def summary_lines(found: Summary, *, would: bool) -> Iterator[str]:
    """What becomes of a file, in totals and then one by one."""
    entries = counted(found.entries, "entry", "entries")
    verb = "would be made" if would else "will be made"
    yield f"{counted(found.rows, 'row')} read, {entries} {verb}: {format_duration(found.seconds)}."
    if found.known:
        yield f"{counted(found.known, 'row')} came with an import before; nothing is made twice."
    if found.entries:
        yield f"On tasks that are here, by key or title: {found.on_tasks}."
    if found.shortened:
        yield f"{counted(found.shortened, 'note')} longer than 2000 characters lose their end."
    yield from _totals("People", found.people)
    yield from _totals("Projects that are here", found.projects)
    yield from _totals("Projects that are made, internal ones", found.new_seconds)
    yield from _refusals(found)


def _totals(head: str, seconds: Counter[str]) -> Iterator[str]:
    if not seconds:
        return
    yield f"{head}:"
    for name, amount in seconds.most_common(_MOST_NAMED):
        yield f"  {name}: {format_duration(amount)}"
    if len(seconds) > _MOST_NAMED:
        rest = seconds.most_common()[_MOST_NAMED:]
        yield f"  {len(rest)} more: {format_duration(sum(amount for _, amount in rest))}"


def _refusals(found: Summary) -> Iterator[str]:
    if not found.refused:
        return
    yield f"Not taken, {counted(found.refused.total(), 'row')}:"
    for (flaw, detail), number in found.refused.most_common(_MOST_NAMED):
        lines = found.lines[flaw, detail]
        more = f" and {number - len(lines)} more" if number > MOST_TOLD else ""
        which = "line" if number == 1 else "lines"
        said = flaw_words(Flaw(flaw), detail)
        yield f"  {which} {', '.join(map(str, lines))}{more}: {said}"
    if len(found.refused) > _MOST_NAMED:
        rest = found.refused.most_common()[_MOST_NAMED:]
        yield f"  {sum(number for _, number in rest)} more rows, for {len(rest)} other reasons"


def import_line(one: Import, left: int) -> str:
    """An import in a list."""
    end = "" if one.ended_at else ", broken off"
    return (
        f"{one.id}: {one.file_name}, {one.begun_at:%Y-%m-%d %H:%M} UTC, "
        f"{counted(left, 'entry', 'entries')} left{end}"
    )


def left_lines(one: Import, left: Left) -> Iterator[str]:
    """What taking an import back would do."""
    entries = counted(left.untouched, "entry", "entries")
    length = format_duration(left.seconds)
    yield f"Import {one.id}, {one.file_name}: {entries} as it brought them, {length}."
    if left.changed:
        yield f"{counted(left.changed, 'entry', 'entries')} changed by somebody since; these stay."
    if left.deleted:
        yield f"{counted(left.deleted, 'entry', 'entries')} deleted before."
