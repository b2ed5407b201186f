"""A sync whose process dies, wherever that may be, and the one that takes its run up."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import ParamSpec, TypeVar

import pytest

from bot.jobs.sync import SyncJob
from bot.services.pool import Pool
from tests.jobs.sync_world import SyncWorld

pytestmark = pytest.mark.long

P = ParamSpec("P")
Result = TypeVar("Result")


class DyingPool(Pool):
    """Dies at one of its calls: before anything is done, or when it is done and nobody knows."""

    def __init__(self, at: int, *, done: bool) -> None:
        super().__init__(1)
        self._left = at
        self._done = done
        self.died = False

    async def __call__(
        self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
    ) -> Result:
        self._left -= 1
        if self._left:
            return await super().__call__(function, *args, **kwargs)
        if self._done:
            await super().__call__(function, *args, **kwargs)
        self.died = True
        raise asyncio.CancelledError


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
async def test_killed_at_any_step_it_ends_in_the_right_state(
    world: SyncWorld, *, done: bool
) -> None:
    """Nothing is lost, doubled, or called gone that is there, whichever step was the last."""
    site = world.site
    for project in ("p1", "p2"):
        site.project(project, f"Project {project}")
        site.task(f"{project}-kept", project, "Kept", key=f"{project.upper()}-1")
    await world.job.run(world.here)
    for project in ("p1", "p2"):
        world.link_new(project)
    await world.sync()
    at, died = 0, True
    while died:
        at += 1
        site.task(f"new {at}", "p1", "New", key=f"P1-1{at}")
        site.task("p2-kept", "p2", f"Edited {at}", key="P2-1")
        site.task(f"passing {at}", "p2", "Soon deleted", key=f"P2-1{at}")
        site.tasks.pop(f"passing {at - 1}", None)
        pool = DyingPool(at, done=done)
        tools = replace(world.tools, pool=pool, hooks=replace(world.tools.hooks, pool=pool))
        world.later(hours=25)
        dying = asyncio.ensure_future(
            SyncJob(tools, world.registry, world.vault, world.context).run(world.here)
        )
        await asyncio.gather(dying, return_exceptions=True)
        pool.close()
        died = pool.died
        world.later(minutes=6)
        await world.new_job().run(world.here)
        assert world.last_run().state == "done", f"step {at}"
        assert world.task_keys() == {one.external_id: one.key for one in site.tasks.values()}
        titles = world.rows("SELECT title FROM task WHERE external_id = 'p2-kept'")
        assert [row.title for row in titles] == [f"Edited {at}"]
    assert at > 10
