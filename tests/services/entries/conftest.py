"""The office that entries are changed in."""

from collections.abc import Iterator

import pytest

from tests.services.editor import Editor


@pytest.fixture
def office(database_url: str) -> Iterator[Editor]:
    """Ana's, with what changes entries."""
    made = Editor(database_url)
    yield made
    made.world.close()
