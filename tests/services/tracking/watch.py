"""The office, and whoever looks after its timers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from bot.domain.ids import QuestionId
from bot.domain.people.people import Member
from bot.domain.preferences import MemberSettings
from bot.services.members import Members
from bot.services.preferences import Preferences
from bot.services.tracking.forgotten import ForgottenTimers
from bot.services.tracking.forgotten_answers import ForgottenAnswers
from storage import members
from storage.entries.time_entries import TimeEntryRow
from storage.outbox import OutboxRow
from storage.tracking.timer_questions import TimerQuestionRow
from tests.services.office import Office

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
MORNING = datetime(2026, 11, 20, 8, 40, tzinfo=UTC)
"""09:40 in Berlin, where Ana is; her work day ends at 17:00 UTC."""
EVENING = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


class Watch:
    """The office and whoever looks after its timers."""

    def __init__(self, database_url: str) -> None:
        self.office = Office(database_url)
        self.world = self.office.world
        self.ana = self.office.ana
        parts = (self.world.uow, self.world.new_marker())
        self.timers = ForgottenTimers(*parts)
        self.answers = ForgottenAnswers(*parts, str.capitalize)
        self.members = Members(*parts)
        self.preferences = Preferences(self.world.uow)

    def looks(self, now: datetime) -> int:
        """The scheduler looks once; how many timers were due."""
        due = self.timers.due(now)
        for one in due:
            self.timers.tend(*one, now)
        return len(due)

    def asks(self, now: datetime = EVENING, *, delivered: bool = True) -> QuestionId:
        """Plans, asks, and delivers the question."""
        self.looks(now)
        row = self.questions()[-1]
        question_id = QuestionId(row.id or 0)
        if delivered:
            self.timers.delivered(self.world.team_id, question_id, now)
        return question_id

    def questions(self) -> list[TimerQuestionRow]:
        """Every question, in order."""
        with self.world.uow.read() as tx:
            return list(
                tx.entities.scalars(select(TimerQuestionRow).order_by(col(TimerQuestionRow.id)))
            )

    def owed(self) -> list[str]:
        """Messages that were put into the outbox, by kind."""
        query = select(col(OutboxRow.kind)).order_by(col(OutboxRow.id))
        with self.world.uow.read() as tx:
            return list(tx.execute(query).scalars())

    def due_at(self) -> datetime | None:
        """When the newest entry is looked at next."""
        query = select(col(TimeEntryRow.ask_at)).order_by(col(TimeEntryRow.id).desc())
        with self.world.uow.read() as tx:
            return tx.execute(query).scalars().first()

    def chooses(self, **choices: object) -> None:
        """Ana's own settings."""
        chosen = replace(MemberSettings(), **choices)  # type: ignore[arg-type]
        self.preferences.save_own(who=self.ana, chosen=chosen)

    def now(self, who: Member) -> Member:
        """The member as they are now."""
        with self.world.uow.read() as tx:
            found = members.by_id(tx, who.team_id, who.id)
        assert found is not None
        return found
