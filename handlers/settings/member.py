"""``/track settings``: a member's own form."""

from dataclasses import replace
from datetime import date

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.input_errors import DayNotUnderstood
from bot.domain.preferences import Absence, MemberSettings, StartPage, TeamSettings, joined
from bot.services.preferences import Preferences
from bot.views import field_errors
from bot.views.message import Modal
from bot.views.settings import member as views
from handlers.asking import Ask, Click, Command, Fields, Submission
from handlers.dates import date_of
from handlers.grammar.track_values import TrackSettings
from handlers.replies import CloseModals, FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes
from handlers.settings.reading import hours, is_on

_PAGES = {one.value: one for one in StartPage}


class OwnSettingsHandlers:
    """For everybody."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def register(self, routes: Routes) -> None:
        """The form; the command comes through ``/track``."""
        routes.click("settings.member", self.clicked)
        routes.click(views.HOURS_CHOSEN, self.hours_chosen)
        routes.submission(views.FORM, self.submitted)

    def command(self, ask: Command, command: TrackSettings) -> Reply:
        """``/track settings``."""
        del command
        return self._form(ask)

    def clicked(self, ask: Click) -> Reply:
        """*Settings*, wherever the button stands."""
        return self._form(ask)

    def hours_chosen(self, ask: Click) -> Reply:
        """The team's work hours or one's own: shows or hides the fields for these."""
        kept, team = self._preferences.own(who=ask.who)
        own = ask.value == views.OWN
        work = kept.work_hours(team) if own else None
        shown = replace(
            kept,
            work=work,
            reminders=is_on(ask.fields, views.REMINDERS),
            quiet=is_on(ask.fields, views.QUIET),
            writes_time=_writes_time(ask.fields, kept),
            start_page=_start_page(ask.fields, kept),
        )
        return UpdateModal(_view(ask, shown, team))

    def submitted(self, ask: Submission) -> Reply:
        """The member's form was sent."""
        before, team = self._preferences.own(who=ask.who)
        chosen, wrong = _read(ask.fields, before, _today(ask))
        if wrong:
            return FieldErrors(wrong)
        self._preferences.save_own(who=ask.who, chosen=chosen)
        return CloseModals(views.saved(before, chosen, team))

    def _form(self, ask: Ask) -> Reply:
        chosen, team = self._preferences.own(who=ask.who)
        return OpenModal(_view(ask, chosen, team))


def _read(
    sent: Fields, before: MemberSettings, today: date
) -> tuple[MemberSettings, dict[str, str]]:
    wrong = dict[str, str]()
    work = None
    if sent.choice(views.HOURS) == views.OWN:
        work = hours(sent, views.DAYS, views.START, views.END, wrong)
    kept = sent.choices(views.AWAY)
    added = _absence(sent, today, wrong)
    still = [one for one in before.away if views.absence_value(one) in kept]
    away = joined(still if added is None else [*still, added])
    if len(away) > views.MOST_ABSENCES:
        wrong[views.AWAY_FROM] = field_errors.too_many_absences(views.MOST_ABSENCES)
    chosen = replace(
        before,
        reminders=is_on(sent, views.REMINDERS),
        quiet=is_on(sent, views.QUIET),
        writes_time=_writes_time(sent, before),
        work=work,
        away=views.upcoming(away, today),
        start_page=_start_page(sent, before),
    )
    return chosen, wrong


def _writes_time(sent: Fields, before: MemberSettings) -> bool:
    """A form that did not ask changes nothing."""
    if views.WRITES not in sent.blocks():
        return before.writes_time
    return is_on(sent, views.WRITES)


def _view(ask: Ask, chosen: MemberSettings, team: TeamSettings) -> Modal:
    return views.form(chosen, team, ask.who.zone, _today(ask), is_admin=ask.who.is_admin)


def _start_page(sent: Fields, before: MemberSettings) -> StartPage:
    return _PAGES.get(sent.choice(views.START_PAGE), before.start_page)


def _absence(sent: Fields, today: date, wrong: dict[str, str]) -> Absence | None:
    first = _chosen(sent, views.AWAY_FROM, wrong)
    last = _chosen(sent, views.AWAY_TO, wrong) or first
    if last is None or wrong:
        return None
    if first is None:
        wrong[views.AWAY_FROM] = field_errors.CHOOSE_FIRST_DAY
        return None
    if last < first:
        wrong[views.AWAY_TO] = field_errors.CHOOSE_LATER_DAY
        return None
    if last < today:
        wrong[views.AWAY_TO] = field_errors.IS_OVER
        return None
    return Absence(first, last)


def _chosen(sent: Fields, field: str, wrong: dict[str, str]) -> date | None:
    chosen = sent.choice(field)
    try:
        return date_of(chosen) if chosen else None
    except DayNotUnderstood as error:
        wrong[field] = field_errors.plain_sentence(error)
        return None


def _today(ask: Ask) -> date:
    return work_date(ask.now, zone_of(ask.who.zone))
