"""Who is tracking now: ``/track status team``, and the buttons that lead there."""

from datetime import date, time

from bot.domain.approval.closing_months import ReasonMissing
from bot.domain.entries.entries import zone_of
from bot.domain.ids import ProjectId, TimeEntryId
from bot.domain.input_errors import (
    DayNotUnderstood,
    InTheFuture,
    TextTooLong,
    TimeDoesNotExist,
    TimeNotUnderstood,
)
from bot.domain.projects.projects import ManagerOnly
from bot.domain.tracking.team_timers import TeamTimers, TeamTimersAsked
from bot.domain.tracking.tracking_errors import StopsBeforeStart
from bot.services.tracking.stopping_others import OthersTimers
from bot.services.tracking.team_timers import TeamTiming
from bot.services.tracking.timer import Tracking
from bot.views import field_errors
from bot.views.tracking import team_timers as views
from bot.views.tracking import timer as timer_views
from bot.views.tracking.forgotten import too_early
from handlers.asking import Ask, Click, Command, Submission, row_id
from handlers.dates import clock_of, date_of
from handlers.grammar.track_values import TeamStatus
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

_ABOUT_TIME = (StopsBeforeStart, InTheFuture, TimeDoesNotExist, TimeNotUnderstood)


class TeamTimerHandlers:
    """For managers, admins, and whoever hopes to be one."""

    def __init__(self, timing: TeamTiming, others: OthersTimers, tracking: Tracking) -> None:
        self._timing = timing
        self._others = others
        self._tracking = tracking

    def register(self, routes: Routes) -> None:
        """The buttons; the command comes through ``/track``."""
        routes.click(views.OPEN, self.opened)
        routes.click(views.TURN, self.turned)
        routes.click(views.STOP, self.stop_clicked)
        routes.submission(views.STOP_FORM, self.stop_sent)

    def command(self, ask: Command, command: TeamStatus) -> Reply:
        """``/track status team``."""
        del command
        try:
            return Ephemeral(views.in_message(self._shown(ask, TeamTimersAsked())))
        except ManagerOnly:
            own = self._tracking.status(who=ask.who, now=ask.now)
            return Ephemeral(views.only_own(own))

    def opened(self, ask: Click) -> Reply:
        """*Who is tracking*."""
        return OpenModal(views.in_form(self._shown(ask, _place(ask.value))))

    def turned(self, ask: Click) -> Reply:
        """*Refresh*, *Longer* and *More*."""
        found = self._shown(ask, _place(ask.value))
        if ask.view_id:
            return UpdateModal(views.in_form(found))
        return Update(views.in_message(found))

    def stop_clicked(self, ask: Click) -> Reply:
        """*Stop...*: a form for somebody else's timer; one's own stops at once."""
        entry, _, at = ask.value.partition(":")
        entry_id = TimeEntryId(row_id(entry))
        wanted = self._others.wanted(who=ask.who, entry_id=entry_id, now=ask.now)
        if not wanted.is_own:
            shown = "" if ask.view_id else at
            return OpenModal(views.stop_form(wanted, f"{entry_id}:{shown}"))
        done = self._tracking.stop(who=ask.who, entry_id=entry_id, now=ask.now)
        message = timer_views.stopped(done)
        found = self._shown(ask, _place(at))
        if ask.view_id:
            return Both(UpdateModal(views.in_form(found)), Told(message))
        return Both(Update(views.in_message(found)), Ephemeral(message))

    def stop_sent(self, ask: Submission) -> Reply:
        """*Stop*, with when and why."""
        entry, _, at = ask.metadata.partition(":")
        try:
            day, clock = _moment(ask)
            done = self._others.stop(
                who=ask.who,
                entry_id=TimeEntryId(row_id(entry)),
                day=day,
                clock=clock,
                reason=ask.fields.text(views.REASON),
                now=ask.now,
            )
        except (*_ABOUT_TIME, DayNotUnderstood, ReasonMissing, TextTooLong) as error:
            return _refused(error)
        redrawn = views.in_message(self._shown(ask, _place(at))) if at else None
        return CloseModals(views.stopped(done), redrawn=redrawn)

    def _shown(self, ask: Ask, asked: TeamTimersAsked) -> TeamTimers:
        return self._timing.show(who=ask.who, asked=asked, now=ask.now)


def _place(value: str) -> TeamTimersAsked:
    """The page of the list that a button names."""
    project, _, page = value.partition(":")
    project_id = row_id(project or "0")
    return TeamTimersAsked(ProjectId(project_id) if project_id else None, row_id(page or "0"))


def _moment(ask: Submission) -> tuple[date | None, time | None]:
    """The day and the time that a form names; None for today and for now.

    Raises:
        DayNotUnderstood: it is none.
        TimeNotUnderstood: it is none, or only another day was named.
    """
    day, clock = ask.fields.choice(views.DAY), ask.fields.choice(views.TIME)
    chosen = date_of(day) if day else None
    if clock:
        return chosen, clock_of(clock)
    if chosen not in {None, ask.now.astimezone(zone_of(ask.who.zone)).date()}:
        raise TimeNotUnderstood(clock)
    return None, None


def _refused(error: Exception) -> FieldErrors:
    """What cannot be, under its field."""
    match error:
        case DayNotUnderstood():
            return FieldErrors({views.DAY: field_errors.CHOOSE_DAY})
        case TimeNotUnderstood():
            return FieldErrors({views.TIME: field_errors.CHOOSE_TIME})
        case InTheFuture():
            return FieldErrors({views.TIME: field_errors.CHOOSE_EARLIER_TIME})
        case StopsBeforeStart():
            return FieldErrors({views.TIME: too_early(error.timer.since)})
        case TimeDoesNotExist():
            return FieldErrors({views.TIME: field_errors.plain_sentence(error)})
        case _:
            return FieldErrors({views.REASON: field_errors.plain_sentence(error)})
