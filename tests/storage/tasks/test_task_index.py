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


def test_words_are_kept_as_they_are_written_in_any_script(world: World) -> None:
    """A misspelled word is found for people who write no Latin letters."""
    words = ["ελλάδα", "日本語版", "𐐨𐐨𐐨", "grosse"]

    with world.uow.begin() as tx:
        task_index.learn_words(tx, world.team_id, [" ".join(words)], KnownWords())
    with world.uow.read() as tx:
        found = task_index.words_like(tx, world.team_id, 3, 40)

    assert sorted(found) == sorted(word for word in words if word != "日本語版")


def test_another_process_may_have_kept_the_same_words(world: World) -> None:
    """Two workers read two tools of a team; both meet the same word."""
    for _ in range(2):
        with world.uow.begin() as tx:
            task_index.learn_words(tx, world.team_id, ["fix the header"], KnownWords())

    with world.uow.read() as tx:
        assert sorted(task_index.words_like(tx, world.team_id, 3, 40)) == ["fix", "header", "the"]
