"""Slack's limits on blocks. One function a type: a new rule is a function or a line in a table.

Numbers: Slack's Block Kit reference and the models of slack_sdk.
"""

from playground.blocks import interactive
from playground.rules.elements import (
    ID_LIMIT,
    IN_ACTIONS,
    IN_INPUT,
    check_element,
    check_image,
    nothing_more,
)
from playground.rules.newer import IN_CONTAINER, NEWER, check_totals
from playground.rules.problems import Check, Problems
from playground.shapes import Json, objects, text_of
from playground.surfaces import BLOCKS_OF

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100


def _section(problems: Problems, block: Json, pointer: str) -> None:
    if "text" not in block and not block.get("fields"):
        problems.add("must define either `text` or `fields`", pointer)
    problems.text(block, "text", pointer, 3000, required=False)
    if "fields" in block:
        problems.count(block, "fields", pointer, 10)
        for index, field in enumerate(objects(block["fields"])):
            problems.words(field, f"{pointer}/fields/{index}", 2000)
    if isinstance(block.get("accessory"), dict):
        if block["accessory"].get("type") == "image":
            check_image(problems, block["accessory"], f"{pointer}/accessory")
        else:
            check_element(problems, block["accessory"], f"{pointer}/accessory", IN_ACTIONS)


def _actions(problems: Problems, block: Json, pointer: str) -> None:
    problems.count(block, "elements", pointer, 25)
    seen: set[str] = set()
    for index, element in enumerate(objects(block.get("elements"))):
        check_element(problems, element, f"{pointer}/elements/{index}", IN_ACTIONS)
        key = element.get("action_id")
        if key in seen:
            problems.add("`action_id` must be unique in a block", f"{pointer}/elements/{index}")
        seen |= {key} if isinstance(key, str) else set()


def _header(problems: Problems, block: Json, pointer: str) -> None:
    problems.plain(block, "text", pointer, 150)


def _context(problems: Problems, block: Json, pointer: str) -> None:
    problems.count(block, "elements", pointer, 10)
    for index, element in enumerate(objects(block.get("elements"))):
        place = f"{pointer}/elements/{index}"
        if element.get("type") == "image":
            check_image(problems, element, place)
        else:
            problems.words(element, place, 3000)


def _input(problems: Problems, block: Json, pointer: str) -> None:
    problems.plain(block, "label", pointer, 2000)
    problems.plain(block, "hint", pointer, 2000, required=False)
    if not isinstance(block.get("element"), dict):
        problems.add("missing required field: element", pointer)
        return
    check_element(problems, block["element"], f"{pointer}/element", IN_INPUT)


def _image(problems: Problems, block: Json, pointer: str) -> None:
    check_image(problems, block, pointer)
    problems.plain(block, "title", pointer, 2000, required=False)


def _markdown(problems: Problems, block: Json, pointer: str) -> None:
    problems.line(block, "text", pointer, 12_000)


BLOCKS: dict[str, Check] = {
    "section": _section,
    "actions": _actions,
    "header": _header,
    "context": _context,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    **NEWER,
}


def check_blocks(problems: Problems, blocks: list[object], surface: str, start: str) -> None:
    """Note what is wrong with the blocks of a message, a modal or a Home tab."""
    limit = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if len(blocks) > limit:
        problems.add(f"no more than {limit} items allowed", start)
    allowed = BLOCKS_OF[surface]
    seen: set[object] = set()
    for index, block in enumerate(blocks):
        pointer = f"{start}/{index}"
        if not isinstance(block, dict):
            problems.add("must be an object", pointer)
            continue
        kind = str(block.get("type"))
        if kind not in allowed:
            problems.add(f"unsupported type: {kind}", f"{pointer}/type")
            continue
        problems.string(block, "block_id", pointer, ID_LIMIT)
        if block.get("block_id") in seen:
            problems.add("`block_id` must be unique", f"{pointer}/block_id")
        seen |= {block["block_id"]} if block.get("block_id") else set()
        BLOCKS.get(kind, nothing_more)(problems, block, pointer)
        for number, child in enumerate(objects(block.get("child_blocks"))):
            inner = str(child.get("type"))
            place = f"{pointer}/child_blocks/{number}"
            if inner not in IN_CONTAINER:
                problems.add(f"unsupported type: {inner}", f"{place}/type")
            else:
                BLOCKS.get(inner, nothing_more)(problems, child, place)
    check_totals(problems, objects(blocks), start)
    _check_focus(problems, objects(blocks), start)


def _check_focus(problems: Problems, blocks: list[Json], start: str) -> None:
    focused = [element for _, element in interactive(blocks) if element.get("focus_on_load")]
    if len(focused) > 1:
        problems.add("only one element can have focus_on_load set to true", start)


def markdown_length(blocks: list[Json]) -> int:
    """Characters in all markdown blocks together, which Slack limits as a whole."""
    return sum(len(text_of(one.get("text"))) for one in blocks if one.get("type") == "markdown")
