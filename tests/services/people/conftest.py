"""What the tests of linking people share."""

from collections.abc import Iterator

import pytest

from tests.builders import World
from tests.services.people.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An office on each kind of database, where Ana is an admin in Slack."""
    world = World(database_url)
    yield Office(world)
    world.close()
