"""Tasks that were searched for: a list with buttons, a form that searches while one types."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from bot.domain.tasks.finding import Candidate, Several
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    context,
    escaped,
    form_input,
    plain,
    section,
)
from bot.views.offers import done_mark, places, search_tasks, start_listed, start_named
from bot.views.tasks.done import done_button
from bot.views.times import named, quiet
from bot.views.words import quoted

SEARCH_FORM = "track.search"
TASK = "task"

CanComplete: TypeAlias = Callable[[Candidate], bool]
"""Whether the tool that a task comes from lets tasks be marked done."""

_ROWS = 20
_MOST_INSTEAD = 5
_QUOTES = '"'


def task_list(found: Several, words: str, can_complete: CanComplete) -> Message:
    """Tasks to start or mark done, the likeliest first."""
    typed = quoted(words.strip(_QUOTES))
    shown = found.candidates[:_ROWS]
    count = f"{found.total} task{'' if found.total == 1 else 's'}"
    count = count if found.is_all else f"At least {count}"
    head = f"{count} for {typed}:" if words else f"{count} you can track:"
    blocks = [section(head)]
    for one, where in zip(shown, places(found.candidates), strict=False):
        blocks += _row(one, where, can_complete)
    text = f"{head} {'; '.join(f'{quiet(one.on)}{done_mark(one)}' for one in shown)}."
    if found.total > len(shown):
        more = f"Showing {len(shown)} of {found.total}. Add words to see fewer, or search."
        blocks += [context(more), actions(search_tasks())]
        text = f"{text} {more}"
    return Message(text, blocks)


def no_task(words: str, instead: Sequence[Candidate]) -> Message:
    """No task fits, or there is none at all; what may be tracked instead is a click away."""
    shown = instead[:_MOST_INSTEAD]
    buttons = [start_named(one.on) for one in shown]
    names = ", ".join(quiet(one.on) for one in shown)
    if words:
        text = f"There is no task that fits {quoted(words.strip(_QUOTES))} that you can track."
        text += f" Near it: {names}." if shown else ""
        return Message(text, [section(text), actions(*buttons, search_tasks())])
    text = "Your projects have no open task."
    if not instead or any(one.place.source for one in instead):
        text += " New tasks of their tools come with the next sync."
    if shown:
        more = f" and {len(instead) - len(shown)} more" if len(instead) > len(shown) else ""
        text += f" Time can be tracked on a project itself: {names}{more}."
    return Message(text, [section(text), actions(*buttons, button("My projects", "projects.open"))])


def search_form(pending_id: str) -> Modal:
    """A select that searches while one types; ``pending_id`` may be empty."""
    select: Block = {
        "type": "external_select",
        "action_id": "track.find",
        "placeholder": plain("Type a key or words"),
        "min_query_length": 0,
    }
    return Modal(
        SEARCH_FORM,
        "Find a task",
        [form_input("Task", TASK, select)],
        submit="Track",
        metadata=pending_id,
        returns=True,
    )


def _row(one: Candidate, where: str, can_complete: CanComplete) -> list[Block]:
    about = f"{named(one.on)}\n{escaped(where)}{done_mark(one)}"
    start = start_listed(one.on)
    if one.is_done or not can_complete(one):
        return [section(about, accessory=start)]
    return [section(about), actions(start, done_button(one.on))]
