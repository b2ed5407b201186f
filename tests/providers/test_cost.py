"""What a sync costs at its provider, counted at the stand-in: the table in ``docs/sync.md``.

Of 100 projects with 1,000 tasks each, two and three are linked and synced for real; each one more
costs as much as the third did.
"""

import pytest

from bot.services.sync import syncing
from tests.jobs.sync_world import SyncWorld, opened
from tests.providers.measured import Table
from tests.providers.stand_in import StandIn
from tests.providers.stand_ins import STAND_INS

pytestmark = pytest.mark.long

PROJECTS = 100
TASKS = 1000
"""In each project."""

ROWS = list(STAND_INS)
FIRST, NOTHING, SOME = "First sync", "Nothing changed", "1 % changed"
ONE = "One project asked for"
COLUMNS = [FIRST, NOTHING, SOME, ONE]
TABLE = Table("sync.md", "cost", "Requests")


class Counting:
    """A site with 100 projects, of which the first few are linked."""

    def __init__(self, stand_in: StandIn, world: SyncWorld) -> None:
        self._stand_in = stand_in
        self._world = world

    async def sync(self) -> int:
        """Time passes, the next sync comes; how many requests it made."""
        self._world.later(hours=1)
        self._stand_in.now = self._world.now
        before = len(self._stand_in.seen)
        await self._world.job.run(self._world.here)
        assert self._world.last_run().state == "done"
        return len(self._stand_in.seen) - before

    async def resync(self, project: str) -> int:
        """Somebody asks for one project, or has just linked it; how many requests that makes."""
        world, before = self._world, len(self._stand_in.seen)
        source = world.source(project)
        with world.uow.begin() as tx:
            syncing.ask(
                tx,
                world.team_id,
                world.here,
                asked_by=world.admin.id,
                now=world.now,
                full=True,
                projects=[source],
            )
        await world.job.run(world.here)
        assert (world.last_run().state, world.last_run().unchanged) == ("done", TASKS)
        return len(self._stand_in.seen) - before

    def edit(self, *projects: str) -> None:
        """Somebody edits one task in a hundred."""
        for project in projects:
            for task_id in list(self._stand_in.titles(project))[: TASKS // 100]:
                self._stand_in.retitle(task_id, f"Edited at {self._world.now}")


@pytest.mark.parametrize("row", ROWS)
async def test_cost_of_a_sync(row: str, sqlite_url: str) -> None:
    """The least that the API allows, and no more after the next change of the code."""
    stand_in = STAND_INS[row](TASKS)
    async with stand_in.running():
        made = [stand_in.add_project(f"Project {number}") for number in range(PROJECTS - 1)]
        for project in made[:2]:
            for number in range(TASKS):
                stand_in.add_task(f"Task {number}", project)
        linked = [stand_in.project_id, *made[:2]]
        world = SyncWorld(
            sqlite_url,
            factory=stand_in.factory,
            credentials=stand_in.credentials,
            public_url=None,  # setting webhooks up is a matter of two or three requests, once
        )
        async with opened(world):
            counting = Counting(stand_in, world)
            none = await counting.sync()
            for project in linked[:2]:
                world.link_new(project)
            two = await counting.sync()
            two_quiet = await counting.sync()
            counting.edit(*linked[:2])
            two_edited = await counting.sync()
            world.link_new(linked[2])
            third = await counting.sync() - two_quiet
            three_quiet = await counting.sync()
            counting.edit(*linked)
            three_edited = await counting.sync()
            one = await counting.resync(linked[2])
    measured = {
        FIRST: none + (two - none) + (PROJECTS - 2) * third,
        NOTHING: three_quiet + (PROJECTS - 3) * (three_quiet - two_quiet),
        SOME: three_edited + (PROJECTS - 3) * (three_edited - two_edited),
        ONE: one,
    }
    for column, requests in measured.items():
        TABLE.holds(row, column, f"{requests:,}", rows=ROWS, columns=COLUMNS)


def test_every_adapter_is_in_the_table() -> None:
    """A new adapter says what it costs."""
    TABLE.has_exactly(ROWS, COLUMNS)
