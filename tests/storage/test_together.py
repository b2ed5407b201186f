"""Brief transactions of a thread that are committed at once, on SQLite."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import Connection, Executable, event, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.domain.errors import Busy
from storage import together as together_module
from storage.away import begin_request, has_saved
from storage.engine import READ_ONLY
from storage.sql import table
from storage.teams import TeamRow
from storage.together import Together
from storage.tx import Tx
from tests.builders import World

TEAM = table(TeamRow)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A team called T0ACME."""
    made = World(sqlite_url)
    yield made
    made.close()


def rename(world: World, name: str) -> None:
    """Something brief that writes."""
    with world.uow.begin(brief=True) as tx:
        tx.execute(update(TEAM).values(name=name))


def stored(world: World) -> str:
    """What anybody else sees."""
    reading = world.engine.execution_options(**{READ_ONLY: True})
    with reading.connect() as connection:
        return str(connection.execute(select(TEAM.c.name)).scalar_one())


def seen(tx: Tx) -> str:
    """What a transaction sees."""
    return str(tx.execute(select(TEAM.c.name)).scalar_one())


def told_by(together: Together) -> list[BaseException | None]:
    """What is heard of the next commit."""
    told: list[BaseException | None] = []
    together.tell(told.append)
    return told


def test_nobody_hears_of_it_before_it_is_stored(world: World) -> None:
    """Two changes, one commit; who waits hears of it after that."""
    before = stored(world)
    commits: list[Connection] = []
    event.listen(world.engine, "commit", commits.append)
    with world.uow.gathering() as together:
        rename(world, "One")
        told = told_by(together)
        rename(world, "Two")
        told_too = told_by(together)
        assert (told, told_too, stored(world)) == ([], [], before)
        together.settle()
        assert (told, told_too, stored(world)) == ([None], [None], "Two")
    assert len(commits) == 1


def test_where_nothing_waits_it_is_told_at_once(world: World) -> None:
    """A call that only reads is answered without a commit."""
    with world.uow.gathering() as together:
        with world.uow.read(brief=True) as tx:
            assert seen(tx)
        assert not together.is_open
        assert told_by(together) == [None]


def test_what_waits_is_stored_when_the_block_ends(world: World) -> None:
    """Nothing is left behind."""
    with world.uow.gathering() as together:
        rename(world, "One")
        told = told_by(together)
    assert (told, stored(world)) == ([None], "One")


def test_one_that_raises_is_taken_back_alone(world: World) -> None:
    """Somebody else's mistake costs nobody their time."""
    heard: list[str] = []
    with world.uow.gathering() as together:
        with world.uow.begin(brief=True) as tx:
            tx.execute(update(TEAM).values(name="One"))
            tx.once_stored.append(lambda: heard.append("one"))
        with suppress(LookupError), world.uow.begin(brief=True) as tx:
            tx.execute(update(TEAM).values(name="Two"))
            tx.once_stored.append(lambda: heard.append("two"))
            raise LookupError
        told = told_by(together)
        assert heard == []
    assert (told, stored(world), heard) == ([None], "One", ["one"])


def test_what_the_database_forbids_is_taken_back_alone(world: World) -> None:
    """It can be decided anew, as everywhere."""
    with world.uow.gathering():
        rename(world, "One")
        with pytest.raises(IntegrityError):
            _break(world, update(TEAM).values(name=None))
    assert stored(world) == "One"


def test_brief_ones_see_what_waits(world: World) -> None:
    """They are one after another, as they would be by themselves."""
    with world.uow.gathering():
        rename(world, "One")
        with world.uow.read(brief=True) as tx:
            assert seen(tx) == "One"
        with world.uow.begin(brief=True) as tx:
            assert seen(tx) == "One"


@pytest.mark.parametrize("kind", ["begin", "read", "snapshot"])
def test_any_other_begins_after_what_waits_is_stored(world: World, kind: str) -> None:
    """A long one keeps nobody's answer back, and holds nobody's changes open."""
    with world.uow.gathering() as together:
        rename(world, "One")
        told = told_by(together)
        with getattr(world.uow, kind)() as tx:
            assert (told, seen(tx), stored(world)) == ([None], "One", "One")
        assert not together.is_open


def test_reading_within_one_commits_no_half_of_it(world: World) -> None:
    """Only whole transactions are committed."""
    before = stored(world)
    with world.uow.gathering():
        with suppress(LookupError), world.uow.begin(brief=True) as tx:
            tx.execute(update(TEAM).values(name="Half"))
            with world.uow.read() as other:
                assert seen(other) == before
            raise LookupError
        assert stored(world) == before


def test_where_the_commit_fails_everybody_hears_of_it(world: World) -> None:
    """Nothing of it is stored, and what comes next is begun anew."""
    world.member("ana")
    before = stored(world)
    with world.uow.gathering() as together:
        rename(world, "One")
        told = told_by(together)
        with world.uow.begin(brief=True) as tx:
            tx.execute(text("PRAGMA defer_foreign_keys = ON"))
            tx.execute(text("UPDATE member SET team_id = 'T0NOBODY'"))
        told_too = told_by(together)
        with pytest.raises(IntegrityError):
            together.settle()
        assert [type(error) for error in told + told_too] == [IntegrityError, IntegrityError]
        assert stored(world) == before
        rename(world, "Anew")
    assert stored(world) == "Anew"


def test_where_sqlite_takes_back_all_everybody_hears_of_it(world: World) -> None:
    """It does so by itself where the disk is full."""
    before = stored(world)
    with world.uow.gathering() as together:
        rename(world, "One")
        told = told_by(together)
        with pytest.raises(OperationalError):
            _break(world, text("ROLLBACK"), text("SELECT full FROM disk"))
        assert [type(error) for error in told] == [OperationalError]
        assert (together.is_open, stored(world)) == (False, before)
        rename(world, "Anew")
    assert stored(world) == "Anew"


def test_a_locked_database_is_busy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is for every other transaction, and only for who asked."""
    monkeypatch.setattr("storage.engine.SQLITE_BUSY_MS", 1)
    world.engine.dispose()
    with world.engine.connect() as other, world.uow.gathering() as together:
        other.exec_driver_sql("SELECT 1")
        with pytest.raises(Busy):
            rename(world, "One")
        assert not together.is_open
        other.rollback()
        rename(world, "Two")
    assert stored(world) == "Two"


def test_not_too_many_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others who write, a sync or an operator, are not kept out for long."""
    monkeypatch.setattr(together_module, "MOST", 2)
    monkeypatch.setattr(together_module, "LONGEST", 3600.0)
    full: list[bool] = []
    with world.uow.gathering() as together:
        for name in ("One", "Two"):
            rename(world, name)
            full.append(together.is_full)
        together.settle()
        monkeypatch.setattr(together_module, "LONGEST", -1.0)
        rename(world, "Three")
        assert [*full, together.is_full] == [False, True, True]


def test_another_threads_transactions_are_their_own(world: World) -> None:
    """Programs that read through the API have threads of their own."""
    told: list[str] = []
    with world.uow.gathering():
        rename(world, "One")
        thread = threading.Thread(target=lambda: told.append(_read(world)))
        thread.start()
        thread.join()
    assert told != ["One"]


def _break(world: World, *statements: Executable) -> None:
    with world.uow.begin(brief=True) as tx:
        tx.execute(update(TEAM).values(name="Broken"))
        for statement in statements:
            tx.execute(statement)


def _read(world: World) -> str:
    with world.uow.read(brief=True) as tx:
        return seen(tx)


def test_a_request_knows_that_it_saved(world: World) -> None:
    """Whoever answers it wakes the background then, and only then."""
    begin_request()
    with world.uow.gathering(), world.uow.read(brief=True):
        assert not has_saved()
    with world.uow.gathering():
        rename(world, "Renamed")
        assert has_saved()
    begin_request()
    assert not has_saved()
