"""PostgreSQL plans what is asked most once, and everything else as it is asked."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from storage.prepared import Prepared, written
from storage.sql import table
from storage.teams import TeamRow
from storage.unit_of_work import Tx
from tests.builders import World

_TEAM = table(TeamRow).c
_NAME = Prepared(select(_TEAM.name).where(_TEAM.id == bindparam("team")))
_MODE = Prepared(select(func.current_setting("plan_cache_mode").label("mode")))
_PLANNED = text("SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements")


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    """A team."""
    made = World(postgresql_url)
    yield made
    made.close()


def ask(tx: Tx, world: World) -> None:
    """Runs a prepared statement."""
    assert _NAME.value(tx, {"team": world.team_id})


def by_psycopg(tx: Tx) -> object:
    """How statements that SQLAlchemy sends are planned."""
    return tx.execute(text("SHOW plan_cache_mode")).scalar()


def kept(tx: Tx) -> bool:
    """Whether prepared statements keep their plans."""
    return bool(_MODE.value(tx, {}) == "force_generic_plan")


def test_a_prepared_statement_is_planned_for_any_values(world: World) -> None:
    """From its first run on: by itself PostgreSQL would try five others before."""
    with world.uow.begin() as tx:
        ask(tx, world)
        ask(tx, world)
        assert tuple(tx.execute(_PLANNED).one()) == (2, 0)


def test_what_goes_another_way_is_planned_for_its_values(world: World) -> None:
    """A report of a small team is not to be planned as that of a large one."""
    with world.uow.begin() as tx:
        for _ in range(2):
            ask(tx, world)
            assert by_psycopg(tx) == "auto"
    with world.uow.begin() as tx:
        assert kept(tx)


def test_plans_are_kept_after_a_transaction_was_taken_back(world: World) -> None:
    """What the server was told inside is taken back with it, whichever it was."""

    def taken_back(*, asked: bool) -> None:
        with world.uow.begin() as tx:
            ask(tx, world)
            assert by_psycopg(tx) == "auto"
            if asked:
                ask(tx, world)
            raise LookupError

    for asked in (True, False):
        with pytest.raises(LookupError):
            taken_back(asked=asked)
        with world.uow.begin() as tx:
            assert by_psycopg(tx) == "auto"
            assert kept(tx)


def test_plans_are_kept_after_a_refused_statement(world: World) -> None:
    """Nobody knows then what the server was told last, so it is told again."""

    def refused() -> None:
        with world.uow.begin() as tx:
            ask(tx, world)
            written(tx, "SELECT 1 / (%(one)s - 1)", {"one": 1})

    with pytest.raises(DBAPIError):
        refused()
    with world.uow.begin() as tx:
        assert by_psycopg(tx) == "auto"
        assert kept(tx)


def test_a_commit_that_was_a_rollback_takes_back_what_was_told(world: World) -> None:
    """Where somebody went on after a statement of SQLAlchemy's had failed."""

    def went_on() -> None:
        with world.uow.begin() as tx, suppress(DBAPIError):
            tx.execute(text("SELECT 1 / 0"))

    with world.uow.begin() as tx:
        ask(tx, world)
    with pytest.raises(DBAPIError):
        went_on()
    with world.uow.begin() as tx:
        assert by_psycopg(tx) == "auto"
        assert kept(tx)


def test_values_that_are_written_out_stay_values(world: World) -> None:
    """Whatever stands in them."""
    for value in ("'; DROP TABLE team; --", "back\\slash", "50 %s", "", 7, -7, None):
        with world.uow.read() as tx:
            assert written(tx, "SELECT %(it)s", {"it": value}) == [(value,)]
