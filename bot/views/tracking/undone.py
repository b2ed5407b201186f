"""What is said when a change was taken back."""

from datetime import date

from bot.domain.entries.entries import Action
from bot.domain.tracking.tracking import Undone
from bot.views.message import Message, escaped, section
from bot.views.times import day, length, named, shared
from bot.views.tracking.timer import running_line, timer_buttons

_FINISHED = {Action.LOGGED, Action.EDITED, Action.DELETED}
"""Changes of time that is over: whether a timer runs is beside the point."""


def undone(done: Undone) -> Message:
    """A change was taken back."""
    only = _other_day(done)
    when = f" on {day(only)}" if only else ""
    what = {
        Action.STARTED: f"Took back the start of {named(done.on)}.",
        Action.LOGGED: f"Took back {length(done.seconds)}, logged to {named(done.on)}{when}.",
        Action.STOPPED: f"Took back the stop of {named(done.on)}.",
        Action.CANCELLED: f"Brought {named(done.on)} back.",
        Action.NOTED: f"Took back the note on {named(done.on)}.",
        Action.EDITED: f"Took back the change of {named(done.on)}.",
        Action.DELETED: f"Brought {named(done.on)} back.",
    }.get(done.action, f"Took back the last change of {named(done.on)}.")
    if done.owner:
        return Message(f"{what} {escaped(done.owner)} is told.")
    total = _totals(done)
    if done.timer is None:
        still = "" if done.action in _FINISHED else "No timer is running. "
        return Message(f"{what} {still}{total}")
    text = f"{what} {running_line(done.timer, total)}{shared(done.overlaps, done.now)}"
    return Message(text, [section(text), timer_buttons(done.timer)])


def _other_day(done: Undone) -> date | None:
    """The only day that it changed, where that is not today."""
    days = [date_ for date_, _ in done.days]
    return days[0] if len(days) == 1 and days[0] != done.now.date() else None


def _totals(done: Undone) -> str:
    if _other_day(done):
        return f"That day: {length(done.days[0][1])}."
    today = done.now.date()
    return " ".join(
        f"{'Today' if date_ == today else day(date_)}: {length(seconds)}."
        for date_, seconds in done.days
    )
