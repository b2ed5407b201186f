"""A running Asana, and what opens it."""

from collections.abc import AsyncIterator

import pytest

from tests.providers.asana.stand_in import AsanaStandIn, acme


@pytest.fixture
async def asana() -> AsyncIterator[AsanaStandIn]:
    """Give a running Asana; at the end nothing may have departed from its description."""
    made = acme()
    async with made.running():
        yield made
    assert (made.violations, made.unrouted) == ([], [])
