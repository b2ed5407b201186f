"""Projects in which nothing changed are not read, and what changes meanwhile is not missed."""

from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

import pytest

from bot.integrations.api import Capability, Descriptor, ProviderTask
from bot.integrations.errors import ProviderUnavailable
from tests.jobs.fake_provider import FakeAdapter, FakeSite
from tests.jobs.sync_world import SyncWorld, opened


class TellingAdapter(FakeAdapter):
    """The fake adapter of a provider that can say where something changed."""

    says_too_much: ClassVar[bool] = False
    descriptor: ClassVar[Descriptor] = replace(
        FakeAdapter.descriptor,
        capabilities=FakeAdapter.descriptor.capabilities | {Capability.CHANGED_PROJECTS},
    )

    async def changed_projects(
        self, project_ids: Collection[str], since: datetime
    ) -> frozenset[str] | None:
        """Looks through all tasks."""
        await self._site.called("changed_projects")
        if self.says_too_much:
            return None
        return frozenset(
            task.project_id
            for task in self._site.tasks.values()
            if task.project_id in project_ids and task.updated_at and task.updated_at >= since
        )


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[SyncWorld]:
    """Give three linked projects with a task each."""
    async with opened(SyncWorld(database_url, factory=TellingAdapter)) as made:
        for number in (1, 2, 3):
            made.site.project(f"p{number}", f"Project {number}", key=f"P{number}")
            made.site.task(f"t{number}", f"p{number}", "Task", key=f"P{number}-1")
            _edit(made.site, f"t{number}", made.now)
        await made.job.run(made.here)
        for number in (1, 2, 3):
            made.link_new(f"p{number}")
        await made.sync()
        yield made


def _edit(site: FakeSite, task_id: str, now: datetime, title: str = "Task") -> ProviderTask:
    site.tasks[task_id] = replace(site.tasks[task_id], title=title, updated_at=now)
    return site.tasks[task_id]


def _titles(world: SyncWorld) -> list[str]:
    return [str(row.title) for row in world.rows("SELECT title FROM task ORDER BY external_id")]


async def test_nothing_changed_costs_one_question(world: SyncWorld) -> None:
    """Who may see what is still asked: access that is lost ends tracking at the next sync."""
    world.later(minutes=10)
    await world.sync()
    before = world.site.calls.copy()
    await world.sync()
    assert world.site.calls - before == {
        "projects": 2,
        "accounts": 1,
        "access": 3,
        "changed_projects": 1,
    }
    assert world.last_run().state == "done"


async def test_changed_project_is_read(world: SyncWorld) -> None:
    """And no other one."""
    world.later(minutes=10)
    await world.sync()
    before = world.site.calls["tasks"]
    _edit(world.site, "t2", world.now, "Edited")
    await world.sync()
    assert world.site.calls["tasks"] == before + 1
    assert _titles(world) == ["Task", "Edited", "Task"]


async def test_change_just_after_the_answer_is_seen_next_time(world: SyncWorld) -> None:
    """The project counts as read at the moment of the answer, not when its turn came."""
    world.later(minutes=10)
    await world.sync()
    world.later(minutes=6)
    asked = world.now

    def others_take_their_time(call: str) -> None:
        if call == "access" and world.now == asked:
            world.later(minutes=30)
            _edit(world.site, "t3", asked.replace(second=30), "Edited meanwhile")

    world.site.meanwhile = others_take_their_time
    await world.job.run(world.here)
    await world.sync()
    assert _titles(world)[2] == "Edited meanwhile"


async def test_newly_linked_project_is_read_whatever_is_said(world: SyncWorld) -> None:
    """Nothing changed in it since, and nothing of it was ever read."""
    world.site.project("p4", "Project 4", key="P4")
    world.site.task("t4", "p4", "Old task", key="P4-1", updated_at=world.now)
    world.later(days=0, minutes=30)
    await world.sync()
    world.link_new("p4")
    await world.sync()
    assert _titles(world)[3] == "Old task"


async def test_too_much_to_tell_reads_everything(
    world: SyncWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nothing is saved by asking."""
    monkeypatch.setattr(TellingAdapter, "says_too_much", True)
    before = world.site.calls["tasks"]
    await world.sync()
    assert world.site.calls["tasks"] == before + 3


async def test_sweep_asks_nobody(world: SyncWorld) -> None:
    """Once a day everything is read, whatever anybody says: deletions change nothing."""
    before = world.site.calls.copy()
    await world.sweep()
    spent = world.site.calls - before
    assert "changed_projects" not in spent
    assert spent["tasks"] == 3


async def test_question_that_fails_is_asked_again(world: SyncWorld) -> None:
    """The run waits and goes on, as with any other call."""
    world.later(minutes=10)
    _edit(world.site, "t1", world.now, "Edited")
    world.site.fails("changed_projects", lambda: ProviderUnavailable("fake", "down"))
    await world.sync()
    assert world.last_run().state == "running"
    await world.sync()
    assert world.last_run().state == "done"
    assert _titles(world)[0] == "Edited"
