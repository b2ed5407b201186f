"""W1 to W4: each entry has exactly one record in its tool, whatever happens on the way."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.entries.entries import OnTask
from bot.domain.ids import TimeEntryId
from bot.domain.linking.write_back import WriteMode
from bot.domain.preferences import TeamSettings
from bot.domain.writing.worklogs import Trouble, WorklogState
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderSurprised,
    ProviderUnavailable,
)
from bot.services.approval.week_deciding import WeekDeciding
from bot.services.approval.week_submitting import WeekSubmitting
from bot.views.entries import form as entry_form
from storage.outbox import OutboxRow
from storage.people.account_links import AccountLinkRow
from tests.builders import NOON
from tests.jobs.time_keeper import TimeKeeper
from tests.jobs.writing_desk import WritingDesk
from tests.services.editor import TODAY, Editor

WRITTEN = (WorklogState.WRITTEN, "")
OFF = (WorklogState.OFF, "")
HOURS_LATER = 60 * 7


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[WritingDesk]:
    """Give Ana's office a tool that takes time."""
    made = WritingDesk(Editor(database_url))
    yield made
    made.close()


def owed(desk: WritingDesk) -> int:
    """Writes that wait in the outbox."""
    query = select(OutboxRow).where(
        col(OutboxRow.kind) == "worklog.write", col(OutboxRow.state).in_(["pending", "sending"])
    )
    with desk.office.world.uow.read() as tx:
        return len(tx.entities.scalars(query).all())


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


async def test_an_answer_that_was_lost_does_not_make_two(desk: WritingDesk) -> None:
    """The tool wrote it, and the answer never came: it is looked for, and kept."""
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.states() == [(WorklogState.PENDING, Trouble.NO_ANSWER)]
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls == {"write": 1, "find": 1}


async def test_a_lost_answer_and_an_edit_make_one_record(desk: WritingDesk) -> None:
    """What was found is brought up to what the entry says by now."""
    desk.tool.after = [ProviderUnavailable("board")]
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.office.edits(entry, seconds=7200)
    await desk.delivers(minutes=1)
    assert desk.tool.only.seconds == 7200
    assert desk.tool.calls == {"write": 1, "find": 1, "update": 1}


async def test_a_lost_update_is_no_conflict(desk: WritingDesk) -> None:
    """The record changed because we changed it, also where it was edited again meanwhile."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board"), ProviderUnavailable("board")]
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls["update"] == 1
    desk.office.edits(entry, seconds=9000)
    await desk.delivers()
    desk.office.edits(entry, seconds=1800)
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 1800


async def test_two_lost_updates_are_no_conflict(desk: WritingDesk) -> None:
    """The first arrived and the second did not: what is there is still ours."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    desk.tool.before = [ProviderUnavailable("board")]
    desk.office.edits(entry, seconds=1800)
    await desk.delivers(minutes=1)
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 1800


async def test_a_lost_delete_is_repeated(desk: WritingDesk) -> None:
    """It is gone, whichever of them did it."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.deletes(entry)
    await desk.delivers()
    await desk.delivers(minutes=1)
    assert desk.tool.records == {}
    assert desk.states() == [OFF]


async def test_restored_after_a_lost_delete_it_is_written_again(desk: WritingDesk) -> None:
    """Nobody else removed it; and a second call that gets lost does not make it look like that."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.after = [ProviderUnavailable("board")]
    gone = desk.office.deletes(entry)
    await desk.delivers()
    assert desk.tool.records == {}
    desk.office.undoing.undo(who=desk.office.ana, step=gone.step, now=desk.now)
    desk.tool.before = [ProviderUnavailable("board")]
    await desk.delivers(minutes=1)
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 3600


async def test_a_crash_before_it_was_noted_does_not_make_two(desk: WritingDesk) -> None:
    """The process dies between the tool's answer and our commit."""

    def dies(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    desk.office.logs(3600)
    wrote, desk.writing.wrote = desk.writing.wrote, dies  # type: ignore[method-assign]
    await desk.delivers()
    desk.writing.wrote = wrote  # type: ignore[method-assign]
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls["write"] == 1


async def test_a_worker_that_overslept_does_not_call_the_tool(desk: WritingDesk) -> None:
    """It was held up for so long that another has taken the work up, and may be writing."""
    desk.office.logs(3600)
    began, team = desk.writing.begins, desk.office.world.team_id

    def overslept(*arguments: object, **values: object) -> None:
        desk.writing.begins = began  # type: ignore[method-assign]
        assert desk.outbox.take({team: 9}, desk.now + timedelta(minutes=1))
        began(*arguments, **values)  # type: ignore[arg-type]

    desk.writing.begins = overslept  # type: ignore[method-assign]
    await desk.delivers()
    assert not desk.tool.calls
    await desk.delivers(minutes=3)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls["write"] == 1


async def test_a_call_that_may_still_arrive_is_not_looked_for(desk: WritingDesk) -> None:
    """A busy tool goes on with what a dead process sent; looking at once would prove nothing."""
    desk.tool.after = [ProviderUnavailable("board")]
    desk.office.logs(3600)
    await desk.delivers()
    await desk.delivers(minutes=0.1)
    assert desk.tool.calls == {"write": 1}
    await desk.delivers(minutes=1)
    assert desk.tool.calls == {"write": 1, "find": 1}
    assert desk.states() == [WRITTEN]


async def test_dying_at_every_try_is_given_up_in_sight(desk: WritingDesk) -> None:
    """Nothing stays on its way for ever."""
    desk.office.logs(3600)
    desk.tool.after = [ProviderUnavailable("board")]
    await desk.delivers()
    for _ in range(12):
        (item,) = desk.outbox.take({desk.office.world.team_id: 9}, desk.now + timedelta(days=1))
        desk.outbox.hand_back(desk.now)
        assert item.kind == "worklog.write"
        if item.attempts >= 11:
            break
    await desk.delivers()
    assert desk.states() == [(WorklogState.FAILED, Trouble.NO_ANSWER)]
    assert owed(desk) == 0


async def test_an_edit_while_it_is_being_written_is_not_lost(desk: WritingDesk) -> None:
    """It is owed again by the same transaction that notes the older one as written."""
    entry = desk.office.logs(3600)
    began = desk.writing.begins

    def edits_meanwhile(*arguments: object, **values: object) -> None:
        began(*arguments, **values)  # type: ignore[arg-type]
        desk.writing.begins = began  # type: ignore[method-assign]
        desk.office.edits(entry, seconds=5400)

    desk.writing.begins = edits_meanwhile  # type: ignore[method-assign]
    await desk.delivers()
    assert desk.tool.only.seconds == 5400
    assert desk.tool.calls == {"write": 1, "find": 1, "update": 1}
    assert desk.states() == [WRITTEN]
    assert owed(desk) == 0


async def test_giving_up_is_seen(desk: WritingDesk) -> None:
    """After a day without an answer; the next edit tries again, and looks first."""
    desk.tool.before = [ProviderUnavailable("board") for _ in range(99)]
    entry = desk.office.logs(3600)
    await desk.delivers()
    for _ in range(12):
        await desk.delivers(minutes=HOURS_LATER)
    assert desk.states() == [(WorklogState.FAILED, Trouble.NO_ANSWER)]
    assert owed(desk) == 0
    desk.tool.before = []
    desk.office.edits(entry, note="again")
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls["find"] > 0


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (lambda: ProviderRefused("board", reason="The issue is closed."), "The issue is closed."),
        (lambda: ProviderRefused("board", reason="No."), "No."),
        (lambda: ProviderAuthFailed("board"), Trouble.CREDENTIALS),
    ],
)
async def test_a_refusal_is_told_in_the_tools_words(
    desk: WritingDesk, error: Callable[[], Exception], reason: str
) -> None:
    """At once, and it is not asked again by itself."""
    desk.tool.before = [error(), error()]
    desk.office.logs(3600)
    await desk.delivers()
    await desk.delivers(minutes=HOURS_LATER)
    assert desk.states() == [(WorklogState.FAILED, reason)]
    assert desk.tool.records == {}


async def test_a_tool_that_makes_no_sense_is_not_asked_for_a_day(desk: WritingDesk) -> None:
    """Writes to the same task wait behind it."""
    desk.tool.before = [ProviderSurprised("board") for _ in range(6)]
    desk.office.logs(3600)
    await desk.delivers()
    for _ in range(6):
        await desk.delivers(minutes=60)
    assert desk.states() == [(WorklogState.FAILED, Trouble.NO_ANSWER)]


async def test_a_tool_that_asks_to_wait_is_left_alone_so_long(desk: WritingDesk) -> None:
    """Its own word counts."""
    desk.tool.before = [ProviderRateLimited("board", retry_after=120)]
    desk.office.logs(3600)
    await desk.delivers()
    assert desk.states() == [(WorklogState.PENDING, Trouble.BUSY)]
    await desk.delivers(minutes=1.5)
    assert desk.tool.records == {}
    await desk.delivers(minutes=1)
    assert desk.states() == [WRITTEN]


async def test_ones_own_key_writes_in_ones_own_name(desk: WritingDesk) -> None:
    """And changes it; once it is gone, nobody else's is used instead."""
    desk.office.change(AccountLinkRow, 1, sealed_token="mine")
    entry = desk.office.logs(3600)
    await desk.delivers()
    assert desk.tool.only.key == "mine"
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
    desk.office.change(AccountLinkRow, 1, sealed_token="mine")
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    assert (desk.tool.only.seconds, desk.tool.opened[-1]) == (7200, None)
    assert desk.tool.only.text == "Ana: "


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
    sheet = submitting.submit(who=office.ana, first=monday, now=desk.now).sheet
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
