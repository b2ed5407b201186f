"""Each limit on buttons, selects and inputs."""

from typing import Any

import pytest

from playground.shapes import Json, plain
from tests.playground.rules.conftest import Answer, ids, refused
from tests.playground.rules.samples import (
    OPTION,
    actions,
    button,
    field,
    section,
    select,
)

BROKEN_ELEMENTS: list[tuple[str, Any, str, str]] = [
    ("long button", button(text=plain("x" * 76)), "must be less than 76 characters", "/text/text"),
    (
        "mrkdwn button",
        button(text={"type": "mrkdwn", "text": "x"}),
        "must provide an object of type plain_text",
        "/text",
    ),
    ("long button value", button(value="v" * 2001), "must be less than 2001 characters", "/value"),
    ("long button address", button(url="u" * 3001), "must be less than 3001 characters", "/url"),
    ("odd button style", button(style="blue"), "must be one of: primary, danger", "/style"),
    (
        "long spoken label",
        button(accessibility_label="l" * 76),
        "must be less than 76 characters",
        "/accessibility_label",
    ),
    (
        "long action_id",
        button(action_id="i" * 256),
        "must be less than 256 characters",
        "/action_id",
    ),
    (
        "long question",
        button(
            confirm={
                "title": plain("t" * 101),
                "text": plain("x"),
                "confirm": plain("y"),
                "deny": plain("n"),
            }
        ),
        "must be less than 101 characters",
        "/confirm/title/text",
    ),
    (
        "question without no",
        button(confirm={"title": plain("t"), "text": plain("x"), "confirm": plain("y")}),
        "missing required field: deny",
        "/confirm",
    ),
    ("101 options", select(options=[OPTION] * 101), "no more than 100 items allowed", "/options"),
    ("no options", select(options=[]), "no fewer than 1 items required", "/options"),
    (
        "long option",
        select(options=[{"text": plain("t" * 76), "value": "v"}]),
        "must be less than 76 characters",
        "/options/0/text/text",
    ),
    (
        "long option value",
        select(options=[{"text": plain("t"), "value": "v" * 151}]),
        "must be less than 151 characters",
        "/options/0/value",
    ),
    (
        "option without value",
        select(options=[{"text": plain("t")}]),
        "missing required field: value",
        "/options/0",
    ),
    (
        "long description",
        select(options=[{**OPTION, "description": plain("d" * 76)}]),
        "must be less than 76 characters",
        "/options/0/description/text",
    ),
    (
        "marked-up option",
        select(options=[{"text": {"type": "mrkdwn", "text": "t"}, "value": "v"}]),
        "must provide an object of type plain_text",
        "/options/0/text",
    ),
    (
        "a choice that is not there",
        select(initial_option={"text": plain("y"), "value": "y"}),
        "must exactly match one of the provided options",
        "/initial_option",
    ),
    (
        "options and groups",
        select(option_groups=[{"label": plain("G"), "options": [OPTION]}]),
        "cannot define both `options` and `option_groups`",
        "",
    ),
    (
        "long placeholder",
        select(placeholder=plain("p" * 151)),
        "must be less than 151 characters",
        "/placeholder/text",
    ),
    (
        "six entries of a menu",
        {"type": "overflow", "action_id": "o", "options": [OPTION] * 6},
        "no more than 5 items allowed",
        "/options",
    ),
    (
        "eleven boxes",
        {"type": "checkboxes", "action_id": "c", "options": [OPTION] * 11},
        "no more than 10 items allowed",
        "/options",
    ),
    (
        "eleven radio buttons",
        {"type": "radio_buttons", "action_id": "c", "options": [OPTION] * 11},
        "no more than 10 items allowed",
        "/options",
    ),
    (
        "odd date",
        {"type": "datepicker", "action_id": "d", "initial_date": "22.11.2026"},
        "must be in the format YYYY-MM-DD",
        "/initial_date",
    ),
    (
        "odd time",
        {"type": "timepicker", "action_id": "t", "initial_time": "24:00"},
        "must be in the format HH:mm",
        "/initial_time",
    ),
    (
        "a minimum above the maximum",
        {"type": "multi_users_select", "action_id": "m", "max_selected_items": 0},
        "must be between 1 and 100",
        "/max_selected_items",
    ),
]

BROKEN_INPUTS: list[tuple[str, Any, str, str]] = [
    (
        "long field",
        {"type": "plain_text_input", "max_length": 3001},
        "must be between 1 and 3000",
        "/max_length",
    ),
    (
        "least above most",
        {"type": "plain_text_input", "min_length": 5, "max_length": 4},
        "must not be more than max_length",
        "/min_length",
    ),
    (
        "number without a kind",
        {"type": "number_input"},
        "missing required field: is_decimal_allowed",
        "",
    ),
    (
        "eleven files",
        {"type": "file_input", "max_files": 11},
        "must be between 1 and 10",
        "/max_files",
    ),
]


@pytest.mark.parametrize(
    ("element", "what", "at"), [row[1:] for row in BROKEN_ELEMENTS], ids=ids(BROKEN_ELEMENTS)
)
def test_an_element_over_a_limit_is_refused(
    call: Answer, element: Json, what: str, at: str
) -> None:
    """One element each, among actions and beside a section."""
    refused(call, actions(element), f"{what} [json-pointer:/blocks/0/elements/0{at}]")
    refused(call, section(accessory=element), f"{what} [json-pointer:/blocks/0/accessory{at}]")


@pytest.mark.parametrize(
    ("element", "what", "at"), [row[1:] for row in BROKEN_INPUTS], ids=ids(BROKEN_INPUTS)
)
def test_an_input_over_a_limit_is_refused(call: Answer, element: Json, what: str, at: str) -> None:
    """What stands in input blocks only."""
    refused(call, field(element), f"{what} [json-pointer:/blocks/0/element{at}]")
