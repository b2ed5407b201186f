"""W1 to W4: each entry has exactly one record in its tool, whatever happens on the way."""

from datetime import timedelta

import pytest

from bot.domain.entries.entries import OnTask
from bot.domain.ids import TimeEntryId
from bot.domain.writing.worklogs import Trouble, WorklogState
from bot.integrations.errors import (
    ProviderRefused,
    ProviderUnavailable,
)
from storage.people.account_links import AccountLinkRow
from storage.writing import worklogs_shown
from tests.builders import NOON
from tests.jobs.writing_desk import OFF, WRITTEN, WritingDesk, owed
from tests.services.editor import TODAY


async def test_a_finished_entry_becomes_one_record(desk: WritingDesk) -> None:
    """Right task, length, day, note and person."""
    desk.office.start("WEB-12", now=NOON)
    await desk.delivers()
    assert desk.tool.records == {}
    desk.now += timedelta(minutes=45)
    desk.office.tracking.stop(who=desk.office.ana, now=desk.now, note="The header")
    await desk.delivers()
    kept = desk.tool.only
    assert (kept.seconds, kept.day, kept.text) == (2700, TODAY, "The header")
    assert kept.person is not None
    assert kept.marker == desk.office.entries()[0].marker
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls == {"write": 1}
    assert owed(desk) == 0


async def test_a_hundred_edits_before_delivery_are_one_write(desk: WritingDesk) -> None:
    """And the last one counts."""
    entry = desk.office.logs(3600)
    for seconds in range(3600, 9600, 60):
        desk.office.edits(entry, seconds=seconds)
    assert owed(desk) == 1
    await desk.delivers()
    assert desk.tool.only.seconds == 9540
    assert desk.tool.calls == {"write": 1}


async def test_edit_delete_and_undo_follow(desk: WritingDesk) -> None:
    """An edit updates, a delete deletes, and what comes back is written again."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.office.edits(entry, seconds=5400, note="Longer")
    await desk.delivers()
    assert (desk.tool.only.seconds, desk.tool.only.text) == (5400, "Longer")
    gone = desk.office.deletes(entry)
    await desk.delivers()
    assert desk.tool.records == {}
    assert desk.states() == [OFF]
    desk.office.undoing.undo(who=desk.office.ana, step=gone.step, now=desk.now)
    await desk.delivers()
    assert desk.tool.only.seconds == 5400
    assert desk.tool.calls["write"] == 2


async def test_what_was_changed_back_in_time_is_not_written(desk: WritingDesk) -> None:
    """The tool has it already."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    edited = desk.office.edits(entry, seconds=5400)
    desk.office.undoing.undo(who=desk.office.ana, step=edited.step, now=desk.now)
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls == {"write": 1}


async def test_another_task_moves_the_record(desk: WritingDesk) -> None:
    """The same record, on the other task."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    first = desk.tool.only
    desk.office.edits(entry, target=OnTask(desk.office.web9))
    await desk.delivers()
    assert desk.tool.only.task != first.task
    assert desk.tool.only.marker == first.marker
    assert desk.tool.calls["write"] == 1


@pytest.mark.parametrize("then", ["as it is", "edited", "moved on", "moved back", "deleted"])
async def test_a_move_that_broke_off_leaves_nothing_behind(desk: WritingDesk, then: str) -> None:
    """The new record was made and its answer got lost: the old one still goes, whatever follows."""
    office = desk.office
    third = office.world.task(office.board, office.source, "WEB-120", "Contrast")
    desk.tool.makes_anew = True
    entry = office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    office.edits(entry, target=OnTask(office.web9))
    await desk.delivers()
    assert len(desk.tool.records) == 2
    if then == "edited":
        office.edits(entry, seconds=7200)
    elif then == "moved on":
        office.edits(entry, target=OnTask(third))
    elif then == "moved back":
        office.edits(entry, target=OnTask(office.web12))
    elif then == "deleted":
        office.deletes(entry)
    await desk.delivers(minutes=1)
    if then == "deleted":
        assert (desk.tool.records, desk.states()) == ({}, [OFF])
    else:
        assert desk.states() == [WRITTEN]
        assert desk.tool.only.seconds == (7200 if then == "edited" else 3600)


async def test_another_tool_takes_the_record_over(desk: WritingDesk) -> None:
    """It is removed in the one and made in the other; a project of ours alone has none."""
    office = desk.office
    site, source, project = office.second_site()
    ops = office.world.task(site, source, "OPS-1", "Rotate keys")
    office.connect(office.ana, site)
    office.world.joins(office.ana, project)
    entry = office.logs(3600)
    await desk.delivers()
    office.edits(entry, target=OnTask(ops))
    await desk.delivers()
    assert desk.tool.records == {}
    assert desk.states() == [OFF]


async def test_a_night_is_two_records(desk: WritingDesk) -> None:
    """T5: one each side of the member's midnight."""
    desk.now = NOON.replace(hour=21)
    desk.office.start("WEB-12", now=desk.now)
    desk.now += timedelta(hours=4)
    desk.office.tracking.stop(who=desk.office.ana, now=desk.now)
    await desk.delivers()
    days = sorted((kept.day, kept.seconds) for kept in desk.tool.records.values())
    assert days == [(TODAY, 7200), (TODAY + timedelta(days=1), 7200)]


def _in_other_name(desk: WritingDesk, entry: TimeEntryId) -> bool:
    with desk.office.world.uow.read() as tx:
        found = worklogs_shown.of_entries(tx, desk.office.world.team_id, [entry])
    return found[entry].in_other_name


async def test_ones_own_key_writes_in_ones_own_name(desk: WritingDesk) -> None:
    """And changes it; once it is gone, nobody else's is used instead."""
    desk.office.change(AccountLinkRow, 1, sealed_token="mine")
    entry = desk.office.logs(3600)
    await desk.delivers()
    assert desk.tool.only.key == "mine"
    assert not _in_other_name(desk, entry)
    desk.office.change(AccountLinkRow, 1, sealed_token=None)
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert desk.states() == [(WorklogState.FAILED, Trouble.OWN_KEY)]
    assert desk.tool.only.seconds == 3600
    desk.office.change(AccountLinkRow, 1, sealed_token="new")
    desk.office.edits(entry, seconds=7260)
    await desk.delivers()
    assert (desk.tool.only.seconds, desk.tool.opened[-1]) == (7260, "new")


async def test_a_tool_without_time_for_others_names_the_member(desk: WritingDesk) -> None:
    """The integration's key writes it; a key that comes later does not change its author."""
    desk.tool.own_name_only = True
    entry = desk.office.logs(3600)
    await desk.delivers()
    assert (desk.tool.only.text, desk.tool.only.person) == ("Ana: ", None)
    assert _in_other_name(desk, entry)
    desk.office.change(AccountLinkRow, 1, sealed_token="mine")
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert (desk.tool.only.seconds, desk.tool.opened[-1]) == (7200, None)
    assert desk.tool.only.text == "Ana: "


async def test_what_is_refused_to_anyone_is_written_in_nobody_elses_name(
    desk: WritingDesk,
) -> None:
    """A limit of hours is its person's; the tool's reason is told."""
    desk.tool.before = [ProviderRefused("board", reason="Over 8 h.", for_anyone=True)]
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.tool.records == {}
    assert desk.states() == [(WorklogState.FAILED, "Over 8 h.")]


async def test_what_was_changed_there_is_a_conflict(desk: WritingDesk) -> None:
    """Nothing is overwritten, whatever is done to the entry until a person decides."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.change("r1", seconds=1800)
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    (stored,) = desk.stored()
    assert stored.state is WorklogState.CONFLICT
    assert stored.theirs is not None
    assert stored.theirs.seconds == 1800
    desk.office.deletes(entry)
    await desk.delivers(minutes=5)
    assert desk.tool.only.seconds == 1800


async def test_what_was_removed_there_is_a_conflict(desk: WritingDesk) -> None:
    """Unless it is to go anyway."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.records.clear()
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    (stored,) = desk.stored()
    assert (stored.state, stored.theirs) == (WorklogState.CONFLICT, None)
    other = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.records.clear()
    desk.office.deletes(other)
    await desk.delivers()
    assert desk.states()[1] == OFF
