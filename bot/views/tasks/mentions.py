"""The form behind *Track time on this*, where the message does not name one task."""

from collections.abc import Sequence

from bot.domain.entries.entries import LONGEST_NOTE
from bot.domain.slack_text import escape
from bot.domain.tasks.finding import Candidate
from bot.domain.tasks.mentions import WhichMention
from bot.views.message import (
    Block,
    Modal,
    clipped,
    form_input,
    option,
    plain,
    section,
)
from bot.views.offers import choices

FORM = "mention.form"
FIND = "mention.find"
TASK, NOTE = "task", "note"

_RADIOS = 10
"""Options that radio buttons may have."""
_MOST = 100
_EXCERPT = 280
_WORDS = 300
_END = ":"


def form(question: WhichMention) -> Modal:
    """The tasks that the message mentions to choose from, or a search for what it is about."""
    count = len(question.candidates)
    head = (
        f"This message mentions {count} tasks. Which one?"
        if count
        else "This message names no task that you can track. Search for one:"
    )
    blocks: list[Block] = [section(head)]
    if question.words:
        blocks.append(section(f"> {escape(clipped(question.words, _EXCERPT))}"))
    element = _choose(question.candidates) if count else _search()
    blocks.append(form_input("Task", TASK, element))
    note: Block = {"type": "plain_text_input", "multiline": True, "max_length": LONGEST_NOTE}
    blocks.append(form_input("Note", NOTE, note, optional=True))
    words = question.words[:_WORDS]
    return Modal(
        FORM,
        "Track time on this",
        blocks,
        submit="Start",
        metadata=f"{question.pending_id}{_END}{words}",
        returns=True,
    )


def read_metadata(metadata: str) -> tuple[str, str]:
    """The question's id, and the message's words."""
    pending, _, words = metadata.partition(_END)
    return pending, words


def _choose(candidates: Sequence[Candidate]) -> Block:
    options = [option(one) for one in choices(candidates[:_MOST])]
    if len(options) <= _RADIOS:
        return {"type": "radio_buttons", "options": options}
    return {
        "type": "static_select",
        "placeholder": plain("Choose a task"),
        "options": options,
    }


def _search() -> Block:
    return {
        "type": "external_select",
        "action_id": FIND,
        "placeholder": plain("Type a key or words"),
        "min_query_length": 0,
    }
