"""Finding what a person means: the button called this, the field called that."""

from collections.abc import Iterator
from dataclasses import dataclass

from playground.blocks import VALUE_KEYS, interactive, options_of
from playground.readable import Reader
from playground.shapes import Json
from playground.sight import Seen

BUTTONS = frozenset({"button", "workflow_button"})


@dataclass(frozen=True)
class Target:
    """An element of something seen, and for an overflow menu the option meant."""

    seen: Seen
    block: Json
    element: Json
    option: Json | None = None


def buttons(reader: Reader, seen: Seen, on: str | None) -> Iterator[tuple[str, Target]]:
    """The buttons and menu entries here, with their words; nearest to `on` first."""
    for block, element in _ordered(seen, on):
        if element["type"] in BUTTONS:
            yield reader.mrkdwn(element.get("text")), Target(seen, block, element)
        elif element["type"] == "overflow":
            for option in options_of(element):
                yield reader.mrkdwn(option.get("text")), Target(seen, block, element, option)


def find_button(reader: Reader, seen: Seen, label: str, on: str | None) -> Target | None:
    """The button with these words; upper and lower case matter only if both exist."""
    found = list(buttons(reader, seen, on))
    for words, target in found:
        if words == label:
            return target
    for words, target in found:
        if words.casefold() == label.casefold():
            return target
    return None


def find_field(reader: Reader, seen: Seen, label: str, on: str | None) -> Target | None:
    """The field with this label, placeholder or text beside it, the best match first."""
    fields = [
        Target(seen, block, element)
        for block, element in _ordered(seen, on)
        if element["type"] in VALUE_KEYS
    ]
    wanted = label.casefold()
    for test in (str.__eq__, str.startswith, str.__contains__):
        for target in fields:
            if any(test(name.casefold(), wanted) for name in _names(reader, target)):
                return target
    return None


def _names(reader: Reader, target: Target) -> list[str]:
    block, element = target.block, target.element
    names = [block.get("label"), element.get("placeholder"), element.get("accessibility_label")]
    if block["type"] == "section":
        names.append(block.get("text"))
    return [reader.mrkdwn(name).strip() for name in names if name]


def _ordered(seen: Seen, on: str | None) -> list[tuple[Json, Json]]:
    """All elements; with `on`, those at or after the first block that has it come first."""
    found = list(interactive(seen.blocks))
    if on is None:
        return found
    start = seen.block_with(on)
    places = {block.get("block_id"): index for index, block in enumerate(seen.blocks)}
    after = [pair for pair in found if places.get(pair[0]["block_id"], 0) >= start]
    before = [pair for pair in found if places.get(pair[0]["block_id"], 0) < start]
    return after + before[::-1]


def find_option(reader: Reader, options: list[Json], words: str) -> Json | None:
    """The option with these words: all of them, else the only one that has them."""
    exact = [option for option in options if reader.mrkdwn(option.get("text")) == words]
    if exact:
        return exact[0]
    near = [
        option
        for option in options
        if words.casefold() in reader.mrkdwn(option.get("text")).casefold()
    ]
    return near[0] if len(near) == 1 else None
