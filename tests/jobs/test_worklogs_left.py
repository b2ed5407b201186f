"""W1: what is owed when a project is unlinked or archived, or a tool is disconnected."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from bot.domain.entries.entries import StopReason
from bot.domain.ids import TimeEntryId
from bot.domain.tracking.tracking_errors import ProjectArchived
from bot.domain.writing.worklogs import Choice, Trouble, WorklogState
from bot.integrations.errors import ProviderRefused, ProviderUnavailable
from bot.jobs.deliveries.disconnects import DisconnectDeliveries
from bot.jobs.outbox import OutboxJob
from bot.services.linking.disconnecting import FORGET, Disconnecting
from bot.services.linking.unlinking import Unlinking
from bot.services.projects.archiving import ProjectArchiving
from bot.services.tracking.stopping import stop_timers
from storage.linking.integrations import IntegrationRow
from storage.linking.provider_projects import ProviderProjectRow
from tests.jobs.writing_desk import WritingDesk

if TYPE_CHECKING:
    from bot.slack import Slack

WRITTEN = (WorklogState.WRITTEN, "")
LEFT = (WorklogState.OFF, Trouble.LEFT)


def owes_two(desk: WritingDesk) -> None:
    """An entry that is not written yet, and a timer that runs."""
    desk.office.logs(3600)
    desk.office.start("WEB-9", now=desk.now)
    desk.now += timedelta(minutes=30)


@pytest.mark.parametrize("writes", [True, False])
async def test_unlinking_writes_what_is_owed_or_leaves_it(desk: WritingDesk, writes: bool) -> None:  # noqa: FBT001
    """That of the timer that it stops too; what comes later is not written."""
    owes_two(desk)
    office = desk.office
    unlinking = Unlinking(office.world.uow, office.world.new_marker())
    ids = [office.source]
    assert unlinking.preview(who=office.admin, provider_project_ids=ids, now=desk.now).owed == 1
    done = unlinking.unlink(
        who=office.admin, provider_project_ids=ids, now=desk.now, writes_owed=writes
    )
    assert (done.owed, done.writes_owed) == (2, writes)
    await desk.delivers()
    seconds = sorted(kept.seconds for kept in desk.tool.records.values())
    assert seconds == ([1800, 3600] if writes else [])
    assert desk.states() == ([WRITTEN, WRITTEN] if writes else [LEFT, LEFT])


async def test_what_was_written_is_kept_right_after_unlinking(desk: WritingDesk) -> None:
    """An entry that is deleted does not leave its record behind."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    office = desk.office
    unlinking = Unlinking(office.world.uow, office.world.new_marker())
    unlinking.unlink(who=office.admin, provider_project_ids=[office.source], now=desk.now)
    office.deletes(entry, who=office.admin)
    await desk.delivers()
    assert desk.tool.records == {}


def archives_here(desk: WritingDesk) -> None:
    """An admin archives our project."""
    office = desk.office
    ProjectArchiving(office.world.uow, office.world.new_marker()).archive(
        who=office.admin, project_ids=[office.website], now=desk.now
    )


def archives_there(desk: WritingDesk) -> None:
    """A sync finds that the tool's project is archived."""
    office = desk.office
    office.change(ProviderProjectRow, office.source, is_archived=True)
    with office.world.uow.begin() as tx:
        stop_timers(
            tx,
            office.world.team_id,
            because=StopReason.PROJECT_ARCHIVED,
            now=desk.now,
            provider_projects=[office.source],
            new_marker=office.world.new_marker(),
        )


@pytest.mark.parametrize("archives", [archives_here, archives_there])
async def test_what_an_archived_project_owes_is_written(
    desk: WritingDesk, archives: Callable[[WritingDesk], None]
) -> None:
    """Its time stays, the stopped timer's too; what an admin then changes arrives as well (A3)."""
    owes_two(desk)
    archives(desk)
    await desk.delivers()
    assert sorted(kept.seconds for kept in desk.tool.records.values()) == [1800, 3600]
    assert desk.states() == [WRITTEN, WRITTEN]
    entry = TimeEntryId(desk.office.entries()[0].id or 0)
    with pytest.raises(ProjectArchived):
        desk.office.edits(entry, now=desk.now, seconds=7200)
    desk.office.edits(entry, who=desk.office.admin, now=desk.now, seconds=7200)
    await desk.delivers()
    assert sorted(kept.seconds for kept in desk.tool.records.values()) == [1800, 7200]


async def test_a_tool_that_takes_no_time_on_what_it_archived(desk: WritingDesk) -> None:
    """Its reason stands beside the entry; once it takes time again, so does *Write again*."""
    desk.office.logs(3600)
    archives_there(desk)
    desk.tool.before = [ProviderRefused("board", reason="The project is archived.")] * 2
    await desk.delivers()
    assert desk.states() == [(WorklogState.FAILED, "The project is archived.")]
    desk.deciding.retry(who=desk.office.ana, worklog_id=desk.stored()[0].id, now=desk.now)
    desk.tool.before = []
    await desk.delivers()
    assert desk.states() == [WRITTEN]


@pytest.mark.parametrize("archives", [archives_here, archives_there])
async def test_a_conflict_on_an_archived_project(
    desk: WritingDesk, archives: Callable[[WritingDesk], None]
) -> None:
    """Its owner changes no entry there any more, and may let ours stand; an admin takes theirs."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.change("r1", seconds=1800)
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    archives(desk)
    number, decide = desk.stored()[0].id, desk.deciding.decide
    with pytest.raises(ProjectArchived):
        decide(who=desk.office.ana, worklog_id=number, choice=Choice.THEIRS, now=desk.now)
    assert [one.state for one in desk.stored()] == [WorklogState.CONFLICT]
    decide(who=desk.office.admin, worklog_id=number, choice=Choice.THEIRS, now=desk.now)
    await desk.delivers()
    assert (desk.office.entries()[0].seconds, desk.tool.only.seconds) == (1800, 1800)


class Leaving:
    """Disconnecting, with what it owes."""

    def __init__(self, desk: WritingDesk) -> None:
        self._desk = desk
        office = desk.office
        self.disconnecting = Disconnecting(office.world.uow, office.world.new_marker())
        told = DisconnectDeliveries(cast("Slack", desk.mailbox), desk.pool, self.disconnecting, {})
        kinds = dict(desk.kinds) | {FORGET: told.forget}
        self.job = OutboxJob(desk.outbox, kinds, desk.pool, desk.clock)

    async def delivers(self, minutes: float = 0) -> None:
        """Works off what is due then."""
        self._desk.now += timedelta(minutes=minutes)
        await self.job.run_due()

    @property
    def sealed(self) -> str | None:
        """The integration's credentials."""
        with self._desk.office.world.uow.read() as tx:
            row = tx.entities.get(IntegrationRow, self._desk.office.board)
        assert row is not None
        return row.sealed_credentials


async def test_disconnecting_writes_first_and_then_forgets(desk: WritingDesk) -> None:
    """The credentials stay until the last of it is written, and no longer."""
    owes_two(desk)
    leaving = Leaving(desk)
    desk.tool.before = [ProviderUnavailable("board")]
    done = leaving.disconnecting.disconnect(
        who=desk.office.admin, integration_id=desk.office.board, now=desk.now
    )
    assert (done.owed, done.writes_owed) == (2, True)
    assert leaving.sealed is not None
    await leaving.delivers()
    assert leaving.sealed is not None
    await leaving.delivers(minutes=5)
    await leaving.delivers(minutes=5)
    assert sorted(kept.seconds for kept in desk.tool.records.values()) == [1800, 3600]
    assert desk.states() == [WRITTEN, WRITTEN]
    assert leaving.sealed is None


async def test_disconnecting_may_leave_it(desk: WritingDesk) -> None:
    """Then the credentials go at once, and nothing is written."""
    owes_two(desk)
    leaving = Leaving(desk)
    leaving.disconnecting.disconnect(
        who=desk.office.admin,
        integration_id=desk.office.board,
        now=desk.now,
        writes_owed=False,
    )
    assert leaving.sealed is None
    await leaving.delivers()
    assert desk.tool.records == {}
    assert desk.states() == [LEFT, LEFT]


async def test_a_tool_that_never_answers_is_forgotten_after_a_day(desk: WritingDesk) -> None:
    """Credentials are not kept for ever."""
    owes_two(desk)
    leaving = Leaving(desk)
    desk.tool.before = [ProviderUnavailable("board") for _ in range(99)]
    leaving.disconnecting.disconnect(
        who=desk.office.admin, integration_id=desk.office.board, now=desk.now
    )
    for _ in range(13):
        await leaving.delivers(minutes=60 * 7)
    assert leaving.sealed is None
    assert desk.tool.records == {}
