"""What an error of the database may tell, and what PostgreSQL is told beforehand."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.logs import mask_text
from tests.builders import World


def test_an_error_quotes_nothing_that_was_written(database_url: str) -> None:
    """It is logged, and what people noted or typed as a key must not be."""
    world = World(database_url)
    row = "INSERT INTO team (id, name, bot_user_id, settings) VALUES (:id, :name, 'U1', '{}')"
    with pytest.raises(IntegrityError) as caught, world.uow.begin() as tx:
        tx.execute(text(row), {"id": "T9", "name": "hunter2"})
    world.close()
    assert "hunter2" not in mask_text(str(caught.value))
    assert "installed_at" in str(caught.value)


def test_a_report_starts_no_more_processes_of_the_server(database_url: str) -> None:
    """A sum of a month takes longer where it is shared out, and other people's requests too."""
    world = World(database_url)
    with world.uow.read() as tx:
        if tx.core.dialect.name == "postgresql":
            shown = tx.execute(text("SHOW max_parallel_workers_per_gather")).scalar_one()
            assert shown == "0"
    world.close()
