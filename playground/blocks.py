"""Finding one's way in Block Kit: elements, their ids and their values."""

import copy
import secrets
from collections.abc import Iterator, Mapping

from playground.errors import SlackError
from playground.shapes import Json, objects

VALUE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
"""The key under which each stateful element carries its value."""

LISTS = frozenset(
    {
        "selected_options",
        "selected_users",
        "selected_conversations",
        "selected_channels",
        "files",
    }
)
CLICKED = frozenset({"button", "overflow", "workflow_button", "icon_button", "feedback_buttons"})


def with_ids(blocks: object) -> list[Json]:
    """Copy blocks, giving an id to each block and element that came without one."""
    copied = [copy.deepcopy(block) for block in objects(blocks)]
    for block in _all(copied):
        if not block.get("block_id"):
            block["block_id"] = secrets.token_urlsafe(4)[:5]
        for element in _own_elements(block):
            if _is_interactive(element) and not element.get("action_id"):
                element["action_id"] = secrets.token_urlsafe(4)[:5]
    return copied


def interactive(blocks: object) -> Iterator[tuple[Json, Json]]:
    """Walk the interactive elements, each with its block."""
    for block in _all(objects(blocks)):
        for element in _own_elements(block):
            if _is_interactive(element):
                yield block, element


def _all(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from _all(objects(block.get("child_blocks")))
        if block.get("type") == "carousel":
            yield from _all(objects(block.get("elements")))


def _own_elements(block: Json) -> Iterator[Json]:
    for key in ("accessory", "element"):
        if isinstance(block.get(key), dict):
            yield block[key]
    for key in ("elements", "actions"):
        yield from objects(block.get(key))


def _is_interactive(element: Json) -> bool:
    return element.get("type") in VALUE_KEYS or element.get("type") in CLICKED


def seen_by(viewer: str, blocks: list[Json]) -> list[Json]:
    """Leave out the buttons that `visible_to_user_ids` keeps from a person."""

    def hidden(element: object) -> bool:
        wanted = element.get("visible_to_user_ids") if isinstance(element, dict) else None
        return isinstance(wanted, list) and viewer not in wanted

    shown: list[Json] = []
    for block in blocks:
        row = block
        if hidden(row.get("accessory")):
            row = {key: value for key, value in row.items() if key != "accessory"}
        elements = row.get("elements")
        if isinstance(elements, list) and any(hidden(one) for one in elements):
            left = [one for one in elements if not hidden(one)]
            if not left:
                continue
            row = {**row, "elements": left}
        shown.append(row)
    return shown


def find(blocks: object, block_id: str, action_id: str) -> tuple[Json, Json]:
    """Find one element, as a click names it."""
    for block, element in interactive(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    raise SlackError("element_not_found")


def options_of(element: Json) -> list[Json]:
    """All options of an element, those of its groups too."""
    own = objects(element.get("options"))
    for group in objects(element.get("option_groups")):
        own += objects(group.get("options"))
    return own


def initial(element: Json) -> Json:
    """The state of an element nobody has touched."""
    key = VALUE_KEYS[element["type"]]
    start = "initial_value" if key in {"value", "rich_text_value"} else None
    start = start or key.replace("selected_", "initial_")
    value = element.get(start)
    if value is None and key in LISTS:
        value = []
    return {"type": element["type"], key: value}


def values(blocks: object, given: Mapping[str, object] | None) -> Json:
    """Complete what a page sent into the `state.values` Slack sends."""
    state: Json = {}
    for block, element in interactive(blocks):
        if element["type"] not in VALUE_KEYS:
            continue
        typed = (given or {}).get(block["block_id"])
        mine = typed.get(element["action_id"]) if isinstance(typed, dict) else None
        value = _held(element, mine) if isinstance(mine, dict) else initial(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = value
    return state


def _held(element: Json, given: Json) -> Json:
    """What stands in a field; a choice that an update took away is forgotten."""
    try:
        return chosen(element, given)
    except SlackError:
        return initial(element)


def chosen(element: Json, given: Json) -> Json:
    """Check what a person entered into an element, and put it as Slack does."""
    kind = element["type"]
    key = VALUE_KEYS[kind]
    value = given.get(key)
    if key == "value":
        # Slack sends null for a cleared text, never an empty string.
        return {"type": kind, key: str(value) if value not in {None, ""} else None}
    if key in LISTS:
        many = value if isinstance(value, list) else []
        return {"type": kind, key: [_known(element, item) for item in many]}
    return {"type": kind, key: _known(element, value) if value else None}


def _known(element: Json, value: object) -> object:
    """An option as the app wrote it; other options, and rich text, are taken as they come."""
    if not isinstance(value, dict) or element["type"] in {
        "external_select",
        "multi_external_select",
        "rich_text_input",
    }:
        return value
    for option in options_of(element):
        if option.get("value") == value.get("value"):
            return option
    raise SlackError("option_not_found")
