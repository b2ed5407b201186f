"""``/link`` over a world, and what an admin types, clicks and sends."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, get_args

from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlmodel import col

from bot.domain.people.people import Member
from bot.integrations.registry import Registry
from bot.services.linking.connecting import Connecting
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.linking import Linking
from bot.services.sync.asking import SyncAsking
from bot.services.vault import Vault
from bot.views.message import Message
from bot.views.providers import Faces
from handlers.asking import Click, Command, Fields, Submission
from handlers.grammar.link_values import (
    LinkAll,
    LinkCommand,
    LinkHelp,
    LinkProject,
    LinkStatus,
    NewProject,
    Overview,
    Sync,
)
from handlers.linking.link import LinkHandlers, VerbHandler
from handlers.linking.link_all import LinkAllHandlers
from handlers.linking.link_form import LinkFormHandlers
from handlers.replies import (
    CloseModals,
    Ephemeral,
    Reply,
    Update,
)
from handlers.routes import Routes
from playground.rules import check_message
from storage.linking.project_links import ProjectLinkRow
from tests.builders import NOON, World

FACES: Faces = {one.slug: one for one in Registry.load().descriptors()}


_OTHERS: dict[type[LinkCommand], VerbHandler] = {
    kind: lambda _ask, _command: Ephemeral(Message("Another feature's answer"))
    for kind in get_args(LinkCommand)
    if kind not in {LinkProject, NewProject, Sync, LinkHelp, Overview, LinkStatus}
}


class Desk:
    """The handlers over a world."""

    def __init__(self, world: World) -> None:
        self.linking = Linking(world.uow, world.new_marker())
        vault = Vault([Fernet.generate_key().decode()])
        connecting = Connecting(world.uow, Registry.load(), vault, world.new_marker())
        self.form = LinkFormHandlers(self.linking, FACES)
        self.all = LinkAllHandlers(ConnectAll(world.uow, world.new_marker()), connecting, FACES)
        self.link = LinkHandlers(
            linking=self.linking,
            syncs=SyncAsking(world.uow, connecting),
            form=self.form,
            faces=FACES,
            overview=lambda _ask, _command: Ephemeral(Message("Overview")),
            others={**_OTHERS, LinkAll: self.all.command},
        )
        routes = Routes()
        self.form.register(routes)
        self.all.register(routes)
        self.link.register(routes)

    def types(self, who: Member, text: str) -> Reply:
        """``/link ...``."""
        answer = self.link.command(
            Command(who=who, now=NOON, request_id="", channel_id="C0WEB", text=text)
        )
        assert not isinstance(answer, AsyncIterator)
        return answer


def said(reply: Reply) -> str:
    """A message that Slack would take."""
    assert isinstance(reply, Ephemeral | Update | CloseModals)
    message = reply.message
    assert isinstance(message, Message)
    if message.blocks:
        check_message(list(message.blocks), message.text)
    return message.text


def text_of(shown: Mapping[str, Any]) -> str:
    """Every paragraph of a form."""
    return "\n".join(block["text"]["text"] for block in shown["blocks"] if "text" in block)


def click(who: Member, value: str = "", metadata: str = "") -> Click:
    """A button."""
    return Click(
        who=who, now=NOON, request_id="", action="", value=value, metadata=metadata, view_id="V1"
    )


def sent(who: Member, metadata: str, **chosen: int) -> Submission:
    """A form with these choices: ``source0=5`` is row 0."""
    state: dict[str, dict[str, Any]] = {
        f"{name[:-1]}:{name[-1]}": {"x": {"selected_option": {"value": str(value)}}}
        for name, value in chosen.items()
    }
    return Submission(
        who=who,
        now=NOON,
        request_id="",
        callback_id="",
        view_id="V1",
        metadata=metadata,
        fields=Fields(state),
    )


def links(world: World) -> int:
    """How many links are active."""
    with world.uow.read() as tx:
        query = select(ProjectLinkRow).where(col(ProjectLinkRow.state) == "active")
        return len(tx.execute(query).all())
