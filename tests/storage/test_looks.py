"""Brief looks of a thread over one connection, on SQLite."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import OperationalError

from storage.sql import table
from storage.teams import TeamRow
from storage.tx import Tx
from tests.builders import World

NAME = select(table(TeamRow).c.name)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A team called T0ACME."""
    made = World(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def taken(world: World) -> list[object]:
    """The connections that were taken from the pool, from now on."""
    found: list[object] = []
    event.listen(world.engine, "checkout", lambda connection, *_: found.append(connection))
    return found


def rename(world: World, name: str) -> None:
    """What another process, or another thread, does."""
    with world.engine.begin() as connection:
        connection.execute(update(table(TeamRow)).values(name=name))


def seen(tx: Tx) -> str:
    """What a look sees."""
    return str(tx.execute(NAME).scalar_one())


def test_looks_share_a_connection_and_each_sees_what_is_there_now(
    world: World, taken: list[object]
) -> None:
    """A look holds no moment after its end."""
    with world.uow.gathering():
        names = []
        for name in ("One", "Two", "Three"):
            rename(world, name)
            with world.uow.read(brief=True) as tx:
                names.append(seen(tx))
    assert names == ["One", "Two", "Three"]
    assert len(taken) == len(names) + 1  # one for each change, one for all looks


def test_a_look_sees_one_moment(world: World) -> None:
    """Two statements of a look do not tell of two states."""
    rename(world, "Before")
    with world.uow.gathering(), world.uow.read(brief=True) as tx:
        assert seen(tx) == "Before"
        rename(world, "After")
        assert seen(tx) == "Before"


def test_a_look_inside_another_has_a_connection_of_its_own(world: World) -> None:
    """It sees its own moment."""
    rename(world, "Before")
    with world.uow.gathering(), world.uow.read(brief=True) as outer:
        assert seen(outer) == "Before"
        rename(world, "After")
        with world.uow.read(brief=True) as inner:
            assert seen(inner) == "After"


def test_after_a_look_that_failed_the_next_one_begins_anew(world: World) -> None:
    """Whatever went wrong inside, also in the database."""
    rename(world, "Before")
    with world.uow.gathering():
        with pytest.raises(OperationalError), world.uow.read(brief=True) as tx:
            tx.execute(text("SELECT nothing FROM nowhere"))
        with pytest.raises(ZeroDivisionError), world.uow.read(brief=True) as tx:
            1 / len(seen(tx).removeprefix("Before"))
        rename(world, "After")
        with world.uow.read(brief=True) as tx:
            assert seen(tx) == "After"


def test_a_change_after_a_look_is_seen_by_the_next_one(world: World) -> None:
    """Though it waits for its commit, and so does who asked for it."""
    with world.uow.gathering():
        with world.uow.read(brief=True) as tx:
            assert seen(tx)
        with world.uow.begin(brief=True) as tx:
            tx.execute(update(table(TeamRow)).values(name="Changed"))
        with world.uow.read(brief=True) as tx:
            assert seen(tx) == "Changed"


def test_nothing_is_kept_after_the_block(world: World) -> None:
    """The connection is back where it came from, with nothing begun on it."""
    back: list[Connection] = []
    event.listen(world.engine, "checkin", lambda connection, *_: back.append(connection))
    with world.uow.gathering():
        with world.uow.read(brief=True) as tx:
            seen(tx)
        assert not back
    assert len(back) == 1
    rename(world, "After")
