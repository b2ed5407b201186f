"""Statements that go straight to the driver: they do what SQLAlchemy does, and fail as it does."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.states import IntegrationState, ProjectLinkState
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.members import MemberRow
from storage.prepared import Prepared
from storage.sql import spelled_out, table
from storage.teams import TeamRow
from tests.builders import NOON, World
from tests.statements import heard

MEMBER, TEAM = table(MemberRow).c, table(TeamRow).c


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A team with two people."""
    made = World(database_url)
    made.member("ana", admin=True)
    made.member("bo")
    yield made
    made.close()


def test_values_come_back_as_their_columns_say(world: World) -> None:
    """Moments in UTC, truth values, JSON: the same whether SQLAlchemy or the driver was asked."""
    query = (
        select(*table(MemberRow).columns)
        .where(MEMBER.team_id == bindparam("team"), MEMBER.name.not_in(("Nobody", "Bo")))
        .order_by(MEMBER.id)
    )
    names = {"team": world.team_id}
    with world.uow.read() as tx:
        (row,) = Prepared(query).all(tx, names)
        assert tuple(row) == tuple(tx.execute(query, names).one())
        assert (row.name, row.slack_admin, row.refreshed_at) == ("Ana", True, NOON)
        assert row.refreshed_at.tzinfo is UTC


def test_it_can_be_run_again_with_other_values(world: World) -> None:
    """What one call was given is not kept for the next."""
    query = Prepared(select(MEMBER.id, MEMBER.name).where(MEMBER.name == bindparam("name")))
    with world.uow.read() as tx:
        assert [one.name for one in query.all(tx, {"name": "Ana"})] == ["Ana"]
        assert query.first(tx, {"name": "Nobody"}) is None
        assert query.value(tx, {"name": "Nobody"}) is None
        assert query.value(tx, {"name": "Bo"}) == 2


def test_it_writes_and_says_how_much(world: World) -> None:
    """An update with moments and JSON in it; nothing of it is there before the commit."""
    change = Prepared(
        update(table(TeamRow))
        .where(TEAM.id == bindparam("team"))
        .values(settings=bindparam("chosen"), installed_at=bindparam("at"))
    )
    at = datetime(2026, 1, 2, 3, tzinfo=UTC)
    with world.uow.begin() as tx:
        assert change.change(tx, {"team": world.team_id, "chosen": {"a": 1}, "at": at}) == 1
        assert change.change(tx, {"team": "T0NOBODY", "chosen": {}, "at": at}) == 0
    with world.uow.read() as tx:
        row = tx.execute(select(TEAM.settings, TEAM.installed_at)).one()
    assert tuple(row) == ({"a": 1}, at)


def test_what_the_database_forbids_is_refused_as_always(world: World) -> None:
    """The use cases decide anew when two requests met: they know it by SQLAlchemy's error."""
    names = ["id", "name", "bot_user_id", "installed_at", "settings"]
    add = Prepared(insert(table(TeamRow)), names)
    row = {"id": world.team_id, "name": "", "bot_user_id": "", "installed_at": NOON, "settings": {}}
    with pytest.raises(IntegrityError) as caught, world.uow.begin() as tx:
        add.change(tx, row)
    assert world.team_id not in str(caught.value).partition("[SQL")[2]


def test_states_are_spelled_out(world: World) -> None:
    """SQLite uses a partial index only where its condition stands in the statement."""
    sites = table(IntegrationRow).c
    query = Prepared(select(sites.id).where(sites.state == spelled_out(IntegrationState.ACTIVE)))
    with world.uow.read() as tx:
        assert query.all(tx, {}) == []
    with heard(world.engine) as said, world.uow.read() as tx:
        assert query.all(tx, {}) == []
    assert "state = 'active'" in said[-1].sql, "who listens to statements hears of these too"


def test_sqlite_plans_it_once(sqlite_url: str) -> None:
    """A value that is sent would be planned anew wherever a partial index hangs on it."""
    world = World(sqlite_url)
    links = table(ProjectLinkRow).c
    query = Prepared(
        select(links.id).where(
            links.provider_project_id == bindparam("source"),
            links.state == ProjectLinkState.ACTIVE,
        )
    )
    planned: list[tuple[object, ...]] = []

    def plans(*what: object) -> int:
        planned.append(what)
        return sqlite3.SQLITE_OK

    with world.uow.read() as tx:
        driver = cast("sqlite3.Connection", tx.core.connection.dbapi_connection)
        driver.set_authorizer(plans)
        query.all(tx, {"source": 1})
        once = len(planned)
        query.all(tx, {"source": 2})
        assert (once > 0, len(planned)) == (True, once)
        driver.set_authorizer(None)
    world.close()
