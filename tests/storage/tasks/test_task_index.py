"""The words of a team's tasks, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, text

from storage.sql import table
from storage.tasks import task_index
from storage.tasks.task_index import KnownWords, TaskWordRow
from storage.tasks.tasks import TaskRow
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


_MORE = """
    INSERT INTO task ({columns}, external_id, terms)
    SELECT {columns}, 'more' || copy, terms || ' more' || copy || {words}
    FROM task CROSS JOIN generate_series(1, 6000) AS copy
"""
_WORDS = " || ".join(f"' word{word}-' || mod(copy, {100 + word})" for word in range(12))
_PAGES = 64
"""Of 8 kilobytes: what is not in the index yet."""


def test_a_search_right_after_a_sync_reads_little_beside_the_index(postgresql_url: str) -> None:
    """Else each search takes half as long again, until PostgreSQL happens to clean up."""
    world = World(postgresql_url)
    board = world.integration(world.member("admin", admin=True))
    world.task(board, world.provider_project(board), "WEB-1", "Fix the header")
    left_out = ("id", "external_id", "terms", "search_vector")
    with world.uow.begin() as tx:
        named = ", ".join(f'"{one.name}"' for one in table(TaskRow).c if one.name not in left_out)
        tx.execute(text(_MORE.format(columns=named, words=_WORDS)))
    with world.uow.begin() as tx:
        waiting = tx.execute(text("SELECT gin_clean_pending_list('ix_task_search')")).scalar_one()
    world.close()
    assert waiting <= _PAGES
