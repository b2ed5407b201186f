"""The agency that reports are about."""

from collections.abc import Iterator

import pytest

from tests.services.agency import Agency


@pytest.fixture
def agency(database_url: str) -> Iterator[Agency]:
    """Nobody has tracked anything yet."""
    made = Agency(database_url)
    yield made
    made.world.close()
