"""Asking about timers that may be forgotten, and stopping those nobody answers for (T11).

When each timer is due stands with it in the database, so nothing is lost by a crash, and one look
finds all that is due. What is done about one timer is one transaction under its owner's lock: two
workers that find the same timer ask one question.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.entries.entries import Entry, LabelledEntry, StopReason, zone_of
from bot.domain.ids import MemberId, QuestionId, TeamId, TimeEntryId
from bot.domain.people.people import Member
from bot.domain.tracking.forgotten import (
    Due,
    Habits,
    Question,
    QuestionState,
    since_answer,
    since_start,
)
from bot.domain.tracking.forgotten_answers import Asked, GivenUp
from bot.domain.working_time import working_time
from bot.services.tracking.booking import book
from bot.services.tracking.closing import Closing, close_timers
from bot.services.tracking.desk import Desk, began, to_read
from storage import members, outbox, teams
from storage.entries import entry_history, time_entries
from storage.tracking import timer_holds, timer_questions
from storage.unit_of_work import Tx, UnitOfWork

QUESTION = "timer.question"
"""Outbox kind of the question; its payload names it."""

UNANSWERED = "timer.unanswered"
"""Outbox kind of telling that the timer was stopped; the same payload."""

_AT_ONCE = 200
_LOOK_AGAIN = timedelta(minutes=5)


class ForgottenTimers:
    """What the time of day brings about."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._new_marker = new_marker

    def due(self, now: datetime) -> list[tuple[TeamId, MemberId, TimeEntryId]]:
        """Timers to tend now, some of them where there are many."""
        with self._uow.read(brief=True) as tx:
            return timer_questions.due(tx, now, _AT_ONCE)

    def tend(
        self, team_id: TeamId, member_id: MemberId, entry_id: TimeEntryId, now: datetime
    ) -> None:
        """Plans, asks or stops, whatever is due for a timer; a second call changes nothing."""
        with self._uow.begin(brief=True) as tx:
            owner = timer_holds.hold_member(tx, team_id, member_id)
            running = time_entries.running(tx, team_id, member_id)
            if running is None or running.entry.id != entry_id:
                return
            if owner is None or not owner.is_active:
                timer_questions.set_due(tx, team_id, entry_id, None)
                return
            self._tend(tx, owner, running, now.replace(microsecond=0))

    def _tend(self, tx: Tx, owner: Member, running: LabelledEntry, now: datetime) -> None:
        team_id, entry_id = owner.team_id, running.entry.id
        last = timer_questions.last_about(tx, team_id, entry_id)
        changed = entry_history.last_change_at(tx, team_id, entry_id)
        if last is not None and last.state is QuestionState.ASKED:
            if changed is None or changed <= last.asked_at:
                self._wait_or_stop(tx, owner, running, last, now)
                return
            timer_questions.move(tx, last, QuestionState.OVERTAKEN, now=changed)
            last = replace(last, state=QuestionState.OVERTAKEN, answered_at=changed)
        plan = next_question(began(running), last, changed, habits_of(tx, owner))
        if plan is None or plan.ask_at > now:
            timer_questions.set_due(tx, team_id, entry_id, plan.ask_at if plan else None)
        else:
            self._ask(tx, running, plan, now)

    def _ask(self, tx: Tx, running: LabelledEntry, plan: Due, now: datetime) -> None:
        entry = running.entry
        asked = timer_questions.ask(
            tx, entry.team_id, entry.member_id, entry.id, now=now, ends_at=plan.due
        )
        self._owe(tx, QUESTION, entry, asked, now)
        timer_questions.set_due(tx, entry.team_id, entry.id, now + _LOOK_AGAIN)

    def _wait_or_stop(
        self, tx: Tx, owner: Member, running: LabelledEntry, question: Question, now: datetime
    ) -> None:
        if now < question.gives_up_at:
            again = question.gives_up_at if question.is_delivered else now + _LOOK_AGAIN
            timer_questions.set_due(
                tx, owner.team_id, running.entry.id, min(again, question.gives_up_at)
            )
            return
        desk = Desk(tx, owner, now, new_marker=self._new_marker, provider_name=str)
        closing = Closing(running.entry, question.ends_at, desk.zone)
        (closed,) = close_timers(
            tx,
            owner.team_id,
            [closing],
            now=now,
            new_marker=self._new_marker,
            because=StopReason.NO_ANSWER,
        )
        step = self._new_marker()
        book(tx, owner.team_id, closed.changes, step=step, actor=None, now=now)
        timer_questions.move(tx, question, QuestionState.UNANSWERED, now=now)
        self._owe(tx, UNANSWERED, running.entry, question.id, now)

    def _owe(self, tx: Tx, kind: str, entry: Entry, question_id: QuestionId, now: datetime) -> None:
        outbox.add(
            tx,
            entry.team_id,
            kind=kind,
            subject=f"timer:{entry.id}",
            payload={"question_id": question_id},
            marker=self._new_marker(),
            now=now,
        )

    def asked(self, team_id: TeamId, question_id: QuestionId, now: datetime) -> Asked | None:
        """What to send; None where the question is no longer open, or its timer ended."""
        with self._uow.read() as tx:
            found = _owner_of(tx, team_id, question_id)
            if found is None or found[0].state is not QuestionState.ASKED:
                return None
            question, owner = found
            desk = to_read(tx, owner, now)
            running = desk.running()
            if running is None or running.entry.id != question.entry_id:
                return None
            return Asked(
                owner.slack_user_id,
                question.id,
                desk.timer(running),
                desk.local(question.ends_at),
                desk.local(_delivered(question, now).gives_up_at),
            )

    def delivered(self, team_id: TeamId, question_id: QuestionId, now: datetime) -> None:
        """Slack took the question, or it never will: the hour for an answer begins."""
        with self._uow.begin() as tx:
            question = timer_questions.find(tx, team_id, question_id)
            if question is None or question.is_delivered:
                return
            told = _delivered(question, now)
            timer_questions.mark_delivered(tx, question, told.asked_at)
            if question.state is QuestionState.ASKED:
                timer_questions.set_due(tx, team_id, question.entry_id, told.gives_up_at)

    def given_up(self, team_id: TeamId, question_id: QuestionId, now: datetime) -> GivenUp | None:
        """What to tell of a timer that was stopped; None where its owner left or undid it."""
        with self._uow.read() as tx:
            found = _owner_of(tx, team_id, question_id)
            if found is None:
                return None
            question, owner = found
            desk = to_read(tx, owner, now)
            end = desk.end_of(question.entry_id)
            if end is None:
                return None
            return GivenUp(owner.slack_user_id, end, desk.local(question.asked_at))


def habits_of(tx: Tx, owner: Member) -> Habits:
    """What decides when a member is asked."""
    team = teams.settings(tx, owner.team_id)
    own = members.settings(tx, owner.team_id, owner.id)
    work = working_time(zone_of(owner.zone), own, team)
    return Habits(work, team.forgotten_after, own.reminders, own.quiet)


def next_question(
    started_at: datetime, last: Question | None, changed: datetime | None, habits: Habits
) -> Due | None:
    """When a timer is asked about next; None for never.

    Args:
        started_at: When it was started.
        last: The latest question about it, which is answered.
        changed: When somebody last changed it.
        habits: Its owner's.
    """
    if last is None or last.answered_at is None:
        return since_start(started_at, habits)
    if last.state is QuestionState.SNOOZED:
        again = last.again_at if habits.reminders else None
        return None if again is None else Due(again, again)
    return since_answer(max(last.answered_at, changed or last.answered_at), habits)


def _delivered(question: Question, now: datetime) -> Question:
    return replace(question, is_delivered=True, asked_at=now.replace(microsecond=0))


def _owner_of(tx: Tx, team_id: TeamId, question_id: QuestionId) -> tuple[Question, Member] | None:
    question = timer_questions.find(tx, team_id, question_id)
    owner = None if question is None else members.by_id(tx, team_id, question.member_id)
    if question is None or owner is None or not owner.is_active:
        return None
    return question, owner
