"""One project's tasks are fetched while those of the one before it are saved."""

import asyncio
import time

import pytest

from bot.integrations.errors import ProviderUnavailable
from tests.jobs.sync_world import SyncWorld

LONG = 60
"""Seconds; only where nothing overlaps does anybody wait for so long."""


async def _two_projects(world: SyncWorld) -> None:
    world.site.project("p1", "Harbour")
    world.site.project("p2", "Quay")
    await world.sync()
    for name in ("p1", "p2"):
        world.link_new(name)
        for number in range(3):
            world.site.task(f"{name}-{number}", name, f"Task {number}")


async def test_the_next_project_is_fetched_meanwhile(
    world: SyncWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sync of many small projects waits for the tool or for the database, not for both."""
    await _two_projects(world)
    save, fetched = world.tools.tasks.save_last_tasks, []

    def slow(*args: object, **more: object) -> object:
        given_up = time.monotonic() + LONG
        while len(world.site.asked_since) < 2 and time.monotonic() < given_up:
            time.sleep(0.01)
        fetched.append(len(world.site.asked_since))
        return save(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(world.tools.tasks, "save_last_tasks", slow)
    await world.sync()
    assert fetched == [2, 2]
    assert len(world.task_keys()) == 6
    assert world.last_run().state == "done"


@pytest.mark.parametrize("call", ["access", "tasks"])
async def test_trouble_with_the_next_one_costs_this_one_nothing(
    world: SyncWorld, call: str
) -> None:
    """What was fetched of a project is saved, and the next run goes on behind it."""
    await _two_projects(world)
    pages = {"access": 2, "tasks": 3}  # two pages are the first project's
    world.site.fails(call, _away, on=pages[call])
    await world.sync()
    assert world.last_run().state != "done"
    assert sorted(world.task_keys()) == ["p1-0", "p1-1", "p1-2"]
    before = len(world.site.asked_since)
    await world.sync()
    assert sorted(world.task_keys()) == [f"{name}-{n}" for name in ("p1", "p2") for n in range(3)]
    assert len(world.site.asked_since) == before + 1


async def test_a_run_that_ends_leaves_nothing_begun(
    world: SyncWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a list that is being read, nor one that was to be read next."""
    await _two_projects(world)
    monkeypatch.setattr(world.tools.tasks, "save_last_tasks", _broken)
    await world.sync()
    assert world.last_run().state != "done"
    assert asyncio.all_tasks() == {asyncio.current_task()}


def _away() -> BaseException:
    return ProviderUnavailable("fake", "away")


def _broken(*args: object, **more: object) -> object:
    raise ValueError(args, more)
