"""A channel's preferred project, on both databases."""

from collections.abc import Iterator

import pytest

from storage.projects.projects import ProjectRow
from storage.tasks import channel_defaults
from tests.builders import NOON, World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """One team on each kind of database."""
    made = World(database_url)
    yield made
    made.close()


def test_a_channel_prefers_one_project_at_a_time(world: World) -> None:
    """A second choice replaces the first, and says who made it; off means none."""
    ana, bo = world.member("ana", admin=True), world.member("bo", admin=True)
    website, shop = world.project("Website", "WEB"), world.project("Shop", "SHOP")
    with world.uow.begin() as tx:
        channel_defaults.put(tx, world.team_id, "C1", website, by=ana.id, now=NOON)
        channel_defaults.put(tx, world.team_id, "C1", shop, by=bo.id, now=NOON)
        found = channel_defaults.find(tx, world.team_id, "C1")
        assert found is not None
        assert (found.project_id, found.project_name, found.by) == (shop, "Shop", "Bo")
        assert (found.is_archived, found.is_connected) == (False, False)
        assert channel_defaults.drop(tx, world.team_id, "C1")
        assert channel_defaults.find(tx, world.team_id, "C1") is None
        assert not channel_defaults.drop(tx, world.team_id, "C1")


def test_a_channel_id_of_another_team_means_nothing(world: World) -> None:
    """The fence holds although Slack gives both teams the same id for a shared channel."""
    ana, website = world.member("ana", admin=True), world.project()
    other = world.team()
    with world.uow.begin() as tx:
        channel_defaults.put(tx, world.team_id, "C1", website, by=ana.id, now=NOON)
        assert channel_defaults.find(tx, other, "C1") is None
        assert not channel_defaults.drop(tx, other, "C1")


def test_an_archived_project_stays_preferred_and_says_so(world: World) -> None:
    """Once it is back, the channel prefers it again."""
    ana, website = world.member("ana", admin=True), world.project()
    source = world.provider_project(world.integration(ana))
    world.link(source, website)
    with world.uow.begin() as tx:
        channel_defaults.put(tx, world.team_id, "C1", website, by=ana.id, now=NOON)
        row = tx.entities.get(ProjectRow, website)
        assert row is not None
        row.archived_at = NOON
        tx.entities.flush()
        found = channel_defaults.find(tx, world.team_id, "C1")
    assert found is not None
    assert (found.is_archived, found.is_connected) == (True, True)
