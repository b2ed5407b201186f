"""``/link close``: months are closed, and opened again with a reason (T13)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from bot.domain.approval.closing_months import MonthNotOver
from bot.domain.errors import AdminOnly, Vanished
from bot.domain.input_errors import UsageError
from bot.domain.people.people import Member
from bot.services.approval.month_closing import MonthClosing
from bot.views.message import Modal
from handlers.approval.closing import ClosingHandlers
from handlers.asking import Click, Command
from handlers.grammar import parse_link
from handlers.grammar.link_values import CloseMonth
from handlers.replies import CloseModals, FieldErrors, OpenModal, UpdateModal
from handlers.routes import Routes
from storage import teams
from storage.operating.audit import AuditRow
from tests.builders import NOON
from tests.handlers.forms import filled, sent
from tests.services.office import Office

OCTOBER, SEPTEMBER = "2026-10-31", "2026-09-30"


class Desk:
    """The admin on 20 November, with two hours of Ana's in October and one in September."""

    def __init__(self, database_url: str) -> None:
        self.office = Office(database_url)
        world, ana, website = self.office.world, self.office.ana, self.office.website
        for month, hours in ((10, 2), (9, 1)):
            start = datetime(2026, month, 10, 9, tzinfo=UTC)
            world.entry(ana, website, None, start, start + timedelta(hours=hours))
        self.handlers = ClosingHandlers(MonthClosing(world.uow))
        self.routes = Routes()
        self.handlers.register(self.routes)
        self.now = NOON

    def opens(self, words: str = "", who: Member | None = None) -> Modal:
        """``/link close ...``."""
        command = parse_link(f"close {words}".strip())
        assert isinstance(command, CloseMonth)
        ask = Command(who=who or self.office.admin, now=self.now, request_id="r", text="")
        reply = self.handlers.command(ask, command)
        assert isinstance(reply, OpenModal)
        return reply.modal

    def sends(self, modal: Modal, who: Member | None = None, **changes: Any) -> Any:  # noqa: ANN401
        """Sends the form."""
        ask = sent(modal, who or self.office.admin, self.now, **changes)
        return self.routes.submissions[modal.callback_id].handler(ask)

    def closes(self, words: str = "", **changes: Any) -> str:  # noqa: ANN401 - values
        """What is told after the form was kept."""
        reply = self.sends(self.opens(words), **changes)
        assert isinstance(reply, CloseModals), reply
        assert reply.message is not None
        return reply.message.text

    def closed(self) -> date | None:
        """Up to when."""
        with self.office.world.uow.read() as tx:
            return teams.settings(tx, self.office.world.team_id).closed_through


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Give the admin."""
    made = Desk(database_url)
    yield made
    made.office.world.close()


def texts(modal: Modal) -> str:
    """Everything the form says beside its fields."""
    found = [block["text"]["text"] for block in modal.blocks if "text" in block]
    found += [one["text"] for block in modal.blocks for one in block.get("elements", ())]
    return " ".join(found)


def test_the_newest_month_is_offered_first(desk: Desk) -> None:
    """Nothing is closed by looking; the form says what closing would lock."""
    modal = desk.opens()
    assert filled(modal)["through"]["close.chosen"]["selected_option"]["value"] == OCTOBER
    assert "Closed at present: *no month*." in texts(modal)
    assert "3 h of 1 person would be locked." in texts(modal)
    assert desk.closed() is None


def test_a_month_is_closed(desk: Desk) -> None:
    """And every one before it; it stands in the audit log."""
    assert desk.closes("2026-09") == (
        "Time is closed up to September 2026. 1 h of 1 person is locked."
    )
    assert desk.closed() == date(2026, 9, 30)
    assert "2 h of 1 person is locked." in desk.closes("last month")
    with desk.office.world.uow.read() as tx:
        lines = [
            (row.action, row.after)
            for row in tx.entities.scalars(select(AuditRow).order_by(col(AuditRow.id)))
        ]
    assert lines == [
        ("month.close", {"closed_through": SEPTEMBER, "reason": ""}),
        ("month.close", {"closed_through": OCTOBER, "reason": ""}),
    ]


def test_months_without_time_are_not_told_in_noughts(desk: Desk) -> None:
    """A team of its first day closes nothing of anybody's, and reads so."""
    desk.closes("2026-10")
    desk.now = datetime(2026, 12, 20, 9, tzinfo=UTC)
    assert "No finished time would be locked by that." in texts(desk.opens())
    assert desk.closes("2026-11") == (
        "Time is closed up to November 2026. No finished time is locked by that."
    )
    assert desk.closes("2026-11", through=OCTOBER, reason="Too early") == (
        "Time is closed up to October 2026. No finished time is opened by that."
    )


def test_closing_twice_changes_nothing(desk: Desk) -> None:
    """Two admins, the same month."""
    desk.closes("2026-10")
    assert desk.closes("2026-10") == "Nothing was changed."


def test_opening_again_needs_a_reason(desk: Desk) -> None:
    """It is asked for under its field, and kept with who opened it."""
    desk.closes("2026-10")
    modal = desk.opens()
    wrong = desk.sends(modal, through=SEPTEMBER)
    assert isinstance(wrong, FieldErrors)
    assert wrong.errors == {"reason": "Give a reason; it stands in the audit log."}
    reply = desk.sends(modal, through="none", reason="An invoice was wrong")
    assert isinstance(reply, CloseModals)
    assert reply.message is not None
    assert "not closed by month any more. 3 h of 1 person can be changed" in reply.message.text
    assert desk.closed() is None
    with desk.office.world.uow.read() as tx:
        line = tx.entities.scalars(select(AuditRow).order_by(col(AuditRow.id).desc())).first()
    assert line is not None
    assert line.action == "month.open"
    assert line.after == {"closed_through": None, "reason": "An invoice was wrong"}


def test_choosing_another_month_says_what_it_does(desk: Desk) -> None:
    """Before anything is sent."""
    ask = Click(
        who=desk.office.admin, now=NOON, request_id="r", action="close.chosen", value=SEPTEMBER
    )
    reply: Any = desk.routes.clicks["close.chosen"].handler(ask)
    assert isinstance(reply, UpdateModal)
    assert "1 h of 1 person would be locked." in texts(reply.modal)


def test_timers_that_run_since_then_are_told(desk: Desk) -> None:
    """Their time until midnight is kept, which a report of that month should know."""
    office = desk.office
    office.start(now=datetime(2026, 10, 31, 20, tzinfo=UTC))
    desk.now = datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert "1 timer runs since Sat 31 Oct or before" in texts(desk.opens("2026-10"))


def test_a_month_that_goes_on_cannot_be_closed(desk: Desk) -> None:
    """Not by its name, not by a forged choice, not while it goes on for somebody."""
    with pytest.raises(MonthNotOver):
        desk.opens("november")
    wrong = desk.sends(desk.opens(), through="2026-11-30")
    assert isinstance(wrong, FieldErrors)
    assert "November 2026 is not over yet" in wrong.errors["through"]
    desk.office.world.member("yo", zone="Pacific/Honolulu")
    desk.now = datetime(2026, 12, 1, 9, 59, tzinfo=UTC)
    with pytest.raises(MonthNotOver):
        desk.opens("november")
    desk.now += timedelta(minutes=1)
    desk.opens("november")


@pytest.mark.parametrize("words", ["w45", "2026", "yesterday"])
def test_only_months_are_closed(desk: Desk, words: str) -> None:
    """A week or a year is no month."""
    with pytest.raises(UsageError):
        desk.opens(words)


def test_a_forged_month_is_refused_in_words(desk: Desk) -> None:
    """Not with a reference number."""
    for month in ("soon", "9999-12-31", "0001-01-31"):
        with pytest.raises(Vanished):
            desk.sends(desk.opens(), through=month)


def test_only_admins_close(desk: Desk) -> None:
    """Whatever the form showed when it was opened."""
    with pytest.raises(AdminOnly):
        desk.opens(who=desk.office.ana)
    with pytest.raises(AdminOnly):
        desk.sends(desk.opens(), who=desk.office.ana)
    assert desk.routes.submissions["close.months"].admin
