"""Who starts a timer and who takes a right away, on PostgreSQL: both hold the row first."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from bot.domain.ids import MemberId
from bot.domain.people.people import Member
from storage.members import MemberRow
from storage.sql import table
from storage.tracking import timer_holds
from tests.builders import World

LONG = 60
"""Seconds after which the test gives up."""

_MEMBER = table(MemberRow).c


@pytest.fixture
def world(postgresql_url: str) -> Iterator[World]:
    """A team."""
    made = World(postgresql_url)
    yield made
    made.close()


def hold(world: World, member_id: MemberId) -> Member | None:
    """As a start does."""
    with world.uow.begin() as tx:
        return timer_holds.hold_member(tx, world.team_id, member_id)


def somebody_waits(world: World) -> bool:
    """For a lock of ours that is held."""
    with world.uow.read() as tx:
        waiting = (
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )
        return bool(tx.execute(text(waiting)).scalar_one())


def test_the_row_is_held_before_what_keeps_everybody_else_out(world: World) -> None:
    """In the other order a start and whoever changes the member would wait for each other."""
    ana = world.member("ana")
    row = select(_MEMBER.id).where(_MEMBER.id == ana.id)
    with ThreadPoolExecutor(1) as thread:
        with world.uow.begin() as tx:
            timer_holds.hold_for_all(tx, world.team_id)
            starting = thread.submit(hold, world, ana.id)
            given_up = time.monotonic() + LONG
            while not somebody_waits(world) and time.monotonic() < given_up:
                time.sleep(0.01)
            with world.uow.begin() as other:
                free = row.with_for_update(key_share=True, skip_locked=True)
                assert other.execute(free).first() is None
            assert not starting.done()
        assert starting.result(LONG) == ana


def test_nobody_is_held_who_is_not_there(world: World) -> None:
    """A forged id finds nobody."""
    assert hold(world, MemberId(77)) is None
