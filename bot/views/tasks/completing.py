"""What is said about tasks that are marked done in their tools."""

from bot.domain.tasks.completion import Asked, Completion, CompletionState, Trouble, WhichToComplete
from bot.views.message import (
    Block,
    Message,
    actions,
    button,
    clipped,
    context,
    escaped,
    option,
    plain,
    section,
)
from bot.views.offers import choices, search_tasks, target
from bot.views.tasks.done import MARK
from bot.views.times import linked_whole, named, quiet
from bot.views.times import told as words
from bot.views.tracking.timer import running_line
from bot.views.words import quoted

PICK = "done.pick"
REOPEN = "done.reopen"
UNDO = "done.undo"

_LONGEST_REASON = 500
_NEAR = 3
_NAMED_IN_TEXT = 10


def asked(done: Asked, provider: str) -> Message:
    """It was asked for just now."""
    wish = done.completion
    doing = "Marking {} done" if wish.is_done else "Opening {} again"
    text = (
        f"{doing.format(named(wish.on))} in {escaped(provider)}. "
        "A direct message from Hourlink says how it went."
    )
    if done.timer is None:
        return Message(text, [section(text)])
    runs = f"Your timer goes on: {running_line(done.timer)}"
    stop = button("Stop", "track.stop", str(done.timer.entry_id), says="Stop the timer")
    return Message(f"{text} {runs}", [section(text), context(runs), actions(stop)])


def told(wish: Completion, provider: str) -> Message:
    """How it stands: one message, edited until it holds the result."""
    tool = f"{escaped(provider)} ({words(wish.site)})"
    match wish.state:
        case CompletionState.PENDING:
            return _pending(wish, tool)
        case CompletionState.DONE:
            is_so = "is done" if wish.is_done else "is open again"
            text = f"{linked_whole(wish.on)} {is_so} in {tool}."
            undo = button(
                "Undo",
                UNDO,
                str(wish.id),
                says=f"{'Open' if wish.is_done else 'Close'} {clipped(wish.on.short, 50)} again",
            )
            return Message(text, [section(text), actions(undo)])
        case CompletionState.REFUSED:
            return _refused(wish, tool)
        case CompletionState.UNKNOWN:
            wanted = "marked done" if wish.is_done else "opened again"
            text = (
                f"{tool} did not answer for ten minutes, so it is not known whether "
                f"{linked_whole(wish.on)} was {wanted} there. Have a look before you try again."
            )
            return Message(text, [section(text), actions(_again(wish))])


def which(question: WhichToComplete) -> Message:
    """Several matches to choose from, or what is near where there is none."""
    found = question.candidates
    if not question.total:
        head = f"No task {quoted(question.words)} that you can mark done."
        if not found:
            return Message(head, [section(head), actions(search_tasks())])
        near = ", ".join(quiet(one.on) for one in found[:_NEAR])
        row = [
            button(
                f"Done: {clipped(one.on.short, 60)}",
                f"{MARK}#{target(one.on)}",
                target(one.on),
                says=f"Mark {clipped(one.on.name, 60)} done",
            )
            for one in found[:_NEAR]
        ]
        text = f"{head} Near it: {near}."
        return Message(text, [section(text), actions(*row)])
    head = f"{question.total} matches for {quoted(question.words)}. Which one is done?"
    names = "; ".join(quiet(one.on) for one in found[:_NAMED_IN_TEXT])
    select: Block = {
        "type": "static_select",
        "action_id": PICK,
        "placeholder": plain("Choose a task"),
        "options": [option(one) for one in choices(found)],
    }
    blocks = [section(head), actions(select)]
    if question.total > len(found):
        shown = f"Showing {len(found)} of {question.total}. Type more of its name."
        blocks.append(context(shown))
    return Message(f"{head} {names}.", blocks)


def _pending(wish: Completion, tool: str) -> Message:
    doing = "Marking {} done" if wish.is_done else "Opening {} again"
    text = f"{doing.format(named(wish.on))} in {tool}..."
    if not wish.reason:
        return Message(text, [section(text)])
    why = {
        Trouble.BUSY.value: "It asks Hourlink to wait.",
        Trouble.NO_ANSWER.value: "It does not answer right now.",
    }.get(wish.reason, "")
    small = f"{why} It is asked again for about ten minutes.".strip()
    return Message(f"{text} {small}", [section(text), context(small)])


def _refused(wish: Completion, tool: str) -> Message:
    is_still = "is still open" if wish.is_done else "is still done"
    if wish.reason == Trouble.GONE:
        text = f"{linked_whole(wish.on)} is not in {tool} any more, so nothing was changed."
        return Message(text, [section(text)])
    text = f"{linked_whole(wish.on)} {is_still} in {tool}; nothing was changed."
    small = f"The reason: {_reason(wish)}"
    return Message(f"{text}\n{small}", [section(text), context(small), actions(_again(wish))])


def _reason(wish: Completion) -> str:
    ours = {
        "": "it took the change and left the task as it was, without a word. Its workflow may not "
        "allow this step, or want a field filled in first.",
        Trouble.CREDENTIALS.value: "it does not accept Hourlink's credentials; admins can connect "
        "it again with `/link connect`.",
        Trouble.OWN_KEY.value: "it does not accept your own key any more; `/track connect` takes a "
        "new one.",
    }
    return ours.get(wish.reason) or words(" ".join(wish.reason.split()), _LONGEST_REASON)


def _again(wish: Completion) -> Block:
    return button(
        "Try again",
        MARK if wish.is_done else REOPEN,
        str(wish.task_id),
        says=f"Try again with {clipped(wish.on.short, 50)}",
    )
