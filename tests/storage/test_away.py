"""A PostgreSQL that goes away: what is told, and whether something may be saved."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, bindparam, text, update
from structlog.testing import capture_logs

from bot.domain.errors import Busy, DatabaseAway
from bot.domain.ids import TeamId
from storage import teams
from storage.away import begin_request
from storage.engine import open_engine
from storage.prepared import Prepared
from storage.sql import table
from storage.unit_of_work import Tx, UnitOfWork
from tests.builders import NOON, World
from tests.wire import Wire

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:9/none"
TEAM = TeamId("T0ACME")
_RENAME = Prepared(update(table(teams.TeamRow)).values(name=bindparam("to")))


@pytest.fixture
def wire(postgresql_url: str) -> Iterator[Wire]:
    """Give a way to a database with a team in it."""
    World(postgresql_url).close()
    made = Wire(postgresql_url)
    yield made
    made.close()


@pytest.fixture
def engine(wire: Wire) -> Iterator[Engine]:
    """Give what is at its end."""
    made = open_engine(wire.url)
    yield made
    made.dispose()


@pytest.fixture
def uow(engine: Engine) -> UnitOfWork:
    """Give its transactions."""
    begin_request()
    return UnitOfWork(engine)


def rename(tx: Tx) -> None:
    """Change something."""
    tx.execute(text("UPDATE team SET name = 'Renamed'"))


def rename_later(tx: Tx) -> None:
    """Change it along with the commit."""
    _RENAME.later(tx, {"to": "Renamed"})


def name(uow: UnitOfWork) -> object:
    """Give what was changed."""
    with uow.read() as tx:
        return tx.execute(text("SELECT name FROM team")).scalar_one()


def test_a_database_that_is_not_there_is_told_as_such() -> None:
    """By whichever kind of transaction; nothing can be saved there."""
    engine = open_engine(NOWHERE)
    uow = UnitOfWork(engine)
    for opened in (uow.begin, uow.read, uow.snapshot):
        with pytest.raises(DatabaseAway) as caught, opened():
            pass
        assert not caught.value.perhaps_saved
    engine.dispose()


@pytest.mark.parametrize("prepared", [False, True])
def test_what_was_under_way_is_as_if_it_never_was(
    wire: Wire, uow: UnitOfWork, *, prepared: bool
) -> None:
    """Cut between two statements; prepared ones take another way to the driver."""

    def under_way() -> None:
        with uow.begin() as tx:
            rename(tx)
            wire.cut()
            if prepared:
                teams.settings(tx, TEAM)
            else:
                rename(tx)

    with pytest.raises(DatabaseAway) as caught:
        under_way()
    assert not caught.value.perhaps_saved
    wire.mend()
    assert name(uow) != "Renamed"


def test_a_server_that_shuts_down_amid_a_transaction(engine: Engine, uow: UnitOfWork) -> None:
    """It says so before it closes the connection, and nothing of it stays."""

    def under_way() -> None:
        with uow.begin() as tx:
            rename(tx)
            with engine.connect() as other:
                ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
                other.execute(text(f"{ours} pg_backend_pid() AND datname = current_database()"))
            rename(tx)

    with pytest.raises(DatabaseAway) as caught:
        under_way()
    assert not caught.value.perhaps_saved
    assert name(uow) != "Renamed"


def test_answers_that_make_no_sense_are_not_waited_for(wire: Wire, uow: UnitOfWork) -> None:
    """Whatever stands between gave up in the middle of a word: the connection is gone."""

    def under_way() -> None:
        with uow.begin() as tx:
            rename_later(tx)
            wire.garble()
            teams.settings(tx, TEAM)

    with uow.read() as tx:
        teams.settings(tx, TEAM)  # prepared now
    with pytest.raises(DatabaseAway) as caught:
        under_way()
    assert not caught.value.perhaps_saved
    assert name(uow) != "Renamed"


@pytest.mark.parametrize("change", [rename, rename_later])
@pytest.mark.parametrize("arrives", [False, True])
def test_nobody_knows_how_a_commit_ended_that_was_cut_off(
    wire: Wire, uow: UnitOfWork, change: Callable[[Tx], None], *, arrives: bool
) -> None:
    """It looks the same whether it was carried out or not, so it may be either.

    Whether the change was made before, or is sent together with the commit.
    """
    assert name(uow) != "Renamed"
    wire.cut_at_commit(arrives=arrives)
    with pytest.raises(DatabaseAway) as caught, uow.begin() as tx:
        change(tx)
    assert caught.value.perhaps_saved
    wire.mend()
    assert (name(uow) == "Renamed") is arrives


def test_one_of_two_that_wait_for_each_other_is_told_to_try_again(uow: UnitOfWork) -> None:
    """PostgreSQL ends one and lets the other go on; nobody has to look into that."""
    both_hold = threading.Barrier(2, timeout=30)

    def lock(first: int, second: int) -> Exception | None:
        try:
            with uow.begin() as tx:
                tx.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
                tx.execute(text(f"SELECT pg_advisory_xact_lock({first})"))
                both_hold.wait()
                tx.execute(text(f"SELECT pg_advisory_xact_lock({second})"))
        except Busy as told:
            return told
        return None

    with ThreadPoolExecutor(2) as threads:
        ended = list(threads.map(lock, (1, 2), (2, 1)))
    (told,) = [one for one in ended if one is not None]
    assert not isinstance(told, DatabaseAway)


def test_reading_saves_nothing_however_it_ends(wire: Wire, uow: UnitOfWork) -> None:
    """Its end is a commit too, which means nothing."""
    wire.cut_at_commit(arrives=False)
    with pytest.raises(DatabaseAway) as caught:
        name(uow)
    assert not caught.value.perhaps_saved


def test_what_comes_after_a_commit_does_not_undo_it(wire: Wire, uow: UnitOfWork) -> None:
    """A request that saved and then cannot read its answer does not say that nothing changed."""
    with uow.begin() as tx:
        rename(tx)
    wire.cut()
    with pytest.raises(DatabaseAway) as caught:
        name(uow)
    assert caught.value.perhaps_saved
    begin_request()
    with pytest.raises(DatabaseAway) as caught:
        name(uow)
    assert not caught.value.perhaps_saved, "another request"


def test_it_is_logged_once_and_so_is_its_return(wire: Wire, uow: UnitOfWork) -> None:
    """Not once for each request, and without a traceback."""
    with capture_logs() as logged:
        name(uow)
        wire.cut()
        for _ in range(3):
            with pytest.raises(DatabaseAway):
                name(uow)
        wire.mend()
        name(uow)
        name(uow)
    assert [one["event"] for one in logged] == ["database_away", "database_back"]
    assert re.search("connection", logged[0]["reason"])
    assert "exc_info" not in logged[0]


def test_one_that_comes_and_goes_is_logged_seldom(
    wire: Wire, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of connections, it turns one away and answers the next, thousands of times a night."""

    def comes_and_goes() -> list[str]:
        with capture_logs() as logged:
            for _ in range(3):
                wire.cut()
                with pytest.raises(DatabaseAway):
                    name(uow)
                wire.mend()
                name(uow)
        return [one["event"] for one in logged]

    assert comes_and_goes() == ["database_away", "database_back"]
    assert comes_and_goes() == []
    monkeypatch.setattr("storage.away.SELDOM", 0.0)
    assert comes_and_goes() == ["database_away", "database_back"] * 3


def test_who_was_under_way_when_it_went_away_tells_nothing_of_a_return(
    wire: Wire, uow: UnitOfWork
) -> None:
    """What they had asked was answered before; the others still cannot reach it."""
    with capture_logs() as logged:
        with uow.read(brief=True):
            wire.cut()
            with pytest.raises(DatabaseAway):
                name(uow)
        with pytest.raises(DatabaseAway):
            name(uow)
    assert [one["event"] for one in logged] == ["database_away"]


def test_many_who_find_out_at_once_log_it_once(wire: Wire, uow: UnitOfWork) -> None:
    """Each thread has lost a connection of its own."""
    wire.cut()
    gate = threading.Barrier(8)

    def ask(_: int) -> None:
        gate.wait()
        with suppress(DatabaseAway):
            name(uow)

    with capture_logs() as logged, ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(8)))
    assert [one["event"] for one in logged] == ["database_away"]


def test_another_fault_of_the_database_is_not_taken_for_its_absence(uow: UnitOfWork) -> None:
    """What is broken stays a fault, with a reference and a traceback."""
    with pytest.raises(Exception, match="nowhere") as caught, uow.begin() as tx:
        tx.execute(text("SELECT 1 FROM nowhere"))
    assert not isinstance(caught.value, DatabaseAway)
    with uow.begin() as tx:
        teams.save_installed(tx, TEAM, name="Acme", bot_user_id="U1", enterprise_id=None, now=NOON)


def test_a_connection_that_ended_in_the_pool_is_not_used(wire: Wire, uow: UnitOfWork) -> None:
    """After a restart of the server the first request works like any other."""
    with uow.begin() as tx:
        rename(tx)
    wire.cut()
    wire.mend()
    assert name(uow) == "Renamed"


def test_only_a_connection_that_rested_is_tried(
    engine: Engine, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question to the server before every transaction would be one more to wait for."""
    tried: list[object] = []

    def try_it(connection: object) -> bool:
        tried.append(connection)
        return True

    monkeypatch.setattr(engine.dialect, "do_ping", try_it)
    for _ in range(3):
        name(uow)
    assert tried == []
    monkeypatch.setattr("storage.engine.IDLE", -1.0)
    name(uow)
    assert len(tried) == 1


def test_a_brief_look_leaves_no_trace_on_its_connection(uow: UnitOfWork) -> None:
    """It needs no transaction of the server's; whoever writes there next has one."""
    before = name(uow)
    with uow.read(brief=True) as tx:
        assert tx.execute(text("SELECT 1")).scalar_one() == 1
        driver: Any = tx.core.connection.dbapi_connection
        assert driver.info.transaction_status is TransactionStatus.IDLE
    with suppress(LookupError), uow.begin() as tx:
        assert tx.core.connection.dbapi_connection is driver
        rename(tx)
        raise LookupError
    assert name(uow) == before
