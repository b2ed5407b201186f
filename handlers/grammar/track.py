"""``/track``: words to command values, and the table of its verbs."""

import re

from bot.domain.input_errors import UnknownVerb
from bot.domain.slack_text import plain
from bot.domain.tasks.task_refs import CALLED, read_called, read_token, ref_words
from handlers.grammar import track_parsers as parsers
from handlers.grammar.report import REPORT_DETAILS
from handlers.grammar.schedule import SCHEDULE_DETAILS, parse_schedule
from handlers.grammar.track_values import (
    Approvals,
    Cancel,
    Edit,
    Tasks,
    Tokens,
    TrackCommand,
    TrackHelp,
    TrackSettings,
    Undo,
    UnlockTime,
)
from handlers.grammar.verbs import Verb, find

_COPIED = re.compile(r"\A\s*/track\s+", re.IGNORECASE)
_LABELLED = re.compile(r"<([@#][A-Z0-9]+)\|[^<>]*>")


def uncopied(text: str) -> str:
    """What was typed behind ``/track``, without a second one where the whole line was copied."""
    return _COPIED.sub("", text, count=1)


def parse_track(text: str, verbs: tuple[Verb[TrackCommand], ...] | None = None) -> TrackCommand:
    """What the text after ``/track`` asks for; nothing at all asks for help.

    ``verbs`` are those to understand, all of ``TRACK`` where none are given.

    Raises:
        BadInput: the words cannot be understood; the class and its data say how.
    """
    table = TRACK if verbs is None else verbs
    text = uncopied(text)
    first, _, rest = plain(text).partition(" ")
    if first.lower() in {"report", "schedule"}:  # Slack's ids, not what Slack calls them
        rest = plain(_LABELLED.sub(r"<\1>", text)).partition(" ")[2]
        word, _, more = rest.partition(" ")
        if first.lower() == "report" and word.lower() in {"schedule", "schedules"}:
            first, rest = "schedule", more
    if not first:
        return TrackHelp()
    if first.lower() in CALLED and (called := read_called(f"{first} {rest.partition(' ')[0]}")):
        raise UnknownVerb(
            ref_words(called), tuple(verb.name for verb in table if verb.name == "start")
        )
    if read_token(first) or first.startswith('"'):
        raise UnknownVerb(first, tuple(verb.name for verb in table if verb.name == "start"))
    try:
        verb = find(table, first.rstrip(":") or first)
    except UnknownVerb:
        looks = {"today", "week", "report"} <= {verb.name for verb in table}
        if looks and (looked := parsers.look(f"{first} {rest}".strip())) is not None:
            return looked
        raise
    command = verb.parse(rest)
    if isinstance(command, TrackHelp) and command.verb:
        return TrackHelp(find(table, command.verb).name)
    return command


_TASK_AND_NOTE = (
    'A task is a key (TASK-12), a number (#12), a link, a name in quotes ("Website") or words to '
    "search for. Words end at the time; what follows is the note. Without a time, begin the note "
    "with `note:`, `--` or a colon."
)

TRACK: tuple[Verb[TrackCommand], ...] = (
    Verb(
        name="start",
        usage="start [task] [-15m | at 09:30] [note]",
        summary="Start a timer; a running one is stopped and saved",
        example="start TASK-12 -15m about the menu",
        parse=parsers.start,
        aliases=("begin", "go"),
        hints="track play work",
        details=f"{_TASK_AND_NOTE} A task alone, `/track TASK-12`, asks before it starts.",
        more=("start fix header", "start #12 at 09:30", 'start "Website"'),
    ),
    Verb(
        name="stop",
        usage="stop [task] [-10m | at 17:30] [note]",
        summary="Stop the timer",
        example="stop at 17:30 ready for review",
        parse=parsers.stop,
        aliases=("end", "pause"),
        hints="finish break lunch quit halt out",
        details=(
            "`at` takes the last time the clock showed this, at most 12 hours into yesterday; "
            "`yesterday at 17:30` and `at 17:30 fri` say the day. "
            "A note is added to the timer's own. The task may be named first: only it is stopped."
        ),
        more=("stop", "stop -10m", "stop at 17:30 yesterday", "stop TASK-12"),
    ),
    Verb(
        name="switch",
        usage="switch [task] [-15m | at 09:30] [note]",
        summary="Stop the timer and start another",
        example="switch OPS-7",
        parse=parsers.switch,
        details=_TASK_AND_NOTE,
        more=("switch OPS-7 -15m", "switch fix header"),
    ),
    Verb(
        name="resume",
        usage="resume [task]",
        summary="Start again on the last task",
        example="resume",
        parse=parsers.resume,
        aliases=("continue",),
        details=(
            "Takes up what you tracked last with its note, also from days ago. A timer that runs "
            "is left alone. With a task, that one is started."
        ),
    ),
    Verb(
        name="status",
        usage="status [team]",
        summary="Show the running timer and the day so far",
        example="status",
        parse=parsers.status,
        hints="now running current timer tracking",
        details=(
            "`/track` alone shows the same, and how to go on. `status team` shows managers whose "
            "timers run on their projects, and admins everybody's."
        ),
    ),
    Verb(
        name="note",
        usage="note [text]",
        summary="Set the timer's note, or replace it",
        example="note waiting for the new logo",
        parse=parsers.note,
        details="Without a text, and with the button *Note*, you change the note as it is.",
    ),
    Verb(
        name="cancel",
        usage="cancel",
        summary="Throw the running timer away",
        example="cancel",
        parse=parsers.alone("cancel", Cancel()),
        aliases=("discard",),
        hints="nvm nevermind abort",
        details="Its time is not counted. *Undo* brings it back.",
    ),
    Verb(
        name="log",
        usage="log [1h30m | 14:00-15:30] [task] [at 14:00] [day] [note]",
        summary="Log time already worked",
        example="log 1h30m TASK-12 yesterday review",
        parse=parsers.log,
        aliases=("add",),
        hints="book spent worked time manual",
        details=(
            "Lengths: 90m, 1h30m, 1:30, 1.5h; `at` says when one began. Days: today, yesterday, "
            "mon, 2026-11-20, 20.11., 20/11 (the day first), 20 nov. They and the task may come in "
            "any order, the note last. Words for a task end at the length or the day; begin the "
            "note with `note:` where its first words are a day or a time. Alone, or without a "
            "length, it opens a form; without a task you are asked which."
        ),
        more=(
            "log 14:00-15:30 TASK-12",
            "log 1h TASK-12 at 14:00",
            "log 90m fix header mon",
        ),
    ),
    Verb(
        name="today",
        usage="today [day]",
        summary="Show a day's entries, gaps and total",
        example="today yesterday",
        parse=parsers.today,
        aliases=("day",),
        hints="entries history",
        details="Days: yesterday, mon, 2026-11-20, 20.11., 20/11 (the day first), 20 nov.",
        more=("today", "day mon"),
    ),
    Verb(
        name="week",
        usage="week [week]",
        summary="Show a week as a bar per day, and what it went to",
        example="week last",
        parse=parsers.week,
        hints="timesheet sheet",
        details=(
            "Weeks: last, last week, 2026-W45, w45, or any day of it. `week submit` is `submit`."
        ),
        more=("week", "week 2026-W45"),
    ),
    Verb(
        name="report",
        usage=(
            "report [team] [period] [by project | task | day | person | client | ...] "
            "[for <project | task>] [chart | csv | xlsx]"
        ),
        summary="Show where your hours went",
        example="report last month by task",
        parse=parsers.report,
        hints="summary total totals hours team who stats export csv xlsx",
        details=REPORT_DETAILS,
        more=(
            "report",
            "report website since 1 nov",
            "report TASK-12 by week",
            "report last month csv",
            "report team last month by person",
            'report team client "Acme Corp" billable by project xlsx',
            "report @bo this week",
        ),
    ),
    Verb(
        name="schedule",
        usage=(
            "schedule [a report's words] [every day | mon | month on 1] [at 09:00] "
            "[to @bo | #channel]"
        ),
        summary="Have a report sent again and again",
        example="schedule last week team by project every mon at 09:00",
        parse=parse_schedule,
        details=SCHEDULE_DETAILS,
        more=(
            "schedule team by person every day at 17:30 to here",
            'schedule client "Acme Corp" chart every month on 1 to @bo',
        ),
    ),
    Verb(
        name="tasks",
        usage="tasks [words]",
        summary="List tasks to track, the likeliest first",
        example="tasks header",
        parse=Tasks,
        hints="find search list issues projects project",
        more=("tasks", "tasks web-1"),
        details=(
            "Without words: yours, then what you tracked lately. Words may be the beginnings "
            "of words."
        ),
    ),
    Verb(
        name="edit",
        usage="edit [entry]",
        summary="Edit a time entry, the last one by default",
        example="edit",
        parse=Edit,
        hints="delete remove change correct",
        more=("edit TASK-12", "edit yesterday", "edit 10:30"),
        details=(
            "Without words the last entry, or the timer that runs. Where several fit there is "
            "a list."
        ),
    ),
    Verb(
        name="undo",
        usage="undo",
        summary="Take the last change back",
        example="undo",
        parse=parsers.alone("undo", Undo()),
        hints="oops revert delete remove",
        details=(
            "Takes back what you did last within twelve hours, a task that you marked done, too. "
            "Older answers have an *Undo* of their own."
        ),
    ),
    Verb(
        name="done",
        usage="done [task]",
        summary="Mark a task done in its tool",
        example="done TASK-12",
        parse=parsers.done,
        aliases=("complete",),
        hints="finish close resolve",
    ),
    Verb(
        name="connect",
        usage="connect [provider]",
        summary="Connect your own account in a tool",
        example="connect redmine",
        parse=parsers.connect,
        hints="login signin account accounts disconnect",
        more=("connect",),
        details=(
            "Without a tool it shows how you stand with each. You need an account to track on "
            "a tool's tasks."
        ),
    ),
    Verb(
        name="submit",
        usage="submit [week]",
        summary="Submit a week for approval",
        example="submit last week",
        parse=parsers.submit,
        details="Where the team uses timesheets. Weeks: this week, last week, 2026-W45, week 45.",
    ),
    Verb(
        name="approvals",
        usage="approvals",
        summary="Show the weeks that wait for you",
        example="approvals",
        parse=parsers.alone("approvals", Approvals()),
        aliases=("approve",),
        details="For managers, with the time on their projects, and admins.",
    ),
    Verb(
        name="unlock",
        usage="unlock",
        summary="Open locked time for somebody, for a while",
        example="unlock",
        parse=parsers.alone("unlock", UnlockTime()),
        details="For managers, on their projects, and admins.",
    ),
    Verb(
        name="token",
        usage="token",
        summary="Make a token for your own programs, or take one back",
        example="token",
        parse=parsers.alone("token", Tokens()),
        aliases=("tokens", "api"),
        details=(
            "With a token a spreadsheet or script of yours reads what you may see: time, projects "
            "and reports."
        ),
    ),
    Verb(
        name="settings",
        usage="settings",
        summary="Change your settings",
        example="settings",
        parse=parsers.alone("settings", TrackSettings()),
        aliases=("preferences",),
        hints="config options setup",
        details="Work hours, reminders, days of leave, and what your Home tab begins with.",
    ),
    Verb(
        name="help",
        usage="help [verb]",
        summary="Show how to use /track",
        example="help log",
        parse=parsers.help_,
        aliases=("?",),
        hints="commands usage",
        more=("help",),
    ),
)
