"""The desk that most of what Ana types is tested at."""

from collections.abc import Iterator

import pytest

from tests.handlers.track_desk import Desk
from tests.services.office import Office


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    """Ana's, in the office."""
    office = Office(sqlite_url)
    yield Desk(office)
    office.world.close()
