"""``/link manager``, and what the buttons about projects do."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.domain.ids import SlackUserId, TeamId
from bot.domain.people.people import SlackPerson
from bot.services.people.invitations import Invitations
from bot.services.pool import Pool
from bot.services.projects.people import ProjectPeople
from bot.views.message import Message
from handlers.asking import Click, Command
from handlers.grammar import parse_link
from handlers.grammar.link_values import NameManager
from handlers.projects.people import ProjectPeopleHandlers
from handlers.replies import Ephemeral, Reply, Update
from handlers.routes import Routes
from handlers.whom import Whom
from playground.rules import check_message
from storage import members
from tests.builders import NOON
from tests.services.office import Office


class Desk:
    """An admin at their keyboard; Slack knows Zoe, whom nobody here has met."""

    def __init__(self, office: Office) -> None:
        self.office = office
        world = office.world
        self.pool = Pool(1)
        whom = Whom(Invitations(world.uow, world.new_marker()), self.refresh, self.pool)
        people = ProjectPeople(world.uow, world.new_marker())
        self.handlers = ProjectPeopleHandlers(people, whom, self.pool)
        self.routes = Routes()
        self.handlers.register(self.routes)

    async def refresh(self, team_id: TeamId) -> None:
        """Slack lists everybody."""
        zoe = SlackPerson(user_id=SlackUserId("U0ZOE"), name="Zoe", email=None, zone="UTC")
        with self.office.world.uow.begin() as tx:
            members.save(tx, team_id, zoe, NOON)

    async def types(self, text: str) -> Reply:
        """``/link ...``."""
        command = parse_link(text)
        assert isinstance(command, NameManager)
        ask = Command(who=self.office.admin, now=NOON, request_id="1", channel_id="C1", text=text)
        replies: AsyncIterator[Reply] = self.handlers.manager(ask, command)
        return await anext(replies)

    def clicks(self, element: dict[str, Any]) -> Reply:
        """A button."""
        name = element["action_id"].partition("#")[0]
        ask = Click(
            who=self.office.admin, now=NOON, request_id="1", action=name, value=element["value"]
        )
        answer = self.routes.clicks[name].handler(ask)
        assert not isinstance(answer, AsyncIterator)
        return answer


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Ana is on Website."""
    office = Office(database_url)
    made = Desk(office)
    yield made
    made.pool.close()
    office.world.close()


def said(reply: Reply) -> Message:
    """A message that Slack takes."""
    assert isinstance(reply, Ephemeral | Update)
    check_message(list(reply.message.blocks), reply.message.text)
    return reply.message


async def test_managers_are_named_and_unnamed(desk: Desk) -> None:
    """By Slack's own mention or a typed name."""
    named = said(await desk.types('manager <@U0ANA|ana> "Website"'))
    assert "Ana manages *Website* now" in named.text
    assert "does not manage" in said(await desk.types("manager remove @ana web")).text


async def test_somebody_new_is_looked_up_in_slack(desk: Desk) -> None:
    """Who never used Hourlink can be named at once, and is on the project."""
    assert (
        "manages *Website* now, and belongs to it: sees"
        in said(await desk.types('manager <@U0ZOE> "Website"')).text
    )


async def test_several_projects_are_a_question(desk: Desk) -> None:
    """Never the first of several: a button each, and the button decides."""
    for number in range(12):
        desk.office.world.project(f"Web {number}", f"W{chr(65 + number)}")
    asked = said(await desk.types("manager @ana web"))
    assert "Website" in asked.text  # the code is WEB: a whole name comes first
    asked = said(await desk.types("manager @ana eb"))
    assert "13 projects match" in asked.text
    assert "And 3 more" in asked.text
    chosen = asked.blocks[1]["accessory"]
    assert "manages *Web 0* now" in said(desk.clicks(chosen)).text
