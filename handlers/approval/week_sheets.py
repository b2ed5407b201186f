"""``/track submit`` and ``/track approvals``: weeks go in, are approved or returned (T14)."""

from datetime import date

from bot.domain.approval.week_answers import CommentMissing, SheetMoved
from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import SheetId
from bot.domain.input_errors import DayNotUnderstood
from bot.domain.periods import resolve_period
from bot.services.approval.week_deciding import LISTED, WeekDeciding
from bot.services.approval.week_submitting import WeekSubmitting
from bot.views.approval import week_approval as approval_views
from bot.views.approval import week_sheets as views
from bot.views.field_errors import plain_sentence
from bot.views.message import Message
from handlers.asking import Ask, Click, Command, Submission, row_id
from handlers.dates import date_of
from handlers.grammar.track_values import Approvals, SubmitWeek
from handlers.replies import (
    Both,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Reply,
    Told,
    Update,
    UpdateModal,
)
from handlers.routes import Routes


class WeekSheetHandlers:
    """Both sides of a submitted week."""

    def __init__(self, submitting: WeekSubmitting, deciding: WeekDeciding) -> None:
        self._submitting = submitting
        self._deciding = deciding

    def register(self, routes: Routes) -> None:
        """The buttons and forms; the commands come through ``/track``."""
        routes.click(views.OPEN, self.open_clicked)
        routes.click(views.WEEK, self.week_chosen)
        routes.click(views.BACK, self.back_clicked)
        routes.click(views.WISH, self.wish_clicked)
        routes.submission(views.FORM, self.submitted)
        routes.submission(views.WISH_FORM, self.wished)
        routes.click(approval_views.APPROVE, self.approve_clicked)
        routes.click(approval_views.RETURN, self.return_clicked)
        routes.click(approval_views.DETAILS, self.details_clicked)
        routes.submission(approval_views.RETURN_FORM, self.returned)

    # Its owner

    def submit(self, ask: Command, command: SubmitWeek) -> Reply:
        """``/track submit [week]``."""
        day = None
        if command.week is not None:
            today = work_date(ask.now, zone_of(ask.who.zone))
            period = resolve_period(command.week, today)
            day = period.first if period else None
        week = self._submitting.shown(who=ask.who, day=day, now=ask.now)
        return OpenModal(views.form(week))

    def open_clicked(self, ask: Click) -> Reply:
        """*Submit...*, wherever the button stands."""
        week = self._submitting.shown(who=ask.who, day=_day(ask.value), now=ask.now)
        return OpenModal(views.form(week))

    def week_chosen(self, ask: Click) -> Reply:
        """Another week in the form."""
        week = self._submitting.shown(who=ask.who, day=_day(ask.value), now=ask.now)
        return UpdateModal(views.form(week))

    def submitted(self, ask: Submission) -> Reply:
        """The week goes in; a message that shows how it ends says so."""
        first = _day(ask.metadata)
        self._submitting.submit(who=ask.who, first=first, now=ask.now)
        return CloseModals()

    def back_clicked(self, ask: Click) -> Reply:
        """*Take it back*."""
        sheet_id = SheetId(row_id(ask.value))
        done = self._submitting.take_back(who=ask.who, sheet_id=sheet_id, now=ask.now)
        return Update(views.taken_back(done))

    def wish_clicked(self, ask: Click) -> Reply:
        """*Ask to get it back*: an approved week."""
        return OpenModal(views.wish_form(row_id(ask.value)))

    def wished(self, ask: Submission) -> Reply:
        """Why was written."""
        wish = ask.fields.text(views.WHY)[: views.LONGEST_COMMENT]
        sheet_id = SheetId(row_id(ask.metadata))
        try:
            done = self._submitting.ask_back(who=ask.who, sheet_id=sheet_id, wish=wish, now=ask.now)
        except CommentMissing as error:
            return FieldErrors({views.WHY: plain_sentence(error)})
        return CloseModals(views.wished(done))

    # Who decides

    def approvals(self, ask: Command, command: Approvals) -> Reply:
        """``/track approvals``."""
        del command
        return Ephemeral(self._waiting(ask))

    def approve_clicked(self, ask: Click) -> Reply:
        """*Approve*: what happened takes the question's place, or stands above what waits still."""
        sheet_id, round_ = _round(ask.value)
        try:
            done = self._deciding.approve(
                who=ask.who, sheet_id=sheet_id, round_=round_, now=ask.now
            )
            message = approval_views.decided(done)
        except SheetMoved as error:
            message = approval_views.settled(error.view)
        return self._where_clicked(ask, message)

    def details_clicked(self, ask: Click) -> Reply:
        """*Details*: the entries."""
        sheet_id, _ = _round(ask.value)
        found = self._deciding.details(who=ask.who, sheet_id=sheet_id, now=ask.now)
        in_list = ask.value.endswith(approval_views.IN_LIST)
        return OpenModal(approval_views.details(found, in_list=in_list))

    def return_clicked(self, ask: Click) -> Reply:
        """*Return...*: a form for the comment."""
        sheet_id, round_ = _round(ask.value)
        try:
            view = self._deciding.returnable(
                who=ask.who, sheet_id=sheet_id, round_=round_, now=ask.now
            )
        except SheetMoved as error:
            return self._where_clicked(ask, approval_views.settled(error.view))
        in_list = ask.value.endswith(approval_views.IN_LIST)
        return OpenModal(approval_views.return_form(view, in_list=in_list))

    def returned(self, ask: Submission) -> Reply:
        """The comment was written."""
        sheet_id, round_ = _round(ask.metadata)
        comment = ask.fields.text(approval_views.COMMENT)[: views.LONGEST_COMMENT]
        try:
            done = self._deciding.give_back(
                who=ask.who,
                sheet_id=sheet_id,
                round_=round_,
                comment=comment,
                now=ask.now,
                knowing=approval_views.APPROVED in ask.metadata,
            )
        except CommentMissing as error:
            return FieldErrors({approval_views.COMMENT: plain_sentence(error)})
        message = self._in_its_place(ask, ask.metadata, approval_views.decided(done))
        return CloseModals(message, replaces=True)

    def _where_clicked(self, ask: Click, message: Message) -> Reply:
        """What came of it instead of the button; from the details, where these were opened, too."""
        shown = self._in_its_place(ask, ask.value, message)
        if ask.metadata != approval_views.DETAILS:
            return Update(shown)
        done = UpdateModal(approval_views.in_details(message))
        return Both(done, Told(shown, replaces=True))

    def _in_its_place(self, ask: Ask, value: str, message: Message) -> Message:
        """What is shown where the button stood: in the list, what waits still, with this on top."""
        if not value.endswith(approval_views.IN_LIST):
            return message
        return self._waiting(ask, message.text)

    def _waiting(self, ask: Ask, note: str = "") -> Message:
        found = self._deciding.waiting(who=ask.who, now=ask.now)
        return approval_views.waiting(found, LISTED, note)


def _day(value: str) -> date:
    try:
        return date_of(value)
    except DayNotUnderstood:
        raise Vanished("week") from None


def _round(value: str) -> tuple[SheetId, int]:
    bare = value.removesuffix(approval_views.IN_LIST).removesuffix(approval_views.APPROVED)
    sheet, _, round_ = bare.partition(":")
    return SheetId(row_id(sheet)), row_id(round_)
