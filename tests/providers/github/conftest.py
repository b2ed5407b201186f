"""A running GitHub, and what opens it."""

from collections.abc import AsyncIterator

import pytest

from tests.providers.github.stand_in import GitHubStandIn
from tests.providers.github.world import acme


@pytest.fixture
async def github() -> AsyncIterator[GitHubStandIn]:
    """Give a running GitHub; at the end nothing may have departed from its descriptions."""
    made = acme(tasks=12)
    made.page_size = 5
    async with made.running():
        yield made
    assert (made.violations, made.unrouted) == ([], [])
