"""Ana at her keyboard, with forms of entries to fill in."""

from typing import Any

from bot.domain.ids import TimeEntryId
from bot.views.message import Modal
from handlers.replies import OpenModal
from playground.rules import check_view
from tests.handlers.track_desk import Desk
from tests.services.editor import Editor


class Keyboard(Desk):
    """Ana, and the forms she fills in."""

    def __init__(self, office: Editor) -> None:
        super().__init__(office)
        self.office: Editor = office

    def opens(self, entry_id: TimeEntryId, *, here: bool = False) -> Modal:
        """*Edit*."""
        reply = self.clicks("entry.edit", f"{entry_id}{':here' if here else ''}")
        assert isinstance(reply, OpenModal), reply
        return shows(reply.modal)

    def saves(self, modal: Modal, **fields: str) -> Any:  # noqa: ANN401 - any reply
        """*Save*, with these fields changed."""
        return self.sends(modal, filled(modal, **fields))


def shows(modal: Modal) -> Modal:
    """The form, after Slack's own rules were held against it."""
    view = modal.as_view()
    check_view(view, "modal")
    return modal


def filled(modal: Modal, **fields: str) -> dict[str, dict[str, Any]]:
    """The state of a form in which some fields were changed; others hold what they began with."""
    state: dict[str, dict[str, Any]] = {}
    for block in modal.blocks:
        if block["type"] != "input":
            continue
        name, element = block["block_id"].partition(".")[0], block["element"]
        given = fields.get(name)
        state[block["block_id"]] = {element["action_id"]: _held(element, given)}
    return state


def _held(element: dict[str, Any], given: str | None) -> dict[str, Any]:
    match element["type"]:
        case "datepicker":
            return {"selected_date": given or element["initial_date"]}
        case "timepicker":
            return {"selected_time": given or element["initial_time"]}
        case "external_select":
            chosen = {"value": given} if given else element["initial_option"]
            return {"selected_option": chosen}
        case _:
            return {"value": element.get("initial_value") if given is None else given}


def field(modal: Modal, name: str) -> dict[str, Any]:
    """A field's element."""
    return next(b["element"] for b in modal.blocks if b.get("block_id", "").startswith(name + "."))


def said(modal: Modal) -> str:
    """Everything a form says, without its fields."""
    return str([b for b in modal.blocks if b["type"] in {"section", "context"}])
