"""Syncs that somebody asked for some projects of: those are read, and nothing else (L4, S2)."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.domain.ids import IntegrationId, SyncWishId
from bot.domain.people.people import Member
from bot.integrations.api import ProviderAccount
from bot.integrations.errors import ProviderAuthFailed, ProviderUnavailable
from bot.jobs.sync import SyncJob
from bot.services.sync import syncing
from bot.services.sync.run_history import RunHistories
from tests.jobs.sync_world import INTERVAL, SyncWorld

MANY = 100


async def _linked(world: SyncWorld, *projects: str) -> None:
    """These are there, linked and in step, with two tasks each and two people."""
    for name in ("mia", "tom"):
        world.site.accounts[name] = ProviderAccount(name, name.title())
    for project in projects:
        world.site.project(project, f"Project {project}", key=project.upper())
        for number in (1, 2):
            key = f"{project.upper()}-{number}"
            world.site.task(f"{project}t{number}", project, "Task", key=key, updated_at=world.now)
    await world.job.run(world.here)
    for project in projects:
        world.link_new(project)
    await world.sync()
    world.later(minutes=1)
    world.site.calls.clear()
    world.site.asked_since.clear()


def _link(world: SyncWorld, external_id: str, who: Member | None = None) -> None:
    made = world.linking.link(
        who=who or world.admin, provider_project_id=world.source(external_id), now=world.now
    )
    assert made.project == f"Project {external_id}"


def _resync(world: SyncWorld, who: Member, *external_ids: str) -> None:
    projects = [world.source(one) for one in external_ids]
    with world.uow.begin() as tx:
        syncing.ask(
            tx,
            world.team_id,
            world.here,
            asked_by=who.id,
            now=world.now,
            full=True,
            projects=projects,
        )


async def _work(world: SyncWorld) -> list[IntegrationId]:
    """Whoever looks for work looks once."""
    due = world.syncing.due(world.now)
    for one in due:
        await world.job.run(one)
    return due


def _next_sync(world: SyncWorld) -> str:
    return str(world.one("SELECT next_sync_at FROM integration").next_sync_at)


def _stands(world: SyncWorld) -> Sequence[object]:
    query = "SELECT next_sync_at, synced_at, swept_at FROM integration"
    return tuple(world.one(query))


async def _waiting(world: SyncWorld, *projects: str) -> None:
    """More that could be linked, which a sync has seen."""
    for project in projects:
        world.site.project(project, f"Project {project}", key=project.upper())
        world.site.task(f"{project}t1", project, "New", key=f"{project.upper()}-1")
    await world.sync()
    world.later(minutes=1)
    world.site.calls.clear()
    world.site.asked_since.clear()


async def test_one_more_of_a_hundred_costs_what_it_holds(world: SyncWorld) -> None:
    """Who may see it and its tasks are asked for; the ordinary sync comes when it would have."""
    await _linked(world, *(f"p{number}" for number in range(MANY)))
    await _waiting(world, "more")
    world.site.access["more"] = frozenset({"mia"})
    before = _stands(world)
    _link(world, "more")
    assert await _work(world) == [world.here]
    assert world.site.calls == Counter(access=1, tasks=1)
    assert _stands(world) == before
    assert world.task_keys()["moret1"] == "MORE-1"
    assert await _work(world) == []
    world.later(minutes=4)
    assert await _work(world) == [world.here]
    assert world.site.calls["projects"] > 0
    assert world.last_run().asked_by is None


async def test_what_is_told_is_of_that_project(world: SyncWorld) -> None:
    """Tasks, people and requests, in the direct message and in the history."""
    await _linked(world, "p1", "p2", "p3")
    await _waiting(world, "more")
    world.site.access["more"] = frozenset({"mia"})
    _link(world, "more")
    await _work(world)
    wish = SyncWishId(world.one("SELECT id FROM sync_wish").id)
    told = world.reports.report(world.team_id, wish)
    assert told is not None
    assert told.run is not None
    assert (told.about, told.projects, told.tasks, told.people) == (("Project more",), 1, 1, 1)
    assert (told.run.state, told.run.requests, told.run.created) == ("done", 2, 1)
    page = RunHistories(world.uow).page(who=world.admin, integration_id=world.here, page=0)
    assert (page.lines[0].asked_by, page.lines[0].about) == (world.admin.name, ("Project more",))
    assert page.lines[1].about == ()


async def test_a_resync_reads_from_end_to_end_and_sees_deletions(world: SyncWorld) -> None:
    """In what was asked for; what is gone elsewhere is left to the daily sweep."""
    await _linked(world, "p1", "p2")
    del world.site.tasks["p1t1"], world.site.tasks["p2t1"]
    before = _stands(world)
    _resync(world, world.admin, "p1")
    await _work(world)
    assert set(world.task_keys()) == {"p1t2", "p2t1", "p2t2"}
    assert world.site.asked_since == [None]
    assert (bool(world.last_run().is_full), world.last_run().gone) == (True, 1)
    assert _stands(world) == before  # it is no sweep
    await world.sweep()
    assert set(world.task_keys()) == {"p1t2", "p2t2"}


async def test_asked_for_twice_before_it_begins_is_both(world: SyncWorld) -> None:
    """By one person or by two, and each hears of what they asked for."""
    mia = world.member("mia", admin=True)
    await _linked(world, "p1", "p2", "p3", "p4")
    _resync(world, world.admin, "p1")
    _resync(world, world.admin, "p3")
    _resync(world, mia, "p4")
    assert await _work(world) == [world.here]
    assert world.site.calls == Counter(access=3, tasks=3)
    wishes = world.rows("SELECT id, answered_at FROM sync_wish ORDER BY id")
    assert all(row.answered_at is not None for row in wishes)
    told = [world.reports.report(world.team_id, SyncWishId(row.id)) for row in wishes]
    assert [one.about for one in told if one] == [("Project p1", "Project p3"), ("Project p4",)]
    assert await _work(world) == []


async def test_everything_and_a_part_is_everything(world: SyncWorld) -> None:
    """In either order."""
    await _linked(world, "p1", "p2")
    for round_ in range(2):
        if round_:
            world.ask(world.admin, full=True)
        _resync(world, world.admin, "p1")
        if not round_:
            world.ask(world.admin, full=True)
        await _work(world)
        assert world.site.calls["tasks"] == 2
        assert world.site.asked_since == [None, None]
        assert (bool(world.last_run().heard), bool(world.last_run().is_full)) == (False, True)
        world.later(minutes=1)
        assert await _work(world) == []
        world.site.calls.clear()
        world.site.asked_since.clear()


async def test_what_is_asked_while_a_run_goes_on_follows_at_once(world: SyncWorld) -> None:
    """The first link's run is in the middle of its tasks when the second link is saved."""
    await _linked(world, "p1", "p2")
    await _waiting(world, "a", "b")
    _link(world, "a")
    usual = _next_sync(world)
    world.site.stuck_at = "tasks"
    running = asyncio.ensure_future(world.job.run(world.here))
    await world.site.reached.wait()
    _link(world, "b")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    world.site.stuck_at = ""
    world.site.calls.clear()
    taken_up = world.new_job()
    for _ in range(2):
        assert world.syncing.due(world.now) == [world.here]
        await taken_up.run(world.here)
    assert {"at1", "bt1"} <= set(world.task_keys())
    assert world.site.calls["tasks"] == 2
    assert not world.site.calls["projects"]
    assert world.syncing.due(world.now) == []
    assert _next_sync(world) == usual


async def test_asked_while_everything_is_read_it_is_read_after_that(world: SyncWorld) -> None:
    """An ordinary run may be past the project; it is not past the one that follows."""
    await _linked(world, "p1", "p2")
    world.later(minutes=5)
    world.site.stuck_at = "tasks"
    running = asyncio.ensure_future(world.job.run(world.here))
    await world.site.reached.wait()
    del world.site.tasks["p1t1"]
    _resync(world, world.admin, "p1")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    world.site.stuck_at = ""
    await world.new_job().run(world.here)
    assert "p1t1" in world.task_keys()
    assert await _work(world) == [world.here]
    assert "p1t1" not in world.task_keys()


async def test_when_the_ordinary_one_is_due_too_both_come(world: SyncWorld) -> None:
    """The asked-for part first, because the ordinary run would read its changes only."""
    await _linked(world, "p1", "p2")
    del world.site.tasks["p1t1"]
    world.later(minutes=30)
    _resync(world, world.admin, "p1")
    assert await _work(world) == [world.here]
    assert (world.site.calls["projects"], "p1t1" in world.task_keys()) == (0, False)
    assert await _work(world) == [world.here]
    assert world.site.calls["projects"] > 0
    assert await _work(world) == []


async def test_killed_in_the_middle_it_goes_on_from_there(world: SyncWorld) -> None:
    """Of three projects one was read; it is not read again, and the deletion is seen."""
    await _linked(world, "p1", "p2", "p3", "p4")
    before = _stands(world)
    del world.site.tasks["p3t2"]
    _resync(world, world.admin, "p1", "p2", "p3")
    world.site.fails("tasks", asyncio.CancelledError, on=2)
    dying = asyncio.ensure_future(world.job.run(world.here))
    await asyncio.gather(dying, return_exceptions=True)
    assert dying.cancelled()
    world.site.faults.clear()
    world.site.calls.clear()
    world.later(seconds=30)
    assert world.syncing.due(world.now) == [world.here]
    await SyncJob(world.tools, world.registry, world.vault, world.context).run(world.here)
    assert world.site.calls["tasks"] == 2
    assert not world.site.calls["projects"]
    assert "p3t2" not in world.task_keys()
    assert world.last_run().state == "done"
    assert _stands(world) == before


async def test_trouble_puts_the_ordinary_sync_no_farther_off(world: SyncWorld) -> None:
    """It waits and goes on; the ordinary one comes when it was to come."""
    await _linked(world, "p1", "p2")
    usual = _next_sync(world)
    _resync(world, world.admin, "p1")
    world.site.fails("tasks", lambda: ProviderUnavailable("no answer"))
    await _work(world)
    assert world.last_run().state == "running"
    world.later(minutes=1)
    await _work(world)
    assert world.last_run().state == "done"
    assert _next_sync(world) == usual


async def test_while_new_credentials_are_waited_for_it_is_kept(world: SyncWorld) -> None:
    """Whoever asks meanwhile tries the tool once more; afterwards everything is read."""
    await _linked(world, "p1", "p2")
    world.later(minutes=5)
    world.site.fails("projects", lambda: ProviderAuthFailed("no"))
    await _work(world)
    assert world.one("SELECT state FROM integration").state == "broken"
    del world.site.tasks["p1t1"]
    _resync(world, world.admin, "p1")
    assert await _work(world) == [world.here]
    assert world.one("SELECT state FROM integration").state == "active"
    assert "p1t1" not in world.task_keys()
    assert await _work(world) == []


async def test_more_than_can_be_named_are_everything(
    world: SyncWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run's bookmark, which is saved with each page, stays small."""
    assert syncing.MOST_PARTS <= 200
    monkeypatch.setattr(syncing, "MOST_PARTS", 3)
    many = ["p1", "p2", "p3", "p4"]
    await _linked(world, *many)
    _resync(world, world.admin, *many[1:])
    await _work(world)
    assert world.last_run().heard
    _resync(world, world.admin, *many)
    await _work(world)
    assert not world.last_run().heard
    assert world.one("SELECT projects FROM sync_wish ORDER BY id DESC LIMIT 1").projects is None


async def test_the_record_stays_as_long_as_somebody_could_ask_for_it(world: SyncWorld) -> None:
    """What webhooks brought about is forgotten after a week, what a person asked for is not."""
    await _linked(world, "p1")
    _resync(world, world.admin, "p1")
    await _work(world)
    asked_for = world.last_run().id
    world.syncing.tidy(world.now + timedelta(days=30))
    assert asked_for in [row.id for row in world.rows("SELECT id FROM sync_run")]


async def test_somebody_who_is_not_known_yet_joins_with_the_next_sync(world: SyncWorld) -> None:
    """The list of people is not read for one project; the next ordinary run reads it."""
    await _linked(world, "p1")
    world.site.accounts["new"] = ProviderAccount("new", "New")
    world.site.access["p1"] = frozenset({"mia", "new"})
    _resync(world, world.admin, "p1")
    await _work(world)
    assert len(world.rows("SELECT 1 FROM provider_access")) == 1
    world.later(seconds=INTERVAL.total_seconds())
    await _work(world)
    assert len(world.rows("SELECT 1 FROM provider_access")) == 2
