"""``/track``: words to command values, and the table of its verbs.

Where a task ends and a note begins:

- After a key, a number, an address or a quoted name, the rest is the note, once a time (and for
  ``log`` a length and a day) has been read from its beginning.
- Plain words are a search, up to the first time (for ``log``: length or day) or mark of a note;
  what comes after that is the note.
- ``note:``, a lone ``--``, ``-`` or ``:``, or a colon behind a word marks a note outright.

So ``start fix header -15m about the menu`` searches for *fix header* and notes *about the menu*.
A time, length or day that has been read once is not read again: a second one is a plain word.
"""

from collections.abc import Callable

from bot.domain.input_errors import MissingTask, Misuse, UnknownVerb, UsageError
from bot.domain.slack_text import plain
from bot.domain.task_refs import WordsRef, read_token
from handlers.grammar.cursor import Words
from handlers.grammar.head import Head
from handlers.grammar.phrases import read_week, take_day, take_exact_ref, take_when
from handlers.grammar.report import REPORT_DETAILS, parse_report
from handlers.grammar.track_values import (
    Approvals,
    Cancel,
    ConnectAccount,
    Done,
    Edit,
    Log,
    Note,
    Report,
    Resume,
    Start,
    Status,
    Stop,
    SubmitWeek,
    Switch,
    Tasks,
    Today,
    TrackCommand,
    TrackHelp,
    TrackSettings,
    Undo,
    UnlockTime,
    Week,
)
from handlers.grammar.verbs import Audience, Verb, find


def parse_track(text: str, verbs: tuple[Verb[TrackCommand], ...] | None = None) -> TrackCommand:
    """What the text after ``/track`` asks for; nothing at all asks for help.

    ``verbs`` are those to understand, all of ``TRACK`` where none are given.

    Raises:
        BadInput: the words cannot be understood; the class and its data say how.
    """
    table = TRACK if verbs is None else verbs
    first, _, rest = plain(text).partition(" ")
    if not first:
        return TrackHelp()
    if read_token(first) or first.startswith('"'):
        raise UnknownVerb(first, tuple(verb.name for verb in table if verb.name == "start"))
    command = find(table, first.rstrip(":") or first).parse(rest)
    if isinstance(command, TrackHelp) and command.verb:
        return TrackHelp(find(table, command.verb).name)
    return command


def _start(text: str) -> Start:
    head = Head(Words("start", text))
    return Start(head.optional_task(), head.when, head.words.note())


def _switch(text: str) -> Switch:
    head = Head(Words("switch", text))
    return Switch(head.optional_task(), head.when, head.words.note())


def _stop(text: str) -> Stop:
    words = Words("stop", text)
    return Stop(take_when(words), words.note())


def _log(text: str) -> Log:
    try:
        return _log_reading(text, bare_minutes=True)
    except MissingTask:
        # "log 1h 30" with nothing behind: the 30 is the task's number.
        return _log_reading(text, bare_minutes=False)


def _log_reading(text: str, *, bare_minutes: bool) -> Log:
    head = Head(Words("log", text), log=True, bare_minutes=bare_minutes)
    task = head.task()
    if head.amount is None:
        raise UsageError("log", Misuse.MISSING_DURATION, head.words.rest())
    return Log(task, head.amount, head.day, head.words.note())


def _note(text: str) -> Note:
    if not text:
        raise UsageError("note", Misuse.MISSING_TEXT)
    return Note(text)


def _done(text: str) -> Done:
    words = Words("done", text)
    task = take_exact_ref(words)
    if task is None:
        rest = words.rest()
        return Done(WordsRef(rest) if rest else None)
    words.end()
    return Done(task)


def _help(text: str) -> TrackHelp:
    return TrackHelp(text.partition(" ")[0])


def _today(text: str) -> Today:
    words = Words("today", text)
    day = take_day(words)
    words.end()
    return Today(day)


def _week(text: str) -> Week:
    words = Words("week", text)
    week = words.take(read_week, most=_MOST_WEEK)
    words.end()
    return Week(week)


def _submit(text: str) -> SubmitWeek:
    words = Words("submit", text)
    week = words.take(read_week, most=_MOST_WEEK)
    words.end()
    return SubmitWeek(week)


def _report(text: str) -> Report:
    return Report(parse_report(text))


def _alone(verb: str, command: TrackCommand) -> Callable[[str], TrackCommand]:
    def parse(text: str) -> TrackCommand:
        Words(verb, text).end()
        return command

    return parse


_MOST_WEEK = 4  # "nov 20, 2026"

_TASK_AND_NOTE = (
    'A task is a key (TASK-12), a number (#12), a link, a name in quotes ("Website") or words to '
    "search for. Words end at the time; what follows is the note. Without a time, begin the note "
    "with `note:`, `--` or a colon."
)

TRACK: tuple[Verb[TrackCommand], ...] = (
    Verb(
        name="start",
        usage="start <task> [-15m | at 09:30] [note]",
        summary="Start a timer; a running one is stopped and saved",
        example="start TASK-12 -15m about the menu",
        parse=_start,
        aliases=("begin", "go"),
        details=_TASK_AND_NOTE,
    ),
    Verb(
        name="stop",
        usage="stop [-10m | at 17:30] [note]",
        summary="Stop the timer",
        example="stop at 17:30 ready for review",
        parse=_stop,
        aliases=("end",),
        details="`at` takes the last time the clock showed this, at most 12 hours into yesterday.",
    ),
    Verb(
        name="switch",
        usage="switch <task> [-15m | at 09:30] [note]",
        summary="Stop the timer and start another",
        example="switch OPS-7",
        parse=_switch,
        details=_TASK_AND_NOTE,
    ),
    Verb(
        name="resume",
        usage="resume",
        summary="Start again on the last task",
        example="resume",
        parse=_alone("resume", Resume()),
        aliases=("continue",),
    ),
    Verb(
        name="status",
        usage="status",
        summary="Show the running timer",
        example="status",
        parse=_alone("status", Status()),
    ),
    Verb(
        name="note",
        usage="note <text>",
        summary="Set the timer's note",
        example="note waiting for the new logo",
        parse=_note,
    ),
    Verb(
        name="cancel",
        usage="cancel",
        summary="Throw the running timer away",
        example="cancel",
        parse=_alone("cancel", Cancel()),
        aliases=("discard",),
    ),
    Verb(
        name="log",
        usage="log <1h30m | 14:00-15:30> <task> [day] [note]",
        summary="Log time already worked",
        example="log 1h30m TASK-12 yesterday review",
        parse=_log,
        aliases=("add",),
        details=(
            "Lengths: 90m, 1h30m, 1:30, 1.5h. Days: today, yesterday, mon, 2026-11-20, 20.11., "
            "20/11 (the day first), 20 nov. Length, task and day may come in any order, the note "
            "last. Words for a task end at the length or the day; begin the note with `note:` "
            "where its first word is a day."
        ),
    ),
    Verb(
        name="today",
        usage="today [day]",
        summary="Show a day's entries, gaps and total",
        example="today yesterday",
        parse=_today,
        aliases=("day",),
        details="Days: yesterday, mon, 2026-11-20, 20.11., 20/11 (the day first), 20 nov.",
    ),
    Verb(
        name="week",
        usage="week [week]",
        summary="Show a week as a bar per day, and what it went to",
        example="week last",
        parse=_week,
        details="Weeks: last, last week, 2026-W45, w45, or any day of it.",
    ),
    Verb(
        name="report",
        usage="report [period] [by project | task | day | label] [for <project | task>]",
        summary="Show where your hours went",
        example="report last month by task",
        parse=_report,
        details=REPORT_DETAILS,
    ),
    Verb(
        name="tasks",
        usage="tasks [words]",
        summary="List tasks to track",
        example="tasks header",
        parse=Tasks,
    ),
    Verb(
        name="edit",
        usage="edit [entry]",
        summary="Edit a time entry, the last one by default",
        example="edit",
        parse=Edit,
    ),
    Verb(
        name="undo",
        usage="undo",
        summary="Take the last change back",
        example="undo",
        parse=_alone("undo", Undo()),
    ),
    Verb(
        name="done",
        usage="done [task]",
        summary="Mark a task done in its tool",
        example="done TASK-12",
        parse=_done,
        aliases=("complete",),
    ),
    Verb(
        name="connect",
        usage="connect [provider]",
        summary="Connect your own account in a tool",
        example="connect redmine",
        parse=ConnectAccount,
    ),
    Verb(
        name="submit",
        usage="submit [week]",
        summary="Submit a week for approval",
        example="submit last week",
        parse=_submit,
        details="Where the team uses timesheets. Weeks: this week, last week, 2026-W45, week 45.",
    ),
    Verb(
        name="approvals",
        usage="approvals",
        summary="Show the weeks that wait for you",
        example="approvals",
        parse=_alone("approvals", Approvals()),
        aliases=("approve",),
        audience=Audience.MANAGER,
        details="For managers, with the time on their projects, and admins.",
    ),
    Verb(
        name="unlock",
        usage="unlock",
        summary="Open locked time for somebody, for a while",
        example="unlock",
        parse=_alone("unlock", UnlockTime()),
        audience=Audience.MANAGER,
        details="For managers, on their projects, and admins.",
    ),
    Verb(
        name="settings",
        usage="settings",
        summary="Change your settings",
        example="settings",
        parse=_alone("settings", TrackSettings()),
        aliases=("preferences",),
    ),
    Verb(
        name="help",
        usage="help [verb]",
        summary="Show how to use /track",
        example="help log",
        parse=_help,
        aliases=("?",),
    ),
)
