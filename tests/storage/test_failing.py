"""What a database says of itself, in our words: others are in the way, or it stores nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from bot.domain.errors import Busy, DatabaseAway, Refusal, SavingRefused
from bot.services.pool import Pool
from bot.views import failures
from storage.away import begin_request, has_saved
from storage.engine import open_engine
from storage.sql import table
from storage.teams import TeamRow
from storage.unit_of_work import Tx, UnitOfWork
from tests.builders import World

_TEAM = table(TeamRow)
_RAISES = "DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '{}'; END $$"
_AT_COMMIT = """
CREATE TEMPORARY TABLE late (id integer);
CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '40001'; END $$;
CREATE CONSTRAINT TRIGGER refuses AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse();
INSERT INTO late VALUES (1);
"""


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """Give a team called Acme, on either database."""
    yield from _opened(database_url)


@pytest.fixture
def served(postgresql_url: str) -> Iterator[World]:
    """Give the same on PostgreSQL."""
    yield from _opened(postgresql_url)


@pytest.fixture
def kept(sqlite_url: str) -> Iterator[World]:
    """Give the same in a file."""
    yield from _opened(sqlite_url)


def _opened(url: str) -> Iterator[World]:
    made = World(url)
    begin_request()
    yield made
    made.close()


def _rename(tx: Tx, name: str = "Renamed") -> None:
    tx.execute(update(_TEAM).values(name=name))


def _name(world: World) -> object:
    with world.uow.read() as tx:
        return tx.execute(text("SELECT name FROM team")).scalar_one()


def _does(world: World, *statements: str) -> None:
    with world.uow.begin() as tx:
        _rename(tx)
        for statement in statements:
            tx.core.exec_driver_sql(statement)


@contextmanager
def _full(world: World) -> Iterator[None]:
    """The file has the size that it has."""
    with world.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        (pages,) = driver.execute("PRAGMA page_count").fetchone()
        driver.execute(f"PRAGMA max_page_count = {pages}")
        connection.rollback()
    yield
    world.engine.dispose()


_FILLS = "INSERT INTO request VALUES (hex(randomblob(90000)), 'T0ACME', '2026-11-20')"


@pytest.mark.parametrize(
    "statements",
    [
        ("SET LOCAL lock_timeout = '1ms'", "SELECT pg_advisory_xact_lock(1)"),
        ("SET LOCAL statement_timeout = '1ms'", "SELECT pg_sleep(9)"),
        ("SELECT pg_cancel_backend(pg_backend_pid())", "SELECT pg_sleep(9)"),
        (_RAISES.format("40001"),),
        (_AT_COMMIT,),
    ],
    ids=["a lock", "an answer", "ended", "a conflict", "a conflict at the commit"],
)
def test_who_waited_too_long_or_came_second_may_try_again(
    served: World, statements: tuple[str, ...]
) -> None:
    """Nothing of it stays, which is certain, and it is nobody's fault."""
    before = _name(served)
    with served.engine.connect() as other, capture_logs() as logged:
        other.exec_driver_sql("SELECT pg_advisory_xact_lock(1)")
        with pytest.raises(Busy) as caught:
            _does(served, *statements)
    assert not isinstance(caught.value, DatabaseAway)
    assert "nothing was changed" in failures.sentence(caught.value).text
    assert (_name(served), has_saved(), logged) == (before, False, [])


def test_what_was_saved_before_is_not_denied(served: World) -> None:
    """A request may take several transactions; a later one may be in the way of others."""
    _does(served)
    with pytest.raises(Busy) as caught:
        _does(served, _RAISES.format("40001"))
    assert "Look before you try again" in failures.sentence(caught.value).text


@pytest.mark.parametrize(
    "closing", ["SET LOCAL idle_in_transaction_session_timeout = '1ms'", _RAISES.format("57P05")]
)
def test_a_connection_that_is_closed_on_us_is_gone(served: World, closing: str) -> None:
    """For having been idle, for example; the next one is another."""

    def under_way() -> None:
        with served.uow.begin() as tx:
            _rename(tx)
            tx.core.exec_driver_sql(closing)
            with served.engine.connect() as other:
                other.exec_driver_sql("SELECT pg_sleep(0.2)")
            _rename(tx)

    before = _name(served)
    with pytest.raises(DatabaseAway) as caught:
        under_way()
    assert not caught.value.perhaps_saved
    assert _name(served) == before


def test_an_operators_default_of_serializable_is_not_for_us(postgresql_url: str) -> None:
    """It would refuse most of what people do at the same moment; there are locks for what must."""
    plain = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with plain.connect() as connection:
        name = make_url(postgresql_url).database
        sets = f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'"
        connection.execute(text(sets))
    plain.dispose()
    engine = open_engine(postgresql_url)
    uow = UnitOfWork(engine)
    for opened in (uow.begin, uow.read):
        with opened() as tx:
            shown = tx.execute(text("SHOW transaction_isolation")).scalar_one()
            assert shown == "read committed"
    engine.dispose()


@pytest.mark.parametrize(
    ("statements", "why", "says"),
    [
        (("SET TRANSACTION READ ONLY", "DELETE FROM team"), Refusal.READ_ONLY, "takes no changes"),
        ((_RAISES.format("53100"),), Refusal.FULL, "disk of its database is full"),
        ((_RAISES.format("58030"),), Refusal.DAMAGED, "damaged"),
        ((_RAISES.format("XX001"),), Refusal.DAMAGED, "damaged"),
    ],
)
def test_a_server_that_stores_nothing_says_why(
    served: World, statements: tuple[str, ...], why: Refusal, says: str
) -> None:
    """A standby that was taken for the server, or a disk without room."""
    with pytest.raises(SavingRefused) as caught:
        _does(served, *statements)
    assert (caught.value.why, caught.value.perhaps_saved) == (why, False)
    assert says in failures.sentence(caught.value).text


def test_so_does_a_file(kept: World) -> None:
    """Full, not to be written to, not what it was."""
    before = _name(kept)
    with _full(kept), pytest.raises(SavingRefused) as caught:
        _does(kept, _FILLS)
    assert (caught.value.why, _name(kept)) == (Refusal.FULL, before)
    with pytest.raises(SavingRefused) as caught:
        _does(kept, "PRAGMA query_only = ON", "DELETE FROM request")
    assert caught.value.why is Refusal.READ_ONLY
    kept.engine.dispose()
    path = str(kept.engine.url.database)
    with open(path, "r+b") as file:  # noqa: PTH123 - in the middle of it
        file.write(b"nothing that SQLite knows")
    with pytest.raises(SavingRefused) as caught:
        _name(kept)
    assert caught.value.why is Refusal.DAMAGED


def test_a_file_that_is_gone_is_away(kept: World) -> None:
    """Its disk is not mounted any more."""
    kept.engine.dispose()
    nowhere = UnitOfWork(open_engine("sqlite:////nowhere/hourlink.db"))
    with pytest.raises(DatabaseAway) as caught, nowhere.read():
        pass
    assert not isinstance(caught.value, SavingRefused)


@pytest.mark.parametrize(
    ("code", "why", "perhaps_saved"), [(13, Refusal.FULL, False), (10, Refusal.DAMAGED, True)]
)
async def test_whoever_shared_a_commit_that_failed_hears_why(
    kept: World, monkeypatch: pytest.MonkeyPatch, code: int, why: Refusal, *, perhaps_saved: bool
) -> None:
    """On a full disk it is the commit that fails; one that breaks may have taken it before."""
    before = _name(kept)
    error = sqlite3.OperationalError("made up")
    error.sqlite_errorcode = code

    def refuse(_: object) -> None:
        raise DBAPIError.instance("COMMIT", None, error, Exception, dialect=kept.engine.dialect)

    pool = Pool(1, kept.uow.gathering)
    monkeypatch.setattr("sqlalchemy.Connection.commit", refuse)

    def change() -> None:
        with kept.uow.begin(brief=True) as tx:
            _rename(tx)

    with pytest.raises(SavingRefused) as caught:
        await pool(change)
    monkeypatch.undo()
    pool.close()
    assert (caught.value.why, caught.value.perhaps_saved) == (why, perhaps_saved)
    assert _name(kept) == before


def test_that_is_logged_once_and_so_is_its_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before a while has passed: what changes nothing may be committed on a full disk too."""
    refuses = ("SET TRANSACTION READ ONLY", "DELETE FROM request")
    if world.engine.dialect.name == "sqlite":
        refuses = ("PRAGMA query_only = ON", "DELETE FROM request")

    def refused() -> None:
        with pytest.raises(SavingRefused):
            _does(world, *refuses)
        world.engine.dispose()

    with capture_logs() as logged:
        refused()
        _does(world)
        refused()
        monkeypatch.setattr("storage.away.QUIET", 0.0)
        _does(world)
        _does(world)
    said = [(one["event"], one.get("why")) for one in logged]
    assert said == [("database_refuses", Refusal.READ_ONLY), ("database_saves", None)]
