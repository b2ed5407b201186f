"""The handlers about people's accounts, and people who use them, for tests."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, TypeVar

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import Member
from bot.domain.states import AccountLinkState
from bot.integrations.registry import Registry
from bot.services.people.account_search import AccountSearch
from bot.services.pool import Pool
from bot.services.tracking.kept import KeptEntries
from bot.views.message import Message, Modal
from handlers.asking import Click, Command, Fields, Submission
from handlers.grammar.link_values import LinkUsers
from handlers.grammar.track_values import ConnectAccount
from handlers.people.accounts import PeopleHandlers
from handlers.people.add_users import AddUsersHandlers
from handlers.people.listing import PeopleListHandlers
from handlers.replies import Ephemeral, OpenModal, Reply, Update, UpdateModal
from handlers.routes import Routes
from playground.rules import check_message, check_view
from tests.builders import NOON
from tests.services.people.office import LATER, Office

FACES = {descriptor.slug: descriptor for descriptor in Registry.load().descriptors()}
_S = AccountLinkState


class Desk:
    """The handlers, and people who use them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        world = office.world
        self.pool = Pool(1)
        self.refreshed: list[TeamId] = []
        self.slack_says: Exception | None = None
        search = AccountSearch(world.uow)
        kept = KeptEntries(world.uow, world.new_marker(), lambda slug: FACES[slug].name)
        self.kept = kept
        self.own = PeopleHandlers(office.links, search, kept, FACES)
        self.admin = AddUsersHandlers(
            links=office.links,
            users=office.users,
            invitations=office.invitations,
            search=search,
            refresh_people=self._refresh,
            pool=self.pool,
            faces=FACES,
        )
        self.list = PeopleListHandlers(
            lists=office.lists,
            batches=office.batches,
            links=office.links,
            invitations=office.invitations,
            approvals=office.approvals,
            faces=FACES,
        )
        self.routes = Routes()
        self.own.register(self.routes)
        self.admin.register(self.routes)
        self.list.register(self.routes)

    async def _refresh(self, team_id: TeamId) -> None:
        self.refreshed.append(team_id)
        if self.slack_says is not None:
            raise self.slack_says

    def clicks(self, who: Member, action: str, value: str = "", **rest: Any) -> Any:  # noqa: ANN401
        """Somebody clicks; what the handler answers."""
        ask = Click(
            who=who, now=rest.pop("now", LATER), request_id="r", action=action, value=value, **rest
        )
        return self.routes.clicks[action].handler(ask)

    def tracks(self, who: Member, provider: str = "") -> Reply:
        """``/track connect [provider]``."""
        ask = Command(who=who, now=NOON, request_id="r", text="")
        return self.own.command(ask, ConnectAccount(provider))

    def opens(self, command: LinkUsers, who: Member | None = None) -> list[Reply]:
        """``/link users ...``, with every answer."""
        ask = Command(who=who or self.office.ana, now=NOON, request_id="r", text="")
        return all_of(self.admin.command(ask, command))

    def sends(self, metadata: str, users: Sequence[SlackUserId] = (), **rows: str) -> UpdateModal:
        """The form is sent."""
        ask = Submission(
            who=self.office.ana,
            now=NOON,
            request_id="r",
            callback_id="people.add",
            view_id="V1",
            metadata=metadata,
            fields=state(users, rows),
        )
        reply = self.routes.submissions["people.add"].handler(ask)
        assert isinstance(reply, UpdateModal)
        return reply

    def submits(self, modal: Modal, callback: str, fields: Fields) -> UpdateModal:
        """Another form is sent."""
        ask = Submission(
            who=self.office.ana,
            now=LATER,
            request_id="r",
            callback_id=callback,
            view_id="V2",
            metadata=modal.metadata,
            fields=fields,
        )
        reply = self.routes.submissions[callback].handler(ask)
        assert isinstance(reply, UpdateModal)
        return reply


def draft(desk: "Desk", who: str = "some", page: int = 0) -> str:
    """The form's metadata before anything was picked."""
    return f"add|{desk.office.board}|{page}|{who}|all|0||"


def state(users: Sequence[SlackUserId] = (), rows: Mapping[str, str] | None = None) -> Fields:
    """The form's state: chosen people, and accounts by member id."""
    values: dict[str, dict[str, Any]] = {"people": {"people.who": {"selected_users": list(users)}}}
    for member, account in (rows or {}).items():
        chosen = {"selected_option": {"value": account}}
        values[f"row:{member.removeprefix('m')}"] = {"people.account": chosen}
    return Fields(values)


Item = TypeVar("Item")


def all_of(answers: AsyncIterator[Item]) -> list[Item]:
    """Every answer, in order."""

    async def collect() -> list[Item]:
        return [answer async for answer in answers]

    return asyncio.run(collect())


def said(reply: object) -> Message:
    """The message of an answer, sound."""
    assert isinstance(reply, Ephemeral | Update), reply
    check_message(list(reply.message.blocks), reply.message.text)
    return reply.message


def shown(reply: object) -> str:
    """All that a form shows, sound."""
    assert isinstance(reply, OpenModal | UpdateModal), reply
    return str(check_view(reply.modal.as_view(), "modal"))


def value(desk: Desk, member: Member) -> str:
    """What the newest message's buttons carry."""
    link = desk.office.link(member)
    return f"{link.id}:{link.request}"
