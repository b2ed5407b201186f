"""What becomes of projects, tasks and access when they change in the provider."""

from bot.domain.writing.worklogs import Trouble, WorklogState
from bot.integrations.errors import ProviderAuthFailed
from tests.jobs.sync_world import SyncWorld


async def _linked(world: SyncWorld) -> None:
    world.site.project("p1", "Acme Web", key="WEB")
    world.site.project("p2", "Operations")
    await world.job.run(world.here)
    world.link_new("p1")
    world.link_new("p2")


async def test_keys_are_the_providers_else_ours(world: SyncWorld) -> None:
    """ABC-12 where the tool has it, project code and number, or code and a counter (T2)."""
    await _linked(world)
    world.site.task("a", "p1", "Own key", key="WEB-7")
    world.site.task("b", "p2", "Only a number", number=41)
    world.site.task("c", "p2", "Nothing at all")
    world.site.task("d", "p2", "Nothing either")
    await world.sync()
    code = world.one("SELECT code FROM project WHERE name = 'Operations'").code
    assert world.task_keys() == {
        "a": "WEB-7",
        "b": f"{code}-41",
        "c": f"{code}-1",
        "d": f"{code}-2",
    }
    world.site.task("e", "p2", "One more")
    await world.sync()
    assert world.task_keys()["e"] == f"{code}-3"


async def test_renamed_task_keeps_its_key_and_shows_its_new_name(world: SyncWorld) -> None:
    """A new title arrives by itself, and finds the task."""
    await _linked(world)
    world.site.task("a", "p2", "Old name", number=5)
    await world.sync()
    before = world.one("SELECT id, key FROM task")
    world.site.task("a", "p2", "New name", number=5, is_done=True, labels=("x", "y"))
    await world.sync()
    after = world.one("SELECT * FROM task")
    assert (after.id, after.key, after.title) == (before.id, before.key, "New name")
    assert {"new", "name"} <= set(after.terms.split())
    assert "old" not in after.terms.split()
    assert bool(after.is_done)
    assert world.last_run().changed == 1


async def test_old_key_goes_on_finding_the_task(world: SyncWorld) -> None:
    """A task re-keyed in the provider is the same task, and people may type either key (S5)."""
    await _linked(world)
    world.site.task("a", "p1", "Fix the header", key="WEB-12")
    await world.sync()
    task = world.one("SELECT id FROM task")
    world.site.task("a", "p1", "Fix the header", key="SHOP-3")
    await world.sync()
    assert world.task_keys() == {"a": "SHOP-3"}
    assert world.one("SELECT * FROM task_alias").key_folded == "web-12"
    world.site.task("a", "p1", "Fix the header", key="WEB-12")
    await world.sync()
    aliases = world.rows("SELECT * FROM task_alias ORDER BY key_folded")
    assert [(row.task_id, row.key_folded) for row in aliases] == [
        (task.id, "shop-3"),
        (task.id, "web-12"),
    ]


async def test_moved_task_stays_the_same_task_with_its_key(world: SyncWorld) -> None:
    """Another project in the provider, one task here; a key that we made is kept."""
    await _linked(world)
    world.site.task("a", "p2", "Rotate keys", number=9)
    await world.sync()
    before = world.one("SELECT id, key FROM task")
    world.site.task("a", "p1", "Rotate keys", number=9)
    await world.sync()
    after = world.one("SELECT * FROM task")
    assert (after.id, after.key) == (before.id, before.key)
    assert after.provider_project_id == world.source("p1")


async def test_task_moved_to_where_no_list_shows_it(world: SyncWorld) -> None:
    """It is in no list of a linked project; a single re-read says where it went."""
    await _linked(world)
    world.site.project("p3", "Unlinked")
    world.site.task("a", "p1", "Wanderer", key="WEB-1")
    await world.sync()
    world.site.task("a", "p3", "Wanderer", key="WEB-1")
    await world.sweep()
    task = world.one("SELECT * FROM task")
    assert task.provider_project_id == world.source("p3")
    assert task.gone_at is None
    assert world.site.calls["task"] == 1


async def test_deleted_task_disappears_after_a_single_re_read(world: SyncWorld) -> None:
    """An incremental sync says nothing about it; the sweep looks and asks (S4, S6)."""
    await _linked(world)
    for number in range(1, 6):
        world.site.task(f"t{number}", "p1", f"Task {number}", key=f"WEB-{number}")
    await world.sync()
    del world.site.tasks["t2"]
    await world.sync()
    assert len(world.task_keys()) == 5
    await world.sweep()
    assert set(world.task_keys()) == {"t1", "t3", "t4", "t5"}
    assert world.site.calls["task"] == 1
    assert world.last_run().gone == 1
    world.site.task("t2", "p1", "Task 2", key="WEB-2")
    await world.sync()
    assert len(world.task_keys()) == 5


async def test_time_on_a_task_that_comes_back_is_written_then(world: SyncWorld) -> None:
    """As out of an archive; nobody has to change the entry for that."""
    await _linked(world)
    for number in (1, 2):
        world.site.task(f"t{number}", "p1", f"Task {number}", key=f"WEB-{number}")
    await world.sync()
    world.site.tasks.pop("t1")
    await world.sweep()
    linked = world.one("SELECT project_id FROM project_link ORDER BY id LIMIT 1").project_id
    for task in world.rows("SELECT id FROM task ORDER BY external_id"):
        world.worklog(linked, task.id, WorklogState.OFF, Trouble.TASK_GONE)
    await world.sync()
    assert world.owed("worklog.write") == []
    world.site.task("t1", "p1", "Task 1", key="WEB-1")
    await world.sync()
    assert [(row.state, row.reason) for row in world.rows("SELECT * FROM worklog ORDER BY id")] == [
        (WorklogState.PENDING, ""),
        (WorklogState.OFF, Trouble.TASK_GONE),
    ]
    assert len(world.owed("worklog.write")) == 1


async def test_empty_list_is_not_mass_deletion(world: SyncWorld) -> None:
    """Lists that suddenly hold nothing delete nothing, as long as single re-reads find it all."""
    await _linked(world)
    for number in range(1, 6):
        world.site.task(f"t{number}", "p1", f"Task {number}", key=f"WEB-{number}")
    await world.sync()
    world.site.lists_nothing = True
    await world.sweep()
    assert len(world.task_keys()) == 5
    assert world.rows("SELECT 1 FROM provider_project WHERE gone_at IS NOT NULL") == []
    assert world.last_run().gone == 0


async def test_credentials_that_fail_the_check_prove_no_deletion(world: SyncWorld) -> None:
    """A dead key for which everything looks empty and gone deletes nothing and is reported."""
    await _linked(world)
    world.site.task("t1", "p1", "Task", key="WEB-1")
    await world.sync()
    world.site.projects.clear()
    world.site.tasks.clear()
    world.site.fails("check", lambda: ProviderAuthFailed("fake", "locked"))
    await world.sweep()
    assert len(world.task_keys()) == 1
    assert world.rows("SELECT 1 FROM provider_project WHERE gone_at IS NOT NULL") == []
    assert world.one("SELECT * FROM integration").state == "broken"


async def test_texts_that_no_column_holds(world: SyncWorld) -> None:
    """Endless titles, control characters and broken Unicode do not stop a sync."""
    await _linked(world)
    world.site.task("t1", "p1", "x" * 5000, key="WEB-1", labels=("\x00bad\ud800",))
    world.site.task("t2", "p1", "\x00nul \ud800 half", number=2**40, status="s" * 300)
    world.site.project("p1", "n" * 2000, key="k" * 300)
    await world.sync()
    assert world.last_run().state == "done"
    titles = world.rows("SELECT title FROM task ORDER BY external_id")
    assert [len(row.title) for row in titles] == [500, 10]


async def test_full_sweep_killed_while_it_looks_one_by_one(world: SyncWorld) -> None:
    """It goes on with what is still missing; what was marked stays marked."""
    await _linked(world)
    for number in range(1, 6):
        world.site.task(f"t{number}", "p1", f"Task {number}", key=f"WEB-{number}")
    await world.sync()
    for name in ("t1", "t3"):
        del world.site.tasks[name]
    world.later(hours=25)
    world.site.fails("task", lambda: ConnectionError("pulled the plug"))
    await world.job.run(world.here)
    assert len(world.task_keys()) == 5
    lists = world.site.calls["tasks"]
    world.later(minutes=5)
    await world.job.run(world.here)
    assert len(world.task_keys()) == 3
    assert world.site.calls["tasks"] == lists + 1  # the other project's; this one's was complete
    assert world.last_run().gone == 2
