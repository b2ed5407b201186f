"""What somebody tracked last, however much they and others tracked before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.ids import TimeEntryId
from bot.domain.people.people import Member
from storage.entries import time_entries
from tests.builders import World

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
FEW = 20
"""Rows that are read for an entry, those of its day."""

_COPIED = text("""
    INSERT INTO time_entry (team_id, member_id, project_id, started_at, ended_at, seconds,
        work_date, note, marker, permalink, created_at)
    SELECT team_id, member_id, project_id, started_at - number * interval '1 day',
        ended_at - number * interval '1 day', seconds, work_date - number, note,
        marker || '-' || number, permalink, created_at
    FROM time_entry CROSS JOIN generate_series(1, :days) AS number WHERE member_id = :member
""")
_READ = text("""
    SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'time_entry'
""")


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A team."""
    made = World(database_url)
    yield made
    made.close()


def last(world: World, who: Member) -> TimeEntryId | None:
    """Its id."""
    with world.uow.read() as tx:
        found = time_entries.last(tx, world.team_id, who.id)
    return None if found is None else found.entry.id


def test_it_is_the_latest_of_the_latest_day(world: World) -> None:
    """By the day, then by the clock; what was deleted, or is another's, does not count."""
    ana, ben, project = world.member(), world.member("ben"), world.project()
    assert last(world, ana) is None
    world.entry(ana, project, None, NOON - A_DAY, NOON - A_DAY + AN_HOUR)
    meant = world.entry(ana, project, None, NOON + AN_HOUR, NOON + 2 * AN_HOUR)
    world.entry(ana, project, None, NOON, NOON + AN_HOUR)
    deleted = world.entry(ana, project, None, NOON + A_DAY, NOON + A_DAY + AN_HOUR)
    world.entry(ben, project, None, NOON + A_DAY, NOON + A_DAY + AN_HOUR)
    with world.uow.begin() as tx:
        tx.execute(
            text("UPDATE time_entry SET deleted_at = created_at WHERE id = :id"), {"id": deleted}
        )
    assert last(world, ana) == meant


def test_other_teams_have_none_of_it(world: World) -> None:
    """A member's number is no way in."""
    ana, project = world.member(), world.project()
    world.entry(ana, project, None, NOON, NOON + AN_HOUR)
    other = world.team()
    with world.uow.read() as tx:
        assert time_entries.last(tx, other, ana.id) is None


def test_who_tracked_for_years_has_it_as_soon(postgresql_url: str) -> None:
    """PostgreSQL plans it for anybody, and most people have few entries."""
    world = World(postgresql_url)
    project = world.project()
    people = [world.member(f"p{number}") for number in range(30)]
    for who, days in zip(people, (1000, *(3,) * 29), strict=True):
        world.entry(who, project, None, NOON, NOON + AN_HOUR)
        with world.uow.begin() as tx:
            tx.execute(_COPIED, {"days": days, "member": who.id})
    with world.uow.begin() as tx:
        tx.execute(text("ANALYZE"))
    with world.uow.read() as tx:
        before = tx.execute(_READ).scalar_one()
        assert time_entries.last(tx, world.team_id, people[0].id)
        assert tx.execute(_READ).scalar_one() - before < FEW
    world.close()
