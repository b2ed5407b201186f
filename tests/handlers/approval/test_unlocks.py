"""Locked time is asked for, opened for a while, and locked again, on both databases (T13)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from bot.domain.approval.locks import TimeLocked
from bot.domain.approval.unlocks import UnlockAsked
from bot.domain.days import CalendarDay
from bot.domain.entries.entries import Entry
from bot.domain.errors import AdminOnly, Vanished
from bot.domain.ids import TimeEntryId, UnlockId
from bot.domain.people.people import Member
from bot.domain.preferences import TeamSettings
from bot.domain.projects.projects import ManagerOnly
from bot.domain.tasks.task_refs import KeyRef
from bot.services.approval.locks import require_open
from bot.services.approval.unlocked import Unlocked
from bot.services.approval.unlocking import Unlocking
from bot.views import failures
from bot.views.approval import unlocks as views
from bot.views.message import Message, Modal
from handlers.approval.unlocks import UnlockHandlers
from handlers.asking import Command, Lookup
from handlers.grammar.track_values import UnlockTime
from handlers.replies import (
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Update,
)
from handlers.routes import Routes
from storage.operating.audit import AuditRow
from storage.outbox import OutboxRow
from storage.projects.projects import ProjectMemberRow
from tests.builders import NOON
from tests.handlers.approval.pressing import Pressing
from tests.handlers.forms import filled, sent
from tests.handlers.track_desk import fits
from tests.services.approval.test_locks import manages
from tests.services.office import Office

OCTOBER = date(2026, 10, 30)
"""A Friday in the closed month."""


class Desk(Pressing):
    """Ana, whose October is closed; Bo manages Website."""

    def __init__(self, database_url: str) -> None:
        self.office = Office(database_url)
        self.world, self.ana = self.office.world, self.office.ana
        self.bo = self.world.member("bo")
        manages(self.office, self.bo)
        self.office.choose(TeamSettings(closed_through=date(2026, 10, 31)))
        self.unlocked = Unlocked(self.world.uow)
        self.handlers = UnlockHandlers(
            Unlocking(self.world.uow, self.world.new_marker()), self.unlocked
        )
        self.routes = Routes()
        self.handlers.register(self.routes)
        self.now = NOON

    def logs(self, day: date = OCTOBER, who: Member | None = None) -> None:
        """An hour on WEB-12, on a day."""
        self.office.time_log.log(
            who=who or self.ana,
            ref=KeyRef("WEB-12"),
            amount=3600,
            day=CalendarDay(day.month, day.day, day.year),
            note="",
            now=self.now,
            request_id=self.world.new_marker()(),
        )

    def refusal(self, who: Member | None = None) -> Message:
        """What is told when it is locked."""
        with pytest.raises(TimeLocked) as error:
            self.logs(who=who)
        return fits(failures.sentence(error.value))

    def sends(self, who: Member, modal: Modal, **changes: Any) -> Any:  # noqa: ANN401 - any reply
        """Sends a form."""
        ask = sent(modal, who, self.now, **changes)
        return self.routes.submissions[modal.callback_id].handler(ask)

    def asks(self, why: str = "Forgot the workshop") -> Message:
        """Ana asks for that day; what Bo reads."""
        opened = self.presses(self.ana, self.refusal(), "Ask to unlock")
        assert isinstance(opened, OpenModal)
        reply = self.sends(self.ana, opened.modal, why=why)
        assert isinstance(reply, CloseModals)
        return self.reads("unlock.asked", self.bo)

    def reads(self, kind: str, who: Member) -> Message:
        """The newest message of a kind that is owed to somebody."""
        query = select(OutboxRow).where(col(OutboxRow.kind) == kind)
        with self.world.uow.read() as tx:
            row = list(tx.entities.scalars(query.order_by(col(OutboxRow.id))))[-1]
        assert row.payload["member_id"] == who.id
        unlock_id = UnlockId(int(str(row.payload["unlock_id"])))
        told = self.unlocked.told(self.world.team_id, unlock_id, who.id, self.now)
        assert told is not None
        return fits(views.wish(told[1]) if kind == "unlock.asked" else views.answer(told[1]))

    def owed(self) -> list[tuple[str, object]]:
        """Everything owed: what, and to whom."""
        with self.world.uow.read() as tx:
            rows = tx.entities.scalars(select(OutboxRow).order_by(col(OutboxRow.id)))
            return [(row.kind, row.payload["member_id"]) for row in rows]


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Give Ana her closed month."""
    made = Desk(database_url)
    yield made
    made.world.close()


def test_t13_asked_granted_and_locked_again(desk: Desk) -> None:
    """The whole way: refused, asked, opened for a day, logged, and locked a day later."""
    assert "Ask Bo, who manages *Website*, or an admin (Admin) to unlock it." in (
        desk.refusal().text
    )
    wish = desk.asks()
    assert wish.text == ("Ana asks you to unlock Fri 30 Oct 2026 on *Website*: Forgot the workshop")
    reply = desk.presses(desk.bo, wish, "Unlock for 1 day")
    assert isinstance(reply, Update)
    assert "Ana's time of Fri 30 Oct 2026 on *Website* is open until" in reply.message.text
    told = desk.reads("unlock.answered", desk.ana)
    assert told.text.startswith("Bo unlocked your time of Fri 30 Oct 2026 on *Website*, until")
    desk.logs()
    desk.now += timedelta(days=1)
    desk.refusal()


def test_a_second_answer_says_what_happened(desk: Desk) -> None:
    """Bo opened it; the admin's buttons still stand there."""
    wish = desk.asks()
    desk.presses(desk.bo, wish, "Unlock for 1 day")
    for label in ("Unlock for 1 day", "Unlock...", "Refuse..."):
        reply = desk.presses(desk.office.admin, wish, label)
        assert isinstance(reply, Ephemeral)
        assert "Bo unlocked Fri 30 Oct 2026 on *Website* at" in reply.message.text
    assert [kind for kind, _ in desk.owed()] == ["unlock.asked", "unlock.answered"]


def test_refused_with_a_word(desk: Desk) -> None:
    """It stays locked, and Ana reads why."""
    opened = desk.presses(desk.bo, desk.asks(), "Refuse...")
    reply = desk.sends(desk.bo, opened.modal, why="It is invoiced already")
    assert isinstance(reply, CloseModals)
    assert desk.reads("unlock.answered", desk.ana).text == (
        "Bo did not unlock your time of Fri 30 Oct 2026 on *Website*. It is invoiced already"
    )
    desk.refusal()


def test_the_same_is_not_asked_twice(desk: Desk) -> None:
    """While nobody has answered."""
    desk.asks()
    with pytest.raises(UnlockAsked):
        desk.asks()
    assert len(desk.owed()) == 1


def test_nobody_asks_about_what_is_not_theirs(desk: Desk) -> None:
    """A forged button would tell what a project is called, and write to its managers."""
    refusal = desk.refusal()
    opened = desk.presses(desk.ana, refusal, "Ask to unlock")
    cy = desk.world.member("cy")
    reply = desk.presses(cy, refusal, "Ask to unlock")
    assert isinstance(reply, Ephemeral)
    assert reply.message.text == "That project is no longer there. Nothing was changed."
    with pytest.raises(Vanished):
        desk.sends(cy, opened.modal, why="Let me see")
    assert desk.owed() == []
    assert isinstance(desk.presses(desk.office.admin, refusal, "Ask to unlock"), OpenModal)
    desk.logs(date(2026, 11, 19))
    with desk.world.uow.begin() as tx:
        tx.execute(delete(ProjectMemberRow).where(col(ProjectMemberRow.member_id) == desk.ana.id))
    assert isinstance(desk.presses(desk.ana, refusal, "Ask to unlock"), OpenModal), "her own time"


def test_without_a_manager_the_admins_are_asked(desk: Desk) -> None:
    """All of them; one answers."""
    second = desk.world.member("cy", admin=True)
    with desk.world.uow.begin() as tx:
        tx.execute(delete(ProjectMemberRow).where(col(ProjectMemberRow.member_id) == desk.bo.id))
    opened = desk.presses(desk.ana, desk.refusal(), "Ask to unlock")
    desk.sends(desk.ana, opened.modal, why="Forgot")
    assert {member for _, member in desk.owed()} == {desk.office.admin.id, second.id}


def test_who_may_unlock_is_offered_the_form(desk: Desk) -> None:
    """A manager whose own time is locked, too; the reason is asked for."""
    desk.office.connect(desk.bo)
    opened = desk.presses(desk.bo, desk.refusal(desk.bo), "Unlock...")
    assert isinstance(opened, OpenModal)
    wrong = desk.sends(desk.bo, opened.modal)
    assert isinstance(wrong, FieldErrors)
    assert list(wrong.errors) == ["why"]
    desk.sends(desk.bo, opened.modal, why="Correction")
    desk.logs(who=desk.bo)
    assert desk.owed() == []


def test_only_what_was_opened_is_open(desk: Desk) -> None:
    """Not the day before, not another project, not somebody else's time."""
    desk.presses(desk.bo, desk.asks(), "Unlock for 1 day")
    desk.logs()
    other = desk.world.project("Other", "OTH")
    entry = Entry(
        TimeEntryId(0),
        desk.world.team_id,
        desk.ana.id,
        desk.office.website,
        None,
        None,
        None,
        60,
        OCTOBER,
        "",
    )
    for closed in (
        replace(entry, work_date=OCTOBER - timedelta(days=1)),
        replace(entry, project_id=other),
        replace(entry, member_id=desk.bo.id),
    ):
        with desk.world.uow.begin() as tx, pytest.raises(TimeLocked):
            require_open(tx, desk.ana, [entry, closed], NOON)


def test_locked_again_before_its_time(desk: Desk) -> None:
    """Twice changes nothing more; the list shows what is open."""
    reply = desk.presses(desk.bo, desk.asks(), "Unlock for 1 day")
    ask = Command(who=desk.bo, now=NOON, request_id="r", text="unlock")
    listed: Any = desk.handlers.command(ask, UnlockTime())
    assert "Ana's time of Fri 30 Oct 2026 on *Website* is open until" in fits(listed.message).text
    for _ in range(2):
        again = desk.presses(desk.bo, reply.message, "Lock again")
        assert again.message.text == "Ana's time of Fri 30 Oct 2026 on *Website* is locked again."
    desk.refusal()
    listed = desk.handlers.command(ask, UnlockTime())
    assert listed.message.text == "No locked time is open at present."


def test_an_admin_opens_every_project(desk: Desk) -> None:
    """From the list, for somebody chosen there; a manager only their own projects."""
    opened = desk.clicks(desk.office.admin, "unlock.new")
    state = filled(opened.modal)
    assert state["project"]["unlock.project"]["selected_option"]["value"] == "all"
    reply = desk.sends(
        desk.office.admin,
        opened.modal,
        person="U0ANA",
        first="2026-10-01",
        last="2026-10-31",
        lasting="week",
        why="Vacation cover",
    )
    assert isinstance(reply, CloseModals)
    assert reply.message is not None
    assert "Thu 1 to Sat 31 Oct 2026 on every project is open until" in reply.message.text
    desk.logs()


def test_it_stands_in_the_audit_log(desk: Desk) -> None:
    """Who opened whose days, why, and until when."""
    reply = desk.presses(desk.bo, desk.asks(), "Unlock for 1 day")
    desk.presses(desk.bo, reply.message, "Lock again")
    with desk.world.uow.read() as tx:
        first, second = tx.entities.scalars(select(AuditRow).order_by(col(AuditRow.id)))
    assert (first.action, first.actor_id) == ("time.unlock", desk.bo.id)
    assert first.subject == f"member:{desk.ana.id}"
    assert first.after is not None
    assert first.after["first_day"] == "2026-10-30"
    assert first.after["reason"] == "Forgot the workshop"
    assert datetime.fromisoformat(str(first.after["until"])) == NOON + timedelta(days=1)
    assert second.action == "time.lock_again"


@pytest.mark.parametrize("name", ["ana", "eve"])
def test_nobody_else_opens_anything(desk: Desk, name: str) -> None:
    """The person themself, and a colleague who manages nothing; whatever they send."""
    who = desk.ana if name == "ana" else desk.world.member(name)
    wish = desk.asks()
    for label in ("Unlock for 1 day", "Unlock...", "Refuse..."):
        assert isinstance(desk.presses(who, wish, label), Ephemeral)
    opened = desk.clicks(desk.office.admin, "unlock.new")
    with pytest.raises(AdminOnly):
        desk.sends(who, opened.modal, person="U0ANA", why="Please")
    with pytest.raises(ManagerOnly):
        desk.sends(
            who, opened.modal, person="U0ANA", why="Please", project=str(desk.office.website)
        )
    with pytest.raises(ManagerOnly):
        desk.handlers.command(
            Command(who=who, now=NOON, request_id="r", text="unlock"), UnlockTime()
        )
    desk.refusal()


def test_a_manager_opens_no_other_project(desk: Desk) -> None:
    """Neither by the form, nor all at once."""
    other = desk.world.project("Other", "OTH")
    opened = desk.clicks(desk.bo, "unlock.new")
    for project, error in ((str(other), ManagerOnly), ("all", AdminOnly)):
        with pytest.raises(error):
            desk.sends(desk.bo, opened.modal, person="U0ANA", project=project, why="Please")
    ask = Lookup(who=desk.bo, now=NOON, request_id="", action="unlock.project", query="")
    found: Any = desk.routes.lookups["unlock.project"].handler(ask)
    assert isinstance(found, Choices)
    assert [one.label for one in found.options] == ["Website"]
    found = desk.routes.lookups["unlock.project"].handler(replace(ask, who=desk.office.admin))
    assert [one.label for one in found.options] == ["Every project", "Other", "Website"]


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("unlock.ask", "x:2026-10-30"),
        ("unlock.ask", "1:soon"),
        ("unlock.ask", "1:9999-12-31"),
        ("unlock.ask", "999:2026-10-30"),
        ("unlock.new", "1:2"),
        ("unlock.day", "999"),
        ("unlock.end", "x"),
    ],
)
def test_forged_values_are_refused_in_words(desk: Desk, action: str, value: str) -> None:
    """No reference number for what somebody made up."""
    reply = desk.clicks(desk.office.admin, action, value)
    assert isinstance(reply, Ephemeral)
    assert "no longer there" in reply.message.text


def test_another_team_sees_nothing_of_it(desk: Desk) -> None:
    """An admin elsewhere, with the id of a wish here."""
    desk.asks()
    eve = desk.world.member("eve", admin=True, team_id=desk.world.team())
    reply = desk.clicks(eve, "unlock.day", "1")
    assert isinstance(reply, Ephemeral)
    assert "no longer there" in reply.message.text


def test_days_that_are_none_are_told_under_the_field(desk: Desk) -> None:
    """Backwards."""
    opened = desk.presses(desk.ana, desk.refusal(), "Ask to unlock")
    wrong = desk.sends(desk.ana, opened.modal, why="Forgot", last="2026-10-29")
    assert isinstance(wrong, FieldErrors)
    assert list(wrong.errors) == ["last"]
