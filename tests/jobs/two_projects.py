"""A tool with two projects, of which one is linked."""

from bot.integrations.api import ProviderAccount
from tests.builders import NOON
from tests.jobs.sync_world import SyncWorld


def fill(world: SyncWorld, tasks: int = 5) -> None:
    """Acme Web with tasks, Operations without, and Ana's account."""
    world.site.project("p1", "Acme Web", key="WEB")
    world.site.project("p2", "Operations")
    world.site.accounts["a1"] = ProviderAccount(
        "a1", "Ana R", "Ana@Acme.test", email_is_verified=True
    )
    for number in range(1, tasks + 1):
        world.site.task(f"t{number}", "p1", f"Task {number}", key=f"WEB-{number}", updated_at=NOON)


async def linked(world: SyncWorld) -> None:
    """Two projects mirrored, the first one linked, its tasks read."""
    fill(world)
    await world.job.run(world.here)
    world.link_new("p1")
    await world.sync()
