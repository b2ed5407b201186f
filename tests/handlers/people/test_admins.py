"""``/link admin`` as it is typed and clicked."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.errors import AdminOnly
from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import Member, SlackPerson
from bot.domain.people.people_errors import LastAdmin, NamedNowhere, PersonNotFound
from bot.services.members import Members
from bot.services.people.admins import Admins
from bot.services.people.invitations import Invitations
from bot.services.pool import Pool
from bot.views import failures
from handlers.asking import Click, Command
from handlers.grammar import parse_link
from handlers.grammar.link_values import NameAdmin
from handlers.people.admins import AdminHandlers
from handlers.replies import Ephemeral, Reply, Update
from handlers.routes import Routes
from handlers.whom import Whom
from playground.rules import check_message
from tests.builders import NOON, World


class Desk:
    """The handlers over a world in which Slack knows one more person."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pool = Pool(1)
        marker = world.new_marker()
        self.handlers = AdminHandlers(
            Admins(world.uow, marker),
            Whom(Invitations(world.uow, marker), self._refresh, self.pool),
            self.pool,
        )
        self.routes = Routes()
        self.handlers.register(self.routes)
        self.ana = world.member("ana", admin=True)

    async def _refresh(self, team_id: TeamId) -> None:
        new = SlackPerson(SlackUserId("U0NEW"), "Nell New", None, "UTC")
        members = Members(self.world.uow, self.world.new_marker())
        await self.pool(members.save_many, team_id, [new], NOON)

    def types(self, text: str, who: Member | None = None) -> str:
        """``/link admin ...``; what is said."""
        command = parse_link(text)
        assert isinstance(command, NameAdmin)
        ask = Command(who=who or self.ana, now=NOON, request_id="r", text=text)
        return said(self.handlers.command(ask, command))

    def clicks(self, action: str, value: str) -> str:
        """A button; what is said."""
        ask = Click(who=self.ana, now=NOON, request_id="r", action=action, value=value)
        return said(self.routes.clicks[action].handler(ask))


def said(reply: Reply | AsyncIterator[Reply]) -> str:
    """The one answer, sound."""

    async def only(replies: AsyncIterator[Reply]) -> Reply:
        (one,) = [one async for one in replies]
        return one

    answer: Any = asyncio.run(only(reply)) if isinstance(reply, AsyncIterator) else reply
    assert isinstance(answer, Ephemeral | Update)
    check_message(list(answer.message.blocks), answer.message.text)
    return answer.message.text


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """The handlers on each kind of database."""
    world = World(database_url)
    made = Desk(world)
    yield made
    made.pool.close()
    world.close()


def test_the_list_says_where_each_right_comes_from(desk: Desk) -> None:
    """Named here, or by Slack; only what was given here can be taken back here."""
    desk.world.member("mia")
    assert "Mia* is an admin of Hourlink now" in desk.types("admin <@U0MIA|mia>")
    listed = desk.types("admin")
    assert "*2 people administer Hourlink.*" in listed
    assert "*Mia*: named here" in listed
    assert "*Ana*: admin in Slack" in listed


def test_who_owns_the_workspace_is_sent_to_no_setting(desk: Desk) -> None:
    """No choice here takes the right from them."""
    eve = desk.world.member("eve")
    with desk.world.engine.begin() as connection:
        whose = {"id": eve.id}
        connection.execute(text("UPDATE member SET slack_owner = true WHERE id = :id"), whose)
    with pytest.raises(NamedNowhere) as refused:
        desk.types("admin remove @eve")
    told = failures.sentence(refused.value).text
    assert "*Eve* owns the Slack workspace and always administers" in told
    assert "/link settings" not in told


def test_removing_by_word_and_by_button(desk: Desk) -> None:
    """Both ways end the right, and the list that was clicked follows."""
    mia, bo = desk.world.member("mia"), desk.world.member("bo")
    for name in ("mia", "bo"):
        desk.types(f"admin @{name}")
    assert "*Mia* is no admin" in desk.types("admin remove @mia")
    assert "Bo" not in desk.clicks("admin.remove", str(bo.id))
    with pytest.raises(AdminOnly):
        desk.types("admin @bo", mia)


def test_somebody_slack_knows_and_we_do_not_yet(desk: Desk) -> None:
    """A colleague who never used Hourlink can be named all the same."""
    assert "Nell New" in desk.types("admin <@U0NEW>")


@pytest.mark.parametrize("words", ["admin <@B0BOT>", "admin @zoe"])
def test_nobody_of_this_workspace(desk: Desk, words: str) -> None:
    """A bot, a stranger, a slip of the pen: nobody is named."""
    with pytest.raises(PersonNotFound):
        desk.types(words)


def test_the_last_one_stays(desk: Desk) -> None:
    """Not even by the button of an old list."""
    olga = desk.world.member("olga")
    desk.types("admin @olga")
    members = Members(desk.world.uow, desk.world.new_marker())
    left = SlackPerson(desk.ana.slack_user_id, "Ana", None, "UTC", is_admin=False)
    members.save(desk.world.team_id, left, NOON)
    desk.ana = olga
    with pytest.raises(LastAdmin):
        desk.types("admin remove @olga")


def test_hundreds_of_admins_fit(desk: Desk) -> None:
    """Nobody is left out of the list, however many there are."""
    crowd = [
        SlackPerson(
            SlackUserId(f"U1{n:03}"), f"P {n:03} of a long name", None, "UTC", is_admin=True
        )
        for n in range(300)
    ]
    Members(desk.world.uow, desk.world.new_marker()).save_many(desk.world.team_id, crowd, NOON)
    listed = desk.types("admin")
    assert all(person.name in listed for person in crowd)
