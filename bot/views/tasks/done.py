"""The button that marks a task done, wherever it stands."""

from bot.domain.entries.entries import TaskLabel
from bot.views.message import Block, button, clipped

MARK = "done.mark"


def done_button(on: TaskLabel) -> Block:
    """*Done*, for a task that its tool lets be marked so."""
    return button(
        "Done",
        f"{MARK}#{on.task_id}",
        str(on.task_id),
        says=f"Mark {clipped(on.name, 60)} done",
    )
