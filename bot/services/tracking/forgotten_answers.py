"""Answers to the question whether a timer was forgotten (T11).

Only its owner answers, and the first answer stands. A timer that ended otherwise, or was changed
meanwhile, is told as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.entries.entries import LabelledEntry
from bot.domain.errors import NotYourButton
from bot.domain.ids import QuestionId
from bot.domain.people.people import Member
from bot.domain.tracking.clocked_end import clocked_end
from bot.domain.tracking.forgotten import Question, QuestionEvent, QuestionState, moved
from bot.domain.tracking.forgotten_answers import EndWanted, KeptRunning, QuestionAnswered
from bot.domain.tracking.tracking import Stopped
from bot.domain.tracking.tracking_errors import AlreadyStopped, TargetUnknown
from bot.services.tracking.desk import AtDesk, Desk, began
from bot.services.tracking.ending import stop_own
from bot.services.tracking.forgotten import habits_of, next_question
from storage.tracking import timer_questions


class ForgottenAnswers(AtDesk):
    """What the buttons under the question do."""

    def keep(self, *, who: Member, question_id: QuestionId, now: datetime) -> KeptRunning:
        """*Still working*: the timer runs on.

        Raises:
            QuestionAnswered: before, in whatever way.
            AlreadyStopped: the timer ended otherwise.
            NotYourButton: it is somebody else's.
            TargetUnknown: there is no such question.
        """
        with self._desk(who, now) as desk:
            question, running = _open(desk, question_id, QuestionEvent.KEEP)
            timer_questions.move(desk.tx, question, QuestionState.WORKING, now=desk.now)
            answered = replace(question, state=QuestionState.WORKING, answered_at=desk.now)
            plan = next_question(began(running), answered, None, habits_of(desk.tx, desk.who))
            return _kept(desk, question, running, plan.ask_at if plan else None)

    def snooze(
        self, *, who: Member, question_id: QuestionId, after: timedelta | None, now: datetime
    ) -> KeptRunning:
        """Asks again after a while, or not again about this timer (None).

        Raises:
            HourlinkError: as ``keep``.
        """
        with self._desk(who, now) as desk:
            question, running = _open(desk, question_id, QuestionEvent.SNOOZE)
            again = None if after is None else desk.now + after
            timer_questions.move(
                desk.tx, question, QuestionState.SNOOZED, now=desk.now, again_at=again
            )
            return _kept(desk, question, running, again)

    def stop(self, *, who: Member, question_id: QuestionId, now: datetime) -> Stopped:
        """*Stop now*.

        Raises:
            HourlinkError: as ``keep``.
        """
        with self._desk(who, now) as desk:
            question, running = _open(desk, question_id, QuestionEvent.STOP)
            timer_questions.move(desk.tx, question, QuestionState.STOPPED, now=desk.now)
            return stop_own(desk, running, None)

    def end_wanted(self, *, who: Member, question_id: QuestionId, now: datetime) -> EndWanted:
        """What *I stopped at...* asks for.

        Raises:
            HourlinkError: as ``keep``.
        """
        with self._uow.read() as tx:
            desk = self._looking(tx, who, now)
            question, running = _open(desk, question_id, QuestionEvent.STOP)
            suggested = max(question.ends_at, began(running))
            return EndWanted(question_id, desk.timer(running), desk.local(suggested))

    def stop_at(
        self,
        *,
        who: Member,
        question_id: QuestionId,
        day: date | None,
        clock: time,
        now: datetime,
    ) -> Stopped:
        """*I stopped at...*: the timer ended when the owner's clock showed this.

        Raises:
            InTheFuture: that is still to come.
            StopsBeforeStart: the timer began later.
            TimeDoesNotExist: the clocks jumped over it.
            HourlinkError: as ``keep``.
        """
        with self._desk(who, now) as desk:
            question, running = _open(desk, question_id, QuestionEvent.STOP)
            end = clocked_end(desk.timer(running), day, clock, desk.zone)
            timer_questions.move(desk.tx, question, QuestionState.STOPPED, now=desk.now)
            return stop_own(desk, running, end)

    @contextmanager
    def _desk(self, who: Member, now: datetime) -> Iterator[Desk]:
        with self._uow.begin() as tx:
            yield self._looking(tx, who, now).lock()


def _open(
    desk: Desk, question_id: QuestionId, event: QuestionEvent
) -> tuple[Question, LabelledEntry]:
    question = timer_questions.find(desk.tx, desk.team_id, question_id)
    if question is None:
        raise TargetUnknown
    if question.member_id != desk.who.id:
        raise NotYourButton
    running = desk.running()
    timer = desk.timer(running) if running else None
    if moved(question.state, event) is None:
        raise QuestionAnswered(
            question.state,
            desk.local(question.answered_at or question.asked_at),
            desk.local(desk.now),
            timer,
            desk.end_of(question.entry_id),
        )
    if running is None or running.entry.id != question.entry_id:
        raise AlreadyStopped(desk.end_of(question.entry_id), timer, desk.local(desk.now))
    return question, running


def _kept(
    desk: Desk, question: Question, running: LabelledEntry, again: datetime | None
) -> KeptRunning:
    timer_questions.set_due(desk.tx, desk.team_id, running.entry.id, again)
    return KeptRunning(
        question.id, desk.timer(running), None if again is None else desk.local(again)
    )
