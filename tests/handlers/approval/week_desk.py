"""Ana's week, in front of those who decide on it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from bot.domain.approval.locks import TimeLocked
from bot.domain.days import CalendarDay
from bot.domain.errors import HourlinkError
from bot.domain.ids import ProjectId, SheetId
from bot.domain.input_errors import BadInput
from bot.domain.people.people import Member
from bot.domain.preferences import TeamSettings
from bot.domain.tasks.task_refs import KeyRef, QuotedName
from bot.services.approval.week_deciding import WeekDeciding
from bot.services.approval.week_reminding import WeekReminding
from bot.services.approval.week_submitting import WeekSubmitting
from bot.services.preferences import Preferences
from bot.views import failures
from bot.views.approval import week_approval, week_sheets
from bot.views.message import Message, Modal
from handlers.approval.week_sheets import WeekSheetHandlers
from handlers.asking import Command
from handlers.grammar import parse_track
from handlers.grammar.track_values import SubmitWeek
from handlers.replies import (
    CloseModals,
    Ephemeral,
    OpenModal,
)
from handlers.routes import Routes
from playground.rules import check_view
from storage import members
from storage.approval.week_sheets import WeekSheetRow
from storage.outbox import OutboxRow
from tests.builders import NOON
from tests.handlers.approval.pressing import Pressing
from tests.handlers.forms import sent
from tests.handlers.track_desk import fits
from tests.services.approval.test_locks import manages
from tests.services.office import Office

MONDAY = date(2026, 11, 16)
FRIDAY_NIGHT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
"""The end of Ana's work week: 18:00 in Berlin."""


class Desk(Pressing):
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
        return self.told_owner()

    def told_owner(self) -> Message:
        """What the owner of the newest week reads of it."""
        told = self.submitting.told(self.world.team_id, self.sheet_id(), self.now)
        assert told is not None
        return fits(week_sheets.submitted(told[1]))

    def sends(self, who: Member, modal: Modal, **changes: Any) -> Any:  # noqa: ANN401 - any reply
        """Sends a form; what comes back, or what is told about it."""
        ask = sent(modal, who, self.now, **changes)
        try:
            return self.routes.submissions[modal.callback_id].handler(ask)
        except (HourlinkError, BadInput) as error:
            return Ephemeral(fits(failures.sentence(error)))

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


def texts(modal: Modal) -> str:
    """Everything a form says beside its fields."""
    found = [block["text"]["text"] for block in modal.blocks if "text" in block]
    small = (block for block in modal.blocks if block["type"] == "context")
    found += [one["text"] for block in small for one in block["elements"]]
    return "\n".join(found)
