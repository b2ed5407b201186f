"""What is offered for a task that was typed without saying what to do with it."""

from collections.abc import Sequence
from datetime import time

from bot.domain.input_errors import UnknownVerb
from bot.domain.tracking.tracking import TaskOffer, WhichTask, Worked
from bot.views.help import VerbRow, near_verbs, no_such_verb
from bot.views.message import Block, Message, actions, button, context, section
from bot.views.offers import search_tasks, target
from bot.views.times import clock, keyed, named, noted, quiet
from bot.views.tracking.log_form import Opening, log_button
from bot.views.tracking.timer import running_line, timer_buttons
from bot.views.tracking.which import go_on, which, worked
from bot.views.words import quoted

NAME = "/track"

_MOST_OFFERED = 5
_EVERY_COMMAND = f"`{NAME} help` shows every command."
_ALL_COMMANDS = button("All commands", "track.help")


def offered(found: TaskOffer, *, has_line: bool, style: str | None = "primary") -> Message:
    """Nothing was done yet; what could be is a click away.

    Args:
        found: The task, and what was typed beside it.
        has_line: The same words behind the verb do just that.
        style: That of the button; none where another question stands beside this one.
    """
    if found.worked is not None:
        return _log(found, found.worked, has_line=has_line, style=style)
    timer = found.timer
    if timer is not None and timer.on.target == found.on.target:
        text = running_line(timer)
        return Message(text, [section(text), timer_buttons(timer)])
    at = "" if found.start is None else f" at {clock(found.start, found.now)}"
    then = f"That stops {keyed(timer.on)}." if timer else "Nothing is started yet."
    text = f"Start {named(found.on)}{at}? {then}"
    first = go_on(found.pending_id, found.on, is_log=False, style=style)
    log = log_button(Opening(target=target(found.on)))
    return _asked(found, text, [first, log], _hint("start") if has_line else "")


def either(first: TaskOffer | WhichTask, second: TaskOffer) -> Message:
    """A length and words, or a shorter one and a number: nothing is saved before a click."""
    is_same = isinstance(first, TaskOffer) and first.on.target == second.on.target
    asked = which(first) if isinstance(first, WhichTask) else _one_of_two(first, is_same=is_same)
    other = _one_of_two(second, is_same=is_same)
    return Message(f"{asked.text} Or: {other.text}", [*asked.blocks, *other.blocks])


def _one_of_two(found: TaskOffer, *, is_same: bool) -> Message:
    if found.worked is None:
        return offered(found, has_line=False, style=None)
    return _log(found, found.worked, has_line=False, style=None, is_same=is_same)


def unclear(
    error: UnknownVerb,
    verbs: Sequence[VerbRow],
    tasks: TaskOffer | WhichTask | Message | None,
    other: str = "",
    *,
    is_hinted: bool = False,
    has_line: bool = False,
) -> Message:
    """The first word is no verb: the verbs spelled like it, and tasks that fit the words.

    Instead of tasks it may be why none can be tracked with them.

    Args:
        error: What was typed.
        verbs: Those on offer.
        tasks: What fits the words.
        other: That another command has that verb; what is merely spelled like it is left out then.
        is_hinted: The word means one of the verbs, and is not only spelled like it.
        has_line: As with ``offered``.
    """
    shown = UnknownVerb(error.text) if other and not is_hinted else error
    lines = [no_such_verb(NAME, shown), *near_verbs(NAME, shown, verbs)]
    lines += [other] if other else []
    buttons: list[Block] = []
    if isinstance(tasks, TaskOffer):
        # Of a verb that was mistyped nobody is to type the same words again.
        tasks = offered(tasks, has_line=has_line and not (error.nearest or other))
    if isinstance(tasks, Message):
        all_of_it = f"{tasks.text} {_EVERY_COMMAND}"
        blocks = [section("\n".join(lines)), *tasks.blocks, actions(_ALL_COMMANDS)]
        return Message("\n".join([*lines, all_of_it]), blocks)
    if tasks is not None and _are_meant(tasks, error):
        lines.append(_told(tasks))
        buttons = [
            go_on(tasks.pending_id, one.on, is_log=tasks.is_log, number=number)
            for number, one in enumerate(tasks.candidates[:_MOST_OFFERED])
        ]
        buttons.append(search_tasks(tasks.pending_id))
    elif isinstance(tasks, WhichTask) and not error.nearest:
        lines.append(f"No task that you can track fits {quoted(tasks.words)} either.")
    row = actions(*buttons, _ALL_COMMANDS)
    return Message("\n".join([*lines, _EVERY_COMMAND]), [section("\n".join(lines)), row])


def or_at(said: Message, at: time) -> Message:
    """The same, where the words may have been a time of day."""
    began = f"`{NAME} start TASK-12 at {at:%H:%M}`"
    text = f"If that is a time of day: {began} starts a timer that began then."
    return Message(f"{said.text} {text}", [*said.blocks, context(text)])


def _are_meant(tasks: WhichTask, error: UnknownVerb) -> bool:
    """One word that is spelled like a verb is a verb, unless tasks have it."""
    may_be_words = tasks.total or " " in tasks.words or not error.nearest
    return bool(tasks.candidates and may_be_words)


def _told(tasks: WhichTask) -> str:
    shown = tasks.candidates[:_MOST_OFFERED]
    names = "; ".join(quiet(one.on) for one in shown)
    if not tasks.total:
        return f"Tasks near {quoted(tasks.words)}: {names}."
    more = tasks.total - len(shown)
    others = f"; and {'' if tasks.is_all else 'at least '}{more} more" if more else ""
    return f"Tasks for {quoted(tasks.words)}: {names}{others}."


def _log(
    found: TaskOffer,
    would: Worked,
    *,
    has_line: bool,
    style: str | None,
    is_same: bool = False,
) -> Message:
    text = f"Log {worked(would)} to {named(found.on)}? Nothing is saved yet."
    long = worked(would) if is_same else ""
    first = go_on(found.pending_id, found.on, is_log=True, style=style, long=long)
    return _asked(found, text, [first], _hint("log") if has_line else "")


def _hint(verb: str) -> str:
    return f"`{NAME} {verb}` with the same words does it at once."


def _asked(found: TaskOffer, text: str, buttons: list[Block], hint: str) -> Message:
    note = f"Note: {noted(found.note)}" if found.note else ""
    said = " ".join(part for part in (text, note, hint) if part)
    small = [context(part) for part in (note, hint) if part]
    return Message(said, [section(text), actions(*buttons), *small])
