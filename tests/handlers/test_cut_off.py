"""A request that saves, answers, and then loses the database before it is through."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import text

from bot.domain.ids import SlackUserId
from bot.domain.operating.limits import Limits
from bot.domain.people.people import Member, SlackPerson
from bot.services.members import Members
from bot.services.pool import Pool
from bot.views.message import Message
from handlers.asking import Command
from handlers.edge import Edge, Toolbox
from handlers.replies import Ephemeral, Reply
from handlers.routes import Route
from storage.engine import open_engine
from storage.unit_of_work import UnitOfWork
from tests.builders import NOON, World
from tests.wire import Wire

if TYPE_CHECKING:
    from bot.slack import Slack

ANA = SlackUserId("U0ANA")


class Desk:
    """The edge over a database that can be cut off."""

    def __init__(self, wire: Wire, world: World) -> None:
        self.wire = wire
        self.engine = open_engine(wire.url)
        self.uow = UnitOfWork(self.engine)
        self.pool = Pool(2)
        self.team_id = world.team_id
        members = Members(self.uow, world.new_marker())
        members.save(world.team_id, SlackPerson(ANA, "Ana", None, "UTC"), NOON)
        self.edge = Edge(
            Toolbox(
                slack=cast("Slack", None),
                members=members,
                pool=self.pool,
                clock=lambda: NOON,
                new_reference=lambda: "7F3A-19",
                wake=lambda: None,
                sleep=asyncio.sleep,
                limits=Limits({}),
                answered=lambda *_: None,
            )
        )

    async def asks(self, route: Route[Command]) -> list[str]:
        """What is answered, each answer waited for in a task of its own, as listeners do."""

        def build(who: Member) -> Command:
            return Command(who=who, now=NOON, request_id="1", channel_id="C0OPS", text="")

        replies = self.edge.replies(self.team_id, {"id": ANA}, route, build)
        first, rest = await self.edge.within_patience(replies)
        said = [] if first is None else [first]
        said += [reply async for reply in rest]
        return [reply.message.text for reply in said if isinstance(reply, Ephemeral)]

    def save(self) -> None:
        """Change something."""
        with self.uow.begin() as tx:
            tx.execute(text("UPDATE team SET name = 'Renamed'"))

    def read(self) -> None:
        """Look at something."""
        with self.uow.read() as tx:
            tx.execute(text("SELECT name FROM team"))


@pytest.fixture
def desk(postgresql_url: str) -> Iterator[Desk]:
    """Give one."""
    world, wire = World(postgresql_url), Wire(postgresql_url)
    made = Desk(wire, world)
    yield made
    made.pool.close()
    made.engine.dispose()
    world.close()
    wire.close()


@pytest.mark.parametrize("saves", [False, True])
async def test_an_answer_after_saving_does_not_say_that_nothing_changed(
    desk: Desk, *, saves: bool
) -> None:
    """Of handlers that work in several steps, such as those that ask a tool in between."""

    async def steps() -> AsyncIterator[Reply]:
        await desk.pool(desk.save if saves else desk.read)
        yield Ephemeral(Message("Checking..."))
        desk.wire.cut()
        await desk.pool(desk.read)

    said = await desk.asks(Route(lambda _: steps()))
    assert said[0] == "Checking..."
    assert ("nothing was changed" in said[1]) is not saves
    assert ("it may be done or not" in said[1]) is saves
    again = await desk.asks(Route(lambda _: steps()))
    assert "nothing was changed" in again[0], "what an earlier request saved is its own affair"


def test_what_a_person_is_told_to_look_at(desk: Desk) -> None:
    """A command that cannot know whether it was carried out names where that shows."""

    def handler(ask: Command) -> Reply:
        del ask
        desk.wire.cut_at_commit(arrives=True)
        desk.save()
        return Ephemeral(Message("Saved."))

    (said,) = asyncio.run(desk.asks(Route(handler)))
    assert "it may be done or not" in said
    assert "`/track today`" in said
    assert "nothing was changed" not in said
