"""How long the records of sync runs are kept."""

from datetime import timedelta

from bot.services.sync.syncing import QUIET_KEPT
from tests.builders import NOON
from tests.jobs.sync_world import SyncWorld


async def test_runs_without_news_are_kept_for_a_day(world: SyncWorld) -> None:
    """The clock makes 288 a day for each tool; what somebody asked for or saw come stays."""
    world.site.project("p1", "Acme Web", key="WEB")
    world.site.task("t1", "p1", "Task 1", key="WEB-1", updated_at=NOON)
    await world.job.run(world.here)  # announces the project
    await world.sync()  # finds nothing
    world.later(minutes=6)
    world.ask(world.admin)
    await world.job.run(world.here)  # finds nothing, for somebody who waits for its report
    runs = [row.id for row in world.rows("SELECT id FROM sync_run ORDER BY id")]
    assert len(runs) == 3
    world.syncing.tidy(world.now)
    assert len(world.rows("SELECT id FROM sync_run")) == 3
    world.syncing.tidy(world.now + QUIET_KEPT + timedelta(minutes=1))
    kept = [row.id for row in world.rows("SELECT id FROM sync_run ORDER BY id")]
    assert kept == [runs[0], runs[2]]
