"""Linking again: the same tasks, the tasks moved, or second copies on purpose (L7)."""

from datetime import timedelta

import pytest

from bot.domain.entries.entries import StopReason
from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import ProjectId, ProviderProjectId
from bot.domain.linking.linking import AlreadyUnlinked, How, LinkWish
from bot.services.linking.starting_fresh import StartingFresh
from bot.services.linking.unlinking import Unlinking
from tests.jobs.sync_world import SyncWorld


class Linked:
    """A linked project with two tasks, one of them deleted in the tool, and tracked time."""

    def __init__(self, world: SyncWorld) -> None:
        self.world = world
        self.unlinking = Unlinking(world.uow, world.marker)
        self.fresh = StartingFresh(world.uow, world.marker)
        self.mia = world.member("mia")

    async def begin(self) -> "Linked":
        """Links, syncs, tracks an hour."""
        world = self.world
        world.site.project("p1", "Acme Web", key=None)
        await world.job.run(world.here)
        self.source = world.source("p1")
        self.project: ProjectId = world.link_new("p1")
        world.site.task("t1", "p1", "Header", key=None, number=12)
        world.site.task("t2", "p1", "Footer", key=None, number=13)
        await world.sync()
        self.task = world.one("SELECT id FROM task WHERE external_id = 't1'").id
        hour = timedelta(hours=1)
        world.entry(self.mia, self.project, self.task, world.now - hour, world.now)
        return self

    def unlink(self) -> None:
        """It ends."""
        self.unlinking.unlink(
            who=self.world.admin, provider_project_ids=[self.source], now=self.world.now
        )

    def tasks(self) -> list[tuple[object, ...]]:
        """Every task: key, id in the provider, whether it can be tracked."""
        query = "SELECT key, external_id, frozen_external_id, gone_at FROM task ORDER BY id"
        return [
            (row.key, row.frozen_external_id or row.external_id, row.gone_at is None)
            for row in self.world.rows(query)
        ]


@pytest.fixture
async def linked(world: SyncWorld) -> Linked:
    """The linked project."""
    return await Linked(world).begin()


async def test_linking_again_resumes_the_same_tasks(linked: Linked) -> None:
    """Unlinked, changed in the tool, linked again: no second copies, time attached."""
    world = linked.world
    before = linked.tasks()
    linked.unlink()
    world.site.task("t1", "p1", "Header, again", key=None, number=12)
    made = world.linking.link(who=world.admin, provider_project_id=linked.source, now=world.now)
    assert (made.how, made.tasks) == (How.RESUMED, 2)
    await world.sync()
    assert linked.tasks() == before
    assert world.one("SELECT title FROM task WHERE id = :t", t=linked.task).title == "Header, again"


async def test_starting_fresh_freezes_the_old_tasks(linked: Linked) -> None:
    """They keep key, id and time and are not tracked on any more; new ones take over."""
    world = linked.world
    linked.unlink()
    wish = LinkWish(linked.source, fresh=True)
    [made] = world.linking.link_many(who=world.admin, wishes=[wish], now=world.now)
    assert (made.how, made.tasks, made.project_id) == (How.FRESH, 2, linked.project)
    assert linked.tasks() == [("AW-12", "t1", False), ("AW-13", "t2", False)]
    await world.sync()
    assert linked.tasks() == [
        ("AW-12", "t1", False),
        ("AW-13", "t2", False),
        ("AW-12", "t1", True),
        ("AW-13", "t2", True),
    ]
    entry = world.one("SELECT task_id, project_id FROM time_entry")
    assert tuple(entry) == (linked.task, linked.project)
    await world.sweep()
    await world.sync()
    assert [is_open for *_, is_open in linked.tasks()] == [False, False, True, True]
    assert world.last_run().state == "done"


async def test_starting_fresh_twice(linked: Linked) -> None:
    """Each time what there was freezes; nothing is mixed up."""
    world = linked.world
    for _ in range(2):
        linked.unlink()
        wish = LinkWish(linked.source, fresh=True)
        world.linking.link_many(who=world.admin, wishes=[wish], now=world.now)
        await world.sync()
    assert [(key, is_open) for key, _, is_open in linked.tasks()] == [
        ("AW-12", False),
        ("AW-13", False),
        ("AW-12", False),
        ("AW-13", False),
        ("AW-12", True),
        ("AW-13", True),
    ]


async def test_a_read_that_was_under_way_leaves_nothing_out(linked: Linked) -> None:
    """Frozen between two pages of a run: the run that follows at once reads everything again."""
    world = linked.world
    world.ask()
    linked.unlink()
    wish = LinkWish(linked.source, fresh=True)
    world.linking.link_many(who=world.admin, wishes=[wish], now=world.now)
    world.run("UPDATE provider_project SET tasks_synced_from = first_seen_at")
    await world.job.run(world.here)
    assert world.last_run().is_full
    assert [is_open for *_, is_open in linked.tasks()] == [False, False, True, True]


async def test_linking_to_another_project_moves_the_tasks(linked: Linked) -> None:
    """Tracked time stays where it was; from now on the tasks are the other project's."""
    world = linked.world
    linked.unlink()
    other = world.project("Other", "OTH")
    made = world.linking.link(
        who=world.admin, provider_project_id=linked.source, project_id=other, now=world.now
    )
    assert (made.how, made.former, made.tasks) == (How.MOVED, "Acme Web", 2)
    await world.sync()
    assert linked.tasks() == [("AW-12", "t1", True), ("AW-13", "t2", True)]
    assert world.one("SELECT project_id FROM time_entry").project_id == linked.project


async def test_fresh_means_nothing_where_there_was_no_link(world: SyncWorld) -> None:
    """A forged or stale tick does no harm."""
    world.site.project("p1", "Acme Web")
    await world.job.run(world.here)
    wish = LinkWish(world.source("p1"), fresh=True)
    [made] = world.linking.link_many(who=world.admin, wishes=[wish], now=world.now)
    assert (made.how, made.tasks) == (How.CREATED, 0)


async def test_start_fresh_after_resuming(linked: Linked) -> None:
    """Somebody has started a timer meanwhile: it is stopped and kept."""
    world = linked.world
    world.timer(linked.mia, linked.project, linked.task, world.now)
    world.later(minutes=5)
    made = linked.fresh.start(who=world.admin, provider_project_id=linked.source, now=world.now)
    assert (made.how, made.tasks) == (How.FRESH, 2)
    stopped = world.one("SELECT * FROM time_entry WHERE stopped_because IS NOT NULL")
    assert (stopped.seconds, stopped.stopped_because) == (300, StopReason.PROJECT_UNLINKED)
    assert world.one("SELECT count(*) AS n FROM project_link").n == 1
    await world.sync()
    assert [is_open for *_, is_open in linked.tasks()] == [False, False, True, True]
    linked.unlink()
    with pytest.raises(AlreadyUnlinked):
        linked.fresh.start(who=world.admin, provider_project_id=linked.source, now=world.now)
    with pytest.raises(AdminOnly):
        linked.fresh.start(who=linked.mia, provider_project_id=linked.source, now=world.now)
    with pytest.raises(Vanished):
        linked.fresh.start(
            who=world.admin, provider_project_id=ProviderProjectId(99), now=world.now
        )


async def test_the_form_knows_what_was_linked_before(linked: Linked) -> None:
    """And how many tasks a choice is about."""
    world = linked.world
    linked.unlink()
    found = world.linking.former(who=world.admin, ids=[linked.source])
    before = found[linked.source]
    assert (before.project, before.tasks, before.by, before.at) == (
        "Acme Web",
        2,
        "Ana",
        world.now,
    )
