"""An admin at their keyboard in the Projects section: shared by the tests of its handlers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from cryptography.fernet import Fernet

from bot.domain.errors import HourlinkError
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.input_errors import BadInput
from bot.domain.people.people import SlackPerson
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.linking import Linking
from bot.services.linking.unlinking import Unlinking
from bot.services.money.billing import Billing
from bot.services.money.budgets import Budgets
from bot.services.money.clients import Clients
from bot.services.money.rates import Rates
from bot.services.pool import Pool
from bot.services.projects.archiving import ProjectArchiving
from bot.services.projects.deciding import ProjectDeciding
from bot.services.projects.editing import ProjectEditing
from bot.services.projects.listing import ProjectLists
from bot.services.projects.memberships import ProjectMembership
from bot.services.projects.summary import ProjectSummaries
from bot.services.reports.burn_charts import BurnCharts
from bot.services.reports.files import ReportFiles
from bot.services.sync.asking import SyncAsking
from bot.services.sync.run_history import RunHistories
from bot.services.vault import Vault
from bot.views import failures
from bot.views.providers import Faces
from handlers.asking import Click, Command, Fields, Lookup, Submission
from handlers.entries.entries import EntryHandlers
from handlers.grammar import parse_link
from handlers.grammar.link_values import ListClients, Unlink
from handlers.money.billing import BillingHandlers
from handlers.money.budgets import BudgetHandlers
from handlers.money.clients import ClientHandlers
from handlers.projects.chosen import Deeds, ProjectsChosenHandlers
from handlers.projects.listing import ProjectsListHandlers
from handlers.projects.page import ProjectsHandlers
from handlers.projects.unlinking import UnlinkingHandlers
from handlers.replies import (
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Reply,
    UpdateModal,
)
from handlers.routes import Routes
from handlers.sync.run_history import RunHistoryHandlers
from handlers.tracking.timesheet import TimesheetHandlers
from playground.blocks import interactive, values
from playground.rules import check_message, check_view
from storage import members
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
        self.message: dict[str, Any] = {"blocks": []}
        uow, marker = office.world.uow, office.world.new_marker()
        vault = Vault([Fernet.generate_key().decode()])
        connecting = Connecting(uow, Registry.load(), vault, marker)
        lists = ProjectLists(uow)
        EntryHandlers(
            office.changing, office.entry_finder, office.past, TimesheetHandlers(office.timesheet)
        ).register(self.routes)
        one = ProjectsHandlers(
            summaries=ProjectSummaries(uow),
            lists=lists,
            editing=ProjectEditing(uow),
            linking=Linking(uow, marker),
            syncs=SyncAsking(uow, connecting),
            burns=BurnCharts(uow, ReportFiles(uow)),
            faces=FACES,
        )
        deeds = Deeds(
            archiving=ProjectArchiving(uow, marker),
            membership=ProjectMembership(uow, marker),
            deciding=ProjectDeciding(uow, marker),
            linking=ConnectAll(uow, marker),
            syncs=SyncAsking(uow, connecting),
        )
        self.pool = Pool(1)
        chosen = ProjectsChosenHandlers(
            lists, deeds, one, refresh_people=self._refresh, pool=self.pool
        )
        self.unlinking = UnlinkingHandlers(Unlinking(uow, marker), lists, chosen, FACES)
        listed = ProjectsListHandlers(lists, FACES, chosen.chosen)
        runs = RunHistoryHandlers(RunHistories(uow), FACES)
        billing = BillingHandlers(
            Billing(uow), Rates(uow), chosen, refresh_people=self._refresh, pool=self.pool
        )
        self.clients = ClientHandlers(Clients(uow))
        BudgetHandlers(Budgets(uow, marker), chosen).register(self.routes)
        for handlers in (one, chosen, listed, self.unlinking, runs, billing, self.clients):
            handlers.register(self.routes)

    def close(self) -> None:
        """Lets its thread go."""
        self.pool.close()

    async def _refresh(self, team_id: TeamId) -> None:
        """Slack lists everybody: Zoe is new to us."""
        zoe = SlackPerson(user_id=SlackUserId("U0ZOE"), name="Zoe", email=None, zone="UTC")
        with self.office.world.uow.begin() as tx:
            members.save(tx, team_id, zoe, NOON)

    def unlinks(self, text: str) -> None:
        """``/link unlink ...``."""
        command = parse_link(f"unlink {text}".strip())
        assert isinstance(command, Unlink)
        ask = Command(who=self.who, now=NOON, request_id="1", channel_id="C1", text=text)
        self._take(lambda one: self.unlinking.command(one, command), ask)

    def lists_clients(self, words: str = "") -> None:
        """``/link clients``."""
        ask = Command(who=self.who, now=NOON, request_id="1", channel_id="C1", text="clients")
        self._take(lambda one: self.clients.command(one, ListClients(words)), ask)

    def looks_up(self, action: str, query: str) -> list[str]:
        """What a searching select of the form offers: label and value."""
        ask = Lookup(
            who=self.who,
            now=NOON,
            request_id="1",
            action=action,
            query=query,
            metadata=self.view["private_metadata"],
        )
        reply = self.routes.lookups[action].handler(ask)
        assert isinstance(reply, Choices)
        return [f"{one.label}: {one.value}" for one in reply.options]

    def opens(self, shown: str = "") -> None:
        """*Projects*, in the Overview."""
        ask = Click(who=self.who, now=NOON, request_id="1", action="projects.open", value=shown)
        self._take(self.routes.clicks["projects.open"].handler, ask)

    def clicks(self, label: str, *, on: str = "", ticks: Mapping[str, bool] | None = None) -> None:
        """A button of the form; ``on`` is a text in its row, ``ticks`` what was ticked before."""
        for block in [*self.view.get("blocks", []), *self.message["blocks"]]:
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
            view_id="V1" if self.view else None,
            metadata=self.view.get("private_metadata", ""),
            fields=Fields(self._state(ticks, {}) if self.view else {}),
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
                    key = next(key for key in mine if key != "type")
                    mine[key] = {
                        "selected_option": {"value": value},
                        "selected_options": [{"value": one} for one in value.split()],
                        "selected_users": value.split(),
                    }.get(key, value)
        return state

    def _take(self, handler: Any, ask: Any) -> FieldErrors | None:  # noqa: ANN401 - any route
        try:
            reply: Reply | AsyncIterator[Reply] = handler(ask)
        except (HourlinkError, BadInput) as error:
            reply = Ephemeral(failures.sentence(error))
        self.told = ""
        if isinstance(reply, AsyncIterator):
            reply = asyncio.run(_first(reply))
        match reply:
            case OpenModal(modal) | UpdateModal(modal):
                view = dict(check_view(modal.as_view(), "modal"))
                blocks = enumerate(view["blocks"])
                self.view = view | {"blocks": [{"block_id": f"b{at}"} | one for at, one in blocks]}
            case Ephemeral(message):
                check_message(list(message.blocks), message.text)
                self.told = message.text
                self.message = {"blocks": list(message.blocks)}
            case CloseModals(message):
                self.told = message.text if message else ""
                self.view = {}
            case FieldErrors():
                return reply
        return None


async def _first(replies: AsyncIterator[Reply]) -> Reply:
    return await anext(replies)
