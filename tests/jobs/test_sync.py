"""Syncing an integration: what arrives, what it costs, and what is left alone."""

from datetime import timedelta

from sqlalchemy import update

from storage.linking.integrations import IntegrationRow
from tests.jobs.sync_world import INTERVAL, SyncWorld, writes
from tests.jobs.two_projects import fill, linked
from tests.statements import heard


async def test_first_sync_mirrors_projects_and_people(world: SyncWorld) -> None:
    """After the first sync an admin can link what the tool holds; nothing else was read."""
    fill(world)
    await world.job.run(world.here)
    assert [row.name for row in world.rows("SELECT name FROM provider_project ORDER BY id")] == [
        "Acme Web",
        "Operations",
    ]
    person = world.one("SELECT * FROM provider_account")
    assert (person.name, person.email, bool(person.email_is_verified)) == (
        "Ana R",
        "ana@acme.test",
        True,
    )
    assert world.task_keys() == {}
    run = world.last_run()
    assert (run.state, bool(run.is_full)) == ("done", True)
    assert (run.created, run.changed, run.unchanged, run.gone) == (3, 0, 0, 0)
    assert (run.pages, run.requests) == (2, 2)


async def test_tasks_of_linked_projects_arrive(world: SyncWorld) -> None:
    """Only linked projects' tasks are read, under the provider's own keys."""
    world.site.task("x", "p2", "Elsewhere")
    await linked(world)
    assert world.task_keys() == {f"t{n}": f"WEB-{n}" for n in range(1, 6)}
    task = world.one("SELECT * FROM task WHERE external_id = 't3'")
    assert (task.key_folded, bool(task.key_is_ours)) == ("web-3", False)
    assert {"web", "3", "web3", "task"} <= set(task.terms.split())
    assert world.last_run().created == 5


async def test_nothing_changed_writes_nothing(world: SyncWorld) -> None:
    """A sync that finds no news touches no project, person or task."""
    await linked(world)
    with heard(world.engine) as sent:
        await world.sync()
    assert [one for one in writes(sent) if "tasks_synced_from" not in one] == []
    run = world.last_run()
    assert (run.created, run.changed, run.gone, run.state) == (0, 0, 0, "done")


async def test_nothing_changed_costs_the_same_however_much_there_is(world: SyncWorld) -> None:
    """Every tool is read like this every few minutes: a statement more is one for each of them."""
    await linked(world)
    world.site.page_size = 500
    said = []
    for more in (0, 300):
        for number in range(more):
            world.site.task(f"more{number}", "p1", "More", number=number, updated_at=world.now)
        await world.sync()
        with heard(world.engine) as sent:
            await world.sync()
        said.append([one.sql for one in sent])
    assert len(said[0]) == len(said[1]) <= 34


async def test_full_sweep_without_news_writes_no_row_anew(world: SyncWorld) -> None:
    """It only marks what it met, one statement for the pages that are there at a time."""
    await linked(world)
    with heard(world.engine) as sent:
        await world.sweep()
    changed = [one for one in writes(sent) if "tasks_synced_from" not in one]
    assert {one.split(" WHERE")[0].split("=")[0].strip() for one in changed} == {
        "UPDATE task SET seen_in_run"
    }
    assert 1 <= len(changed) <= 3
    assert world.last_run().unchanged == 8


async def test_statements_a_page_do_not_grow_with_it(world: SyncWorld) -> None:
    """A page of five hundred tasks takes as many statements as one of five."""
    fill(world, tasks=0)
    await world.job.run(world.here)
    world.link_new("p1")
    world.site.page_size = 500
    said = []
    for count in (1, 2, 5, 500):  # the first ones meet words that are new
        for number in range(count):
            world.site.task(f"{count}.{number}", "p1", "New", number=number, updated_at=world.now)
        with heard(world.engine) as sent:
            world.later(minutes=10)
            await world.job.run(world.here)
        said.append(len(sent))
    assert said[2] == said[3]
    assert len(world.task_keys()) == 508


async def test_incremental_sync_asks_from_a_little_before(world: SyncWorld) -> None:
    """What was saved while the last list was being read is not missed."""
    await linked(world)
    read_from = world.now
    await world.sync()
    assert world.site.asked_since == [None, read_from - timedelta(minutes=2)]


async def test_since_never_passes_the_start_of_the_read(world: SyncWorld) -> None:
    """A change made while pages were being read is asked for again."""
    fill(world)
    await world.job.run(world.here)
    world.link_new("p1")
    world.later(minutes=6)
    begun = world.now
    world.site.meanwhile = lambda _: world.later(minutes=3)
    await world.job.run(world.here)
    world.site.meanwhile = lambda _: None
    await world.sync()
    # Three calls went before the tasks: projects, accounts, access.
    assert world.site.asked_since[-1] == begun + timedelta(minutes=6) - timedelta(minutes=2)


async def test_next_sync_comes_after_the_interval(world: SyncWorld) -> None:
    """Give or take some jitter; in between there is nothing to do."""
    fill(world)
    await world.job.run(world.here)
    assert world.syncing.due(world.now) == []
    await world.job.run(world.here)
    assert len(world.rows("SELECT id FROM sync_run")) == 1
    world.later(seconds=INTERVAL.total_seconds() + 1)
    assert world.syncing.due(world.now) == [world.here]


async def test_next_sync_comes_when_an_admin_chose_it(world: SyncWorld) -> None:
    """For one tool, whatever the operator chose for all."""
    fill(world)
    with world.uow.begin() as tx:
        tx.execute(update(IntegrationRow).values(sync_minutes=60))
    await world.job.run(world.here)
    world.later(seconds=INTERVAL.total_seconds() + 1)
    assert world.syncing.due(world.now) == []
    world.later(minutes=60)
    assert world.syncing.due(world.now) == [world.here]


async def test_wish_during_a_run_gets_the_next_one(world: SyncWorld) -> None:
    """Who asks while a sync is under way is not told the result of what began before."""
    fill(world)
    plan = world.syncing.begin(world.here, world.now)
    assert plan is not None
    world.ask(world.admin)
    world.ask(world.admin)
    world.syncing.finish(plan, requests=0, now=world.now)
    assert world.one("SELECT * FROM sync_wish").sync_run_id is None
    assert world.syncing.due(world.now) == [world.here]
    await world.job.run(world.here)
    wish = world.one("SELECT * FROM sync_wish")
    assert wish.sync_run_id != plan.run_id
    assert wish.answered_at is not None


async def test_asked_in_full_sees_deletions(world: SyncWorld) -> None:
    """`/link sync` shows at once that a task was deleted, without waiting for the daily sweep."""
    await linked(world)
    del world.site.tasks["t2"]
    await world.sync()
    assert "t2" in world.task_keys()
    world.ask(world.admin, full=True)
    await world.job.run(world.here)
    assert "t2" not in world.task_keys()


async def test_uninstalled_and_disconnected_are_left_alone(world: SyncWorld) -> None:
    """Nothing is called in the name of a team that left, or on a site that was disconnected."""
    world.run("UPDATE integration SET state = 'disconnected'")
    assert world.syncing.due(world.now) == []
    assert world.syncing.begin(world.here, world.now) is None
    world.run("UPDATE integration SET state = 'active'")
    world.run("UPDATE team SET uninstalled_at = :now", now=str(world.now))
    assert world.syncing.due(world.now) == []
    await world.job.run(world.here)
    assert world.site.calls.total() == 0
