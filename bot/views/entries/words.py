"""Entries, and what became of them, in the words of messages and forms."""

from datetime import date, datetime

from bot.domain.entries.editing import Change, Edited, HistoryLine, Kind, Preview, Shown
from bot.domain.entries.entries import Action, TaskLabel
from bot.views.message import escaped
from bot.views.times import clock, day, keyed, length, named, noted

_FULL_DAY = "24:00"

_DID = {
    Action.STARTED: "started it",
    Action.STOPPED: "stopped it",
    Action.SPLIT: "ran over midnight",
    Action.LOGGED: "logged it",
    Action.NOTED: "changed the note",
    Action.EDITED: "changed it",
    Action.DELETED: "deleted it",
    Action.CANCELLED: "threw it away",
    Action.UNDONE: "took the last change back",
    Action.IMPORTED: "imported it",
}


def when(found: Shown | Preview, today: date) -> str:
    """From when to when, with the day where it is not today's: ``14:00-15:30 on Fri 20 Nov``."""
    start, end = found.start, found.end
    if start is None:
        first = found.days[0][0]
        return "today" if first == today else f"on {day(first)}"
    on = "" if start.date() == today else f" on {day(start.date())}"
    if end is None:
        return f"since {start:%H:%M}{on}"
    if _ends_next_midnight(start, end):
        return f"{start:%H:%M}-{_FULL_DAY}{on}"
    if end.date() != start.date():
        return f"{start:%H:%M} on {day(start.date())} to {end:%H:%M} on {day(end.date())}"
    return f"{start:%H:%M}-{end:%H:%M}{on}"


def difference(done: Edited) -> str:
    """What an edit changed, as the end of a sentence."""
    before, after = done.before, done.after
    today = after.now.date()
    said: list[str] = []
    if before.on != after.on:
        said.append(f"moved here from {keyed(before.on)}")
    old, new = when(before, today), when(after, today)
    if before.kind is Kind.TIMER:
        if old != new:
            said.append(f"runs {new} instead of {old}")
    elif (before.start, before.end, before.day) != (after.start, after.end, after.day):
        said.append(f"{old} is now {new}")
    if before.kind is not Kind.TIMER and before.seconds != after.seconds:
        said.append(f"{length(before.seconds)} is now {length(after.seconds)}")
    if before.note != after.note:
        said.append("the note was changed" if after.note else "the note was removed")
    return ", ".join(said)


def history_line(line: HistoryLine) -> str:
    """One step: who did what when, from what to what."""
    who = "you" if line.by_asker else escaped(line.who) or "Hourlink"
    head = f"{clock(line.at, line.at)} on {day(line.at.date())}, {who}: {_DID[line.action]}"
    if line.file_name:
        head = f"{head} from {escaped(line.file_name)}"
    head += f", saying {_thing(line.reason, line.at)}" if line.reason else ""
    told = "; ".join(change_words(one, line.at) for one in line.changes)
    if told:
        return f"{head}. {told}."
    made = f", {length(line.seconds)}" if line.seconds else ""
    return f"{head}{made}."


def change_words(change: Change, at: datetime) -> str:
    """``length 1 h 30 m to 1 h 45 m``."""
    old, new = _thing(change.before, at), _thing(change.after, at)
    name = change.what.capitalize()
    if not old:
        return f"{name} {new}"
    if not new:
        return f"{name} {old} removed"
    return f"{name} {old} to {new}"


def _thing(value: object, at: datetime) -> str:
    match value:
        case None | "":
            return ""
        case TaskLabel():
            return named(value)
        case datetime():
            return clock(value, at)
        case date():
            return day(value)
        case int():
            return length(value)
        case _:
            return f"\u201c{noted(str(value))}\u201d"


def _ends_next_midnight(start: datetime, end: datetime) -> bool:
    return (end.hour, end.minute, (end.date() - start.date()).days) == (0, 0, 1)
