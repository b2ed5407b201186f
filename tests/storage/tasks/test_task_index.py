"""The words of a team's tasks, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete

from storage.sql import table
from storage.tasks import task_index
from storage.tasks.task_index import KnownWords, TaskWordRow
from tests.builders import World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """One team on each kind of database."""
    made = World(database_url)
    yield made
    made.close()


def test_a_team_that_was_erased_gets_its_words_back(world: World) -> None:
    """It installs Hourlink again, and the same process reads its tasks anew."""
    known = KnownWords()

    def read() -> list[str]:
        with world.uow.begin() as tx:
            task_index.learn_words(tx, world.team_id, ["fix the header", "header html5"], known)
        with world.uow.read() as tx:
            return sorted(task_index.words_like(tx, world.team_id, 3, 40))

    assert read() == ["fix", "header", "the"]
    with world.uow.begin() as tx:
        tx.execute(delete(table(TaskWordRow)))
    assert read() == ["fix", "header", "the"]
