"""What a sync does to linked projects: names, ends, and who is on them."""

import pytest

from bot.domain.entries.entries import StopReason
from bot.domain.tasks.task_refs import KeyRef
from bot.domain.tracking.tracking import Started
from bot.domain.tracking.tracking_errors import NothingToTrackOn
from bot.integrations.api import ProviderAccount
from bot.integrations.errors import ProviderRefused
from bot.services.sync.run_pages import Footing
from bot.services.tracking.timer import Tracking
from storage.sync import task_sync
from tests.jobs.sync_world import SyncWorld, writes
from tests.statements import heard


async def _linked(world: SyncWorld) -> None:
    world.site.project("p1", "Acme Web", key="WEB")
    world.site.project("p2", "Operations")
    await world.job.run(world.here)
    world.link_new("p1")
    world.link_new("p2")


async def test_renames_reach_projects_that_follow(world: SyncWorld) -> None:
    """A project made by a link takes the provider's new name; one with its own keeps it (L2)."""
    await _linked(world)
    world.site.project("p3", "Intranet")
    await world.sync()
    own = world.project("My own", "OWN")
    world.link(world.source("p3"), own)
    world.site.project("p1", "Acme Shop", key="WEB")
    world.site.project("p3", "Extranet")
    await world.sync()
    names = {row.name for row in world.rows("SELECT name FROM project")}
    assert names == {"Acme Shop", "Operations", "My own"}


async def test_project_with_two_sources_follows_the_oldest(world: SyncWorld) -> None:
    """Two provider projects that feed one project do not fight over its name."""
    await _linked(world)
    world.site.project("p3", "Second")
    await world.sync()
    first = world.one("SELECT id FROM project WHERE name = 'Acme Web'").id
    world.link(world.source("p3"), first)
    world.site.project("p3", "Second, renamed")
    await world.sync()
    assert world.one("SELECT name FROM project WHERE id = :i", i=first).name == "Acme Web"


@pytest.mark.parametrize("how", ["archived", "gone"])
async def test_timers_stop_where_the_project_ends(world: SyncWorld, how: str) -> None:
    """Archived or deleted in the provider: the timer there is stopped and kept, the owner told."""
    await _linked(world)
    world.site.task("t1", "p1", "Task", key="WEB-1")
    world.site.task("t2", "p2", "Task", number=2)
    await world.sync()
    mia, bob = world.member("mia"), world.member("bob")
    for who, task in ((mia, "t1"), (bob, "t2")):
        row = world.one(
            "SELECT t.id, l.project_id FROM task t JOIN project_link l "
            "ON l.provider_project_id = t.provider_project_id WHERE t.external_id = :t",
            t=task,
        )
        world.timer(who, row.project_id, row.id, started_at=world.now)
    if how == "archived":
        world.site.project("p1", "Acme Web", key="WEB", is_archived=True)
        reason = StopReason.PROJECT_ARCHIVED
    else:
        del world.site.projects["p1"]
        reason = StopReason.PROJECT_GONE
    await world.sync()
    stopped = world.one("SELECT * FROM time_entry WHERE seconds IS NOT NULL")
    assert (stopped.member_id, stopped.stopped_because) == (mia.id, reason)
    assert stopped.seconds == 360
    assert len(world.owed("timer.stopped")) == 1
    await world.sync()
    assert len(world.owed("timer.stopped")) == 1


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("unlinked", StopReason.PROJECT_UNLINKED),
        ("archived", StopReason.PROJECT_ARCHIVED),
        ("gone", StopReason.PROJECT_GONE),
        ("closed", StopReason.ACCESS_LOST),
        ("open", None),
    ],
)
async def test_timer_stops_where_its_task_went(
    world: SyncWorld, place: str, reason: StopReason | None
) -> None:
    """A task moved to where nobody, or not its owner, may track is no longer tracked (T15)."""
    await _linked(world)
    world.site.project("p3", "Elsewhere")
    world.site.accounts["a-mia"] = ProviderAccount("a-mia", "Mia")
    world.site.task("t1", "p1", "Task", key="WEB-1")
    await world.sync()
    mia = world.member("mia")
    account = world.one("SELECT id FROM provider_account WHERE external_id = 'a-mia'").id
    world.connected(mia, world.here, account)
    if place != "unlinked":
        world.link_new("p3")
    if place == "closed":
        world.site.access["p3"] = frozenset()
    if place == "archived":
        world.site.project("p3", "Elsewhere", is_archived=True)
    if place == "gone":
        del world.site.projects["p3"]
    await world.sync()
    row = world.one(
        "SELECT t.id, l.project_id FROM task t JOIN project_link l "
        "ON l.provider_project_id = t.provider_project_id WHERE t.external_id = 't1'"
    )
    world.timer(mia, row.project_id, row.id, started_at=world.now)
    world.site.task("t1", "p3", "Task", key="WEB-1")
    await world.sweep()
    stopped = world.one("SELECT * FROM time_entry WHERE continues_id IS NULL")
    assert stopped.stopped_because == reason
    assert (stopped.seconds is None) == (reason is None)
    assert len(world.owed("timer.stopped")) == (0 if reason is None else 1)


async def test_project_that_only_left_the_list_stays(world: SyncWorld) -> None:
    """It is re-read one by one before anybody believes that it is gone."""
    await _linked(world)
    hidden = world.site.projects.pop("p2")

    def found_after_all(call: str) -> None:
        if call == "project":
            world.site.projects["p2"] = hidden

    world.site.meanwhile = found_after_all
    await world.sync()
    assert world.rows("SELECT 1 FROM provider_project WHERE gone_at IS NOT NULL") == []
    assert world.site.calls["project"] == 1


async def test_project_that_comes_back_is_there_again(world: SyncWorld) -> None:
    """Hidden and shown again, it is the same project with the same link."""
    await _linked(world)
    kept = world.site.projects.pop("p2")
    await world.sync()
    assert world.one("SELECT * FROM provider_project WHERE external_id = 'p2'").gone_at
    world.site.projects["p2"] = kept
    await world.sync()
    assert world.one("SELECT * FROM provider_project WHERE external_id = 'p2'").gone_at is None
    assert len(world.rows("SELECT 1 FROM provider_project")) == 2


async def test_project_that_vanishes_under_the_read(world: SyncWorld) -> None:
    """Refused tasks of a project that is not there any more are no failure of the run."""
    await _linked(world)

    def deleted_after_the_list(call: str) -> None:
        if call == "access":
            world.site.projects.pop("p1", None)

    world.site.meanwhile = deleted_after_the_list
    world.site.fails("tasks", lambda: ProviderRefused("fake", status=404))
    await world.sync()
    assert world.last_run().state == "done"
    assert world.one("SELECT * FROM provider_project WHERE external_id = 'p1'").gone_at


async def test_access_decides_who_joins_and_who_stops(world: SyncWorld) -> None:
    """Whoever may see it joins; who may not any more is stopped and told (A2, L5)."""
    await _linked(world)
    world.site.accounts["a1"] = ProviderAccount("a1", "Mia K")
    world.site.accounts["a2"] = ProviderAccount("a2", "Bob")
    world.site.access["p1"] = frozenset({"a1", "nobody we know"})
    world.site.task("t1", "p1", "Task", key="WEB-1")
    await world.sync()
    mia, bob = world.member("mia"), world.member("bob")
    for who, account in ((mia, "a1"), (bob, "a2")):
        row = world.one("SELECT id FROM provider_account WHERE external_id = :a", a=account)
        world.connected(who, world.here, row.id)
    world.site.access["p1"] = frozenset({"a1", "a2"})
    await world.sync()
    project = world.one("SELECT id FROM project WHERE name = 'Acme Web'").id
    joined = world.rows("SELECT member_id FROM project_member WHERE project_id = :p", p=project)
    assert {row.member_id for row in joined} == {mia.id, bob.id}

    task = world.one("SELECT id FROM task").id
    world.timer(mia, project, task, started_at=world.now)
    world.timer(bob, project, task, started_at=world.now)
    world.site.access["p1"] = frozenset({"a2"})
    await world.sync()
    stopped = world.one("SELECT * FROM time_entry WHERE seconds IS NOT NULL")
    assert (stopped.member_id, stopped.stopped_because) == (mia.id, StopReason.ACCESS_LOST)
    with heard(world.engine) as said:
        await world.sync()
    assert not [one for one in writes(said) if "provider_access" in one]


async def test_a_switched_off_account_ends_tracking(world: SyncWorld) -> None:
    """Somebody left the company: locked in the tool, and nobody had to tell Hourlink (A2)."""
    await _linked(world)
    for name in ("a1", "a2"):
        world.site.accounts[name] = ProviderAccount(name, name)
    world.site.task("t1", "p1", "Task", key="WEB-1")
    await world.sync()
    mia, bob = world.member("mia"), world.member("bob")
    project = world.one("SELECT id FROM project WHERE name = 'Acme Web'").id
    task = world.one("SELECT id FROM task").id
    for who, account in ((mia, "a1"), (bob, "a2")):
        row = world.one("SELECT id FROM provider_account WHERE external_id = :a", a=account)
        world.connected(who, world.here, row.id)
        world.joins(who, project)
        world.timer(who, project, task, started_at=world.now)
    world.site.accounts["a1"] = ProviderAccount("a1", "a1", is_active=False)
    await world.sync()
    stopped = world.one("SELECT * FROM time_entry WHERE seconds IS NOT NULL")
    assert (stopped.member_id, stopped.stopped_because) == (mia.id, StopReason.ACCESS_LOST)
    tracking = Tracking(world.uow, world.marker, str)
    with pytest.raises(NothingToTrackOn):
        tracking.start(who=mia, ref=KeyRef("WEB-1"), now=world.now)
    world.site.accounts["a1"] = ProviderAccount("a1", "a1")
    await world.sync()
    assert isinstance(tracking.start(who=mia, ref=KeyRef("WEB-1"), now=world.now), Started)


async def test_refused_access_keeps_the_tasks_coming(world: SyncWorld) -> None:
    """Where nobody says who may see a project, what was known stays and the tasks arrive."""
    await _linked(world)
    world.site.task("t1", "p1", "Task", key="WEB-1")
    world.site.fails("access", lambda: ProviderRefused("fake", reason="admins only"))
    await world.sync()
    assert world.task_keys() == {"t1": "WEB-1"}
    assert world.last_run().error == "Acme Web, access: admins only"


async def test_code_of_an_unlinked_project_is_not_used(world: SyncWorld) -> None:
    """A link that ends while its tasks are being read makes no new tasks."""
    await _linked(world)
    world.later(minutes=6)
    plan = world.syncing.begin(world.here, world.now)
    assert plan is not None
    source = world.tools.tasks.next_sources(plan)[0]
    world.run("UPDATE project_link SET state = 'ended'")
    with world.uow.read() as tx:
        assert task_sync.project_of(tx, world.team_id, source.id) is None
    task = world.site.task("t1", source.external_id, "Too late")
    world.tools.tasks.save_tasks(plan, source, [task], cursor=None, footing=Footing(world.now))
    assert world.task_keys() == {}


async def test_who_joins_is_known_at_the_end_of_the_first_read(world: SyncWorld) -> None:
    """A project that everybody may see, one that only Mia may: nobody is added to early (L5)."""
    for name in ("a1", "a2"):
        world.site.accounts[name] = ProviderAccount(name, name)
    world.site.project("p1", "Open")
    world.site.project("p2", "Closed")
    world.site.access["p2"] = frozenset({"a1"})
    await world.job.run(world.here)
    mia, bob = world.member("mia"), world.member("bob")
    for who, account in ((mia, "a1"), (bob, "a2")):
        row = world.one("SELECT id FROM provider_account WHERE external_id = :a", a=account)
        world.connected(who, world.here, row.id)
    world.link_new("p1")
    world.link_new("p2")
    assert world.rows("SELECT 1 FROM project_member") == []
    await world.sync()
    names = "SELECT p.name, m.member_id FROM project_member m JOIN project p ON p.id = m.project_id"
    assert {(row.name, row.member_id) for row in world.rows(names)} == {
        ("Open", mia.id),
        ("Open", bob.id),
        ("Closed", mia.id),
    }
