"""A running ClickUp, and what opens it."""

from collections.abc import AsyncIterator

import pytest

from tests.providers.clickup.stand_in import ClickUpStandIn, acme


@pytest.fixture
async def clickup() -> AsyncIterator[ClickUpStandIn]:
    """Give a running ClickUp; at the end nothing may have departed from its description."""
    made = acme()
    async with made.running():
        yield made
    assert (made.violations, made.unrouted) == ([], [])
