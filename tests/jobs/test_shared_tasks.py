"""Tasks that are in several projects of a tool at a time."""

from bot.integrations.api import AlsoIn
from tests.jobs.sync_world import SyncWorld


async def _begun(world: SyncWorld, *linked: str) -> None:
    """Two projects with one task in both, which its tool tells as the first one's."""
    world.site.project("p1", "Acme Web")
    world.site.project("p2", "Operations")
    world.site.task("t", "p1", "Move servers", section="Doing", also_in=(AlsoIn("p2", "Later"),))
    await world.job.run(world.here)
    for project in linked:
        world.link_new(project)
    await world.sync()


def _kept(world: SyncWorld) -> tuple[str, str]:
    """Where it is kept, and in which section."""
    row = world.one(
        "SELECT p.external_id AS place, t.section FROM task t "
        "JOIN provider_project p ON p.id = t.provider_project_id WHERE t.gone_at IS NULL"
    )
    return row.place, row.section


async def test_shared_task_is_one_task_and_does_not_wander(world: SyncWorld) -> None:
    """Both lists show it, and nothing is written for it by any of the following syncs."""
    await _begun(world, "p1", "p2")
    assert _kept(world) == ("p1", "Doing")
    await world.sweep()
    await world.sweep()
    assert _kept(world) == ("p1", "Doing")
    assert (world.last_run().created, world.last_run().changed, world.last_run().gone) == (0, 0, 0)


async def test_shared_task_is_kept_in_the_project_that_is_linked(world: SyncWorld) -> None:
    """Whichever the tool names first; once the other is linked too, it stays where it is."""
    await _begun(world, "p2")
    assert _kept(world) == ("p2", "Later")
    world.link_new("p1")
    await world.sweep()
    assert _kept(world) == ("p2", "Later")


async def test_shared_task_goes_where_it_still_is(world: SyncWorld) -> None:
    """Taken out of one project it lives on in the other, with its time."""
    await _begun(world, "p1", "p2")
    before = world.one("SELECT id FROM task").id
    world.site.task("t", "p2", "Move servers", section="Later")
    await world.sweep()
    assert _kept(world) == ("p2", "Later")
    assert world.one("SELECT id FROM task").id == before


async def test_shared_task_leaves_a_project_that_is_archived(world: SyncWorld) -> None:
    """In an archived project nobody can track it; in the other they can."""
    await _begun(world, "p1", "p2")
    world.site.project("p1", "Acme Web", is_archived=True)
    await world.sweep()
    assert _kept(world) == ("p2", "Later")
