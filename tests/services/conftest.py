"""The office that most services are tested in."""

from collections.abc import Iterator

import pytest

from tests.services.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Ana is on Website, fed by the board's *Acme Web*, with WEB-12 and WEB-9."""
    made = Office(database_url)
    yield made
    made.world.close()
