"""Which task a command meant: several to choose from, or what is near or likely."""

from collections.abc import Sequence

from bot.domain.entries.entries import TaskLabel
from bot.domain.tasks.finding import Candidate
from bot.domain.tracking.tracking import WhichTask, Worked
from bot.views.message import (
    TEXT_LIMIT,
    Block,
    Message,
    Option,
    actions,
    button,
    clipped,
    context,
    escaped,
    option,
    plain,
    section,
)
from bot.views.offers import done_mark, search_tasks, target, telling_sites
from bot.views.times import clock, dated, length, named, noted, quiet

_NAMED_IN_TEXT = 10
_MOST_LIKELY = 4
_FITS = 60
"""Characters of a task on a button."""

_FEW = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def which(question: WhichTask, *, is_bare: bool = False) -> Message:
    """Several matches to choose from, or what is near where there is none.

    Args:
        question: What was found.
        is_bare: No verb was typed: what a choice does is said.
    """
    if not (question.words or question.within):
        return _likely(question)
    if question.total == 1 and question.words:
        return _only_one(question)
    asked = _choose(question) if question.total else _near(question)
    does = _does(question, is_bare=is_bare)
    if not does:
        return asked
    return Message(f"{asked.text} {does}", [*asked.blocks, context(does)])


def _does(question: WhichTask, *, is_bare: bool) -> str:
    """What a choice does, where that may not be what they think: a length is easily misread."""
    if question.worked is not None:
        return f"The one you choose gets {worked(question.worked)}. Nothing is saved yet."
    return "The one you choose is started. Nothing is started yet." if is_bare else ""


def worked(found: Worked) -> str:
    """Time that is to be logged: its length and day, or from when to when."""
    if found.start is not None and found.end is not None:
        return f"{clock(found.start, found.now)} to {clock(found.end, found.now)}"
    today = found.now.date()
    on = "" if found.day in {None, today} else f" on {dated(found.day, today)}"
    return f"{length(found.seconds or 0)}{on}"


def _likely(question: WhichTask) -> Message:
    if question.worked is None:
        head, typed = "Start which task?", "start TASK-12"
    else:
        head = f"Log {worked(question.worked)} to which task? Nothing is saved yet."
        typed = "log 1h TASK-12"
    shown = question.candidates[:_MOST_LIKELY]
    if shown:
        head += f" Perhaps {', '.join(quiet(one.on) for one in shown)}."
    buttons = _go_on_each(question, shown)
    hint = f"With its key, `/track {typed}`, it takes one step."
    row = actions(*buttons, search_tasks(question.pending_id))
    return Message(f"{head} {hint}", [section(head), row, context(hint)])


def _choose(question: WhichTask) -> Message:
    count = _FEW[question.total] if question.total < len(_FEW) else str(question.total)
    matches = "match" if question.total == 1 else "matches"
    if not question.is_all:
        count = f"At least {count.lower()}"
    if question.words:
        head = f"{count} {matches} for {_typed(question.words)}. Which one?"
    else:
        head = f"Which task of *{escaped(question.within)}*, this channel's project?"
    found = question.candidates
    wheres = _wheres(question)
    names = "; ".join(
        f"{quiet(one.on)} ({escaped(where)})"
        for one, where in zip(found[:_NAMED_IN_TEXT], wheres, strict=False)
    )
    hidden = question.total - len(found[:_NAMED_IN_TEXT])
    more = f"; and {hidden} more" if hidden else ""
    select: Block = {
        "type": "static_select",
        "action_id": "track.pick",
        "placeholder": plain("Choose a task"),
        "options": [
            option(Option(one.on.name, _pick(question.pending_id, one.on), where))
            for one, where in zip(found, wheres, strict=True)
        ],
    }
    blocks = [section(head), actions(select, search_tasks(question.pending_id))]
    if question.total > len(found):
        every = question.total if question.is_all else f"at least {question.total}"
        shown = f"Showing {len(found)} of {every}. Type more of its name, or search."
        blocks.append(context(shown))
    return Message(f"{head} {names}{more}.", blocks)


def _only_one(question: WhichTask) -> Message:
    """A number that may be no task's."""
    (one,) = question.candidates
    done = "saved" if question.is_log else "started"
    head = f"{_typed(question.words)}: is that {named(one.on)}? Nothing is {done} yet."
    note = f"Note: {noted(question.note)}" if question.note else ""
    buttons = _go_on_each(question, [one])
    row = actions(*buttons, search_tasks(question.pending_id))
    small = [context(note)] if note else []
    return Message(f"{head} {note}".rstrip(), [section(head), row, *small])


def _near(question: WhichTask) -> Message:
    where = f" in *{escaped(question.within)}*, this channel's project" if question.within else ""
    if question.words:
        comma = "," if where else ""
        head = f"No task {_typed(question.words)}{where}{comma} that you can track."
    else:
        head = f"There is nothing to choose{where}."
    buttons = _go_on_each(question, question.candidates)
    if buttons:
        near = "Elsewhere" if question.within else "Near it"
        head += f" {near}: {', '.join(quiet(one.on) for one in question.candidates)}."
    return Message(head, [section(head), actions(*buttons, search_tasks(question.pending_id))])


def _go_on_each(question: WhichTask, shown: Sequence[Candidate]) -> list[Block]:
    return [
        go_on(question.pending_id, one.on, is_log=question.is_log, number=number)
        for number, one in enumerate(shown)
    ]


def go_on(
    pending_id: int,
    on: TaskLabel,
    *,
    is_log: bool,
    number: int | None = None,
    style: str | None = None,
    long: str = "",
) -> Block:
    """The button that does what was kept, on this task or project.

    Args:
        pending_id: What was kept.
        on: What it is done on.
        is_log: It logs time; else it starts a timer.
        number: Which one it is among several in a row.
        style: ``primary``, where it is what one most likely wants.
        long: What is logged, where another button logs something else on the same.
    """
    verb = (f"Log {long} to" if long else "Log to") if is_log else "Start"
    action = "track.pick" if number is None else f"track.pick#{number}"
    says = f"{verb} {clipped(on.name, _FITS)}"
    label = f"{verb} {clipped(on.short, _FITS)}"
    return button(label, action, _pick(pending_id, on), style=style, says=says)


def _pick(pending_id: int, on: TaskLabel) -> str:
    return f"{pending_id}:{target(on)}"


def _wheres(question: WhichTask) -> list[str]:
    """The tool and project of each, between them the site where that is what tells it."""
    names = dict(question.provider_names)
    found = question.candidates
    wheres = []
    for one, site in zip(found, telling_sites(found), strict=True):
        source = one.place.source
        tool = names.get(source.provider, source.provider) if source else ""
        parts = ", ".join(filter(None, (tool, site, one.on.project_name)))
        wheres.append(clipped(f"{parts}{done_mark(one) if source else ''}", TEXT_LIMIT))
    return wheres


def _typed(words: str) -> str:
    bare = words.strip('"')
    return f"\u201c{escaped(clipped(bare, 60))}\u201d"
