"""``/link close``: a form that says what it would do before it does it (T13)."""

from datetime import date

from bot.domain.approval.closing_months import MonthNotOver, ReasonMissing, last_of_month
from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.input_errors import DayNotUnderstood, Misuse, UsageError
from bot.domain.periods import Unit, resolve_period
from bot.services.approval.month_closing import MonthClosing
from bot.views.approval import closing_months as views
from bot.views.field_errors import plain_sentence
from handlers.asking import Click, Command, Submission
from handlers.dates import date_of
from handlers.grammar.link_values import CloseMonth
from handlers.replies import CloseModals, FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes


class ClosingHandlers:
    """The command and its form."""

    def __init__(self, closing: MonthClosing) -> None:
        self._closing = closing

    def register(self, routes: Routes) -> None:
        """The form; the command comes through ``/link``."""
        routes.click(views.CHOSEN, self.chosen, admin=True)
        routes.submission(views.FORM, self.submitted, admin=True)

    def command(self, ask: Command, command: CloseMonth) -> Reply:
        """``/link close [month]``."""
        month = None
        if command.month is not None:
            period = resolve_period(command.month, work_date(ask.now, zone_of(ask.who.zone)))
            if period is None or period.unit is not Unit.MONTH:
                raise UsageError("close", Misuse.NOT_A_MONTH)
            month = last_of_month(period.first)
        return OpenModal(views.form(self._closing.offered(who=ask.who, month=month, now=ask.now)))

    def chosen(self, ask: Click) -> Reply:
        """Another month was chosen: says what that does."""
        standing = self._closing.chosen(who=ask.who, through=_through(ask.value), now=ask.now)
        return UpdateModal(views.form(standing))

    def submitted(self, ask: Submission) -> Reply:
        """The form was sent."""
        try:
            done = self._closing.close(
                who=ask.who,
                through=_through(ask.fields.choice(views.THROUGH)),
                reason=ask.fields.text(views.REASON)[: views.LONGEST_REASON],
                now=ask.now,
            )
        except ReasonMissing as error:
            return FieldErrors({views.REASON: plain_sentence(error)})
        except MonthNotOver as error:
            return FieldErrors({views.THROUGH: plain_sentence(error)})
        return CloseModals(views.saved(done))


def _through(value: str) -> date | None:
    if value == views.NOTHING:
        return None
    try:
        return last_of_month(date_of(value))
    except DayNotUnderstood:
        raise Vanished("month") from None
