"""Slack's limits on elements: buttons, selects, inputs.

Numbers: Slack's Block Kit reference and the models of slack_sdk.
"""

from playground.blocks import options_of
from playground.rules.problems import Check, Problems
from playground.shapes import Json, objects

ID_LIMIT = 255


def _option(problems: Problems, option: Json, pointer: str) -> None:
    problems.text(option, "text", pointer, 75)
    problems.string(option, "value", pointer, 150)
    problems.string(option, "url", pointer, 3000)
    problems.text(option, "description", pointer, 75, required=False)
    if "value" not in option:
        problems.add("missing required field: value", pointer)


def _options(problems: Problems, element: Json, pointer: str, limit: int) -> None:
    problems.count(element, "options", pointer, limit, 1)
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
        problems.choice(confirm, "style", f"{pointer}/confirm", "primary", "danger")


def _button(problems: Problems, element: Json, pointer: str) -> None:
    problems.plain(element, "text", pointer, 75)
    problems.string(element, "value", pointer, 2000)
    problems.string(element, "url", pointer, 3000)
    problems.string(element, "accessibility_label", pointer, 75)
    problems.choice(element, "style", pointer, "primary", "danger")


def check_static_select(problems: Problems, element: Json, pointer: str) -> None:
    """Check options or groups of them; also what an app answers to somebody's typing."""
    problems.number(element, "max_selected_items", pointer, 1, 100)
    if "option_groups" in element and "options" in element:
        problems.add("cannot define both `options` and `option_groups`", pointer)
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


def _several(problems: Problems, element: Json, pointer: str) -> None:
    problems.number(element, "max_selected_items", pointer, 1, 100)
    problems.number(element, "min_query_length", pointer, 0, 150)


def _date(problems: Problems, element: Json, pointer: str) -> None:
    problems.form(element, "initial_date", pointer, r"\d{4}-\d\d-\d\d", "YYYY-MM-DD")


def _time(problems: Problems, element: Json, pointer: str) -> None:
    problems.form(element, "initial_time", pointer, r"([01]\d|2[0-3]):[0-5]\d", "HH:mm")


def _moment(problems: Problems, element: Json, pointer: str) -> None:
    problems.form(element, "initial_date_time", pointer, r"\d{10}", "a 10 digit UNIX timestamp")


def _plain_text(problems: Problems, element: Json, pointer: str) -> None:
    problems.number(element, "min_length", pointer, 0, 3000)
    problems.number(element, "max_length", pointer, 1, 3000)
    problems.string(element, "initial_value", pointer, 3000)
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        problems.add("must not be more than max_length", f"{pointer}/min_length")


def _number(problems: Problems, element: Json, pointer: str) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        problems.add("missing required field: is_decimal_allowed", pointer)
    for key in ("initial_value", "min_value", "max_value"):
        problems.form(element, key, pointer, r"-?\d+(\.\d+)?", "of a number")


def _file(problems: Problems, element: Json, pointer: str) -> None:
    problems.number(element, "max_files", pointer, 1, 10)


def _icon_button(problems: Problems, element: Json, pointer: str) -> None:
    problems.plain(element, "text", pointer, 75)
    problems.line(element, "icon", pointer, 75)
    problems.string(element, "value", pointer, 2000)


def _feedback(problems: Problems, element: Json, pointer: str) -> None:
    for key in ("positive_button", "negative_button"):
        if not isinstance(element.get(key), dict):
            problems.add(f"missing required field: {key}", pointer)
            continue
        problems.plain(element[key], "text", f"{pointer}/{key}", 75)
        problems.string(element[key], "value", f"{pointer}/{key}", 2000)


def nothing_more(_problems: Problems, _element: Json, _pointer: str) -> None:
    """Accept an element that has no rules of its own here."""


ELEMENTS: dict[str, Check] = {
    "button": _button,
    "workflow_button": _button,
    "overflow": _overflow,
    "checkboxes": _few_options,
    "radio_buttons": _few_options,
    "static_select": check_static_select,
    "multi_static_select": check_static_select,
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
        ],
        _several,
    ),
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _moment,
    "plain_text_input": _plain_text,
    "number_input": _number,
    "file_input": _file,
    "icon_button": _icon_button,
    "feedback_buttons": _feedback,
    **dict.fromkeys(["email_text_input", "url_text_input", "rich_text_input"], nothing_more),
}
FEEDBACK = frozenset({"feedback_buttons", "icon_button"})
IN_CARD = frozenset({"button"})
IN_INPUT = frozenset(ELEMENTS) - {"button", "overflow", "workflow_button"} - FEEDBACK
TYPED = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
IN_ACTIONS = frozenset(ELEMENTS) - TYPED - FEEDBACK - {"file_input"}


def check_element(problems: Problems, element: Json, pointer: str, allowed: frozenset[str]) -> None:
    """Check an element where only some kinds may stand."""
    kind = str(element.get("type"))
    if kind not in allowed:
        problems.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    problems.string(element, "action_id", pointer, ID_LIMIT)
    problems.plain(element, "placeholder", pointer, 150, required=False)
    _confirm(problems, element, pointer)
    ELEMENTS[kind](problems, element, pointer)


def check_image(problems: Problems, element: Json, pointer: str) -> None:
    """Check a picture, as an element or a block."""
    problems.line(element, "alt_text", pointer, 2000)
    problems.string(element, "image_url", pointer, 3000)
    if not element.get("image_url") and not element.get("slack_file"):
        problems.add("must define either `image_url` or `slack_file`", pointer)
