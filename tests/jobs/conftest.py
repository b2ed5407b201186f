"""What tests of the background need."""

from collections.abc import AsyncIterator

import pytest

from tests.jobs.sync_world import SyncWorld, opened


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[SyncWorld]:
    """A team with one fake integration, on each kind of database."""
    async with opened(SyncWorld(database_url)) as made:
        yield made
