from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from bot.domain.ids import IntegrationId, MemberId, ProjectId
from bot.domain.people.people import Member
from bot.domain.states import MembersPolicy
from bot.services.people.membership import join_member, join_project
from storage.linking.integrations import IntegrationRow
from storage.projects.projects import ProjectMemberRow
from tests.builders import NOON, World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """One team on each kind of database."""
    made = World(database_url)
    yield made
    made.close()


def on_project(world: World, project: ProjectId) -> set[MemberId]:
    """Who belongs to the project now."""
    query = select(col(ProjectMemberRow.member_id)).where(
        col(ProjectMemberRow.project_id) == project, col(ProjectMemberRow.removed_at).is_(None)
    )
    with world.uow.read() as tx:
        return {MemberId(row[0]) for row in tx.execute(query)}


def joined(world: World, project: ProjectId) -> int:
    """How many the policies add."""
    with world.uow.begin() as tx:
        return join_project(tx, world.team_id, project, NOON)


def policy(world: World, integration: IntegrationId, chosen: MembersPolicy) -> None:
    """Chooses the integration's members policy."""
    query = update(IntegrationRow).where(col(IntegrationRow.id) == integration)
    with world.uow.begin() as tx:
        tx.execute(query.values(members_policy=chosen))


def connected(world: World, integration: IntegrationId, name: str) -> Member:
    """A person with a connected account."""
    person = world.member(name)
    world.connected(person, integration, world.account(integration, name))
    return person


def test_only_people_with_access_in_the_provider_join(world: World) -> None:
    """Mia may see the project there and joins; Ben may not, Cleo never connected: neither joins."""
    board = world.integration(world.member("ana", admin=True))
    shop = world.provider_project(board, "Shop", everyone=False)
    mia = world.member("mia")
    account = world.account(board, "Mia")
    world.connected(mia, board, account)
    world.access(shop, account)
    connected(world, board, "ben")
    world.member("cleo")
    project = world.project()
    world.link(shop, project)
    assert joined(world, project) == 1
    assert on_project(world, project) == {mia.id}


def test_a_project_open_to_everyone_takes_everyone_connected(world: World) -> None:
    """The provider lists no access: every connected person joins, and a second call adds nobody."""
    board = world.integration(world.member("ana", admin=True))
    people = {connected(world, board, name).id for name in ("mia", "ben")}
    project = world.project()
    world.link(world.provider_project(board), project)
    assert joined(world, project) == 2
    assert joined(world, project) == 0
    assert on_project(world, project) == people


def test_the_policy_decides(world: World) -> None:
    """With the policy off nobody joins; with everyone connected, access does not matter."""
    board = world.integration(world.member("ana", admin=True))
    ben = connected(world, board, "ben")
    project = world.project()
    world.link(world.provider_project(board, everyone=False), project)
    policy(world, board, MembersPolicy.OFF)
    assert joined(world, project) == 0
    policy(world, board, MembersPolicy.EVERYONE_CONNECTED)
    assert joined(world, project) == 1
    assert on_project(world, project) == {ben.id}


def test_a_newly_connected_member_joins_what_is_linked(world: World) -> None:
    """Connecting opens this integration's linked projects, and nobody else gains anything."""
    ana = world.member("ana", admin=True)
    board, other = world.integration(ana), world.integration(ana, site="other board")
    web, shop, away = (
        world.project("Web", "WEB"),
        world.project("Shop", "SH"),
        world.project("Away", "AW"),
    )
    world.link(world.provider_project(board, "Web"), web)
    world.link(world.provider_project(board, "Shop"), shop)
    with world.uow.begin() as tx:
        tx.execute(
            update(IntegrationRow).where(col(IntegrationRow.id) == other).values(state="active")
        )
    mia, ben = connected(world, board, "mia"), connected(world, board, "ben")
    with world.uow.begin() as tx:
        assert join_member(tx, world.team_id, mia.id, board, NOON) == 2
        assert join_member(tx, world.team_id, ben.id, other, NOON) == 0
    assert on_project(world, web) == on_project(world, shop) == {mia.id}
    assert on_project(world, away) == set()


def test_nobody_joins_what_no_sync_has_looked_at(world: World) -> None:
    """Right after a link nobody knows who may see the project; the end of the first read does."""
    board = world.integration(world.member("ana", admin=True))
    project = world.project()
    world.link(world.provider_project(board, "Secret", read=False), project)
    connected(world, board, "mia")
    assert joined(world, project) == 0
    policy(world, board, MembersPolicy.EVERYONE_CONNECTED)
    assert joined(world, project) == 1
