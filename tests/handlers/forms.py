"""A form as somebody sends it: what stands in it at first, and what they changed."""

from datetime import datetime
from typing import Any

from bot.domain.people.people import Member
from bot.views.message import Block, Modal
from handlers.asking import Fields, Submission
from playground.rules import check_view

_INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_time": "selected_time",
    "initial_date": "selected_date",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
}
_HELD = {
    "plain_text_input": "value",
    "number_input": "value",
    "timepicker": "selected_time",
    "datepicker": "selected_date",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
}


def sent(modal: Modal, who: Member, now: datetime, **changes: Any) -> Submission:  # noqa: ANN401
    """The form, ``filled`` by somebody who then sends it."""
    return Submission(
        who=who,
        now=now,
        request_id="r",
        callback_id=modal.callback_id,
        view_id="V1",
        metadata=modal.metadata,
        fields=Fields(filled(modal, **changes)),
    )


def filled(modal: Modal, **changes: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - by kind
    """The form's state, after Slack's rules were held against it.

    A change is the value of the option to choose (a list of them for checkboxes), or the text,
    date or time to put in; None clears the field.
    """
    check_view(modal.as_view(), "modal")
    state: dict[str, dict[str, Any]] = {}
    for block in modal.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        held = {key: element[was] for was, key in _INITIAL.items() if was in element}
        if block["block_id"] in changes:
            held = _changed(element, changes.pop(block["block_id"]))
        state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **held}}
    assert not changes, f"the form has no field {', '.join(changes)}"
    return state


def _changed(element: Block, value: Any) -> dict[str, Any]:  # noqa: ANN401 - by kind
    kind = element["type"]
    if kind in _HELD:
        return {_HELD[kind]: value}
    if isinstance(value, list):
        return {"selected_options": [_option(element, one) for one in value]}
    return {"selected_option": None if value is None else _option(element, value)}


def _option(element: Block, value: str) -> dict[str, Any]:
    known = (one for one in element.get("options", ()) if one["value"] == value)
    return next(known, {"value": value})
