"""A team, its admin and a connected tool: where most tests of linking begin."""

from collections.abc import Iterator

import pytest

from bot.domain.ids import IntegrationId
from bot.domain.people.people import Member
from tests.builders import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """One team on each kind of database."""
    made = World(database_url)
    yield made
    made.close()


@pytest.fixture
def ana(world: World) -> Member:
    """The admin."""
    return world.member("ana", admin=True)


@pytest.fixture
def board(world: World, ana: Member) -> IntegrationId:
    """A connected site."""
    return world.integration(ana)
