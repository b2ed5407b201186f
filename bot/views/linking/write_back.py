"""What admins choose about writing time back: the fields, and what they mean in words."""

from collections.abc import Iterable

from bot.domain.linking.write_back import LONGEST_TEXT, WriteBack, WriteMode
from bot.integrations.api import Capability, Descriptor, TimeKept
from bot.views.message import Block, Option, form_input, option, plain
from bot.views.settings.fields import number
from bot.views.words import counted

MODE = "write_mode"
SHORTEST = "write_shortest"
TEXT = "write_text"
ESTIMATE = "write_estimate"
OWED = "write_owed"

_FROM_NOW = "Holds from now on. Time from before is written when somebody changes its entry."
_SHORTEST_HINT = "In minutes. Empty writes entries of any length."
_TEXT_HINT = (
    "Empty writes the note. {note}, {member}, {key}, {task} and {project} stand for what they say."
)


def default_for(descriptor: Descriptor) -> WriteBack:
    """On for time records, off for comments."""
    records = descriptor.time_kept is TimeKept.RECORDS and takes_time(descriptor)
    return WriteBack(WriteMode.ON if records else WriteMode.OFF)


def takes_time(descriptor: Descriptor | None) -> bool:
    """Whether time can be written there at all."""
    return descriptor is not None and Capability.TIME in descriptor.capabilities


def mode_field(descriptor: Descriptor, chosen: WriteBack, *, hint: str = "") -> Iterable[Block]:
    """Whether anything is written; nothing is offered where the tool cannot take it."""
    if not takes_time(descriptor):
        return
    what = "comment" if descriptor.time_kept is TimeKept.COMMENTS else "time record"
    words = {
        WriteMode.ON: Option(f"Write each finished entry to its task as a {what}", "on"),
        WriteMode.APPROVED: Option("Only time that was approved in a timesheet", "approved"),
        WriteMode.OFF: Option("Write nothing", "off"),
    }
    options = {mode: option(one) for mode, one in words.items()}
    element: Block = {
        "type": "radio_buttons",
        "options": list(options.values()),
        "initial_option": options[chosen.mode],
    }
    yield form_input(f"Tracked time in {descriptor.name}"[:150], MODE, element, hint=hint)


def fields(descriptor: Descriptor | None, chosen: WriteBack) -> Iterable[Block]:
    """Everything that can be chosen."""
    if descriptor is None or not takes_time(descriptor):
        return
    yield from mode_field(descriptor, chosen, hint=_FROM_NOW)
    minutes = chosen.shortest // 60 or None
    yield number("Shortest entry to write", SHORTEST, minutes, hint=_SHORTEST_HINT, optional=True)
    element: Block = {
        "type": "plain_text_input",
        "max_length": LONGEST_TEXT,
        "placeholder": plain("{note}"),
    }
    if chosen.text:
        element["initial_value"] = chosen.text
    yield form_input("Text of what is written", TEXT, element, hint=_TEXT_HINT, optional=True)
    if Capability.ESTIMATES in descriptor.capabilities:
        yield _estimate(chosen)


def _estimate(chosen: WriteBack) -> Block:
    """What becomes of what a task is estimated to need still."""
    leave = option(Option("Leave it as people set it", "leave"))
    reduce = option(Option("Take off what is written, and give back what goes", "reduce"))
    element: Block = {
        "type": "radio_buttons",
        "options": [leave, reduce],
        "initial_option": reduce if chosen.reduces_estimate else leave,
    }
    return form_input("Remaining estimate of a task", ESTIMATE, element)


def write_first(owed: int) -> Iterable[Block]:
    """Whether what is not written yet still is, where something is left; yes by default."""
    if not owed:
        return
    what = counted(owed, "entry is", "entries are")
    choice = option(Option("Write them to the tool first", "yes"))
    element: Block = {
        "type": "checkboxes",
        "options": [choice],
        "initial_options": [choice],
    }
    yield form_input(f"{what} not written yet", OWED, element, optional=True)


def owed_words(owed: int, *, writes: bool) -> str:
    """What becomes of them."""
    if not owed:
        return ""
    one = owed == 1
    what = counted(owed, "entry", "entries")
    if writes:
        return f" {what} {'is' if one else 'are'} still being written to the tool."
    return f" {what} {'was' if one else 'were'} left unwritten."


def in_words(chosen: WriteBack) -> str:
    """What holds from now on."""
    if not chosen.is_on:
        return "Tracked time is not written there. What was written before stays."
    only = "Approved time" if chosen.mode is WriteMode.APPROVED else "Finished time"
    minutes = chosen.shortest // 60
    unless = f" of {minutes} min or more" if minutes else ""
    estimate = " It is taken off the tasks' remaining estimates." if chosen.reduces_estimate else ""
    return (
        f"{only}{unless} is written there from now on; earlier entries are written when somebody "
        f"changes them.{estimate}"
    )
