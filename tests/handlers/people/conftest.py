"""What the tests of linking people share."""

from collections.abc import Iterator

import pytest

from tests.builders import World
from tests.handlers.people_desk import Desk
from tests.services.people.office import Office


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """The handlers on each kind of database."""
    world = World(database_url)
    made = Desk(Office(world))
    yield made
    made.pool.close()
    world.close()
