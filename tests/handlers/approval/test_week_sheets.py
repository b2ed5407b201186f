"""Weeks are submitted, approved, returned and reminded of, on both databases (T14)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.approval.locks import LockReason, TimeLocked
from bot.domain.clock_times import ClockRange
from bot.domain.days import CalendarDay
from bot.domain.errors import HourlinkError
from bot.domain.tasks.task_refs import KeyRef
from bot.views import failures
from bot.views.approval import week_approval, week_sheets
from handlers.replies import (
    CloseModals,
    Ephemeral,
    FieldErrors,
    Update,
)
from tests.builders import NOON
from tests.handlers.approval.week_desk import Desk, texts
from tests.handlers.track_desk import fits, labelled


def test_t14_submitted_approved_and_locked(desk: Desk) -> None:
    """The whole way, with a manager for one project and the admin for the other."""
    said = desk.submits()
    assert said.text == "Submitted 16-22 Nov 2026: 8 h. Bo, Admin are asked."
    assert desk.owed() == [
        ("sheet.waits", "Ana"),
        ("sheet.submitted", "Bo"),
        ("sheet.submitted", "Admin"),
    ]
    question = desk.asked(desk.bo)
    assert question.text == "Ana submitted 16-22 Nov 2026: 6 h.\n*Website* 6 h"
    first = desk.presses(desk.bo, question, "Approve")
    assert isinstance(first, Update)
    assert first.message.text == (
        "Approved Ana's week 16-22 Nov 2026: *Website* 6 h. The other projects wait for others."
    )
    assert ("sheet.answered", "Ana") not in desk.owed()
    second = desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    assert isinstance(second, Update)
    assert desk.owed()[-1] == ("sheet.answered", "Ana")
    assert fits(week_sheets.answered(desk.view(desk.ana))).text == (
        "Admin approved your week 16-22 Nov 2026: 8 h. It is locked now."
    )
    refused = desk.locked(date(2026, 11, 19))
    assert refused is not None
    assert refused.reason is LockReason.APPROVED


def test_a_second_approvers_click_says_what_happened(desk: Desk) -> None:
    """The admin approved all of it; Bo's message still has its buttons."""
    desk.submits()
    question = desk.asked(desk.bo)
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    late = desk.presses(desk.bo, question, "Approve")
    assert isinstance(late, Update)
    assert fits(late.message).text == (
        "The week 16-22 Nov 2026 of Ana was approved by Admin at 13:00."
    )
    assert labelled(late.message, "Return...")
    assert [kind for kind, _ in desk.owed()].count("sheet.answered") == 1


def test_a_return_does_not_undo_an_approval_that_its_writer_did_not_see(desk: Desk) -> None:
    """Bo writes his comment while the admin approves; knowing that, he may still return it."""
    desk.submits()
    opened = desk.presses(desk.bo, desk.asked(desk.bo), "Return...")
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    late = desk.sends(desk.bo, opened.modal, comment="Friday?")
    assert isinstance(late, Ephemeral)
    approved = "The week 16-22 Nov 2026 of Ana was approved by Admin at 13:00."
    assert late.message.text == f"{approved} Nothing was changed now."
    assert desk.locked(date(2026, 11, 16)) is not None
    again = desk.presses(desk.bo, desk.asked(desk.bo), "Return...")
    assert approved in texts(again.modal)
    assert isinstance(desk.sends(desk.bo, again.modal, comment="Friday?"), CloseModals)
    assert desk.locked(date(2026, 11, 16)) is None


def test_returned_changed_and_submitted_again(desk: Desk) -> None:
    """A comment, a correction, and a second round that the old button does not approve."""
    desk.submits()
    old = desk.asked(desk.bo)
    done = desk.returns(desk.bo)
    assert isinstance(done, CloseModals)
    assert done.replaces
    assert done.message is not None
    assert done.message.text == (
        "Returned Ana's week 16-22 Nov 2026, and told them: Friday is missing"
    )
    told = fits(week_sheets.answered(desk.view(desk.ana)))
    assert told.text == "Bo returned your week 16-22 Nov 2026: Friday is missing"
    opened = desk.presses(desk.ana, told, "Look and submit...")
    assert "It was returned: Friday is missing" in texts(opened.modal)
    assert desk.locked(date(2026, 11, 20)) is None
    desk.submits("this week")
    for label in ("Approve", "Return..."):
        stale = desk.presses(desk.bo, old, label)
        assert isinstance(stale, Update)
        assert "was submitted at" in stale.message.text
        assert not stale.message.blocks
    assert isinstance(desk.presses(desk.bo, desk.asked(desk.bo), "Approve"), Update)


def test_what_was_approved_is_not_asked_again(desk: Desk) -> None:
    """Bo approved Website; the admin returned the rest, and only that comes back."""
    desk.submits()
    desk.presses(desk.bo, desk.asked(desk.bo), "Approve")
    opened = desk.presses(desk.admin, desk.asked(desk.admin), "Return...")
    desk.sends(desk.admin, opened.modal, comment="Which office?")
    before = len(desk.owed())
    refused = desk.locked(date(2026, 11, 16))
    # The admin decides on every project, so Website was returned with the rest.
    assert refused is None
    desk.submits("this week")
    assert {name for kind, name in desk.owed()[before:] if kind == "sheet.submitted"} == {
        "Bo",
        "Admin",
    }


def test_a_return_needs_a_word(desk: Desk) -> None:
    """It is asked for under its field, and a second click of the same person returns nothing."""
    desk.submits()
    opened = desk.presses(desk.bo, desk.asked(desk.bo), "Return...")
    wrong = desk.sends(desk.bo, opened.modal, comment=" ")
    assert isinstance(wrong, FieldErrors)
    assert list(wrong.errors) == ["comment"]
    assert isinstance(desk.sends(desk.bo, opened.modal, comment="Friday?"), CloseModals)
    again = desk.sends(desk.bo, opened.modal, comment="Friday?")
    assert isinstance(again, Ephemeral)
    assert "was returned by you" in again.message.text


def test_taken_back(desk: Desk) -> None:
    """While it waits; nobody can approve it then, and it can be changed."""
    said = desk.submits()
    question = desk.asked(desk.bo)
    refused = desk.locked(date(2026, 11, 20))
    assert refused is not None
    button = labelled(fits(failures.sentence(refused)), "Take it back")
    for _ in range(2):
        reply = desk.clicks(desk.ana, button["action_id"], button["value"])
    assert isinstance(reply, Ephemeral)
    assert reply.message.text == (
        "Your week 16-22 Nov 2026 was taken back by you at 13:00. Nothing was changed now."
    )
    assert desk.locked(date(2026, 11, 20)) is None
    late = desk.presses(desk.bo, question, "Approve")
    assert isinstance(late, Update)
    assert late.message.text == "The week 16-22 Nov 2026 of Ana was taken back by Ana at 13:00."
    assert labelled(said, "Take it back")


def test_taking_back_does_not_open_what_was_approved(desk: Desk) -> None:
    """Else approval would last as long as its owner likes."""
    said = desk.submits()
    desk.presses(desk.bo, desk.asked(desk.bo), "Approve")
    assert isinstance(desk.presses(desk.ana, said, "Take it back"), Update)
    assert desk.locked(date(2026, 11, 16)) is not None
    assert desk.locked(date(2026, 11, 18), desk.inner) is None


def test_an_approved_week_is_asked_back(desk: Desk) -> None:
    """From the refusal, with a reason; who approved it reads it and returns it."""
    desk.submits()
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    refused = desk.locked(date(2026, 11, 16))
    assert refused is not None
    button = labelled(fits(failures.sentence(refused)), "Ask to get it back")
    opened = desk.clicks(desk.ana, button["action_id"], button["value"])
    assert isinstance(desk.sends(desk.ana, opened.modal, why=" "), FieldErrors)
    assert isinstance(desk.sends(desk.ana, opened.modal, why="Forgot a call"), CloseModals)
    assert desk.owed()[-2:] == [("sheet.wished", "Bo"), ("sheet.wished", "Admin")]
    wish = fits(week_approval.wish(desk.view(desk.admin)))
    assert wish.text.endswith("which is approved: Forgot a call")
    opened = desk.presses(desk.admin, wish, "Return...")
    assert isinstance(desk.sends(desk.admin, opened.modal, comment="Go ahead"), CloseModals)
    assert desk.locked(date(2026, 11, 16)) is None


def test_a_running_timer_is_stopped_first(desk: Desk) -> None:
    """What it tracks would be missing; the refusal carries the button."""
    desk.office.start(now=NOON - timedelta(hours=1))
    reply = desk.sends(desk.ana, desk.opens())
    assert isinstance(reply, Ephemeral)
    assert "Stop it first" in reply.message.text
    assert labelled(reply.message, "Stop")


def test_a_timer_does_not_start_in_a_submitted_week(desk: Desk) -> None:
    """Saturday's timer needs the week back."""
    desk.submits()
    with pytest.raises(TimeLocked):
        desk.office.start(now=NOON + timedelta(days=1))
    desk.office.start(now=NOON + timedelta(days=3))


def test_the_form_shows_the_week_and_the_others(desk: Desk) -> None:
    """Days, projects, what stands where; an empty week cannot be sent."""
    modal = desk.opens()
    assert "*8 h* in all." in texts(modal)
    assert "Mon 16 Nov: 4 h\nTue 17 Nov: 2 h\nWed 18 Nov: 2 h\nThu 19 Nov: -" in texts(modal)
    assert "*Website* 6 h\n*Office* 2 h" in texts(modal)
    empty = desk.opens("last week")
    assert empty.submit is None
    assert "There is no time in this week to submit." in texts(empty)
    desk.submits()
    again = desk.opens("this week")
    assert again.submit is None
    assert "This week is submitted." in texts(again)
    reply = desk.sends(desk.ana, again)
    assert isinstance(reply, Ephemeral)
    assert "was submitted at 13:00 and waits" in reply.message.text


def test_last_week_is_offered_while_it_is_not_submitted(desk: Desk) -> None:
    """On Monday morning people submit the week before."""
    desk.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert desk.opens().metadata == "2026-11-16"
    desk.submits()
    assert desk.opens().metadata == "2026-11-23"


def test_the_form_says_what_ends_with_a_week_that_goes_on(desk: Desk) -> None:
    """Who submits on Friday is not surprised that no timer starts on Saturday."""
    assert (
        "This week goes on until Sun 22 Nov. Once it is submitted, no timer starts in it"
        in texts(desk.opens())
    )
    desk.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    over = texts(desk.opens())
    assert "goes on" not in over
    assert "Until it is answered, nothing in it can be changed" in over


def test_weeks_begin_where_the_team_says(desk: Desk) -> None:
    """From Sunday on."""
    desk.chooses(timesheets=True, week_start=6)
    assert "Submitted 15-21 Nov 2026: 8 h." in desk.submits().text


def test_without_timesheets_nothing_is_submitted_or_locked(desk: Desk) -> None:
    """Switched off: what was approved can be changed, and the verbs say why they do nothing."""
    desk.submits()
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    desk.chooses(timesheets=False)
    assert desk.locked(date(2026, 11, 16)) is None
    for work in (
        lambda: desk.submitting.shown(who=desk.ana, day=None, now=NOON),
        lambda: desk.deciding.waiting(who=desk.admin, now=NOON),
    ):
        with pytest.raises(HourlinkError) as error:
            work()
        assert "does not submit weeks" in failures.sentence(error.value).text


def test_clock_ranges_over_the_weeks_end_are_refused_whole(desk: Desk) -> None:
    """Sunday night into a submitted week's last day."""
    desk.submits()
    desk.now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with pytest.raises(TimeLocked):
        desk.office.time_log.log(
            who=desk.ana,
            ref=KeyRef("WEB-12"),
            amount=ClockRange(time(23), time(1)),
            day=CalendarDay(11, 22),
            note="",
            now=desk.now,
            request_id="r",
        )
