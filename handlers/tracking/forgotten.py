"""The buttons under the question about a forgotten timer (T11)."""

from bot.domain.ids import QuestionId
from bot.domain.input_errors import (
    DayNotUnderstood,
    InTheFuture,
    TimeDoesNotExist,
    TimeNotUnderstood,
)
from bot.domain.tracking.tracking_errors import StopsBeforeStart, TargetUnknown
from bot.services.tracking.forgotten_answers import ForgottenAnswers
from bot.views import field_errors
from bot.views.tracking import forgotten as views
from bot.views.tracking import timer as tracking_views
from handlers.asking import Click, Submission, row_id
from handlers.dates import clock_of, date_of
from handlers.replies import CloseModals, FieldErrors, OpenModal, Reply, Update
from handlers.routes import Routes


class ForgottenHandlers:
    """Still working, stop now, stopped earlier, ask later."""

    def __init__(self, answers: ForgottenAnswers) -> None:
        self._answers = answers

    def register(self, routes: Routes) -> None:
        """The buttons and the form."""
        routes.click(views.KEEP, self.keep_clicked)
        routes.click(views.STOP, self.stop_clicked)
        routes.click(views.END, self.end_clicked)
        routes.click(views.SNOOZE, self.snoozed)
        routes.submission(views.END_FORM, self.end_submitted)

    def keep_clicked(self, ask: Click) -> Reply:
        """*Still working*."""
        done = self._answers.keep(who=ask.who, question_id=_question(ask.value), now=ask.now)
        return Update(views.kept(done))

    def stop_clicked(self, ask: Click) -> Reply:
        """*Stop now*."""
        done = self._answers.stop(who=ask.who, question_id=_question(ask.value), now=ask.now)
        return Update(tracking_views.stopped(done))

    def end_clicked(self, ask: Click) -> Reply:
        """*I stopped at...* opens a form."""
        wanted = self._answers.end_wanted(
            who=ask.who, question_id=_question(ask.value), now=ask.now
        )
        return OpenModal(views.end_form(wanted))

    def end_submitted(self, ask: Submission) -> Reply:
        """The time was given."""
        try:
            clock = clock_of(ask.fields.choice(views.TIME))
        except TimeNotUnderstood:
            return FieldErrors({views.TIME: field_errors.CHOOSE_TIME})
        try:
            chosen = ask.fields.choice(views.DAY)
            day = date_of(chosen) if chosen else None
        except DayNotUnderstood:
            return FieldErrors({views.DAY: field_errors.CHOOSE_DAY})
        try:
            done = self._answers.stop_at(
                who=ask.who,
                question_id=_question(ask.metadata),
                day=day,
                clock=clock,
                now=ask.now,
            )
        except StopsBeforeStart as error:
            return FieldErrors({views.TIME: views.too_early(error.timer.since)})
        except InTheFuture:
            return FieldErrors({views.TIME: field_errors.CHOOSE_EARLIER_TIME})
        except TimeDoesNotExist as error:
            return FieldErrors({views.TIME: field_errors.plain_sentence(error)})
        return CloseModals(tracking_views.stopped(done))

    def snoozed(self, ask: Click) -> Reply:
        """*Ask me later*: when, or not again."""
        question, _, chosen = ask.value.partition(":")
        if chosen not in views.SNOOZES:
            raise TargetUnknown
        done = self._answers.snooze(
            who=ask.who,
            question_id=_question(question),
            after=views.SNOOZES[chosen][1],
            now=ask.now,
        )
        return Update(views.kept(done))


def _question(value: str) -> QuestionId:
    return QuestionId(row_id(value))
