"""Syncing an integration when something goes wrong: it waits, goes on, or stops and is told."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import DatabaseAway
from bot.domain.ids import IntegrationId
from bot.domain.sync.sync import RunTakenOver
from bot.domain.writing.worklogs import Trouble, WorklogState
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.jobs.sync import SyncJob
from bot.services.sync.mirroring_tasks import TaskMirroring
from bot.services.sync.run_pages import Footing
from bot.services.sync.syncing import MOST_ATTEMPTS, Syncing
from storage.sync import integration_sync
from tests.jobs.fake_provider import FakeSite
from tests.jobs.sync_world import INTERVAL, SyncWorld
from tests.jobs.two_projects import fill, linked
from tests.jobs.waiting import until


async def test_killed_between_pages_resumes_there(world: SyncWorld) -> None:
    """Nothing is read twice that was saved, and nothing is doubled or lost."""
    fill(world)
    await world.job.run(world.here)
    world.link_new("p1")
    world.later(minutes=6)
    world.site.stuck_at = ""
    reads = world.site.calls["tasks"]

    def stuck_on_third(call: str) -> None:
        if call == "tasks" and world.site.calls["tasks"] == reads + 2:
            world.site.stuck_at = "tasks"

    world.site.meanwhile = stuck_on_third
    work = asyncio.create_task(world.job.run(world.here))
    await world.site.reached.wait()
    # The second page is saved while the third is on its way.
    await until(lambda: world.last_run().created == 4)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    killed = world.last_run()
    assert (killed.state, killed.created) == ("running", 4)

    world.site.stuck_at, world.site.meanwhile = "", lambda _: None
    before = world.site.calls["tasks"]
    assert world.syncing.due(world.now) == [world.here]
    await world.new_job().run(world.here)
    done = world.last_run()
    assert (done.id, done.state, done.created, done.unchanged) == (
        killed.id,
        "done",
        5,
        killed.unchanged,
    )
    assert world.site.calls["tasks"] == before + 1
    assert len(world.task_keys()) == 5


async def test_a_database_that_goes_away_breaks_no_run(
    world: SyncWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that the tool failed: the run goes on from the last page that was saved."""
    fill(world)
    await world.job.run(world.here)
    world.link_new("p1")
    world.later(minutes=6)
    saves, calls = TaskMirroring.save_last_tasks, 0

    def away(self: TaskMirroring, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passed on
        nonlocal calls
        calls += 1
        if calls == 1:
            raise DatabaseAway
        return saves(self, *args, **kwargs)

    monkeypatch.setattr(TaskMirroring, "save_last_tasks", away)
    with capture_logs() as logged:
        await world.job.run(world.here)
    assert [one["event"] for one in logged] == ["sync_cut_off"]
    cut_off = world.last_run()
    assert (cut_off.state, cut_off.error) == ("running", None)
    assert world.syncing.due(world.now) == [world.here]
    await world.job.run(world.here)
    done = world.last_run()
    assert (done.id, done.state, done.created) == (cut_off.id, "done", 5)


async def test_worker_that_lost_its_run_writes_no_more(world: SyncWorld) -> None:
    """Two workers on one run cannot overwrite each other's bookmark."""
    fill(world)
    first = world.syncing.begin(world.here, world.now)
    second = world.syncing.begin(world.here, world.now)
    assert first is not None
    assert second is not None
    assert first.run_id == second.run_id
    with pytest.raises(RunTakenOver):
        world.tools.mirroring.save_projects(
            first, list(world.site.projects.values()), cursor=None, footing=Footing(world.now)
        )
    assert world.rows("SELECT id FROM provider_project") == []


async def test_refused_credentials_stop_and_are_told_once(world: SyncWorld) -> None:
    """Every admin hears it once, the integration waits, and hears once that it works again."""
    world.member("bob", admin=True)
    world.member("mia")
    fill(world)
    await world.job.run(world.here)
    world.run("DELETE FROM outbox")
    world.site.fails("projects", lambda: ProviderAuthFailed("fake", "the key was revoked"))
    await world.sync()
    broken = world.one("SELECT * FROM integration")
    assert (broken.state, broken.broken_reason, broken.next_sync_at) == (
        "broken",
        "the credentials were not accepted (the key was revoked)",
        None,
    )
    assert world.last_run().state == "failed"
    assert len(world.owed("integration.broken")) == 2

    assert world.syncing.due(world.now + timedelta(days=2)) == []
    world.site.fails("projects", lambda: ProviderAuthFailed("fake", "still revoked"))
    world.ask(world.admin)
    await world.job.run(world.here)
    assert len(world.owed("integration.broken")) == 2
    assert world.one("SELECT * FROM integration").state == "broken"

    world.ask(world.admin)
    await world.job.run(world.here)
    assert world.one("SELECT * FROM integration").state == "active"
    assert len(world.owed("integration.recovered")) == 2
    await world.sync()
    assert len(world.owed("integration.recovered")) == 2


async def test_what_old_credentials_did_not_write_is_written_once_they_work_again(
    world: SyncWorld,
) -> None:
    """Nobody has to click for it; what the tool itself refused waits for a person."""
    project = world.project()
    for reason in (Trouble.CREDENTIALS, "The issue is closed."):
        world.worklog(project, None, WorklogState.FAILED, reason)
    world.site.fails("projects", lambda: ProviderAuthFailed("fake", "the key was revoked"))
    await world.sync()
    assert world.one("SELECT * FROM integration").state == "broken"
    assert world.owed("worklog.write") == []
    world.ask(world.admin)
    await world.job.run(world.here)
    assert [row.state for row in world.rows("SELECT state FROM worklog ORDER BY id")] == [
        "pending",
        "failed",
    ]
    assert len(world.owed("worklog.write")) == 1


async def test_new_credentials_while_old_ones_fail(world: SyncWorld) -> None:
    """Somebody mends the integration while a run still tries the old key: that is no failure."""
    fill(world)
    world.site.stuck_at = "projects"
    plan = world.syncing.begin(world.here, world.now)
    assert plan is not None
    new = world.vault.seal({"site": "another"})
    world.run("UPDATE integration SET sealed_credentials = :new", new=new)
    world.syncing.fail(plan, ProviderAuthFailed("fake"), now=world.now)
    assert world.one("SELECT * FROM integration").state == "active"
    assert world.owed("integration.broken") == []


@pytest.mark.parametrize(
    ("error", "least"),
    [
        (ProviderRateLimited("fake", retry_after=600.0), 600),
        (ProviderUnavailable("fake", "503"), 30),
        (ProviderSurprised("fake", "HTML where JSON was promised"), 30),
    ],
    ids=["429", "5xx", "html"],
)
async def test_trouble_that_passes_is_waited_for(
    world: SyncWorld, error: Exception, least: int
) -> None:
    """The same run goes on later, from where it was, and as late as the provider wants."""
    await linked(world)
    for number in range(6, 9):
        world.site.task(f"t{number}", "p1", "New", key=f"WEB-{number}", updated_at=world.now)
    world.site.fails("tasks", lambda: error, on=2)
    await world.sync()
    stuck = world.last_run()
    assert stuck.state == "running"
    assert stuck.error
    saved = len(world.task_keys())
    assert saved == 7
    assert world.syncing.due(world.now + timedelta(seconds=least - 1)) == []
    world.later(seconds=least * 2)
    await world.job.run(world.here)
    done = world.last_run()
    assert (done.id, done.state, done.error) == (stuck.id, "done", None)
    assert len(world.task_keys()) == 8


@pytest.mark.parametrize("jitter", [0.0, 0.99])
async def test_each_wait_is_longer_and_none_is_like_the_others(
    world: SyncWorld, jitter: float
) -> None:
    """Hundreds of integrations of one tool that was away do not come back at the same moment."""
    uneven = Syncing(world.uow, interval=INTERVAL, jitter=lambda: jitter)
    tools = replace(world.tools, syncing=uneven)
    job = SyncJob(tools, world.registry, world.vault, world.context)
    waits = []
    for _ in range(MOST_ATTEMPTS - 1):
        world.site.fails("projects", lambda: ProviderUnavailable("fake", "no route"))
        world.later(hours=1)
        await job.run(world.here)
        with world.uow.read() as tx:
            found = integration_sync.find(tx, world.team_id, world.here)
        assert found is not None
        assert found.next_sync_at is not None
        waits.append((found.next_sync_at - world.now).total_seconds())
    usual = [30, 60, 120, 240, 480, 900, 900]
    assert waits == pytest.approx([seconds * (0.5 + jitter) for seconds in usual])


async def test_run_that_never_gets_on_is_given_up(world: SyncWorld) -> None:
    """After many failures it ends, and the next one begins anew at the usual time."""
    for _ in range(MOST_ATTEMPTS):
        world.site.fails("projects", lambda: ProviderUnavailable("fake", "no route"))
        world.later(hours=1)
        await world.job.run(world.here)
    run = world.last_run()
    assert (run.state, run.error) == ("failed", "no answer, or a broken one (no route)")
    assert len(world.rows("SELECT id FROM sync_run")) == 1
    assert world.syncing.due(world.now + INTERVAL * 2) == [world.here]


async def test_refusal_about_one_project_leaves_the_rest(world: SyncWorld) -> None:
    """The other project's tasks arrive; the run says what it could not read."""
    fill(world)
    world.site.task("x1", "p2", "Rotate keys", number=7)
    await world.job.run(world.here)
    world.link_new("p1")
    world.link_new("p2")
    reason = "you may not see these"
    world.site.fails("tasks", lambda: ProviderRefused("fake", status=403, reason=reason))
    await world.sync()
    assert set(world.task_keys()) == {"x1"}
    run = world.last_run()
    assert (run.state, run.error) == ("failed", "Acme Web: you may not see these")
    await world.sync()
    assert len(world.task_keys()) == 6


def _hidden() -> ProviderRefused:
    return ProviderRefused("fake", status=403, reason="you may not ask who sees it")


async def test_what_is_refused_for_good_makes_no_sweep_of_every_run(world: SyncWorld) -> None:
    """One hidden project must not cost a full reading of the others every five minutes."""
    fill(world)
    await world.job.run(world.here)
    world.link_new("p1")
    world.link_new("p2")
    await world.sync()
    for number in range(1, 20):
        world.site.fails("access", _hidden, on=number)
    await world.sweep()
    run = world.last_run()
    assert (run.state, bool(run.is_full)) == ("failed", True)
    await world.sync()
    run = world.last_run()
    assert (run.state, bool(run.is_full)) == ("failed", False)


async def test_one_integrations_trouble_is_its_own(world: SyncWorld) -> None:
    """While one provider hangs and another breaks, a third is synced."""
    good, bad = FakeSite(), FakeSite()
    good.project("g", "Good")
    bad.fails("projects", lambda: RuntimeError("a bug"))
    world.site.stuck_at = "projects"
    fine, broken = world.another(good), world.another(bad)
    work = [asyncio.create_task(world.job.run(one)) for one in (world.here, fine, broken)]

    def states(one: IntegrationId) -> list[tuple[object, object]]:
        found = world.rows("SELECT state, error FROM sync_run WHERE integration_id = :i", i=one)
        return [(row.state, row.error) for row in found]

    await until(lambda: states(fine) == [("done", None)])
    await until(lambda: states(broken) == [("running", "unexpected: RuntimeError")])
    late = FakeSite()
    late.project("l", "Late")
    newest = world.another(late)
    work.append(asyncio.create_task(world.job.run(newest)))
    await until(lambda: states(newest) == [("done", None)])
    assert states(world.here) == [("running", None)]
    for one in work:
        one.cancel()
    await asyncio.gather(*work, return_exceptions=True)


async def test_keys_that_open_nothing_break_the_integration(world: SyncWorld) -> None:
    """When the operator lost the secret keys, admins are told that credentials are needed."""
    world.run("UPDATE integration SET sealed_credentials = 'garbage'")
    await world.job.run(world.here)
    assert world.one("SELECT * FROM integration").state == "broken"
