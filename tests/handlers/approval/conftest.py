"""The desk that weeks are sent in and approved at."""

from collections.abc import Iterator

import pytest

from tests.handlers.approval.week_desk import Desk


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Ana's, with her week, on Friday noon."""
    made = Desk(database_url)
    yield made
    made.office.world.close()
