"""An admin at their keyboard in the Projects section: shared by the tests of its handlers."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from cryptography.fernet import Fernet

from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput
from bot.integrations.registry import Registry
from bot.services.connecting import Connecting
from bot.services.linking import Linking
from bot.services.projects_archiving import ProjectArchiving
from bot.services.projects_editing import ProjectEditing
from bot.services.projects_list import ProjectLists
from bot.services.projects_summary import ProjectSummaries
from bot.services.sync_asking import SyncAsking
from bot.services.vault import Vault
from bot.views import failures
from bot.views.providers import Faces
from handlers.asking import Click, Fields, Submission
from handlers.projects import ProjectsHandlers
from handlers.projects_chosen import ProjectsChosenHandlers
from handlers.projects_list import ProjectsListHandlers
from handlers.replies import Ephemeral, FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes
from playground.blocks import interactive, values
from playground.rules import check_view
from tests.builders import NOON
from tests.services.office import Office

FACES: Faces = {one.slug: one for one in Registry.load().descriptors()}


class Desk:
    """What stands on the screen, and what is done there."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.who = office.admin
        self.routes = Routes()
        self.view: dict[str, Any] = {}
        self.told = ""
        uow, marker = office.world.uow, office.world.new_marker()
        vault = Vault([Fernet.generate_key().decode()])
        connecting = Connecting(uow, Registry.load(), vault, marker)
        lists = ProjectLists(uow)
        one = ProjectsHandlers(
            summaries=ProjectSummaries(uow),
            lists=lists,
            editing=ProjectEditing(uow),
            linking=Linking(uow, marker),
            syncs=SyncAsking(uow, connecting),
            faces=FACES,
        )
        chosen = ProjectsChosenHandlers(lists, ProjectArchiving(uow, marker), one)
        for handlers in (one, chosen, ProjectsListHandlers(lists, FACES, chosen.chosen)):
            handlers.register(self.routes)

    def opens(self, shown: str = "") -> None:
        """*Projects*, in the Overview."""
        ask = Click(who=self.who, now=NOON, request_id="1", action="projects.open", value=shown)
        self._take(self.routes.clicks["projects.open"].handler, ask)

    def clicks(self, label: str, *, on: str = "", ticks: Mapping[str, bool] | None = None) -> None:
        """A button of the form; ``on`` is a text in its row, ``ticks`` what was ticked before."""
        for block in self.view["blocks"]:
            elements = [*block.get("elements", []), *filter(None, [block.get("accessory")])]
            for element in elements:
                is_button = element["type"] == "button"
                if is_button and element["text"]["text"] == label and on in str(block):
                    self._click(element["action_id"], element.get("value", ""), ticks)
                    return
        raise AssertionError(f"no {label} on {on!r} in {self.text()}")

    def chooses(self, action: str, value: str, ticks: Mapping[str, bool] | None = None) -> None:
        """An option of a select, or a text with *Enter*."""
        self._click(action, value, ticks)

    def submits(self, ticks: Mapping[str, bool] | None = None, **fields: str) -> FieldErrors | None:
        """The form's own button; what is wrong with its fields."""
        ask = Submission(
            who=self.who,
            now=NOON,
            request_id="1",
            callback_id=self.view["callback_id"],
            view_id="V1",
            metadata=self.view["private_metadata"],
            fields=Fields(self._state(ticks, fields)),
        )
        return self._take(self.routes.submissions[self.view["callback_id"]].handler, ask)

    def text(self) -> str:
        """Everything that stands there."""
        return str(self.view)

    def _click(self, action: str, value: str, ticks: Mapping[str, bool] | None) -> None:
        name = action.partition("#")[0]
        ask = Click(
            who=self.who,
            now=NOON,
            request_id="1",
            action=name,
            value=value,
            view_id="V1",
            metadata=self.view["private_metadata"],
            fields=Fields(self._state(ticks, {})),
        )
        self._take(self.routes.clicks[name].handler, ask)

    def _state(
        self, ticks: Mapping[str, bool] | None, fields: Mapping[str, str]
    ) -> dict[str, dict[str, Any]]:
        state: dict[str, dict[str, Any]] = values(self.view["blocks"], {})
        for block, element in interactive(self.view["blocks"]):
            mine = state.get(block["block_id"], {}).get(element["action_id"])
            if element["type"] == "checkboxes" and mine is not None:
                chosen = {one["value"] for one in mine["selected_options"]}
                for option in element["options"]:
                    for name, on in (ticks or {}).items():
                        if name in option["text"]["text"]:
                            (chosen.add if on else chosen.discard)(option["value"])
                mine["selected_options"] = [
                    one for one in element["options"] if one["value"] in chosen
                ]
            for name, value in fields.items():
                if block["block_id"].partition(":")[0] == name and mine is not None:
                    is_select = "selected_option" in mine
                    mine["selected_option" if is_select else "value"] = (
                        {"value": value} if is_select else value
                    )
        return state

    def _take(self, handler: Any, ask: Any) -> FieldErrors | None:  # noqa: ANN401 - any route
        try:
            reply: Reply | AsyncIterator[Reply] = handler(ask)
        except (HourlinkError, BadInput) as error:
            reply = Ephemeral(failures.sentence(error))
        self.told = ""
        match reply:
            case OpenModal(modal) | UpdateModal(modal):
                view = dict(check_view(modal.as_view(), "modal"))
                blocks = enumerate(view["blocks"])
                self.view = view | {"blocks": [{"block_id": f"b{at}"} | one for at, one in blocks]}
            case Ephemeral(message):
                self.told = message.text
            case FieldErrors():
                return reply
        return None
