"""Messages and forms as values, before anybody sends them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeAlias

from bot.domain.slack_text import LOOK_ALIKE, escape
from bot.domain.values import dataclass

Block: TypeAlias = dict[str, Any]
"""One Block Kit block. Plain dictionaries: Slack's own classes cost 60 microseconds a block and
turn blocks they do not know into None."""


@dataclass(frozen=True, slots=True)
class Message:
    """A Slack message: ``text`` is what a screen reader reads, whole and by itself."""

    text: str
    blocks: Sequence[Block] = ()


@dataclass(frozen=True, slots=True)
class Modal:
    """A form."""

    callback_id: str
    """Names the handler of its submission."""
    title: str
    """24 characters at most."""
    blocks: Sequence[Block]
    submit: str | None = None
    close: str = "Cancel"
    metadata: str = ""
    """An id or two that come back with the submission; never a secret."""
    returns: bool = False
    """What comes of it is said where it was opened, not in a direct message."""

    def as_view(self) -> dict[str, Any]:
        """The view object Slack takes."""
        view: dict[str, Any] = {
            "type": "modal",
            "callback_id": self.callback_id,
            "title": plain(self.title),
            "close": plain(self.close),
            "blocks": list(self.blocks),
            "private_metadata": self.metadata,
        }
        if self.submit is not None:
            view["submit"] = plain(self.submit)
        return view


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select."""

    label: str
    value: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Choices under a heading."""

    label: str
    options: Sequence[Option] = field(default_factory=tuple)


SECTION_LIMIT = 3000
"""Characters in a paragraph."""

SPOKEN_LIMIT = 3800
"""Characters of a message's ``text``; Slack advises 4,000."""

TEXT_LIMIT = 75
"""Characters in a button or option."""


_MARKS = re.compile(r"(?<!\w)[*_~]+|[*_~]+(?!\w)|`")
"""In the middle of a word they are nothing to Slack, but for the backtick."""


def clipped(text: str, limit: int) -> str:
    """The text within a limit, with an ellipsis where something was left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def spoken(lines: Sequence[str]) -> str:
    """Lines as the ``text`` of a message: each shorter where they are too long together."""
    text = "\n".join(lines)
    if len(text) <= SPOKEN_LIMIT:
        return text
    longest = SPOKEN_LIMIT // len(lines) - 1
    return "\n".join(clipped(line, longest) for line in lines)


def escaped(text: str) -> str:
    """Somebody else's words inside mrkdwn: safe, and not formatted by marks of their own.

    Slack has no way to escape those marks (https://docs.slack.dev/messaging/formatting-message-text),
    and where one stands in a title it also ends the bold around it. So a mark where formatting
    could begin or end is shown by a character that looks like it; ``slack_text`` reads it back.
    """
    if _MARKS.search(text):
        text = _MARKS.sub(lambda found: found[0].translate(LOOK_ALIKE), text)
    return escape(text)


def plain(text: str) -> Block:
    """A plain text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Block:
    """A mrkdwn text object."""
    return {"type": "mrkdwn", "text": text}


def section(text: str, *, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn, perhaps with one element beside it."""
    block: Block = {"type": "section", "text": mrkdwn(clipped(text, SECTION_LIMIT))}
    if accessory is not None:
        block["accessory"] = accessory
    if block_id is not None:
        block["block_id"] = block_id
    return block


def paragraphs(lines: Iterable[str]) -> list[Block]:
    """Lines of mrkdwn in as few paragraphs as take them whole."""
    portions: list[str] = []
    for line in lines:
        if portions and len(portions[-1]) + len(line) < SECTION_LIMIT:
            portions[-1] += f"\n{line}"
        else:
            portions.append(line)
    return [section(portion) for portion in portions]


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(clipped(text, 3000)) for text in texts]}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(clipped(text, 150))}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def button(
    label: str,
    action: str,
    value: str = "",
    *,
    style: str | None = None,
    says: str | None = None,
    confirm: Block | None = None,
    url: str | None = None,
) -> Block:
    """A button.

    Args:
        label: What is on it.
        action: Names its handler; an optional ``#suffix`` only keeps ids apart in one block.
        value: A row id or two, never more.
        style: ``primary`` or ``danger``.
        says: What a screen reader says, where the label alone would be unclear.
        confirm: A question asked first, from ``confirmation``.
        url: Opens an address instead of acting.
    """
    element: Block = {
        "type": "button",
        "text": plain(clipped(label, TEXT_LIMIT)),
        "action_id": action,
    }
    if value:
        element["value"] = value
    if style:
        element["style"] = style
    if says:
        element["accessibility_label"] = clipped(says, TEXT_LIMIT)
    if confirm is not None:
        element["confirm"] = confirm
    if url:
        element["url"] = url
    return element


def menu(block: str, *items: tuple[str, str, str]) -> Block:
    """Three dots that open a short list; up to five items.

    Args:
        block: Keeps ids apart where several stand in one place.
        items: Label, action and value of each: an item is handled as a button of that action.
    """
    return {
        "type": "overflow",
        "action_id": f"menu#{block}",
        "options": [option(Option(label, f"{action}:{value}")) for label, action, value in items],
    }


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of elements."""
    block: Block = {"type": "actions", "elements": list(elements)}
    if block_id is not None:
        block["block_id"] = block_id
    return block


def confirmation(title: str, text: str, *, yes: str) -> Block:
    """The question a dangerous button asks first."""
    return {
        "title": plain(clipped(title, 100)),
        "text": plain(clipped(text, 300)),
        "confirm": plain(clipped(yes, 30)),
        "deny": plain("Cancel"),
    }


def option(choice: Option) -> Block:
    """An option object."""
    made: Block = {"text": plain(clipped(choice.label, TEXT_LIMIT)), "value": choice.value}
    if choice.hint:
        made["description"] = plain(clipped(choice.hint, TEXT_LIMIT))
    return made


def option_group(group: OptionGroup) -> Block:
    """An option group object."""
    return {
        "label": plain(clipped(group.label, TEXT_LIMIT)),
        "options": [option(choice) for choice in group.options],
    }


def form_input(
    label: str,
    block_id: str,
    element: Block,
    *,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """A labelled input of a form; its value comes back under ``block_id``.

    With ``dispatch`` it also acts at once, as a click on its ``action_id``.
    """
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "value"} | element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint)
    if dispatch:
        block["dispatch_action"] = True
    return block


FieldErrors: TypeAlias = Mapping[str, str]
"""Sentences under the fields of a form, by ``block_id``."""
