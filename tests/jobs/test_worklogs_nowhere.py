"""S6, W3: time on a task that is deleted in its tool stays here, and asks nobody for anything."""

from bot.domain.entries.entries import OnTask
from bot.domain.ids import SyncRunId
from bot.domain.sync.sync import Bookmark, SyncPlan
from bot.domain.writing.worklogs import Trouble, WorklogState
from bot.integrations.errors import ProviderRefused
from bot.services.linking.overview import Overviews
from bot.services.sync.gone_tasks import lose
from bot.views.tracking import timesheet
from storage.tasks.tasks import TaskRow
from tests.jobs.writing_desk import WRITTEN, WritingDesk

NOWHERE = (WorklogState.OFF, Trouble.TASK_GONE)


def the_task(desk: WritingDesk, *, is_gone: bool) -> None:
    """What the last sync found."""
    desk.office.change(TaskRow, desk.office.web12, gone_at=desk.now if is_gone else None)


async def test_a_record_that_went_with_its_task_is_no_question(desk: WritingDesk) -> None:
    """There is nowhere to write it to again; the day says so, and the Overview is silent."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.records.clear()
    the_task(desk, is_gone=True)
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert desk.states() == [NOWHERE]
    assert desk.mailbox.sent == []
    shown = timesheet.show_day(desk.office.timesheet.day(who=desk.office.ana, now=desk.now))
    assert "not written to acme board: its task is not there any more" in shown.text
    assert Overviews(desk.office.world.uow).everything(who=desk.office.admin).unwritten == ()


async def test_a_task_that_was_only_hidden_gets_no_second_record(desk: WritingDesk) -> None:
    """What is known of the record is kept for when the task comes back."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    hidden = dict(desk.tool.records)
    desk.tool.records.clear()
    the_task(desk, is_gone=True)
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    desk.tool.records.update(hidden)
    the_task(desk, is_gone=False)
    desk.office.edits(entry, seconds=1800)
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 1800


async def test_before_a_sync_knows_it_the_reason_is_told(desk: WritingDesk) -> None:
    """*Not found* would say nothing; once the sync knows, trying again ends it."""
    desk.tool.before = [ProviderRefused("board", status=404, reason="Not Found")] * 2
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.states() == [(WorklogState.FAILED, Trouble.TASK_GONE)]
    the_task(desk, is_gone=True)
    (stored,) = desk.stored()
    desk.deciding.retry(who=desk.office.ana, worklog_id=stored.id, now=desk.now)
    await desk.delivers()
    assert desk.states() == [NOWHERE]
    assert desk.tool.records == {}


NOT_FOUND = ProviderRefused("board", status=404, reason="Not Found")


async def test_an_entry_goes_though_its_task_went_first(desk: WritingDesk) -> None:
    """Most tools look for a record on its task, and answer that this is not there."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.records.clear()
    the_task(desk, is_gone=True)
    desk.tool.looking = [NOT_FOUND]
    desk.office.deletes(entry)
    await desk.delivers()
    assert desk.states() == [(WorklogState.OFF, "")]


async def test_time_moved_away_from_a_deleted_task_is_written_where_it_is_now(
    desk: WritingDesk,
) -> None:
    """Nobody is asked about the record that went with the old task."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.records.clear()
    the_task(desk, is_gone=True)
    desk.tool.looking = [NOT_FOUND]
    desk.office.edits(entry, target=OnTask(desk.office.web9))
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 3600
    assert desk.mailbox.sent == []


async def test_what_failed_for_want_of_its_task_ends_with_the_sync_that_knows_it(
    desk: WritingDesk,
) -> None:
    """Nobody has to click; while the task may be there still, it stays as failed."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.looking = [NOT_FOUND] * 2
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert desk.states() == [(WorklogState.FAILED, Trouble.TASK_GONE)]
    office = desk.office
    sync = SyncPlan(
        SyncRunId(1),
        office.world.team_id,
        office.board,
        "board",
        "",
        is_full=True,
        is_awaited=False,
        bookmark=Bookmark(),
    )
    with office.world.uow.begin() as tx:
        assert lose(tx, sync, [office.web9], desk.now) == 1
        assert lose(tx, sync, [office.web12], desk.now) == 1
    await desk.delivers()
    assert desk.states() == [NOWHERE]
