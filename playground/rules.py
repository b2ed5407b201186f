"""Slack's limits on messages and views, and the sentences it refuses with.

Numbers: Slack's Block Kit reference and the models of slack_sdk. One function a block or
element, looked up by type: a new rule is a new function or a new line in a table.
"""

import json
from collections.abc import Callable, Mapping

from playground.blocks import options_of
from playground.errors import SlackError
from playground.shapes import Json, objects, text_of
from playground.surfaces import BLOCKS_OF

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
TEXT_LIMIT = 40_000
ID_LIMIT = 255

Check = Callable[["Problems", Json, str], None]


class Problems:
    """What is wrong, in Slack's words and with its pointers."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, what: str, pointer: str) -> None:
        """Note a problem at a place."""
        self.found.append(f"{what} [json-pointer:{pointer}]")

    def text(
        self, owner: Json, key: str, pointer: str, limit: int, *, required: bool = True
    ) -> None:
        """Check a text object or string: present, not empty, not too long."""
        if owner.get(key) is None:
            if required:
                self.add(f"missing required field: {key}", pointer)
            return
        self.words(owner[key], f"{pointer}/{key}", limit)

    def words(self, value: object, pointer: str, limit: int) -> None:
        """Check a text object or string at a place."""
        place = pointer
        if isinstance(value, Mapping):
            place += "/text"
            if value.get("type") not in {"plain_text", "mrkdwn", "raw_text"}:
                self.add("must provide an object with a valid type", pointer)
        length = len(text_of(value))
        if length == 0:
            self.add("must be more than 0 characters", place)
        if length > limit:
            self.add(f"must be less than {limit + 1} characters", place)

    def plain(
        self, owner: Json, key: str, pointer: str, limit: int, *, required: bool = True
    ) -> None:
        """Check a text object that may not hold mrkdwn."""
        self.text(owner, key, pointer, limit, required=required)
        value = owner.get(key)
        if value is not None and (not isinstance(value, dict) or value.get("type") != "plain_text"):
            self.add("must provide an object of type plain_text", f"{pointer}/{key}")

    def string(self, owner: Json, key: str, pointer: str, limit: int) -> None:
        """Check an optional string."""
        value = owner.get(key)
        if value is None:
            return
        if not isinstance(value, str):
            self.add("must be a string", f"{pointer}/{key}")
        elif len(value) > limit:
            self.add(f"must be less than {limit + 1} characters", f"{pointer}/{key}")

    def count(self, owner: Json, key: str, pointer: str, limit: int, least: int = 1) -> None:
        """Check how many items a list has."""
        items = owner.get(key)
        if not isinstance(items, list):
            self.add(f"missing required field: {key}", pointer)
        elif len(items) > limit:
            self.add(f"no more than {limit} items allowed", f"{pointer}/{key}")
        elif len(items) < least:
            self.add(f"no fewer than {least} items required", f"{pointer}/{key}")


# Elements


def _option(problems: Problems, option: Json, pointer: str) -> None:
    problems.text(option, "text", pointer, 75)
    problems.string(option, "value", pointer, 150)
    problems.text(option, "description", pointer, 75, required=False)
    if "value" not in option:
        problems.add("missing required field: value", pointer)


def _options(problems: Problems, element: Json, pointer: str, limit: int, least: int = 1) -> None:
    problems.count(element, "options", pointer, limit, least)
    for index, option in enumerate(objects(element.get("options"))):
        _option(problems, option, f"{pointer}/options/{index}")


def _plain_options(problems: Problems, element: Json, pointer: str) -> None:
    """Only checkboxes and radio buttons may mark up the text of their options."""
    for index, option in enumerate(objects(element.get("options"))):
        if isinstance(option.get("text"), dict) and option["text"].get("type") != "plain_text":
            place = f"{pointer}/options/{index}/text"
            problems.add("must provide an object of type plain_text", place)


def _initial(problems: Problems, element: Json, pointer: str) -> None:
    """What is chosen at first must be one of the options."""
    chosen = [("initial_option", element.get("initial_option"))]
    chosen += [("initial_options", one) for one in element.get("initial_options") or []]
    known = [option.get("value") for option in options_of(element)]
    for key, option in chosen:
        if isinstance(option, dict) and option.get("value") not in known:
            problems.add("must exactly match one of the provided options", f"{pointer}/{key}")


def _confirm(problems: Problems, element: Json, pointer: str) -> None:
    confirm = element.get("confirm")
    if isinstance(confirm, dict):
        for key, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            problems.text(confirm, key, f"{pointer}/confirm", limit)


def _button(problems: Problems, element: Json, pointer: str) -> None:
    problems.plain(element, "text", pointer, 75)
    problems.string(element, "value", pointer, 2000)
    problems.string(element, "url", pointer, 3000)
    problems.string(element, "accessibility_label", pointer, 75)
    if element.get("style") not in {None, "primary", "danger"}:
        problems.add("must be one of: primary, danger", f"{pointer}/style")


def _static_select(problems: Problems, element: Json, pointer: str) -> None:
    if "option_groups" not in element:
        _options(problems, element, pointer, 100)
        _plain_options(problems, element, pointer)
        _initial(problems, element, pointer)
        return
    problems.count(element, "option_groups", pointer, 100)
    for index, group in enumerate(objects(element.get("option_groups"))):
        place = f"{pointer}/option_groups/{index}"
        problems.plain(group, "label", place, 75)
        _options(problems, group, place, 100)
        _plain_options(problems, group, place)
    _initial(problems, element, pointer)


def _overflow(problems: Problems, element: Json, pointer: str) -> None:
    _options(problems, element, pointer, 5)
    _plain_options(problems, element, pointer)


def _few_options(problems: Problems, element: Json, pointer: str) -> None:
    _options(problems, element, pointer, 10)
    _initial(problems, element, pointer)


def _nothing_more(_problems: Problems, _element: Json, _pointer: str) -> None:
    """Accept an element that has no rules of its own here."""


ELEMENTS: dict[str, Check] = {
    "button": _button,
    "workflow_button": _button,
    "overflow": _overflow,
    "checkboxes": _few_options,
    "radio_buttons": _few_options,
    "static_select": _static_select,
    "multi_static_select": _static_select,
    **dict.fromkeys(
        [
            "external_select",
            "multi_external_select",
            "users_select",
            "multi_users_select",
            "conversations_select",
            "multi_conversations_select",
            "channels_select",
            "multi_channels_select",
            "datepicker",
            "timepicker",
            "datetimepicker",
            "plain_text_input",
            "email_text_input",
            "url_text_input",
            "number_input",
            "rich_text_input",
            "file_input",
            "icon_button",
            "feedback_buttons",
        ],
        _nothing_more,
    ),
}
IN_INPUT = frozenset(ELEMENTS) - {"button", "overflow", "workflow_button", "icon_button"}
TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
IN_ACTIONS = frozenset(ELEMENTS) - TYPED - {"file_input", "feedback_buttons"}


def _element(problems: Problems, element: Json, pointer: str, allowed: frozenset[str]) -> None:
    kind = str(element.get("type"))
    if kind not in allowed:
        problems.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    problems.string(element, "action_id", pointer, ID_LIMIT)
    problems.plain(element, "placeholder", pointer, 150, required=False)
    _confirm(problems, element, pointer)
    ELEMENTS[kind](problems, element, pointer)


def _image_element(problems: Problems, element: Json, pointer: str) -> None:
    problems.text(element, "alt_text", pointer, 2000)
    problems.string(element, "image_url", pointer, 3000)
    if not element.get("image_url") and not element.get("slack_file"):
        problems.add("must define either `image_url` or `slack_file`", pointer)


# Blocks


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
            _image_element(problems, block["accessory"], f"{pointer}/accessory")
        else:
            _element(problems, block["accessory"], f"{pointer}/accessory", IN_ACTIONS)


def _actions(problems: Problems, block: Json, pointer: str) -> None:
    problems.count(block, "elements", pointer, 25)
    seen: set[str] = set()
    for index, element in enumerate(objects(block.get("elements"))):
        _element(problems, element, f"{pointer}/elements/{index}", IN_ACTIONS)
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
            _image_element(problems, element, place)
        else:
            problems.words(element, place, 3000)


def _input(problems: Problems, block: Json, pointer: str) -> None:
    problems.plain(block, "label", pointer, 2000)
    problems.plain(block, "hint", pointer, 2000, required=False)
    if not isinstance(block.get("element"), dict):
        problems.add("missing required field: element", pointer)
        return
    _element(problems, block["element"], f"{pointer}/element", IN_INPUT)


def _image(problems: Problems, block: Json, pointer: str) -> None:
    _image_element(problems, block, pointer)
    problems.plain(block, "title", pointer, 2000, required=False)


def _markdown(problems: Problems, block: Json, pointer: str) -> None:
    problems.text(block, "text", pointer, 12_000)


def _table(problems: Problems, block: Json, pointer: str) -> None:
    problems.count(block, "rows", pointer, 100)
    rows = block.get("rows")
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        problems.count({"cells": row}, "cells", f"{pointer}/rows/{index}", 20)


BLOCKS: dict[str, Check] = {
    "section": _section,
    "actions": _actions,
    "header": _header,
    "context": _context,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "table": _table,
}


def _check_blocks(problems: Problems, blocks: list[object], surface: str, start: str) -> None:
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
        BLOCKS.get(kind, _nothing_more)(problems, block, pointer)


def check_message(blocks: object, text: str) -> None:
    """Refuse a message Slack would refuse."""
    if not blocks and not text:
        raise SlackError("no_text")
    if len(text) > TEXT_LIMIT:
        raise SlackError("msg_too_long")
    if not blocks:
        return
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = Problems()
    _check_blocks(problems, blocks, "message", "/blocks")
    if problems.found:
        raise SlackError("invalid_blocks", [f"[ERROR] {line}" for line in problems.found])


def check_view(view: object, surface: str) -> Json:
    """Refuse a view Slack would refuse; `surface` is `modal` or `home`."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    problems = Problems()
    if view.get("type") != surface:
        problems.add(f"must be of type: {surface}", "/view/type")
    if surface == "modal":
        problems.plain(view, "title", "/view", 24)
        problems.plain(view, "submit", "/view", 24, required=False)
        problems.plain(view, "close", "/view", 24, required=False)
        asks = any(block.get("type") == "input" for block in objects(view.get("blocks")))
        if asks and not view.get("submit"):
            problems.add("missing required field: submit", "/view")
    problems.string(view, "private_metadata", "/view", 3000)
    problems.string(view, "callback_id", "/view", ID_LIMIT)
    problems.string(view, "external_id", "/view", ID_LIMIT)
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        _check_blocks(problems, blocks, surface, "/view/blocks")
    else:
        problems.add("missing required field: blocks", "/view")
    if problems.found:
        raise SlackError("invalid_arguments", [f"[ERROR] {line}" for line in problems.found])
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return view


def check_options(answer: Json) -> None:
    """Refuse options Slack would refuse, as the answer to somebody's typing."""
    problems = Problems()
    key = "option_groups" if "option_groups" in answer else "options"
    if key == "option_groups" or answer.get("options"):
        _static_select(problems, answer, "")
    elif not isinstance(answer.get("options"), list):
        problems.add("missing required field: options", "")
    if problems.found:
        raise SlackError("invalid_options", problems.found)
