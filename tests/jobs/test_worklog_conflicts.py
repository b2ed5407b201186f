"""W3: what somebody changed in the tool is told to a person, who chooses which version counts."""

import json

import pytest

from bot.domain.entries.editing_errors import NotYourEntry
from bot.domain.errors import AdminOnly, Vanished
from bot.domain.people.people import Member
from bot.domain.writing.worklogs import Choice, WorklogState
from bot.domain.writing.worklogs_shown import CannotChoose, NotFailed, NothingToDecide
from bot.integrations.errors import ProviderRefused
from bot.services.linking.overview import Overviews
from bot.views.entries import form as entry_form
from bot.views.linking import overview as overview_views
from bot.views.tracking import timesheet
from bot.views.writing import worklogs
from handlers.asking import Click
from handlers.replies import Ephemeral, OpenModal, Update, UpdateModal
from handlers.writing.worklogs import WorklogHandlers
from playground.rules import check_message, check_view
from tests.jobs.writing_desk import WritingDesk
from tests.services.editor import TODAY

WRITTEN = (WorklogState.WRITTEN, "")


async def conflict(desk: WritingDesk, *, gone: bool = False, seconds: int = 1800) -> int:
    """An hour that is written, changed there, and changed here."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    if gone:
        desk.tool.records.clear()
    else:
        desk.tool.change("r1", seconds=seconds)
    desk.office.edits(entry, seconds=7200)
    await desk.delivers()
    (stored,) = desk.stored()
    assert stored.state is WorklogState.CONFLICT
    return stored.id


def click(
    desk: WritingDesk, value: str, who: Member | None = None, view: str | None = None
) -> Click:
    """A button."""
    return Click(
        who=who or desk.office.ana,
        now=desk.now,
        request_id="",
        action="",
        value=value,
        view_id=view,
    )


def asked(desk: WritingDesk) -> list[str]:
    """The labels of the last question."""
    _, message = desk.mailbox.sent[-1]
    return [one["text"]["text"] for one in message.blocks[-1]["elements"]]


async def test_the_owner_is_asked_once_with_both_versions(desk: WritingDesk) -> None:
    """In a direct message with three buttons."""
    number = await conflict(desk)
    ((to, message),) = desk.mailbox.sent
    assert to == "U0ANA"
    assert "Here: 2 h" in message.text
    assert "acme board: 30 m" in message.text
    buttons = [one["value"] for one in message.blocks[-1]["elements"]]
    assert buttons == [f"{number}.ours", f"{number}.theirs", f"{number}.both"]
    assert asked(desk) == ["Keep ours", "Keep theirs", "Both"]


async def test_what_was_deleted_here_and_changed_there_is_left_or_removed(
    desk: WritingDesk,
) -> None:
    """The buttons say what they do there; nothing here is left to keep."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.change("r1", seconds=1800)
    desk.office.deletes(entry)
    await desk.delivers()
    assert asked(desk) == ["Remove it there too", "Leave it there"]
    (stored,) = desk.stored()
    WorklogHandlers(desk.deciding).chosen(click(desk, f"{stored.id}.ours"))
    await desk.delivers()
    assert desk.tool.records == {}


async def test_keep_ours(desk: WritingDesk) -> None:
    """The tool says what is here; the message is replaced by what was chosen."""
    number = await conflict(desk)
    handlers = WorklogHandlers(desk.deciding)
    done = handlers.chosen(click(desk, f"{number}.ours"))
    assert isinstance(done, Update)
    check_message(list(done.message.blocks), done.message.text)
    assert "acme board gets 2 h" in done.message.text
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    assert desk.tool.only.seconds == 7200
    with pytest.raises(NothingToDecide):
        handlers.chosen(click(desk, f"{number}.theirs"))


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("ours", "what is here counts, not what is in acme board."),
        ("theirs", "what is in acme board counts."),
        ("both", "the record in acme board stays, and yours is written beside it."),
    ],
)
async def test_what_was_chosen_in_a_form_stands_in_the_message_that_asked(
    desk: WritingDesk, choice: str, said: str
) -> None:
    """Its buttons would lead nowhere any more; who chose is named where it was another."""
    number = await conflict(desk)
    ada = desk.office.world.member("ada", admin=True)
    handlers = WorklogHandlers(desk.deciding)
    handlers.chosen(click(desk, f"{number}.{choice}", ada, view="V1"))
    await desk.delivers()
    (edit,) = desk.mailbox.edits
    assert said in edit.text
    assert "Ada chose that." in edit.text
    assert "button" not in json.dumps(list(edit.blocks))


async def test_what_was_chosen_in_the_message_is_not_told_twice(desk: WritingDesk) -> None:
    """Its own click has changed it."""
    number = await conflict(desk)
    WorklogHandlers(desk.deciding).chosen(click(desk, f"{number}.ours"))
    await desk.delivers()
    assert desk.mailbox.edits == []


async def test_keep_theirs_changes_the_entry(desk: WritingDesk) -> None:
    """Its history says so, nothing is written, and the next edit is again."""
    number = await conflict(desk)
    (row,) = desk.office.entries()
    done = desk.deciding.decide(
        who=desk.office.ana, worklog_id=desk.stored()[0].id, choice=Choice.THEIRS, now=desk.now
    )
    assert "30 m" in worklogs.decided(done).text
    await desk.delivers()
    assert (desk.office.entries()[0].seconds, desk.tool.only.seconds) == (1800, 1800)
    assert desk.states() == [WRITTEN]
    assert desk.tool.calls.get("update", 0) == 0
    assert row.id is not None
    desk.office.edits(row.id, seconds=5400)  # type: ignore[arg-type]
    await desk.delivers()
    assert (desk.states(), desk.tool.only.seconds) == ([WRITTEN], 5400)
    assert number == desk.stored()[0].id


async def test_keep_both(desk: WritingDesk) -> None:
    """Theirs stays, ours is written beside it under a marker of its own."""
    number = await conflict(desk)
    WorklogHandlers(desk.deciding).chosen(click(desk, f"{number}.both"))
    await desk.delivers()
    assert sorted(kept.seconds for kept in desk.tool.records.values()) == [1800, 7200]
    assert len({kept.marker for kept in desk.tool.records.values()}) == 2
    assert desk.states() == [WRITTEN]


async def test_what_was_removed_there_comes_back_or_goes_here(desk: WritingDesk) -> None:
    """Two choices; both is none."""
    number = await conflict(desk, gone=True)
    assert "removed your time" in desk.mailbox.last
    assert asked(desk) == ["Write it again", "Delete it here too"]
    with pytest.raises(CannotChoose):
        WorklogHandlers(desk.deciding).chosen(click(desk, f"{number}.both"))
    WorklogHandlers(desk.deciding).chosen(click(desk, f"{number}.ours"))
    await desk.delivers()
    assert (desk.states(), desk.tool.only.seconds) == ([WRITTEN], 7200)
    desk.tool.records.clear()
    (row,) = desk.office.entries()
    desk.office.edits(row.id, seconds=3600)  # type: ignore[arg-type]
    await desk.delivers()
    WorklogHandlers(desk.deciding).chosen(click(desk, f"{number}.theirs"))
    await desk.delivers()
    assert desk.office.entries() == []
    assert desk.tool.records == {}
    assert desk.states() == [(WorklogState.OFF, "")]


async def test_a_span_keeps_its_clock_times_where_they_fit(desk: WritingDesk) -> None:
    """Its end moves; one that would overlap becomes a length."""
    desk.now = desk.now.replace(hour=17)
    entry = desk.office.entry()
    desk.office.edits(entry, now=desk.now, note="now owed")
    await desk.delivers()
    desk.tool.change("r1", seconds=5400)
    desk.office.edits(entry, now=desk.now, note="again")
    await desk.delivers()
    number = desk.stored()[0].id
    desk.deciding.decide(who=desk.office.ana, worklog_id=number, choice=Choice.THEIRS, now=desk.now)
    assert desk.office.spans() == [("20 09:00:00", "20 10:30:00", 5400)]
    assert desk.states() == [WRITTEN]


async def test_a_change_of_the_text_alone(desk: WritingDesk) -> None:
    """It is said that the time is the same."""
    entry = desk.office.logs(3600)
    await desk.delivers()
    desk.tool.change("r1", text="Somebody's words")
    desk.office.edits(entry, note="Mine")
    await desk.delivers()
    assert "its text or its task was changed" in desk.mailbox.last


async def test_only_who_may_edit_the_entry_decides(desk: WritingDesk) -> None:
    """Others are refused, forged buttons too; an admin may, in a form."""
    number = await conflict(desk)
    handlers = WorklogHandlers(desk.deciding)
    bo = desk.office.world.member("bo")
    for value in (f"{number}.ours", f"{number}.theirs"):
        with pytest.raises(NotYourEntry):
            handlers.chosen(click(desk, value, bo))
    for value in ("99.ours", "x.ours", f"{number}.mine", ""):
        with pytest.raises(Vanished):
            handlers.chosen(click(desk, value))
    with pytest.raises(NotYourEntry):
        handlers.opened(click(desk, str(number), bo))
    opened = handlers.opened(click(desk, str(number), desk.office.admin))
    assert isinstance(opened, OpenModal)
    check_view(opened.modal.as_view(), "modal")
    assert "Somebody changed Ana's time on" in json.dumps(list(opened.modal.blocks))
    done = handlers.chosen(click(desk, f"{number}.ours", desk.office.admin, "V1"))
    assert isinstance(done, UpdateModal)
    check_view(done.modal.as_view(), "modal")


async def test_what_failed_is_tried_again(desk: WritingDesk) -> None:
    """Beside the entry by its owner, all at once by an admin; twice changes nothing."""
    desk.tool.before = [ProviderRefused("board", reason="The issue is closed.") for _ in range(4)]
    desk.office.logs(3600)
    await desk.delivers()
    number = str(desk.stored()[0].id)
    handlers = WorklogHandlers(desk.deciding)
    with pytest.raises(NotYourEntry):
        handlers.retried(click(desk, number, desk.office.world.member("bo")))
    assert isinstance(handlers.retried(click(desk, number)), Ephemeral)
    with pytest.raises(NotFailed):
        handlers.retried(click(desk, number))
    await desk.delivers()
    board = str(desk.office.board)
    with pytest.raises(AdminOnly):
        handlers.all_retried(click(desk, board))
    done = handlers.all_retried(click(desk, board, desk.office.admin))
    assert isinstance(done, Ephemeral)
    assert "1 entry" in done.message.text
    await desk.delivers()
    desk.tool.before = []
    handlers.all_retried(click(desk, board, desk.office.admin))
    await desk.delivers()
    assert desk.states() == [WRITTEN]
    none = handlers.all_retried(click(desk, board, desk.office.admin))
    assert isinstance(none, Ephemeral)
    assert "Nothing is left" in none.message.text


async def test_each_entry_says_where_it_stands(desk: WritingDesk) -> None:
    """In the day, in the form, and what fails in the Overview."""
    desk.tool.before = [ProviderRefused("board", reason="The issue is <closed>.")] * 2
    entry = desk.office.logs(3630)
    shown = timesheet.show_day(desk.office.timesheet.day(who=desk.office.ana, now=desk.now))
    check_message(list(shown.blocks), shown.text)
    assert "not yet written to acme board" in shown.text
    await desk.delivers()
    shown = timesheet.show_day(desk.office.timesheet.day(who=desk.office.ana, now=desk.now))
    check_message(list(shown.blocks), shown.text)
    assert "not written to acme board: The issue is &lt;closed&gt;." in shown.text
    assert "worklog.retry" in json.dumps(list(shown.blocks))
    form = entry_form.form(desk.office.shows(entry), entry_form.Place(entry, 1))
    check_view(form.as_view(), "modal")
    assert "worklog.retry" in json.dumps(list(form.blocks))
    found = Overviews(desk.office.world.uow).everything(who=desk.office.admin)
    overview = overview_views.overview(found, {})
    check_message(list(overview.blocks), overview.text)
    assert "1 entry could not be written" in overview.text
    assert "1 entry: The issue is &lt;closed&gt;\n" in overview.text
    desk.office.edits(entry, note="again")
    await desk.delivers()
    shown = timesheet.show_day(desk.office.timesheet.day(who=desk.office.ana, now=desk.now))
    assert "written to acme board as 1 h 1 m" in shown.text
    assert Overviews(desk.office.world.uow).everything(who=desk.office.admin).unwritten == ()


async def test_the_history_says_where_it_stands(desk: WritingDesk) -> None:
    """Waiting, failed with the tool's reason, written, in conflict; with what can be done."""
    office = desk.office
    desk.tool.before = [ProviderRefused("board", reason="It is <closed>.")] * 2
    entry = office.logs(3600)

    def said(who: Member) -> str:
        past = office.past.of(who=who, entry_id=entry, page=0, now=desk.now)
        shown = entry_form.history(past, 0)
        check_view(shown.as_view(), "modal")
        return json.dumps(list(shown.blocks))

    assert "Not yet written to acme board" in said(office.ana)
    await desk.delivers()
    failed = said(office.admin)
    assert "*Not written to acme board*: It is &lt;closed&gt;." in failed
    assert "worklog.retry" in failed
    office.edits(entry, note="again")
    await desk.delivers()
    assert "Written to acme board." in said(office.ana)
    desk.tool.change("r1", seconds=1800)
    office.edits(entry, seconds=7200)
    await desk.delivers()
    assert "*Changed in acme board* since it was written." in said(office.ana)
    assert "worklog.decide" in said(office.ana)


def test_a_day_asks_once_where_its_entries_stand(desk: WritingDesk) -> None:
    """However many there are."""
    for _ in range(5):
        desk.office.logs(600)
    sent = desk.office.statements(
        lambda: desk.office.timesheet.day(who=desk.office.ana, now=desk.now, day=TODAY)
    )
    assert len([sql for sql in sent if "worklog" in sql]) == 1
