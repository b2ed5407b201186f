"""The form *Log time*."""

from datetime import time

from bot.domain.durations import compact_duration
from bot.domain.entries.entries import LONGEST_NOTE
from bot.domain.tracking.log_form import Begins, WouldLog
from bot.domain.values import dataclass
from bot.views.message import (
    Block,
    Modal,
    Option,
    button,
    context,
    form_input,
    option,
    plain,
)
from bot.views.offers import target
from bot.views.times import day, day_parts, length, spans

OPEN = "log.open"
ON = "on "
"""Before what a button's value names to put time on."""
FORM = "log.form"
FIND = "log.find"
FIELD = "log.field"

TASK, DAY, HOW, LENGTH, START, END, NOTE = (
    "task",
    "day",
    "how",
    "length",
    "start",
    "end",
    "note",
)
BY_LENGTH, BY_CLOCK = "length", "clock"

_HINT = "1h30m, 90m, 1:30 or 1.5h"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a *Log time* button asks for: a day, perhaps with a span of it, or a task."""

    day: str = ""
    """As in ``2026-11-20``."""
    start: time | None = None
    end: time | None = None
    target: str = ""
    """A task or project as a button names it; then the day is today."""

    def written(self) -> str:
        """As a button's value."""
        if self.target:
            return f"{ON}{self.target}"
        if self.start is None or self.end is None:
            return self.day
        return f"{self.day} {self.start:%H:%M}-{self.end:%H:%M}"


def log_button(opening: Opening | None = None) -> Block:
    """*Log time*."""
    return button("Log time", OPEN, (opening or Opening()).written())


def form(found: Begins, hint: str = "") -> Modal:
    """The form.

    Args:
        found: What the fields begin with.
        hint: What it would save as it stands.
    """
    blocks = [_task(found), _day(found), _how(found)]
    if found.by_clock:
        blocks += [_clock("Start", START, found.start), _clock("End", END, found.end)]
    else:
        blocks.append(_length(found))
    if hint:
        blocks.append(context(hint) | {"block_id": "hint"})
    note: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_NOTE}
    if found.note:
        note["initial_value"] = found.note[:LONGEST_NOTE]
    blocks.append(form_input("Note", NOTE, note, optional=True))
    return Modal(
        FORM,
        "Log time",
        blocks,
        submit="Log",
        metadata=BY_CLOCK if found.by_clock else BY_LENGTH,
        returns=True,
    )


def would_log(found: WouldLog) -> str:
    """What the form as it stands would save, and the day with it."""
    if found.start is None or found.end is None:
        said = f"{length(found.seconds)}."
    else:
        end = f"{found.end:%H:%M}"
        if len(found.days) > 1:
            end += f" on {day(found.end.date())}"
        said = f"{found.start:%H:%M}-{end}: {length(found.seconds)}."
    if len(found.days) > 1:
        said += f" Cut at midnight: {day_parts(found.days)}."
    if found.taken:
        verb = "That time is taken:" if found.refused else "It overlaps:"
        return f"{said} {verb} {spans(found.taken, found.now)}."
    first = found.days[0][0]
    when = "Today" if first == found.now.date() else day(first)
    return f"{said} {when} with this: {length(found.day_total)}."


def _task(found: Begins) -> Block:
    select: Block = {
        "type": "external_select",
        "action_id": FIND,
        "placeholder": plain("Type a key or words"),
        "min_query_length": 0,
    }
    if found.on is not None:
        hint = found.on.project_name if found.on.task_id else ""
        select["initial_option"] = option(Option(found.on.name, target(found.on), hint))
    return form_input("Task or project", TASK, select)


def _day(found: Begins) -> Block:
    picker: Block = {"type": "datepicker", "action_id": FIELD, "initial_date": str(found.day)}
    return form_input("Day", DAY, picker, dispatch=True)


def _how(found: Begins) -> Block:
    choices = [option(Option("A length", BY_LENGTH)), option(Option("From and to", BY_CLOCK))]
    radios: Block = {
        "type": "radio_buttons",
        "action_id": FIELD,
        "options": choices,
        "initial_option": choices[found.by_clock],
    }
    return form_input("How", HOW, radios, dispatch=True)


def _length(found: Begins) -> Block:
    field: Block = {"type": "plain_text_input", "action_id": FIELD, "max_length": 40}
    if found.seconds:
        field["initial_value"] = compact_duration(found.seconds)
    return form_input("Length", LENGTH, field, hint=_HINT, dispatch=True)


def _clock(label: str, block_id: str, shown: time | None) -> Block:
    picker: Block = {"type": "timepicker", "action_id": FIELD}
    if shown is not None:
        picker["initial_time"] = f"{shown:%H:%M}"
    return form_input(label, block_id, picker, dispatch=True)
