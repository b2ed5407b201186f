"""What is sent together to PostgreSQL comes to the same as one after another."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import bindparam, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from storage import members, teams
from storage.prepared import Prepared, ask_together, written
from storage.sql import table
from storage.teams import TeamRow
from storage.unit_of_work import Tx
from tests.builders import NOON, World
from tests.round_trips import trips

if TYPE_CHECKING:
    from storage.pipelined import Pipelined

_TEAM = table(TeamRow).c
_NAME = Prepared(select(_TEAM.name).where(_TEAM.id == bindparam("team")))
_HELD = Prepared(select(_TEAM.id).where(_TEAM.id == bindparam("team")).with_for_update())
_LOCK = Prepared(select(func.pg_advisory_xact_lock(bindparam("lock"))))
_RENAME = Prepared(
    update(table(TeamRow)).where(_TEAM.id == bindparam("team")).values(name=bindparam("to"))
)
_ADD = Prepared(insert(table(TeamRow)), ["id", "name", "bot_user_id", "installed_at", "settings"])


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    """A team."""
    made = World(postgresql_url)
    yield made
    made.close()


def twice(world: World) -> dict[str, object]:
    """A team that is there already."""
    return {
        "id": world.team_id,
        "name": "Again",
        "bot_user_id": "U1",
        "installed_at": NOON,
        "settings": {},
    }


def test_a_transaction_begins_with_its_first_statement(world: World) -> None:
    """Two statements and the end are three answers; without statements there is none at all."""
    named = {"team": world.team_id}

    def nothing() -> None:
        with world.uow.begin():
            pass

    def two() -> None:
        with world.uow.begin() as tx:
            _NAME.value(tx, named)
            _NAME.value(tx, named)

    two()  # prepared now
    assert (trips(world.engine, nothing), trips(world.engine, two)) == (0, 3)


def test_what_is_written_later_goes_with_the_commit(world: World) -> None:
    """It is there afterwards, and cost no answer of its own."""
    named = {"team": world.team_id, "to": "Renamed"}

    def written() -> None:
        with world.uow.begin() as tx:
            _NAME.value(tx, named)
            _RENAME.later(tx, named)

    written()
    assert trips(world.engine, written) == 2
    with world.uow.read() as tx:
        assert _NAME.value(tx, named) == "Renamed"


def test_whatever_comes_next_sees_what_was_written_later(world: World) -> None:
    """By whichever way it is sent."""
    named = {"team": world.team_id}
    with world.uow.begin() as tx:
        _RENAME.later(tx, named | {"to": "One"})
        assert _NAME.value(tx, named) == "One"
        _RENAME.later(tx, named | {"to": "Two"})
        assert tx.execute(select(_TEAM.name).where(_TEAM.id == world.team_id)).scalar() == "Two"
        _RENAME.later(tx, named | {"to": "Three"})
        assert written(tx, "SELECT name FROM team", {}) == [("Three",)]


def test_what_the_database_refuses_later_is_refused_at_the_commit(world: World) -> None:
    """Nothing of the transaction stays, and the use cases know it by the same error."""
    named = {"team": world.team_id}

    def refused() -> None:
        with world.uow.begin() as tx:
            _RENAME.change(tx, named | {"to": "Renamed"})
            _ADD.later(tx, twice(world))

    with pytest.raises(IntegrityError):
        refused()
    with world.uow.begin() as tx:
        assert _NAME.value(tx, named) != "Renamed"


def test_what_is_due_is_forgotten_where_the_transaction_is_taken_back(world: World) -> None:
    """It must not slip into the next transaction of the connection."""
    named = {"team": world.team_id}

    def taken_back() -> None:
        with world.uow.begin() as tx:
            _NAME.value(tx, named)
            _RENAME.later(tx, named | {"to": "Renamed"})
            raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            taken_back()
    with world.uow.begin() as tx:
        assert _NAME.value(tx, named) != "Renamed"


def test_what_was_asked_along_costs_no_answer_of_its_own(world: World) -> None:
    """It is answered from what came back with the first."""
    ana = world.member("ana")
    look = teams.look_for_settings(world.team_id)

    def asked() -> None:
        with world.uow.read(brief=True) as tx:
            assert _NAME.value(tx, {"team": world.team_id}, [look])
            assert members.by_id(tx, world.team_id, ana.id) == ana
            teams.settings(tx, world.team_id)

    asked()
    assert trips(world.engine, asked) == 2


def test_what_is_asked_together_costs_one_wait(world: World) -> None:
    """Another look between the first and its answer changes nothing about that."""
    ana = world.member("ana")
    looks = [teams.look_for_settings(world.team_id), (_NAME, {"team": world.team_id})]

    def asked() -> None:
        with world.uow.read(brief=True) as tx:
            ask_together(tx, looks)
            assert members.by_id(tx, world.team_id, ana.id) == ana
            named = {"one": 7, "two": 8, "unused": 9}
            assert written(tx, "SELECT %(two)s::int - %(one)s::int * %(two)s", named) == [(-48,)]
            teams.settings(tx, world.team_id)
            assert _NAME.value(tx, {"team": world.team_id})

    asked()
    assert trips(world.engine, asked) == 3


CHANGES: dict[str, Callable[[Tx, dict[str, object]], object]] = {
    "prepared": _RENAME.change,
    "later": _RENAME.later,
    "core": lambda tx, named: tx.execute(
        update(TeamRow).where(_TEAM.id == named["team"]).values(name=named["to"])
    ),
    "driver": lambda tx, named: tx.core.exec_driver_sql("UPDATE team SET name = %(to)s", named),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_was_asked_along_is_asked_anew_after_a_change(
    world: World, change: Callable[[Tx, dict[str, object]], object]
) -> None:
    """Whichever way the change took."""
    named: dict[str, object] = {"team": world.team_id}
    with world.uow.begin() as tx:
        _HELD.first(tx, named, [(_NAME, named)])
        change(tx, named | {"to": "Renamed"})
        assert _NAME.value(tx, named) == "Renamed"


@pytest.mark.parametrize("lock", [(_HELD, "team"), (_LOCK, "lock")], ids=["row", "advisory"])
def test_what_was_asked_along_is_asked_anew_after_a_lock(
    world: World, lock: tuple[Prepared, str]
) -> None:
    """Whoever waited for somebody sees what they did, though it was asked before as well."""
    named = {"team": world.team_id, "lock": 7}
    held, name = lock
    theirs = {name: named[name]}

    def second() -> object:
        with world.uow.begin() as tx:
            _NAME.value(tx, {"team": "T0NOBODY"}, [(_NAME, {"team": world.team_id})])
            held.all(tx, theirs)
            return _NAME.value(tx, {"team": world.team_id})

    with ThreadPoolExecutor(1) as other:
        with world.uow.begin() as tx:
            held.all(tx, theirs)
            _RENAME.change(tx, {"team": world.team_id, "to": "Renamed"})
            seen = other.submit(second)
            wait([seen], timeout=0.2)
        assert seen.result() == "Renamed"


def test_what_is_asked_along_with_a_lock_is_seen_after_it(world: World) -> None:
    """It may wait for long, and what is told then is not from before."""
    named = {"team": world.team_id}

    def second() -> object:
        with world.uow.begin() as tx:
            _HELD.first(tx, named, [(_NAME, named)])
            return _NAME.value(tx, named)

    with ThreadPoolExecutor(1) as other:
        with world.uow.begin() as tx:
            _HELD.first(tx, named)
            _RENAME.change(tx, named | {"to": "Renamed"})
            seen = other.submit(second)
            wait([seen], timeout=0.2)
        assert seen.result() == "Renamed"


def test_a_refused_statement_leaves_a_connection_that_works(world: World) -> None:
    """Also amid others that were sent with it."""
    named = {"team": world.team_id}
    broken = Prepared(select(func.no_such_function(bindparam("team"))))
    for _ in range(2):
        with pytest.raises(IntegrityError), world.uow.begin() as tx:
            _ADD.change(tx, twice(world), [(_NAME, named)])
        with pytest.raises(ProgrammingError), world.uow.begin() as tx:
            broken.first(tx, named, [(_NAME, named)])
        with world.uow.begin() as tx:
            assert _NAME.value(tx, named)


@pytest.mark.parametrize("prepared", [False, True])
def test_nothing_is_told_as_saved_after_a_statement_that_failed(
    world: World, *, prepared: bool
) -> None:
    """PostgreSQL answers such a commit as if all were well, and has rolled everything back."""
    named = {"team": world.team_id, "to": "Renamed"}

    def go_on() -> None:
        with world.uow.begin() as tx:
            _RENAME.change(tx, named)
            with suppress(DBAPIError):
                if prepared:
                    _ADD.change(tx, twice(world))
                else:
                    tx.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError, match="rollback"):
        go_on()
    with world.uow.begin() as tx:
        assert _NAME.value(tx, named) == "Acme"


def test_what_psycopg_makes_the_server_forget_is_prepared_again(world: World) -> None:
    """It does so after a savepoint was taken back, for example, once it has prepared something."""
    named = {"team": world.team_id}
    with world.uow.begin() as tx:
        for _ in range(10):
            tx.execute(select(_TEAM.name).where(_TEAM.id == world.team_id))
        _NAME.value(tx, named)
        inner = tx.core.begin_nested()
        inner.rollback()
        assert tx.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar() == 0
        assert _NAME.value(tx, named)


@pytest.mark.parametrize("brief", [False, True])
@pytest.mark.parametrize("is_changed", [False, True])
@pytest.mark.parametrize("of_psycopg", [0, 10])
def test_statements_that_fit_no_longer_fail_only_once(
    world: World, of_psycopg: int, *, is_changed: bool, brief: bool
) -> None:
    """Upgrades beside a running process change a table, or the server forgets them.

    The connection stays.
    """
    opened: list[object] = []
    event.listen(world.engine, "connect", lambda *_: opened.append(1))

    def asked() -> None:
        with world.uow.read(brief=brief) as tx:
            for _ in range(of_psycopg):  # it prepares what it sees often
                tx.execute(select(_TEAM.name))
            _NAME.value(tx, {"team": world.team_id})

    asked()
    for width in range(990, 998):
        with world.engine.connect() as used, world.engine.connect() as other:
            if is_changed:
                other.exec_driver_sql(f"ALTER TABLE team ALTER COLUMN name TYPE varchar({width})")
                other.commit()
            else:
                driver = cast("Pipelined", used.connection.driver_connection)
                driver.pgconn.exec_(b"DISCARD ALL")
        with pytest.raises(DBAPIError):
            asked()
        asked()
    assert len(opened) == 1  # that of who changes the table


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Whoever starts the tests in the background has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_who_interrupts_a_wait_leaves_a_connection_that_works(world: World) -> None:
    """An operator's command waits for a row that somebody else holds."""
    named = {"team": world.team_id}

    def held() -> None:
        with world.uow.begin() as tx:
            tx.execute(text("SET LOCAL lock_timeout = '20s'"))  # an end for what nobody interrupts
            _HELD.first(tx, named, [(_NAME, named)])

    held()
    with world.engine.begin() as other:
        other.execute(select(_TEAM.id).with_for_update())
        interrupted = Timer(0.3, os.kill, [os.getpid(), signal.SIGINT])
        interrupted.start()
        with pytest.raises(KeyboardInterrupt):
            held()
        interrupted.join()
    held()
