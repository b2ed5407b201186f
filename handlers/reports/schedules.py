"""``/track schedule``, and the buttons and the form of what is scheduled."""

from collections.abc import Mapping

from bot.domain.errors import Vanished
from bot.domain.ids import ScheduleId
from bot.domain.input_errors import BadInput
from bot.domain.reports.schedules import FilesForOthers, NoChannelHere
from bot.services.reports.schedule_runs import ScheduleRuns
from bot.services.reports.schedules import Schedules
from bot.views.field_errors import plain_sentence
from bot.views.reports import schedules as views
from handlers.asking import Ask, Click, Command, Submission, row_id
from handlers.grammar.report import parse_report
from handlers.grammar.schedule import parse_rhythm, rhythm_words
from handlers.grammar.track_values import ScheduleReport, TrackCommand
from handlers.grammar.track_values import Schedules as ShowSchedules
from handlers.replies import CloseModals, Ephemeral, FieldErrors, OpenModal, Reply, Update
from handlers.routes import Routes
from handlers.tracking.track import VerbHandler

_PLACES = {"own": False, "all": True}


class ScheduleHandlers:
    """Make, list, change, pause, delete."""

    def __init__(self, schedules: Schedules, runs: ScheduleRuns) -> None:
        self._schedules = schedules
        self._runs = runs

    @property
    def verbs(self) -> Mapping[type[TrackCommand], VerbHandler]:
        """What ``/track`` finds here."""
        return {ScheduleReport: self.scheduled, ShowSchedules: self.listed}

    def register(self, routes: Routes) -> None:
        """The buttons and the form; the verbs come through ``/track``."""
        routes.click(views.PAGE, self.turned)
        routes.click(views.EDIT, self.edit_clicked)
        routes.click(views.PAUSE, self.pause_clicked)
        routes.click(views.RESUME, self.resume_clicked)
        routes.click(views.REMOVE, self.remove_clicked)
        routes.click(views.UNWANTED, self.unwanted_clicked)
        routes.submission(views.FORM, self.edited)

    def scheduled(self, ask: Command, parsed: ScheduleReport) -> Reply:
        """``/track schedule ...``."""
        made = self._schedules.add(
            who=ask.who,
            now=ask.now,
            wish=parsed.wish,
            rhythm=parsed.rhythm,
            to=_target(ask, parsed.to),
        )
        return Ephemeral(views.made(made))

    def listed(self, ask: Command, parsed: ShowSchedules) -> Reply:
        """``/track schedule`` without words."""
        del parsed
        found = self._schedules.listed(who=ask.who)
        return Ephemeral(views.listed(found, is_admin=ask.who.is_admin))

    def turned(self, ask: Click) -> Reply:
        """Further ones, everybody's, or only one's own."""
        whose, _, page = ask.value.partition(":")
        if whose not in _PLACES:
            raise Vanished("button")
        found = self._schedules.listed(who=ask.who, page=row_id(page), everybody=_PLACES[whose])
        return Update(views.listed(found, is_admin=ask.who.is_admin))

    def edit_clicked(self, ask: Click) -> Reply:
        """*Edit*."""
        found = self._schedules.one(who=ask.who, schedule_id=_id(ask.value))
        return OpenModal(views.form(found, rhythm_words(found.schedule.rhythm)))

    def edited(self, ask: Submission) -> Reply:
        """*Save*."""
        wanted, when = ask.fields.text(views.WHAT), ask.fields.text(views.WHEN)
        try:
            rhythm = parse_rhythm(when)
        except BadInput as error:
            return FieldErrors({views.WHEN: plain_sentence(error)})
        try:
            wish = parse_report(wanted) if wanted else None
            after = self._schedules.change(
                who=ask.who,
                now=ask.now,
                schedule_id=_id(ask.metadata),
                wish=wish,
                rhythm=rhythm,
            )
        except (BadInput, FilesForOthers) as error:
            return FieldErrors({views.WHAT: plain_sentence(error)})
        return CloseModals(views.made(after))

    def pause_clicked(self, ask: Click) -> Reply:
        """*Pause*."""
        id_ = _id(ask.value)
        return Update(views.made(self._schedules.pause(who=ask.who, now=ask.now, schedule_id=id_)))

    def resume_clicked(self, ask: Click) -> Reply:
        """*Resume*."""
        id_ = _id(ask.value)
        return Update(views.made(self._schedules.resume(who=ask.who, now=ask.now, schedule_id=id_)))

    def remove_clicked(self, ask: Click) -> Reply:
        """*Delete*."""
        self._schedules.remove(who=ask.who, now=ask.now, schedule_id=_id(ask.value))
        return Update(views.removed())

    def unwanted_clicked(self, ask: Click) -> Reply:
        """*Stop sending me this*: the report stays, and says so below."""
        self._runs.unwanted(who=ask.who, now=ask.now, schedule_id=_id(ask.value))
        return Ephemeral(views.unwanted())


def _target(ask: Ask, to: str) -> str:
    """``me``, ``@name`` or a channel's id.

    Raises:
        NoChannelHere: ``here``, and that is a direct message.
    """
    if to == "here":
        if ask.channel_id is None or ask.channel_id[0] not in "CG":
            raise NoChannelHere
        return ask.channel_id
    return to.removeprefix("#")


def _id(value: str) -> ScheduleId:
    return ScheduleId(row_id(value))
