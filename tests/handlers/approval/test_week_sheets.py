"""Weeks are submitted, approved, returned and reminded of, on both databases (T14)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.approval.locks import LockReason, TimeLocked
from bot.domain.approval.week_sheets import SheetState
from bot.domain.clock_times import ClockRange
from bot.domain.days import CalendarDay
from bot.domain.errors import HourlinkError
from bot.domain.ids import ProjectId, SheetId
from bot.domain.input_errors import BadInput
from bot.domain.people.people import Member
from bot.domain.preferences import MemberSettings, TeamSettings
from bot.domain.projects.projects import ManagerOnly
from bot.domain.tasks.task_refs import KeyRef, QuotedName
from bot.services.approval.week_deciding import WeekDeciding
from bot.services.approval.week_reminding import WeekReminding
from bot.services.approval.week_submitting import WeekSubmitting
from bot.services.preferences import Preferences
from bot.views import failures
from bot.views.approval import week_approval, week_sheets
from bot.views.message import Message, Modal
from handlers.approval.week_sheets import WeekSheetHandlers
from handlers.asking import Click, Command, Fields, Submission
from handlers.grammar import parse_track
from handlers.grammar.track_values import Approvals, SubmitWeek
from handlers.replies import (
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Update,
)
from handlers.routes import Routes
from playground.rules import check_view
from storage import members
from storage.approval.week_sheets import WeekSheetRow
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.projects import project_people
from tests.builders import NOON
from tests.handlers.forms import filled
from tests.handlers.track_desk import fits, labelled
from tests.services.approval.test_locks import manages
from tests.services.office import Office

MONDAY = date(2026, 11, 16)
FRIDAY_NIGHT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""The end of Ana's work week: 18:00 in Berlin."""


class Desk:
    """Ana's week: 6 h on Website, which Bo manages, and 2 h on Office, which nobody does."""

    def __init__(self, database_url: str) -> None:
        self.office = Office(database_url)
        self.world, self.ana, self.admin = (
            self.office.world,
            self.office.ana,
            self.office.admin,
        )
        self.bo = self.world.member("bo")
        manages(self.office, self.bo)
        self.inner = self.world.project("Office", "OFF")
        self.world.joins(self.ana, self.inner)
        self.now = NOON
        self.preferences = Preferences(self.world.uow)
        self.chooses(timesheets=True)
        for day, hours, project in ((16, 4, self.office.website), (18, 2, self.inner)):
            start = datetime(2026, 11, day, 9, tzinfo=UTC)
            self.world.entry(self.ana, project, None, start, start + timedelta(hours=hours))
        start = datetime(2026, 11, 17, 9, tzinfo=UTC)
        self.world.entry(
            self.ana, self.office.website, self.office.web12, start, start + timedelta(hours=2)
        )
        parts = (self.world.uow, self.world.new_marker())
        self.submitting, self.deciding = WeekSubmitting(*parts), WeekDeciding(*parts)
        self.reminding = WeekReminding(*parts)
        self.handlers = WeekSheetHandlers(self.submitting, self.deciding)
        self.routes = Routes()
        self.handlers.register(self.routes)

    def chooses(self, **choices: Any) -> None:  # noqa: ANN401 - settings
        """The team's settings, as an admin saves them."""
        chosen = replace(TeamSettings(), **choices)
        self.preferences.save_team(who=self.admin, chosen=chosen, now=self.now)

    def opens(self, words: str = "", who: Member | None = None) -> Modal:
        """``/track submit ...``."""
        command = parse_track(f"submit {words}".strip())
        assert isinstance(command, SubmitWeek)
        ask = Command(who=who or self.ana, now=self.now, request_id="r", text="")
        reply = self.handlers.submit(ask, command)
        assert isinstance(reply, OpenModal)
        check_view(reply.modal.as_view(), "modal")
        return reply.modal

    def submits(self, words: str = "", who: Member | None = None) -> Message:
        """Opens the form and sends it."""
        reply = self.sends(who or self.ana, self.opens(words, who))
        assert isinstance(reply, CloseModals), reply
        assert reply.message is not None
        return fits(reply.message)

    def sends(self, who: Member, modal: Modal, **changes: Any) -> Any:  # noqa: ANN401 - any reply
        """Sends a form; what comes back, or what is told about it."""
        ask = Submission(
            who=who,
            now=self.now,
            request_id="r",
            callback_id=modal.callback_id,
            view_id="V1",
            metadata=modal.metadata,
            fields=Fields(filled(modal, **changes)),
        )
        try:
            return self.routes.submissions[modal.callback_id].handler(ask)
        except (HourlinkError, BadInput) as error:
            return Ephemeral(fits(failures.sentence(error)))

    def clicks(self, who: Member, action: str, value: str = "") -> Any:  # noqa: ANN401 - any reply
        """Somebody clicks; what comes back, or what is told about it."""
        name = action.partition("#")[0]
        ask = Click(who=who, now=self.now, request_id="r", action=name, value=value)
        try:
            return self.routes.clicks[name].handler(ask)
        except (HourlinkError, BadInput) as error:
            return Ephemeral(fits(failures.sentence(error)))

    def presses(self, who: Member, message: Message, label: str) -> Any:  # noqa: ANN401 - any reply
        """Clicks the button that says this."""
        button = labelled(message, label)
        return self.clicks(who, button["action_id"], button.get("value", ""))

    def owed(self) -> list[tuple[str, str]]:
        """Every message that is owed: what, and to whom."""
        with self.world.uow.read() as tx:
            rows = list(tx.entities.scalars(select(OutboxRow).order_by(col(OutboxRow.id))))
            ids = [row.payload["member_id"] for row in rows]
            people = members.by_ids(tx, self.world.team_id, ids)  # type: ignore[arg-type]
            return [(row.kind, people[row.payload["member_id"]].name) for row in rows]  # type: ignore[index]

    def asked(self, who: Member) -> Message:
        """What somebody who approves reads."""
        return fits(week_approval.question(self.view(who)))

    def view(self, who: Member) -> Any:  # noqa: ANN401 - a view
        """The newest week as somebody sees it."""
        told = self.deciding.told(self.world.team_id, self.sheet_id(), who.id, self.now)
        assert told is not None
        return told[1]

    def sheet_id(self) -> SheetId:
        """The newest week."""
        query = select(col(WeekSheetRow.id)).order_by(col(WeekSheetRow.id).desc())
        with self.world.uow.read() as tx:
            return SheetId(tx.execute(query).scalars().first() or 0)

    def returns(self, who: Member, comment: str = "Friday is missing") -> Any:  # noqa: ANN401 - any reply
        """*Return...*, with a comment."""
        opened = self.presses(who, self.asked(who), "Return...")
        assert isinstance(opened, OpenModal), opened
        return self.sends(who, opened.modal, comment=comment)

    def locked(self, day: date, project: ProjectId | None = None) -> TimeLocked | None:
        """How Ana is refused to log on a day; None where she is not."""
        ref = KeyRef("WEB-12") if project is None else QuotedName("Office")
        try:
            self.office.time_log.log(
                who=self.ana,
                ref=ref,
                amount=60,
                day=CalendarDay(day.month, day.day, day.year),
                note="",
                now=self.now,
                request_id=self.world.new_marker()(),
            )
        except TimeLocked as error:
            return error
        return None


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Give Ana her week, on Friday noon."""
    made = Desk(database_url)
    yield made
    made.office.world.close()


def texts(modal: Modal) -> str:
    """Everything a form says beside its fields."""
    found = [block["text"]["text"] for block in modal.blocks if "text" in block]
    small = (block for block in modal.blocks if block["type"] == "context")
    found += [one["text"] for block in small for one in block["elements"]]
    return "\n".join(found)


def test_t14_submitted_approved_and_locked(desk: Desk) -> None:
    """The whole way, with a manager for one project and the admin for the other."""
    said = desk.submits()
    assert said.text == "Submitted 16-22 Nov 2026: 8 h. Bo, Admin are asked."
    assert desk.owed() == [("sheet.submitted", "Bo"), ("sheet.submitted", "Admin")]
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
    assert isinstance(late, Ephemeral)
    assert late.message.text == (
        "The week 16-22 Nov 2026 of Ana was approved by Admin at 13:00. Nothing was changed now."
    )
    assert [kind for kind, _ in desk.owed()].count("sheet.answered") == 1


def test_returned_changed_and_submitted_again(desk: Desk) -> None:
    """A comment, a correction, and a second round that the old button does not approve."""
    desk.submits()
    old = desk.asked(desk.bo)
    done = desk.returns(desk.bo)
    assert isinstance(done, CloseModals)
    told = fits(week_sheets.answered(desk.view(desk.ana)))
    assert told.text == "Bo returned your week 16-22 Nov 2026: Friday is missing"
    opened = desk.presses(desk.ana, told, "Look and submit...")
    assert "It was returned: Friday is missing" in texts(opened.modal)
    assert desk.locked(date(2026, 11, 20)) is None
    desk.submits("this week")
    stale = desk.presses(desk.bo, old, "Approve")
    assert isinstance(stale, Ephemeral)
    assert "was submitted at" in stale.message.text
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
    assert {name for _, name in desk.owed()[before:]} == {"Bo", "Admin"}


def test_a_manager_returns_only_their_own_part(desk: Desk) -> None:
    """Website is approved by the admin of old; Bo's return leaves Office's approval alone."""
    desk.submits()
    cy = desk.world.member("cy")
    desk.world.joins(cy, desk.inner)
    with desk.world.uow.begin() as tx:
        project_people.set_manager(tx, desk.world.team_id, desk.inner, cy.id, manages=True)
    desk.presses(cy, desk.asked(cy), "Approve")
    desk.returns(desk.bo)
    assert desk.locked(date(2026, 11, 18), desk.inner) is not None
    assert desk.locked(date(2026, 11, 16)) is None
    before = len(desk.owed())
    desk.submits("this week")
    assert desk.owed()[before:] == [("sheet.submitted", "Bo")]


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
    assert "was returned by Bo" in again.message.text


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
    assert "was taken back by Ana" in reply.message.text
    assert desk.locked(date(2026, 11, 20)) is None
    late = desk.presses(desk.bo, question, "Approve")
    assert isinstance(late, Ephemeral)
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


def test_who_decides_sees_only_what_they_decide_on(desk: Desk) -> None:
    """Bo reads nothing about Office, neither in the totals nor in the entries."""
    desk.submits()
    opened = desk.presses(desk.bo, desk.asked(desk.bo), "Details")
    assert isinstance(opened, OpenModal)
    check_view(opened.modal.as_view(), "modal")
    assert "WEB-12 Fix the header" in texts(opened.modal)
    assert "Office" not in texts(opened.modal)
    everything = desk.presses(desk.admin, desk.asked(desk.admin), "Details")
    assert "Office" in texts(everything.modal)


def test_the_weeks_that_wait(desk: Desk) -> None:
    """A list with the buttons; nobody approves their own."""
    desk.submits()
    ask = Command(who=desk.bo, now=NOON, request_id="r", text="approvals")
    listed: Any = desk.handlers.approvals(ask, Approvals())
    assert fits(listed.message).text == "1 week waits for you:\nAna, 16-22 Nov 2026: 6 h"
    desk.presses(desk.bo, listed.message, "Approve")
    listed = desk.handlers.approvals(ask, Approvals())
    assert listed.message.text == "No week waits for you."


def test_nobody_approves_their_own_week(desk: Desk) -> None:
    """A manager on their own project: the admins are asked instead."""
    start = datetime(2026, 11, 16, 9, tzinfo=UTC)
    desk.world.entry(desk.bo, desk.office.website, None, start, start + timedelta(hours=3))
    said = desk.submits(who=desk.bo)
    assert said.text == "Submitted 16-22 Nov 2026: 3 h. Admin is asked."
    with pytest.raises(ManagerOnly):
        desk.deciding.approve(who=desk.bo, sheet_id=desk.sheet_id(), round_=1, now=NOON)


@pytest.mark.parametrize("name", ["ana", "eve"])
def test_nobody_else_decides(desk: Desk, name: str) -> None:
    """The owner, and a colleague who manages nothing; whatever they send."""
    who = desk.ana if name == "ana" else desk.world.member(name)
    desk.submits()
    question = desk.asked(desk.bo)
    for label in ("Approve", "Return...", "Details"):
        assert isinstance(desk.presses(who, question, label), Ephemeral)
    opened = desk.presses(desk.bo, question, "Return...")
    assert isinstance(desk.sends(who, opened.modal, comment="No"), Ephemeral)
    assert desk.view(desk.bo).sheet.state is SheetState.SUBMITTED


def test_nobody_takes_back_anothers_week(desk: Desk) -> None:
    """Not even an admin: they return it, with a comment."""
    said = desk.submits()
    reply = desk.presses(desk.admin, said, "Take it back")
    assert isinstance(reply, Ephemeral)
    assert "sent to somebody else" in reply.message.text


def test_it_stands_in_the_audit_log(desk: Desk) -> None:
    """Who approved and returned whose week."""
    desk.submits()
    desk.presses(desk.bo, desk.asked(desk.bo), "Approve")
    desk.presses(desk.admin, desk.asked(desk.admin), "Approve")
    with desk.world.uow.read() as tx:
        lines = [
            (row.action, row.subject, (row.after or {}).get("state"))
            for row in tx.entities.scalars(select(AuditRow).order_by(col(AuditRow.id)))
            if row.action.startswith("sheet.")
        ]
    subject = f"member:{desk.ana.id}"
    assert lines == [
        ("sheet.approve", subject, "submitted"),
        ("sheet.approve", subject, "approved"),
    ]


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("sheet.approve", "x"),
        ("sheet.approve", "999:1"),
        ("sheet.details", "999:1"),
        ("sheet.open", "soon"),
        ("sheet.back", "999"),
        ("sheet.return", "1:"),
    ],
)
def test_forged_values_are_refused_in_words(desk: Desk, action: str, value: str) -> None:
    """No reference number for what somebody made up."""
    reply = desk.clicks(desk.admin, action, value)
    assert isinstance(reply, Ephemeral)
    assert "no longer there" in reply.message.text


# Reminders


def looks(desk: Desk, now: datetime) -> list[str]:
    """The scheduler looks once; who is reminded."""
    before = len(desk.owed())
    for team_id in desk.reminding.due(now):
        desk.reminding.look(team_id, now)
    new = desk.owed()[before:]
    assert all(kind == "sheet.reminder" for kind, _ in new)
    return [name for _, name in new]


def test_reminded_once_at_the_end_of_the_week(desk: Desk) -> None:
    """Whoever has time in it; not before, not twice, and not who tracked nothing."""
    assert looks(desk, FRIDAY_NIGHT - timedelta(minutes=1)) == []
    assert looks(desk, FRIDAY_NIGHT + timedelta(minutes=5)) == ["Ana"]
    assert looks(desk, FRIDAY_NIGHT + timedelta(minutes=15)) == []
    told = desk.reminding.told(desk.world.team_id, desk.sheet_id(), desk.ana.id, FRIDAY_NIGHT)
    assert told is not None
    message = fits(week_sheets.reminder(told[1]))
    assert message.text == "Your week 16-22 Nov 2026 has 8 h. Submit it?"
    desk.now = FRIDAY_NIGHT
    assert isinstance(desk.presses(desk.ana, message, "Submit..."), OpenModal)


def test_a_server_that_was_away_reminds_when_it_is_back(desk: Desk) -> None:
    """Down over Friday evening: on Saturday it still tells, once."""
    assert looks(desk, FRIDAY_NIGHT + timedelta(hours=20)) == ["Ana"]
    assert looks(desk, FRIDAY_NIGHT + timedelta(hours=21)) == []


def test_who_submitted_or_wants_none_is_not_reminded(desk: Desk) -> None:
    """Ana submitted at noon; Bo switched reminders off."""
    desk.submits()
    start = datetime(2026, 11, 16, 9, tzinfo=UTC)
    desk.world.entry(desk.bo, desk.office.website, None, start, start + timedelta(hours=3))
    desk.preferences.save_own(who=desk.bo, chosen=MemberSettings(reminders=False))
    assert looks(desk, FRIDAY_NIGHT + timedelta(minutes=5)) == []


def test_submitted_before_the_reminder_was_sent(desk: Desk) -> None:
    """The outbox was slow."""
    looks(desk, FRIDAY_NIGHT + timedelta(minutes=5))
    desk.submits()
    assert (
        desk.reminding.told(desk.world.team_id, desk.sheet_id(), desk.ana.id, FRIDAY_NIGHT) is None
    )


def test_everybody_is_reminded_in_their_own_zone(desk: Desk) -> None:
    """In New York the week ends six hours later."""
    yo = desk.world.member("yo", zone="America/New_York")
    start = datetime(2026, 11, 16, 15, tzinfo=UTC)
    desk.world.entry(yo, desk.office.website, None, start, start + timedelta(hours=3))
    assert looks(desk, FRIDAY_NIGHT + timedelta(minutes=5)) == ["Ana"]
    assert looks(desk, FRIDAY_NIGHT + timedelta(hours=6, minutes=5)) == ["Yo"]


def test_switched_off_nobody_looks(desk: Desk) -> None:
    """And switched on again, nobody is reminded of what came before."""
    desk.chooses(timesheets=False)
    assert desk.reminding.due(FRIDAY_NIGHT + timedelta(days=1)) == []
    desk.now = FRIDAY_NIGHT + timedelta(hours=1)
    desk.chooses(timesheets=True)
    assert looks(desk, FRIDAY_NIGHT + timedelta(hours=2)) == []


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
