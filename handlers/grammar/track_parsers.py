"""The words after each verb of ``/track`` to command values.

Where a task ends and a note begins:

- After a key, a number, an address or a quoted name, the rest is the note, once a time (and for
  ``log`` a length, its start and a day) has been read from its beginning.
- Plain words are a search, up to the first time (for ``log``: length, start or day) or mark of a
  note; what comes after that is the note.
- ``note:``, a lone ``--``, ``-`` or ``:``, or a colon behind a word marks a note outright.

So ``start fix header -15m about the menu`` searches for *fix header* and notes *about the menu*.
A time, length or day that has been read once is not read again: a second one is a plain word.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from bot.domain.clock_times import Amount, ClockRange, When
from bot.domain.days import Day, read_day
from bot.domain.input_errors import BadInput, DayNotUnderstood, Misuse, UsageError
from bot.domain.period_words import read_period
from bot.domain.periods import OnePeriod
from bot.domain.tasks.task_refs import NumberRef, TaskRef, WordsRef
from handlers.grammar.beside import beside_key, day_before, moment_before
from handlers.grammar.cursor import Words
from handlers.grammar.head import Head
from handlers.grammar.moments import (
    pass_now,
    refuse_what_is_no_time,
    take_bare_clock,
    take_when,
)
from handlers.grammar.parting import parted, refuse_second_task
from handlers.grammar.phrases import (
    read_week,
    refuse_days,
    refuse_number,
    site_name,
    take_amount,
    take_day,
    take_exact_ref,
    take_key,
)
from handlers.grammar.report import parse_report, read_team
from handlers.grammar.track_values import (
    Approvals,
    ConnectAccount,
    Done,
    Log,
    LogTime,
    Note,
    Report,
    Resume,
    Start,
    Status,
    Stop,
    SubmitWeek,
    Switch,
    TeamStatus,
    Today,
    TrackCommand,
    TrackHelp,
    Week,
)

_MOST_WEEK = 4  # "nov 20, 2026"
_APPROVALS = {"approve", "approvals"}
_MOST_AT_END = 4  # "from 14:00 to 15:30"
_FOR = re.compile(r"(?:^| )for$", re.IGNORECASE)
_AHEAD = {"in", "after", "until", "before"}
_HAS_UNIT = re.compile(r"[^\W\d_]|-")
_FROM = re.compile(r"(?:since |from |@ ?)[0-9]", re.IGNORECASE)
_HOUR_AND_NUMBER = re.compile(r"(?:^| )[0-9]{1,2} ?[^\W\d_]+\.? [0-9]{1,2} [^\d]")
_MARK = re.compile(r"note: *\Z", re.IGNORECASE)


def start(text: str) -> Start:
    """``start [task] [time] [note]``."""
    task, when, note = _begun("start", text)
    return Start(task, when, note)


def switch(text: str) -> Switch:
    """``switch [task] [time] [note]``."""
    task, when, note = _begun("switch", text)
    return Switch(task, when, note)


def _begun(verb: str, text: str) -> tuple[TaskRef | None, When | None, str]:
    head = Head(Words(verb, parted(text)))
    task = head.task()
    beside = beside_key(verb, task) if head.when is None else None
    if beside is not None:
        is_time, when = moment_before(beside)
        if is_time:
            return beside.task, when, _joined(beside.behind, head.words.note())
    if head.when is None and not isinstance(task, WordsRef):
        pass_now(head.words)
        refuse_what_is_no_time(head.words)
    refuse_second_task(task, head.words)
    note = head.words.note()
    if head.when is None and isinstance(task, WordsRef) and not note:
        # Nor is "start 15m" a search for that.
        refuse_what_is_no_time(Words(verb, task.text), is_search=True)
    return task, head.when, note


def _joined(*notes: str) -> str:
    return " ".join(filter(None, notes))


def stop(text: str) -> Stop:
    """``stop [time] [note]``; before them may stand what runs, with nothing else behind it."""
    words = Words("stop", text)
    task = take_key(words)
    typed = text.removesuffix(words.left()).strip() if task is not None else ""
    when = _take_end(words)
    if when is None:
        pass_now(words)
        refuse_what_is_no_time(words)
    if task is not None and when is None and words and not words.at_note():
        task, typed, words = None, "", Words("stop", text)  # a note that begins with a key
    noted = words.note()
    if task is not None and when is None:
        # "utf-8: checked" is a note as a whole, if that is no task.
        typed = _MARK.sub("", text.removesuffix(noted)).rstrip()
    return Stop(when, noted, task, typed)


def _take_end(words: Words) -> When | None:
    return take_when(words) or take_bare_clock(words)


def log(text: str) -> Log | LogTime:
    """``log``: a length, perhaps with its start, or a range; a task, a day, a note; or nothing."""
    if not text:
        return LogTime()
    text = parted(text)
    found = _log_reading(text, bare_minutes=True)
    if isinstance(found, LogTime):
        return found
    if found.task is None:
        # "log 1h 30" with nothing behind: the 30 is the task's number.
        other = _log_reading(text, bare_minutes=False)
        return found if other.task is None else other
    match found:
        case Log(WordsRef(words), int()) if _HOUR_AND_NUMBER.search(text):
            return _with_other(found, words, text)
        case _:
            return found


def _with_other(found: Log, words: str, text: str) -> Log:
    """The same, and what it says if the number behind the hours is a task's.

    Behind a number a day would be part of the note: it is the day in either case.
    """
    with suppress(BadInput):
        other = _log_reading(text, bare_minutes=False)
        if isinstance(other, Log) and isinstance(other.task, NumberRef) and other.task.words:
            number = replace(other.task, words=f"{other.task.number} {words}")
            note = _joined(words, found.note)
            return replace(found, otherwise=Log(number, other.amount, found.day, note))
    return found


def _log_reading(text: str, *, bare_minutes: bool) -> Log | LogTime:
    head = Head(Words("log", text), log=True, bare_minutes=bare_minutes)
    task = head.task()
    amount = head.amount
    if head.day is None and not isinstance(task, WordsRef):
        refuse_days(head.words)
    if amount is not None:
        refuse_second_task(task, head.words)
        return _logged(task, amount, head.day, head.words.note())
    refuse_number(text)
    left = head.words.left()
    if task is not None and (ended := _length_at_end(left)):
        note, amount = ended
        if isinstance(task, NumberRef) and task.words:
            task = replace(task, words=f"{task.number} {note}")
        return _logged(task, amount, head.day, note)
    refuse_number(left)
    is_unsure = isinstance(task, WordsRef) or (isinstance(task, NumberRef) and task.words)
    if head.has_start or is_unsure or (task is None and left) or _FROM.match(left):
        raise UsageError("log", Misuse.MISSING_DURATION, left)
    return LogTime(task, head.day, head.words.note())


def _logged(task: TaskRef | None, amount: Amount, day: Day | None, note: str) -> Log:
    """Wherever the length stood, a day before a key among words is the day, several are refused."""
    beside = beside_key("log", task)
    if beside is not None:
        is_day, day = day_before(beside, day)
        if is_day:
            return Log(beside.task, amount, day, _joined(beside.behind, note))
    return Log(task, amount, day, note)


def _length_at_end(left: str) -> tuple[str, int | ClockRange] | None:
    """``review 1h``, where no length was read: the note, and how long.

    ``at 9:30`` is none, nor is what is still to come: ``in 10m``.
    """
    words = left.split()
    if left.lower().startswith("note:"):
        return None
    for count in range(min(len(words), _MOST_AT_END), 0, -1):
        last = Words("log", " ".join(words[-count:]))
        if not _HAS_UNIT.search(last.left()):
            continue
        amount = take_amount(last, bare_minutes=True, in_search=True)
        if amount is not None and not last:
            before = _FOR.sub("", " ".join(words[:-count]))
            is_ahead = before.lower().rpartition(" ")[2] in _AHEAD
            return None if is_ahead else (Words("log", before).note(), amount)
    return None


def note(text: str) -> Note:
    """``note [text]``."""
    return Note(text)


def resume(text: str) -> Resume | Start:
    """``resume``; with a task it is a start."""
    return start(text) if text else Resume()


def done(text: str) -> Done:
    """``done [task]``."""
    words = Words("done", text)
    task = take_exact_ref(words)
    if task is None:
        rest = words.rest()
        return Done(WordsRef(rest) if rest else None)
    words.end()
    return Done(task)


def connect(text: str) -> ConnectAccount:
    """``connect [provider]``."""
    return ConnectAccount(site_name("connect", text))


def help_(text: str) -> TrackHelp:
    """``help [verb]``."""
    return TrackHelp(text.partition(" ")[0])


def today(text: str) -> Today:
    """``today [day]``."""
    words = Words("today", text)
    day = take_day(words)
    if left := words.rest().strip(": "):
        raise DayNotUnderstood(left)
    return Today(day)


def week(text: str) -> Week | SubmitWeek | Approvals:
    """``week [week]``; with ``submit`` or ``approve`` before or behind it is their verb."""
    first, _, behind = text.partition(" ")
    before, _, last = text.rpartition(" ")
    for word, rest in ((first, behind), (last, before)):
        if word.lower() == "submit":
            return submit(rest)
        if word.lower() in _APPROVALS and not rest:
            return Approvals()
    return Week(_taken_week(Words("week", text)))


def submit(text: str) -> SubmitWeek:
    """``submit [week]``."""
    words = Words("submit", text)
    return SubmitWeek(_taken_week(words))


def _taken_week(words: Words) -> OnePeriod | None:
    week = words.take(read_week, most=_MOST_WEEK)
    if left := words.rest().strip(": "):
        raise UsageError(words.verb, Misuse.NOT_A_WEEK, left)
    return week


def report(text: str) -> Report:
    """``report [period] [by ...] [for ...]``."""
    return Report(parse_report(text))


def look(text: str) -> Today | Week | Report | None:
    """A day, week or period without a verb: to look at it changes nothing; None for other words."""
    if day := read_day(text):
        return Today(day)
    if week := read_week(text):
        return Week(week)
    return Report(parse_report(text)) if read_period(text) else None


def status(text: str) -> TrackCommand:
    """``status``, ``status team``."""
    words = Words("status", text)
    is_team = words.take(read_team, most=3)
    words.end()
    return TeamStatus() if is_team else Status()


def alone(verb: str, command: TrackCommand) -> Callable[[str], TrackCommand]:
    """A verb that nothing may follow."""

    def parse(text: str) -> TrackCommand:
        Words(verb, text).end()
        return command

    return parse
