"""A running Trello, and what opens it."""

from collections.abc import AsyncIterator

import pytest

from tests.providers.trello.stand_in import TrelloStandIn, acme


@pytest.fixture
async def trello() -> AsyncIterator[TrelloStandIn]:
    """Give a running Trello with small pages; nothing may have departed from its description."""
    made = acme(tasks=23)
    made.page_size = 7
    async with made.running():
        yield made
    assert (made.violations, made.unrouted) == ([], [])
