"""What stops a running timer and what does not, to the letter of T15, through the real causes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import pytest

from bot.domain.entries.entries import StopReason
from bot.domain.ids import AccountLinkId, ProjectId, TaskId, TimeEntryId
from bot.domain.people.people import SlackPerson
from bot.integrations.api import ProviderAccount
from bot.integrations.errors import ProviderAuthFailed, ProviderUnavailable
from bot.services.linking.disconnecting import Disconnecting
from bot.services.linking.unlinking import Unlinking
from bot.services.members import Members
from bot.services.people.account_links import AccountLinks
from bot.services.projects.archiving import ProjectArchiving
from bot.services.tracking.timer import Tracking
from tests.jobs.sync_world import SyncWorld


class Case:
    """Mia tracks WEB-1 of Acme Web, which the tool lets her see."""

    def __init__(self, world: SyncWorld) -> None:
        self.world, self.site = world, world.site
        self.parts = (world.uow, world.marker)

    async def begins(self) -> "Case":
        """Links, syncs, connects, and starts the timer."""
        world, site = self.world, self.site
        site.project("p1", "Acme Web", key="WEB")
        site.accounts["a1"] = ProviderAccount("a1", "Mia")
        site.access["p1"] = frozenset({"a1"})
        await world.job.run(world.here)
        self.project: ProjectId = world.link_new("p1")
        site.task("t1", "p1", "Fix the header", key="WEB-1")
        await world.sync()
        self.mia = world.member("mia")
        account = world.one("SELECT id FROM provider_account WHERE external_id = 'a1'").id
        self.link: AccountLinkId = world.connected(self.mia, world.here, account)
        world.joins(self.mia, self.project)
        self.task = TaskId(world.one("SELECT id FROM task").id)
        self.timer: TimeEntryId = world.timer(self.mia, self.project, self.task, world.now)
        self.started = world.now
        world.later(minutes=10)
        return self

    def entry(self) -> tuple[int | None, str | None]:
        """The seconds that were kept, and why it was stopped."""
        row = self.world.one("SELECT seconds, stopped_because FROM time_entry")
        return row.seconds, row.stopped_because

    def told(self) -> int:
        """How often its owner is told."""
        return len(self.world.owed("timer.stopped"))


Cause: TypeAlias = Callable[[Case], Awaitable[None]]


@pytest.fixture
async def case(world: SyncWorld) -> Case:
    """Give Mia's timer, ten minutes old."""
    return await Case(world).begins()


async def archived_in_the_tool(case: Case) -> None:
    """Archived there."""
    case.site.project("p1", "Acme Web", key="WEB", is_archived=True)
    await case.world.sync()


async def deleted_in_the_tool(case: Case) -> None:
    """Deleted there."""
    case.site.projects.pop("p1", None)
    await case.world.sync()


async def access_taken_in_the_tool(case: Case) -> None:
    """Its owner may not see it there any more."""
    case.site.access["p1"] = frozenset()
    await case.world.sync()


async def account_switched_off_in_the_tool(case: Case) -> None:
    """Its owner's account is locked there."""
    case.site.accounts["a1"] = ProviderAccount("a1", "Mia", is_active=False)
    await case.world.sync()


async def account_deleted_in_the_tool(case: Case) -> None:
    """Its owner's account is deleted there, or merged into another."""
    case.site.accounts.pop("a1", None)
    await case.world.sync()


async def archived_here(case: Case) -> None:
    """An admin archives our project."""
    ProjectArchiving(*case.parts).archive(
        who=case.world.admin, project_ids=[case.project], now=case.world.now
    )


async def unlinked(case: Case) -> None:
    """An admin unlinks it; a second time it is not linked."""
    if case.world.rows("SELECT 1 FROM project_link WHERE state = 'active'"):
        Unlinking(*case.parts).unlink(
            who=case.world.admin,
            provider_project_ids=[case.world.source("p1")],
            now=case.world.now,
        )


async def connection_ended(case: Case) -> None:
    """Its owner disconnects the account."""
    AccountLinks(*case.parts).disconnect(case.mia, case.link, case.world.now)


async def tool_disconnected(case: Case) -> None:
    """An admin disconnects the whole tool; a second time it is not connected."""
    if case.world.rows("SELECT 1 FROM integration WHERE state != 'disconnected'"):
        Disconnecting(*case.parts).disconnect(
            who=case.world.admin, integration_id=case.world.here, now=case.world.now
        )


async def deactivated(case: Case) -> None:
    """Slack says that they have left."""
    gone = SlackPerson(case.mia.slack_user_id, "Mia", None, "UTC", is_deactivated=True)
    Members(*case.parts).save(case.world.team_id, gone, case.world.now)


STOPS: list[tuple[Cause, StopReason, int]] = [
    (archived_in_the_tool, StopReason.PROJECT_ARCHIVED, 1),
    (deleted_in_the_tool, StopReason.PROJECT_GONE, 1),
    (access_taken_in_the_tool, StopReason.ACCESS_LOST, 1),
    (account_switched_off_in_the_tool, StopReason.ACCESS_LOST, 1),
    (account_deleted_in_the_tool, StopReason.ACCOUNT_LINK_ENDED, 1),
    (archived_here, StopReason.PROJECT_ARCHIVED, 1),
    (unlinked, StopReason.PROJECT_UNLINKED, 1),
    (connection_ended, StopReason.ACCOUNT_LINK_ENDED, 1),
    (tool_disconnected, StopReason.INTEGRATION_DISCONNECTED, 1),
    # Slack has closed the account of who has left: nobody can be told.
    (deactivated, StopReason.MEMBER_DEACTIVATED, 0),
]


@pytest.mark.parametrize(
    ("cause", "reason", "told"), [pytest.param(*one, id=one[0].__name__) for one in STOPS]
)
async def test_t15_stopped_and_kept_at_the_moment_of_detection(
    case: Case, cause: Cause, reason: StopReason, told: int
) -> None:
    """The owner is told once, however often it is found out, and the time stays as it was kept."""
    await cause(case)
    kept = int((case.world.now - case.started).total_seconds())
    assert case.entry() == (kept, reason)
    assert case.told() == told
    case.world.later(minutes=30)
    await cause(case)
    assert case.entry() == (kept, reason)
    assert case.told() == told


@pytest.mark.parametrize("again", [archived_in_the_tool, unlinked, connection_ended])
async def test_t15_one_cause_after_another_tells_once(case: Case, again: Cause) -> None:
    """What was stopped for one reason is not stopped again for the next."""
    await access_taken_in_the_tool(case)
    before = case.entry()
    await again(case)
    assert case.entry() == before
    assert case.told() == 1


async def closed(case: Case) -> None:
    """The task is done in the tool."""
    case.site.task("t1", "p1", "Fix the header", key="WEB-1", is_done=True)
    await case.world.sync()


async def broken(case: Case) -> None:
    """The tool does not take the credentials any more."""
    case.site.fails("projects", lambda: ProviderAuthFailed("fake", "locked"))
    case.site.fails("check", lambda: ProviderAuthFailed("fake", "locked"))
    await case.world.sync()
    assert case.world.one("SELECT state FROM integration").state == "broken"


async def away(case: Case) -> None:
    """The tool does not answer."""
    case.site.fails("projects", lambda: ProviderUnavailable("fake"))
    await case.world.sync()


async def paused(case: Case) -> None:
    """Nothing is synced for days."""
    case.world.run("UPDATE integration SET next_sync_at = NULL")
    case.world.later(days=2)


async def moved_elsewhere(case: Case) -> None:
    """The task went to a project that its owner may track on."""
    case.site.project("p2", "Operations")
    await case.world.sync()
    case.world.joins(case.mia, case.world.link_new("p2"))
    case.site.task("t1", "p2", "Fix the header", key="WEB-1")
    await case.world.sweep()


@pytest.mark.parametrize("what", [closed, broken, away, paused, moved_elsewhere])
async def test_t15_runs_on(case: Case, what: Cause) -> None:
    """And can be stopped by its owner as ever, with every second of it."""
    await what(case)
    seconds, because = case.entry()
    assert (seconds, because) == (None, None)
    assert case.told() == 0
    tracking = Tracking(*case.parts, str)
    done = tracking.stop(who=case.mia, now=case.world.now)
    assert done.end.seconds == int((case.world.now - case.started).total_seconds())


async def test_t15_time_before_midnight_is_kept_on_its_own_day(case: Case) -> None:
    """Detected the morning after: two entries, and one message."""
    case.world.later(hours=20)
    await archived_here(case)
    parts = case.world.rows("SELECT seconds, stopped_because FROM time_entry ORDER BY id")
    assert len(parts) == 2
    total = sum(int(part.seconds) for part in parts)
    assert timedelta(seconds=total) == case.world.now - case.started
    assert {part.stopped_because for part in parts} == {StopReason.PROJECT_ARCHIVED}
    assert case.told() == 1
