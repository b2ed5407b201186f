"""A field that searches: on *Enter*, or with the form's own button."""

from collections.abc import Iterable

from bot.views.message import TEXT_LIMIT, Block, Option, clipped, form_input, plain

LONGEST = 100
_BLOCK = "search:"

_UNMARKED = str.maketrans("", "", "*`")
"""Options take no formatting."""

NO_CHOICE = "!"
"""The value of what a select shows where it cannot search; choosing it chooses nothing."""


def search_box(text: str, turn: int, action: str, *, label: str, placeholder: str) -> Block:
    """The field with what is searched for now.

    Args:
        text: What stands in it.
        turn: Counts how often the form was drawn. Slack keeps what was typed by the name of its
            block, so each drawing needs a new one: else an old search would stand in a field that
            was emptied, and be sent along.
        action: Names the handler of *Enter*.
        label: Above the field.
        placeholder: In it, while it is empty.
    """
    element: Block = {
        "type": "plain_text_input",
        "action_id": action,
        "placeholder": plain(placeholder),
        "max_length": LONGEST,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if text:
        element["initial_value"] = text
    return form_input(label, f"{_BLOCK}{turn}", element, optional=True) | {"dispatch_action": True}


def search_block(block_ids: Iterable[str]) -> str:
    """The field's block among those of a form; empty where it has none."""
    return next((one for one in block_ids if one.startswith(_BLOCK)), "")


def no_choice(why: str) -> Option:
    """Why a select cannot search, as the one option it shows: in two lines, as room is scarce."""
    words = [clipped(word, TEXT_LIMIT) for word in why.translate(_UNMARKED).split()]
    line = ""
    while words and len(longer := f"{line} {words[0]}".strip()) <= TEXT_LIMIT:
        line = longer
        del words[0]
    return Option(line, NO_CHOICE, " ".join(words))
