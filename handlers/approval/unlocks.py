"""Unlocking time: the refusal's buttons, the wish's buttons, and ``/track unlock`` (T13)."""

from dataclasses import replace
from datetime import date

from bot.domain.approval.closing_months import ReasonMissing
from bot.domain.approval.unlocks import DaysUnusual, Lasting, Stretch
from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import MemberId, ProjectId, SlackUserId, UnlockId
from bot.domain.input_errors import DayNotUnderstood
from bot.services.approval.unlocked import LISTED, Unlocked
from bot.services.approval.unlocking import Unlocking
from bot.views.approval import unlocks as views
from bot.views.field_errors import plain_sentence
from bot.views.message import Option
from handlers.asking import Ask, Click, Command, Fields, Lookup, Submission, row_id
from handlers.dates import date_of
from handlers.grammar.track_values import UnlockTime
from handlers.replies import (
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    OpenModal,
    Reply,
    Update,
)
from handlers.routes import Routes

_MOST_CHOICES = 99


class UnlockHandlers:
    """Ask, grant, refuse, lock again."""

    def __init__(self, unlocking: Unlocking, unlocked: Unlocked) -> None:
        self._unlocking = unlocking
        self._unlocked = unlocked

    def register(self, routes: Routes) -> None:
        """The buttons and forms; the command comes through ``/track``."""
        routes.click(views.ASK, self.ask_clicked)
        routes.click(views.NEW, self.new_clicked)
        routes.click(views.ANSWER, self.answer_clicked)
        routes.click(views.DAY, self.day_clicked)
        routes.click(views.REFUSE, self.refuse_clicked)
        routes.click(views.END, self.end_clicked)
        routes.submission(views.ASK_FORM, self.asked)
        routes.submission(views.GRANT_FORM, self.granted)
        routes.submission(views.REFUSE_FORM, self.refused)
        routes.lookup(views.FIND_PROJECT, self.searched)

    def command(self, ask: Command, command: UnlockTime) -> Reply:
        """``/track unlock``: what is open, and a button to open more."""
        del command
        found = self._unlocked.opened(who=ask.who, now=ask.now)
        return Ephemeral(views.open_list(found, LISTED))

    def ask_clicked(self, ask: Click) -> Reply:
        """*Ask to unlock*, under a refusal."""
        project, _, day = ask.value.partition(":")
        project_id = ProjectId(row_id(project))
        name = self._unlocked.project_name(who=ask.who, project_id=project_id)
        return OpenModal(views.ask_form(project_id, name, _day(day)))

    def asked(self, ask: Submission) -> Reply:
        """The wish was written."""
        stretch = Stretch(
            ask.who.id,
            ProjectId(row_id(ask.metadata)),
            *_days(ask.fields, ask),
        )
        try:
            made = self._unlocking.ask(
                who=ask.who, stretch=stretch, wish=_why(ask.fields), now=ask.now
            )
        except (ReasonMissing, DaysUnusual) as error:
            return _wrong(error)
        return CloseModals(views.asked(made))

    def new_clicked(self, ask: Click) -> Reply:
        """*Unlock...*, under a refusal or the list."""
        if not ask.value:
            every = ask.who.is_admin
            return OpenModal(
                views.grant_form(
                    stretch=None, person="", project="", may_all=every, today=_today(ask)
                )
            )
        member, project, day = (*ask.value.split(":"), "", "")[:3]
        wanted = _day(day)
        stretch = Stretch(MemberId(row_id(member)), ProjectId(row_id(project)), wanted, wanted)
        person, name = self._unlocked.names_of(who=ask.who, stretch=stretch)
        return OpenModal(
            views.grant_form(
                stretch=stretch,
                person=person,
                project=name,
                may_all=ask.who.is_admin,
                today=_today(ask),
            )
        )

    def answer_clicked(self, ask: Click) -> Reply:
        """*Unlock...*, under a wish."""
        view = self._unlocking.wish(who=ask.who, unlock_id=_unlock(ask.value), now=ask.now)
        return OpenModal(
            views.grant_form(
                stretch=view.unlock.stretch,
                person="",
                project=view.project,
                may_all=ask.who.is_admin,
                today=_today(ask),
                view=view,
            )
        )

    def day_clicked(self, ask: Click) -> Reply:
        """*Unlock for 1 day*: as it was asked for, for the reason that was given."""
        view = self._unlocking.wish(who=ask.who, unlock_id=_unlock(ask.value), now=ask.now)
        done = self._unlocking.grant(
            who=ask.who,
            stretch=view.unlock.stretch,
            lasting=Lasting.DAY,
            reason=view.unlock.wish,
            unlock_id=view.unlock.id,
            now=ask.now,
        )
        return Update(views.decided(done))

    def granted(self, ask: Submission) -> Reply:
        """The form was sent."""
        unlock_id = _unlock(ask.metadata) if ask.metadata else None
        stretch = Stretch(ask.who.id, _project(ask.fields), *_days(ask.fields, ask))
        if unlock_id is None:
            user = SlackUserId(ask.fields.choice(views.PERSON))
            member_id = self._unlocked.member(who=ask.who, user_id=user)
            stretch = replace(stretch, member_id=member_id)
        chosen = ask.fields.choice(views.LASTING)
        try:
            done = self._unlocking.grant(
                who=ask.who,
                stretch=stretch,
                lasting=Lasting(chosen) if chosen in set(Lasting) else Lasting.DAY,
                reason=_why(ask.fields),
                unlock_id=unlock_id,
                now=ask.now,
            )
        except (ReasonMissing, DaysUnusual) as error:
            return _wrong(error)
        return CloseModals(views.decided(done))

    def refuse_clicked(self, ask: Click) -> Reply:
        """*Refuse...*: a form with a word to the person who asked."""
        view = self._unlocking.wish(who=ask.who, unlock_id=_unlock(ask.value), now=ask.now)
        return OpenModal(views.refuse_form(view))

    def refused(self, ask: Submission) -> Reply:
        """It stays locked."""
        done = self._unlocking.refuse(
            who=ask.who, unlock_id=_unlock(ask.metadata), reason=_why(ask.fields), now=ask.now
        )
        return CloseModals(views.decided(done))

    def end_clicked(self, ask: Click) -> Reply:
        """*Lock again*."""
        done = self._unlocking.end(who=ask.who, unlock_id=_unlock(ask.value), now=ask.now)
        return Update(views.decided(done))

    def searched(self, ask: Lookup) -> Reply:
        """Somebody types into the select of projects."""
        found = self._unlocked.projects(who=ask.who, text=ask.query, limit=_MOST_CHOICES)
        choices = [Option(name, str(project_id)) for project_id, name in found]
        if ask.who.is_admin and not ask.query.strip():
            choices.insert(0, views.every_project())
        return Choices(choices)


def _wrong(error: ReasonMissing | DaysUnusual) -> Reply:
    field = views.WHY if isinstance(error, ReasonMissing) else views.LAST
    return FieldErrors({field: plain_sentence(error)})


def _why(sent: Fields) -> str:
    return sent.text(views.WHY)[: views.LONGEST_REASON]


def _project(sent: Fields) -> ProjectId | None:
    chosen = sent.choice(views.PROJECT)
    return None if chosen == views.EVERY else ProjectId(row_id(chosen))


def _days(sent: Fields, ask: Ask) -> tuple[date, date]:
    first = _chosen_day(sent.choice(views.FIRST), _today(ask))
    return first, _chosen_day(sent.choice(views.LAST), first)


def _chosen_day(chosen: str, otherwise: date) -> date:
    return _day(chosen) if chosen else otherwise


def _day(value: str) -> date:
    try:
        return date_of(value)
    except DayNotUnderstood:
        raise Vanished("day") from None


def _today(ask: Ask) -> date:
    return work_date(ask.now, zone_of(ask.who.zone))


def _unlock(value: str) -> UnlockId:
    return UnlockId(row_id(value))
