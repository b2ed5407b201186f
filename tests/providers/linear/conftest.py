"""A running Linear, and what opens it."""

from collections.abc import AsyncIterator

import pytest

from tests.providers.linear.stand_in import LinearStandIn, acme


@pytest.fixture
async def linear() -> AsyncIterator[LinearStandIn]:
    """Give a running Linear with small pages; nothing may have departed from its description."""
    made = acme(tasks=23)
    made.page_size = 7
    async with made.running():
        yield made
    assert (made.violations, made.unrouted) == ([], [])
