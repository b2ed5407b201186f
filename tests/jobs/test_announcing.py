"""Unlinked projects are announced once, ever (L9), or linked by themselves (L8)."""

import threading
from collections.abc import Sequence

import pytest

from bot.domain.errors import AdminOnly
from bot.domain.ids import AnnouncementId
from bot.domain.linking.announcements import MOST_ROWS, Announcement, AnnouncementDelivered
from bot.domain.linking.linking import AlreadyLinked, ProviderProjectIgnored
from bot.domain.states import AnnouncementState
from bot.domain.sync.sync import RunTakenOver
from bot.integrations.errors import ProviderUnavailable
from bot.services.linking import announcing
from bot.services.sync.run_pages import Footing
from bot.views.linking import announcements as views
from storage.sync import sync_runs
from tests.jobs.sync_world import SyncWorld
from tests.statements import heard


def _fill(world: SyncWorld, count: int, start: int = 1) -> None:
    for number in range(start, start + count):
        world.site.project(f"p{number}", f"Project {number:03}", key=f"P{number}")


def _announced(world: SyncWorld) -> list[Announcement]:
    found = [
        world.announcing.present(world.team_id, AnnouncementId(row.payload_id))
        for row in world.rows("SELECT id AS payload_id FROM announcement ORDER BY id")
    ]
    return [one for one in found if one is not None]


def _names(rows: Sequence[Announcement]) -> list[list[str]]:
    return [[row.name for row in one.rows] for one in rows]


async def test_few_projects_get_a_row_each_from_the_first_sync(world: SyncWorld) -> None:
    """A small team can decide in the channel at once; one message is owed."""
    _fill(world, 3)
    await world.job.run(world.here)
    (made,) = _announced(world)
    assert not made.is_summary
    assert [row.key for row in made.rows] == ["P1", "P2", "P3"]
    assert (made.total, made.unlinked, made.channel_id) == (3, 3, "C0OPS")
    (owed,) = world.owed("announcement.post")
    assert owed.subject == f"announcement:{made.id}"


async def test_many_projects_get_one_summary(world: SyncWorld) -> None:
    """A first sync of a large site does not flood the channel."""
    world.site.page_size = 100
    _fill(world, MOST_ROWS + 1)
    await world.job.run(world.here)
    (made,) = _announced(world)
    assert made.is_summary
    assert made.rows == ()
    assert (made.total, made.unlinked) == (MOST_ROWS + 1, MOST_ROWS + 1)


async def test_later_syncs_announce_only_what_is_new(world: SyncWorld) -> None:
    """Each project stands in one announcement, whatever happens to it afterwards."""
    _fill(world, 2)
    await world.job.run(world.here)
    await world.sync()
    assert len(_announced(world)) == 1
    _fill(world, 1, start=3)
    world.site.project("p1", "Renamed")
    await world.sync()
    await world.sweep()
    assert _names(_announced(world)) == [["Project 002", "Renamed"], ["Project 003"]]


async def test_many_new_projects_later_show_the_first_rows(world: SyncWorld) -> None:
    """Beyond fifteen the digest says how many more; all of them count as announced."""
    _fill(world, 1)
    await world.job.run(world.here)
    world.site.page_size = 100
    _fill(world, 40, start=2)
    await world.sync()
    late = _announced(world)[1]
    assert not late.is_summary
    assert (len(late.rows), late.total) == (MOST_ROWS, 40)
    await world.sync()
    assert len(_announced(world)) == 2


async def test_only_what_waits_for_a_decision_is_announced(world: SyncWorld) -> None:
    """Archived, personal, ignored and linked projects are not; once un-archived, one is."""
    _fill(world, 2)
    world.site.project("old", "Old intranet", is_archived=True)
    world.site.project("mine", "Ana's own", is_personal=True)
    await world.job.run(world.here)
    assert _names(_announced(world)) == [["Project 001", "Project 002"]]
    world.site.project("old", "Old intranet")
    await world.sync()
    assert _names(_announced(world))[1:] == [["Old intranet"]]
    world.run("UPDATE integration SET personal_projects = true")
    await world.sync()
    assert _names(_announced(world))[2:] == [["Ana's own"]]


async def test_unlinking_announces_nothing(world: SyncWorld) -> None:
    """Whoever ended a link knows of the project."""
    world.run("UPDATE integration SET link_policy = 'auto'")
    _fill(world, 1)
    await world.job.run(world.here)
    world.run("UPDATE integration SET link_policy = 'announce'")
    world.run("UPDATE project_link SET state = 'ended'")
    before = _announced(world)
    await world.sync()
    assert _announced(world) == before


async def test_policy_auto_creates_and_links(world: SyncWorld) -> None:
    """New projects are made and linked by themselves, and their tasks arrive in the same run."""
    world.run("UPDATE integration SET link_policy = 'auto'")
    _fill(world, 2)
    world.site.project("mine", "Ana's own", is_personal=True)
    world.site.task("t1", "p1", "Task", key="P1-1")
    await world.job.run(world.here)
    assert {row.name for row in world.rows("SELECT name FROM project")} == {
        "Project 001",
        "Project 002",
    }
    assert world.task_keys() == {"t1": "P1-1"}
    (told,) = _announced(world)
    assert _names([told]) == [["Project 001", "Project 002"]]
    assert told.unlinked == 0
    said = views.announcement(told, "Fake").text
    assert said.startswith("2 new projects in *Fake, ")
    assert " were linked by the link policy.\n*Project 001* (P1) linked to Project 001 by" in said
    await world.sync()
    assert len(_announced(world)) == 1


async def test_announced_although_the_run_fails_later(world: SyncWorld) -> None:
    """The project phase is over by then; when the run goes on, nothing is announced again."""
    _fill(world, 2)
    world.site.fails("accounts", lambda: ProviderUnavailable("fake"))
    await world.job.run(world.here)
    assert len(_announced(world)) == 1
    await world.sync()
    assert len(_announced(world)) == 1
    assert world.last_run().state == "done"


async def test_two_workers_announce_once(world: SyncWorld) -> None:
    """Even where the lock failed and both finish the same project phase at the same moment."""
    _fill(world, 5)
    plan = world.syncing.begin(world.here, world.now)
    assert plan is not None
    world.tools.mirroring.save_projects(
        plan, list(world.site.projects.values()), cursor=None, footing=Footing(world.now)
    )
    together = threading.Barrier(2)
    errors: list[BaseException] = []

    def finish() -> None:
        together.wait()
        try:
            world.tools.mirroring.finish_projects(plan, Footing(world.now))
        except RunTakenOver as error:  # pragma: no cover - which one comes last is chance
            errors.append(error)

    workers = [threading.Thread(target=finish) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert len(_announced(world)) == 1
    assert len(world.owed("announcement.post")) == 1
    assert len(world.rows("SELECT 1 FROM announced_project")) == 5


async def test_two_transactions_that_see_nothing_announced(world: SyncWorld) -> None:
    """The primary key decides: of two collections side by side one comes out empty."""
    _fill(world, 3)
    plan = world.syncing.begin(world.here, world.now)
    assert plan is not None
    world.tools.mirroring.save_projects(
        plan, list(world.site.projects.values()), cursor=None, footing=Footing(world.now)
    )
    together = threading.Barrier(4)

    def collect() -> None:
        together.wait()
        with world.uow.begin() as tx:
            run = sync_runs.by_id(tx, world.team_id, plan.run_id)
            assert run is not None
            world.announcing.collect(tx, run, world.now)

    workers = [threading.Thread(target=collect) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(_announced(world)) == 1
    assert len(world.owed("announcement.post")) == 1


async def test_announcement_tells_the_present_state(world: SyncWorld) -> None:
    """Who linked or ignored what, and when; the counts follow."""
    _fill(world, 3)
    await world.job.run(world.here)
    world.linking.link(who=world.admin, provider_project_id=world.source("p1"), now=world.now)
    world.linking.ignore(who=world.admin, provider_project_id=world.source("p2"), now=world.now)
    (made,) = _announced(world)
    linked, ignored, waits = made.rows
    assert (linked.project, linked.linked and linked.linked.by) == ("Project 001", "Ana")
    assert ignored.ignored is not None
    assert (ignored.ignored.by, ignored.ignored.at) == ("Ana", world.now)
    assert waits.is_open
    assert (made.total, made.unlinked) == (3, 1)
    assert {row.subject for row in world.owed("announcement.update")} == {f"announcement:{made.id}"}


async def test_second_decision_hears_of_the_first(world: SyncWorld) -> None:
    """The form is not even opened for what was decided before; a member may not open it at all."""
    _fill(world, 2)
    await world.job.run(world.here)
    here = world.source("p1")
    assert world.announcing.waiting(who=world.admin, provider_project_id=here) == "Project 001"
    world.linking.link(who=world.admin, provider_project_id=here, now=world.now)
    with pytest.raises(AlreadyLinked):
        world.announcing.waiting(who=world.admin, provider_project_id=here)
    there = world.source("p2")
    world.linking.ignore(who=world.admin, provider_project_id=there, now=world.now)
    with pytest.raises(ProviderProjectIgnored):
        world.announcing.waiting(who=world.admin, provider_project_id=there)
    with pytest.raises(AdminOnly):
        world.announcing.waiting(who=world.member("mia"), provider_project_id=here)


async def test_posting_again_is_a_persons_decision(world: SyncWorld) -> None:
    """Only for what is not known to be there, only by an admin, and only once."""
    _fill(world, 1)
    await world.job.run(world.here)
    (made,) = _announced(world)
    with pytest.raises(AnnouncementDelivered):
        world.announcing.post_again(who=world.admin, announcement_id=made.id, now=world.now)
    world.announcing.outcome_unknown(world.team_id, made.id)
    with pytest.raises(AdminOnly):
        world.announcing.post_again(who=world.member("mia"), announcement_id=made.id, now=world.now)
    world.announcing.post_again(who=world.admin, announcement_id=made.id, now=world.now)
    with pytest.raises(AnnouncementDelivered):
        world.announcing.post_again(who=world.admin, announcement_id=made.id, now=world.now)
    assert len(world.owed("announcement.post")) == 2
    assert _announced(world)[0].state is AnnouncementState.PENDING


async def test_presenting_takes_as_many_statements_for_many_rows(world: SyncWorld) -> None:
    """One message, three questions to the database."""
    _fill(world, MOST_ROWS)
    world.site.page_size = 100
    await world.job.run(world.here)
    with heard(world.engine) as said:
        (made,) = _announced(world)
    assert len(made.rows) == MOST_ROWS
    assert len([one for one in said if one.sql.startswith("SELECT")]) == 4


async def test_what_the_rules_leave_out_is_neither_announced_nor_linked(world: SyncWorld) -> None:
    """L8: rules hold for announcements and for ``auto``; a rename can change the decision."""
    world.run("UPDATE integration SET rules = :rules", rules=_EXCLUDE_SANDBOXES)
    world.site.project("p1", "Acme Web")
    world.site.project("p2", "Sandbox 2")
    await world.job.run(world.here)
    assert _names(_announced(world)) == [["Acme Web"]]
    world.site.project("p2", "Shop")
    await world.sync()
    assert _names(_announced(world))[1:] == [["Shop"]]
    world.run("UPDATE integration SET link_policy = 'auto'")
    world.site.project("p3", "Sandbox 3")
    world.site.project("p4", "Ops")
    await world.sync()
    assert [row.name for row in world.rows("SELECT name FROM project")] == ["Ops"]


_EXCLUDE_SANDBOXES = '[{"include": false, "pattern": "Sandbox*", "by": "name"}]'


async def test_very_many_are_linked_by_several_runs(
    world: SyncWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Policy ``auto`` and a huge tool: each run links some, and the next begins at once."""
    monkeypatch.setattr(announcing, "AT_ONCE", 3)
    world.run("UPDATE integration SET link_policy = 'auto'")
    _fill(world, 5)
    await world.job.run(world.here)
    assert len(world.rows("SELECT 1 FROM project_link")) == 3
    await world.job.run(world.here)
    assert len(world.rows("SELECT 1 FROM project_link")) == 5
    assert [one.total for one in _announced(world)] == [3, 2]


async def test_what_the_tool_takes_away_loses_its_buttons(world: SyncWorld) -> None:
    """Archived, deleted, brought back: the message in the channel follows the sync."""
    _fill(world, 2)
    await world.job.run(world.here)
    world.site.project("p1", "Project 001", is_archived=True)
    await world.sync()
    assert len(world.owed("announcement.update")) == 1
    world.site.project("p1", "Project 001")
    await world.sync()
    assert len(world.owed("announcement.update")) == 2
    del world.site.projects["p2"]
    await world.sweep()
    assert len(world.owed("announcement.update")) == 3
    assert [row.is_open for row in _announced(world)[0].rows] == [True, False]
