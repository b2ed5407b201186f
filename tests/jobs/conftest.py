"""What tests of the background need."""

from collections.abc import AsyncIterator

import pytest

from tests.builders import World
from tests.jobs.post import Post
from tests.jobs.sync_world import SyncWorld, opened
from tests.jobs.writing_desk import WritingDesk
from tests.services.editor import Editor


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[SyncWorld]:
    """A team with one fake integration, on each kind of database."""
    async with opened(SyncWorld(database_url)) as made:
        yield made


@pytest.fixture
async def post(database_url: str) -> AsyncIterator[Post]:
    """An outbox to work off, on each kind of database."""
    world = World(database_url)
    post = Post(world)
    yield post
    post.pool.close()
    world.close()


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[WritingDesk]:
    """Ana's office, with a tool that takes time."""
    made = WritingDesk(Editor(database_url))
    yield made
    made.close()
