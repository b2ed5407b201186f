"""W1: what is written, and how, is as people chose: off, short, worded, estimated, approved."""

import json
from datetime import timedelta

import pytest

from bot.domain.entries.entries import OnTask
from bot.domain.ids import TimeEntryId
from bot.domain.linking.write_back import WriteMode
from bot.domain.preferences import TeamSettings
from bot.domain.writing.worklogs import Trouble, WorklogState
from bot.integrations.errors import (
    ProviderRefused,
    ProviderUnavailable,
)
from bot.services.approval.week_deciding import WeekDeciding
from bot.services.approval.week_submitting import WeekSubmitting
from bot.views.entries import form as entry_form
from tests.jobs.time_keeper import TimeKeeper
from tests.jobs.writing_desk import OFF, WRITTEN, WritingDesk, owed
from tests.services.editor import TODAY


@pytest.mark.parametrize("mode", [WriteMode.OFF])
async def test_where_it_is_off_nothing_is_written(desk: WritingDesk, mode: WriteMode) -> None:
    """Not even owed; and what was written before it was switched off stays as it is."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.choose(write_mode=mode)
    desk.office.edits(entry, seconds=7200)
    desk.office.logs(1800)
    await desk.delivers()
    assert desk.tool.only.seconds == 3600
    assert desk.states() == [(WorklogState.OFF, Trouble.SWITCHED_OFF)]
    desk.choose(write_mode=WriteMode.ON)
    desk.office.edits(entry, seconds=7260)
    await desk.delivers()
    assert desk.tool.only.seconds == 7260


@pytest.mark.parametrize("whose", ["tool", "project", "person"])
async def test_nothing_at_all_is_written_for_whom_it_is_off(desk: WritingDesk, whose: str) -> None:
    """No new time, no edit, no move and no removal of what was written before; no call is made."""
    office = desk.office
    before = office.logs(3600)
    gone = office.logs(1800)
    await desk.delivers()
    desk.tool.calls.clear()
    kept = dict(desk.tool.records)
    desk.switch(whose, is_on=False)
    office.logs(900)
    office.edits(before, seconds=7200, target=OnTask(office.web9))
    office.deletes(gone)
    await desk.delivers()
    assert desk.tool.calls == {}
    assert desk.tool.records == kept
    assert {state for state, _ in desk.states()} == {WorklogState.OFF}
    desk.switch(whose, is_on=True)
    office.edits(before, seconds=5400)
    await desk.delivers()
    assert sorted(one.seconds for one in desk.tool.records.values()) == [1800, 5400]


@pytest.mark.parametrize("whose", ["tool", "project", "person"])
async def test_what_was_edited_while_it_was_off_goes_with_its_entry_once_it_is_on(
    desk: WritingDesk, whose: str
) -> None:
    """Its record is not forgotten, though the last edit was not written to it."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.switch(whose, is_on=False)
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert desk.tool.only.seconds == 3600
    desk.switch(whose, is_on=True)
    desk.office.deletes(entry)
    await desk.delivers()
    assert desk.tool.records == {}
    assert desk.states() == [OFF]


async def test_short_entries_are_not_written(desk: WritingDesk) -> None:
    """A minimum that an admin chose; one that becomes too short loses its record."""
    desk.choose(write_shortest=600)
    entry = desk.office.logs(300)
    await desk.delivers()
    assert desk.states() == [(WorklogState.OFF, Trouble.SHORT)]
    desk.office.edits(entry, seconds=1200)
    await desk.delivers()
    assert desk.tool.only.seconds == 1200
    desk.office.edits(entry, seconds=540)
    await desk.delivers()
    assert desk.tool.records == {}


async def test_the_text_is_as_an_admin_wants_it(desk: WritingDesk) -> None:
    """Words in braces stand for something."""
    desk.choose(write_text="{key}: {note} ({member})")
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.tool.only.text == "WEB-12: (Ana)"


async def test_estimates_are_left_unless_an_admin_chose_otherwise(desk: WritingDesk) -> None:
    """W4; whoever changes the entry then is told that the estimate moves with it."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    assert not _moves_estimates(desk.tool)
    assert "remaining estimate" not in _form(desk, entry)
    desk.choose(write_reduces_estimate=True)
    entry = desk.office.logs(1800)
    await desk.delivers()
    assert _moves_estimates(desk.tool)
    assert "A change moves the task's remaining estimate there too." in _form(desk, entry)


@pytest.mark.parametrize("at_first", [False, True])
async def test_a_record_goes_on_moving_the_estimate_as_it_began(
    desk: WritingDesk,
    at_first: bool,  # noqa: FBT001
) -> None:
    """W4: what was never taken off is not given back, and what was taken off is."""
    desk.choose(write_reduces_estimate=at_first)
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.choose(write_reduces_estimate=not at_first)
    assert ("remaining estimate" in _form(desk, entry)) is at_first
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert _moves_estimates(desk.tool) is at_first
    gone = desk.office.deletes(entry)
    await desk.delivers()
    assert desk.tool.records == {}
    assert _moves_estimates(desk.tool) is at_first
    desk.office.undoing.undo(who=desk.office.ana, step=gone.step, now=desk.now)
    await desk.delivers()
    assert desk.tool.only.seconds == 7200
    assert _moves_estimates(desk.tool) is not at_first


async def test_what_the_tool_never_took_is_written_as_is_chosen_by_then(desk: WritingDesk) -> None:
    """W4: a refusal leaves nothing there; an answer that was lost may have left something."""
    desk.tool.before = [ProviderRefused("board", reason="It is closed.")] * 2
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.choose(write_reduces_estimate=True)
    desk.tool.before = []
    desk.office.edits(entry, note="again")
    await desk.delivers()
    assert _moves_estimates(desk.tool)
    desk.tool.after = [ProviderUnavailable("board")]
    other = desk.office.logs(1800)
    await desk.delivers()
    desk.choose(write_reduces_estimate=False)
    desk.office.deletes(other)
    await desk.delivers(minutes=1)
    assert desk.tool.only.seconds == 3600
    assert _moves_estimates(desk.tool)


def _moves_estimates(tool: TimeKeeper) -> bool:
    return tool.reduces


def _form(desk: WritingDesk, entry: TimeEntryId) -> str:
    shown = entry_form.form(desk.office.shows(entry), entry_form.Place(entry, 1))
    return json.dumps(list(shown.blocks))


async def test_only_approved_time_is_written_where_so_chosen(desk: WritingDesk) -> None:
    """It waits, and nothing is owed meanwhile."""
    desk.choose(write_mode=WriteMode.APPROVED)
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.states() == [(WorklogState.PENDING, Trouble.APPROVAL)]
    assert owed(desk) == 0


def approve(desk: WritingDesk) -> None:
    """Ana's week is submitted, and the admin approves it."""
    office = desk.office
    office.chooses(TeamSettings(timesheets=True))
    marker = office.world.new_marker()
    submitting = WeekSubmitting(office.world.uow, marker)
    monday = TODAY - timedelta(days=4)
    sheet = submitting.submit(who=office.ana, first=monday, now=desk.now)
    deciding = WeekDeciding(office.world.uow, marker)
    deciding.approve(who=office.admin, sheet_id=sheet.id, round_=sheet.round, now=desk.now)


async def test_approved_time_is_written(desk: WritingDesk) -> None:
    """As soon as the week is."""
    desk.choose(write_mode=WriteMode.APPROVED)
    desk.office.logs(3600)
    await desk.delivers()
    approve(desk)
    await desk.delivers()
    assert desk.states() == [WRITTEN]


def test_stopping_costs_one_statement_more(desk: WritingDesk) -> None:
    """Where nothing is written, and two where something is."""
    office = desk.office
    counts = []
    for mode in (WriteMode.OFF, WriteMode.ON):
        desk.choose(write_mode=mode)
        office.start("WEB-12", now=desk.now)
        desk.now += timedelta(minutes=10)
        sent = office.statements(lambda: office.tracking.stop(who=office.ana, now=desk.now))
        counts.append(len([sql for sql in sent if "worklog" in sql or "INTO outbox" in sql]))
    assert counts == [1, 2]
