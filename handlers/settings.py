"""``/link settings`` and ``/track settings``: two forms, read field by field."""

from dataclasses import replace
from datetime import date, time, timedelta

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.money.money import CurrencyUnknown, read_currency
from bot.domain.people.people_errors import LastAdmin
from bot.domain.preferences import (
    Absence,
    MemberSettings,
    MoneySeenBy,
    Overlaps,
    StartPage,
    TeamSettings,
    WorkHours,
    WorkHoursEmpty,
)
from bot.domain.reports.rounding import Rounding, rounding_from
from bot.services.preferences import Preferences
from bot.views import field_errors
from bot.views.message import Modal
from bot.views.settings import fields as field_views
from bot.views.settings import member as member_views
from bot.views.settings import team as team_views
from bot.views.settings.rounding import NONE
from handlers.asking import Ask, Click, Command, Fields, Submission
from handlers.grammar.link_values import LinkSettings
from handlers.grammar.track_values import TrackSettings
from handlers.replies import CloseModals, FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes

_WEEKDAYS = {str(number): number for number, _ in field_views.DAYS}
_OVERLAPS = {one.value: one for one in Overlaps}
_MONEY = {one.value: one for one in MoneySeenBy}
_PAGES = {one.value: one for one in StartPage}


class SettingsHandlers:
    """Both forms."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def register(self, routes: Routes) -> None:
        """The forms; the commands come through ``/link`` and ``/track``."""
        routes.click("settings.team", self.team_clicked, admin=True)
        routes.click("settings.member", self.own_clicked)
        routes.click(member_views.HOURS_CHOSEN, self.hours_chosen)
        routes.submission(team_views.FORM, self.team_submitted, admin=True)
        routes.submission(member_views.FORM, self.own_submitted)

    def team(self, ask: Command, command: LinkSettings) -> Reply:
        """``/link settings``."""
        del command
        return OpenModal(team_views.form(self._preferences.team(who=ask.who)))

    def team_clicked(self, ask: Click) -> Reply:
        """*Team settings*, wherever the button stands."""
        return OpenModal(team_views.form(self._preferences.team(who=ask.who)))

    def team_submitted(self, ask: Submission) -> Reply:
        """The team's form was sent."""
        chosen, wrong = _team(ask.fields, self._preferences.team(who=ask.who))
        if wrong:
            return FieldErrors(wrong)
        try:
            before, after = self._preferences.save_team(who=ask.who, chosen=chosen, now=ask.now)
        except LastAdmin as error:
            return FieldErrors({team_views.ADMINS: field_errors.plain_sentence(error)})
        return CloseModals(team_views.saved(before, after))

    def own(self, ask: Command, command: TrackSettings) -> Reply:
        """``/track settings``."""
        del command
        return self._own_form(ask)

    def own_clicked(self, ask: Click) -> Reply:
        """*Settings*, wherever the button stands."""
        return self._own_form(ask)

    def _own_form(self, ask: Ask) -> Reply:
        chosen, team = self._preferences.own(who=ask.who)
        return OpenModal(_own_view(ask, chosen, team))

    def hours_chosen(self, ask: Click) -> Reply:
        """The team's work hours or one's own: shows or hides the fields for these."""
        kept, team = self._preferences.own(who=ask.who)
        own = ask.value == member_views.OWN
        work = kept.work_hours(team) if own else None
        shown = replace(
            kept,
            work=work,
            reminders=_is_on(ask.fields, member_views.REMINDERS),
            quiet=_is_on(ask.fields, member_views.QUIET),
            writes_time=_writes_time(ask.fields, kept),
            start_page=_start_page(ask.fields, kept),
        )
        return UpdateModal(_own_view(ask, shown, team))

    def own_submitted(self, ask: Submission) -> Reply:
        """The member's form was sent."""
        before, team = self._preferences.own(who=ask.who)
        chosen, wrong = _own(ask.fields, before, _today(ask))
        if wrong:
            return FieldErrors(wrong)
        self._preferences.save_own(who=ask.who, chosen=chosen)
        return CloseModals(member_views.saved(before, chosen, team))


def _team(sent: Fields, before: TeamSettings) -> tuple[TeamSettings, dict[str, str]]:
    views, wrong = team_views, dict[str, str]()
    work = _hours(sent, views.DAYS, views.START, views.END, wrong)
    forgotten = _number(sent.text(views.FORGOTTEN), views.MOST_HOURS)
    if forgotten is None:
        wrong[views.FORGOTTEN] = field_errors.whole_hours(views.MOST_HOURS)
    typed = sent.text(views.LOCK)
    lock = _number(typed, views.MOST_DAYS) if typed else None
    if typed and lock is None:
        wrong[views.LOCK] = field_errors.whole_days(views.MOST_DAYS)
    currency = before.currency
    try:
        currency = read_currency(sent.text(views.CURRENCY))
    except CurrencyUnknown as error:
        wrong[views.CURRENCY] = field_errors.plain_sentence(error)
    chosen = replace(
        before,
        slack_admins=_is_on(sent, views.ADMINS),
        time_without_task=_is_on(sent, views.WITHOUT_TASK),
        overlaps=_OVERLAPS.get(sent.choice(views.OVERLAPS), before.overlaps),
        week_start=_WEEKDAYS.get(sent.choice(views.WEEK_START), before.week_start),
        work=work or before.work,
        forgotten_after=timedelta(hours=forgotten) if forgotten else before.forgotten_after,
        lock_after_days=lock,
        timesheets=_is_on(sent, views.TIMESHEETS),
        currency=currency,
        money_seen_by=_MONEY.get(sent.choice(views.MONEY), before.money_seen_by),
        money_in_channels=_is_on(sent, views.IN_CHANNELS),
        rounding=_rounding(sent.choice(views.ROUNDING), before),
        over_budget_blocks=_is_on(sent, views.OVER_BUDGET),
        api_tokens=_is_on(sent, views.API_TOKENS),
    )
    return chosen, wrong


def _own(
    sent: Fields, before: MemberSettings, today: date
) -> tuple[MemberSettings, dict[str, str]]:
    views, wrong = member_views, dict[str, str]()
    work = None
    if sent.choice(views.HOURS) == views.OWN:
        work = _hours(sent, views.DAYS, views.START, views.END, wrong)
    kept = sent.choices(views.AWAY)
    away = [one for one in before.away if views.absence_value(one) in kept]
    added = _absence(sent, today, wrong)
    if added is not None and added not in away:
        away.append(added)
    if len(away) > views.MOST_ABSENCES:
        wrong[views.AWAY_FROM] = f"{views.MOST_ABSENCES} absences are the most; take one out."
    chosen = replace(
        before,
        reminders=_is_on(sent, views.REMINDERS),
        quiet=_is_on(sent, views.QUIET),
        writes_time=_writes_time(sent, before),
        work=work,
        away=views.upcoming(away, today),
        start_page=_start_page(sent, before),
    )
    return chosen, wrong


def _writes_time(sent: Fields, before: MemberSettings) -> bool:
    """A form that did not ask changes nothing."""
    if member_views.WRITES not in sent.blocks():
        return before.writes_time
    return _is_on(sent, member_views.WRITES)


def _own_view(ask: Ask, chosen: MemberSettings, team: TeamSettings) -> Modal:
    return member_views.form(chosen, team, ask.who.zone, _today(ask), is_admin=ask.who.is_admin)


def _rounding(chosen: str, before: TeamSettings) -> Rounding | None:
    if chosen == NONE:
        return None
    try:
        return rounding_from(chosen)
    except ValueError:
        return before.rounding


def _start_page(sent: Fields, before: MemberSettings) -> StartPage:
    return _PAGES.get(sent.choice(member_views.START_PAGE), before.start_page)


def _hours(
    sent: Fields, days: str, start: str, end: str, wrong: dict[str, str]
) -> WorkHours | None:
    chosen = frozenset(_WEEKDAYS[one] for one in sent.choices(days) if one in _WEEKDAYS)
    begins, ends = _clock(sent.choice(start)), _clock(sent.choice(end))
    if not chosen:
        wrong[days] = field_errors.CHOOSE_A_DAY_AT_LEAST
    if begins is None:
        wrong[start] = field_errors.CHOOSE_TIME
    if ends is None:
        wrong[end] = field_errors.CHOOSE_TIME
    if wrong or begins is None or ends is None:
        return None
    try:
        return WorkHours(chosen, begins, ends)
    except WorkHoursEmpty:
        wrong[end] = field_errors.later_than(begins)
        return None


def _absence(sent: Fields, today: date, wrong: dict[str, str]) -> Absence | None:
    first = _date(sent.choice(member_views.AWAY_FROM))
    last = _date(sent.choice(member_views.AWAY_TO)) or first
    if last is None:
        return None
    if first is None:
        wrong[member_views.AWAY_FROM] = field_errors.CHOOSE_FIRST_DAY
        return None
    if last < first:
        wrong[member_views.AWAY_TO] = field_errors.CHOOSE_LATER_DAY
        return None
    if last < today:
        wrong[member_views.AWAY_TO] = field_errors.IS_OVER
        return None
    return Absence(first, last)


def _today(ask: Ask) -> date:
    return work_date(ask.now, zone_of(ask.who.zone))


def _is_on(sent: Fields, block_id: str) -> bool:
    return field_views.ON in sent.choices(block_id)


def _number(typed: str, most: int) -> int | None:
    """A whole number from 1 to ``most``; None for anything else."""
    digits = typed.removesuffix(".0").removesuffix(",0")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(most))):
        return None
    return int(digits) if 1 <= int(digits) <= most else None


def _clock(chosen: str) -> time | None:
    try:
        return time.fromisoformat(chosen)
    except ValueError:
        return None


def _date(chosen: str) -> date | None:
    try:
        return date.fromisoformat(chosen)
    except ValueError:
        return None
