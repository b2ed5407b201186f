"""What an error of the database may tell."""

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
