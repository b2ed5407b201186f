"""What the tests of the API share."""

from collections.abc import Iterator

import pytest

from tests.api.desk import Api


@pytest.fixture
def api(database_url: str) -> Iterator[Api]:
    """Give one on each database."""
    made = Api(database_url)
    yield made
    made.close()
