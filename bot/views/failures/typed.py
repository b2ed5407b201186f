"""What to say about words that could not be understood."""

from collections.abc import Mapping

from bot.domain import input_errors as bad
from bot.domain.durations import format_duration
from bot.domain.input_errors import Misuse
from bot.domain.operating.api_reading import CursorUnknown
from bot.views.saying import says
from bot.views.words import local_time, quoted

_HALF_A_DAY = 12

_NAMES_IT = ("That is ", "That looks ")
"""Sentences in which what was typed can stand instead of *That*."""

_MISUSE: Mapping[Misuse, str] = {
    Misuse.MISSING_DURATION: "Say how long: `90m`, `1h30m`, `1:30`, `1.5h` or `14:00-15:30`.",
    Misuse.BLANK_NAME: "Give it a name.",
    Misuse.MISSING_NAME: 'Say its name, in quotes if it has spaces: `"Website"`.',
    Misuse.MISSING_PERSON: "Say who: `@ana`.",
    Misuse.MISSING_PROJECT: 'Say which project, in quotes if it has spaces: `"Website"`.',
    Misuse.MISSING_CHANNEL: "Say which channel: `#general`.",
    Misuse.UNCLOSED_QUOTE: "A quotation mark is opened and not closed.",
    Misuse.UNEXPECTED_WORDS: "These words do not fit here.",
    Misuse.ONE_PERSON: "One person at a time: `@ana`.",
    Misuse.NOT_A_PERSON: "That is not a person of this workspace. Write it as `@ana`.",
    Misuse.NOT_A_CHANNEL: "That is not a channel. Write it as `#general`.",
    Misuse.NOT_A_POLICY: "That is not a policy this command knows.",
    Misuse.NOT_A_MONTH: "That is not a month. Write it as `2026-10`, `october` or `last month`.",
    Misuse.CLOCK_NOT_LENGTH: (
        "That looks like a time of day. Write from and to, `14:00-15:30`, or a length: `14h`."
    ),
    Misuse.SEVERAL_DAYS: (
        "Time is logged day by day: `yesterday`, `mon`, `2026-11-20`. If it is the note, write "
        "`note:` before it."
    ),
    Misuse.NUMBER_NOT_LENGTH: "That number has no unit. Write hours as `1.5h`, minutes as `90m`.",
    Misuse.LENGTH_NOT_TIME: (
        "That is a length and does not say when: `-15m`, `at 09:30`. Time already worked is "
        "logged: `log 1h TASK-12`. If it is the note, write `note:` before it."
    ),
    Misuse.RANGE_NOT_TIME: (
        "A timer has no end before it is stopped. Time already worked is logged: "
        "`log 14:00-15:30 TASK-12`. If it is the note, write `note:` before it."
    ),
    Misuse.AHEAD_OF_TIME: (
        "A timer starts and stops now, or did earlier: `-15m`, `at 09:30`. If it is the note, "
        "write `note:` before it."
    ),
    Misuse.DAY_NOT_TIME: (
        "A day needs its time: `yesterday at 17:30`. Time already worked is logged: "
        "`log 1h TASK-12 yesterday`. If it is the note, write `note:` before it."
    ),
    Misuse.SECOND_TASK: (
        "One task at a time: another one takes a command of its own. If it is the note, write "
        "`note:` before it."
    ),
    Misuse.NOT_A_WEEK: "That is not a week. Write it as `last`, `2026-W45`, or a day of it.",
    Misuse.NOT_A_GROUPING: (
        "A report goes by project, task, day, week, month, label, person, client or billable."
    ),
}


@says(CursorUnknown)
def _cursor(error: CursorUnknown) -> str:
    del error
    return "That is no cursor of this list. Begin again without one."


@says(bad.TextTooLong)
def _too_long(error: bad.TextTooLong) -> str:
    return f"That is {error.length} characters; {error.limit} is the most that is read."


@says(bad.DurationNotUnderstood)
def _duration(error: bad.DurationNotUnderstood) -> str:
    return f"{quoted(error.text)} is no length of time. Try `90m`, `1h30m`, `1:30` or `1.5h`."


@says(bad.DurationOutOfRange)
def _out_of_range(error: bad.DurationOutOfRange) -> str:
    if error.seconds <= 0:
        return "The time has to be longer than nothing."
    return f"That is longer than {format_duration(error.limit)}, the most for one entry."


@says(bad.TimeNotUnderstood)
def _time(error: bad.TimeNotUnderstood) -> str:
    if error.text.isascii() and error.text.isdigit() and 0 < int(error.text) <= _HALF_A_DAY:
        hour = int(error.text)
        return (
            f"{quoted(error.text)} may be morning or evening: write `{hour:02}:00` or `{hour}pm`."
        )
    return f"{quoted(error.text)} is no time of day. Try `09:30` or `5pm`."


@says(bad.TimeDoesNotExist)
def _no_such_time(error: bad.TimeDoesNotExist) -> str:
    return (
        f"{error.local:%H:%M} did not exist on {error.local.day} {error.local:%B %Y}: the clocks "
        f"went forward. The next time there is {error.next_valid:%H:%M}."
    )


@says(bad.DayNotUnderstood)
def _day(error: bad.DayNotUnderstood) -> str:
    return f"{quoted(error.text)} is no day. Try `yesterday`, `mon` or `2026-11-20`."


@says(bad.DayInTheFuture)
def _future_day(error: bad.DayInTheFuture) -> str:
    return f"{error.day.day} {error.day:%B %Y} is still to come; time is logged once it has passed."


@says(bad.PeriodNotUnderstood)
def _period(error: bad.PeriodNotUnderstood) -> str:
    return (
        f"{quoted(error.text)} is no period. Try `last week`, `2026-11`, `2026-W45`, `1-15 nov` "
        "or `from mon to today`."
    )


@says(bad.InTheFuture)
def _future(error: bad.InTheFuture) -> str:
    return f"{local_time(error.moment)} is still to come; time is logged once it has passed."


@says(bad.ClockInTheFuture)
def _future_clock(error: bad.ClockInTheFuture) -> str:
    return (
        f"{local_time(error.moment)} is still to come. If another day is meant, name it: "
        "`at 17:30 yesterday`, `at 17:30 fri`."
    )


@says(bad.TooLongAgo)
def _too_long_ago(error: bad.TooLongAgo) -> str:
    return (
        f"{local_time(error.moment)} is more than 24 hours ago, too long for a timer to begin. "
        "Time already worked is logged: `/track log 9:30-11:00 TASK-12 yesterday`."
    )


@says(bad.SpanInTheFuture)
def _future_span(error: bad.SpanInTheFuture) -> str:
    span = f"{error.start:%H:%M}-{error.end:%H:%M}"
    if error.has_begun:
        return (
            f"{span} is not over yet; time is logged once it has passed. A timer counts from then "
            f"on: `/track start TASK-12 at {error.start:%H:%M}`."
        )
    said = f"{span} is still to come; time is logged once it has passed."
    return said if error.is_dated else f"{said} If it was yesterday, add `yesterday`."


@says(bad.UnknownVerb)
def _unknown_verb(error: bad.UnknownVerb) -> str:
    near = " or ".join(f"`{verb}`" for verb in error.nearest)
    meant = f" Did you mean {near}?" if near else ""
    return f"{quoted(error.text)} is not something Hourlink can do.{meant} Try `help`."


@says(bad.MissingTask)
def _missing_task(error: bad.MissingTask) -> str:
    return f"Say which task: `{error.verb} TASK-12`, a link to it, or words from its title."


@says(bad.UsageError)
def _usage(error: bad.UsageError) -> str:
    said = _MISUSE[error.reason]
    if not error.text:
        return said
    if said.startswith(_NAMES_IT):
        return f"{quoted(error.text)} {said.removeprefix('That ')}"
    return f"{said} ({quoted(error.text)})"
