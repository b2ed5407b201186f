"""``/link settings``: the team's form."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.money.money import CurrencyUnknown, read_currency
from bot.domain.people.people_errors import LastAdmin
from bot.domain.preferences import MoneySeenBy, Overlaps, TeamSettings
from bot.domain.reports.rounding import Rounding, rounding_from
from bot.services.preferences import Preferences
from bot.views import field_errors
from bot.views.settings import team as views
from bot.views.settings.rounding import NONE
from handlers.asking import Click, Command, Fields, Submission
from handlers.grammar.link_values import LinkSettings
from handlers.replies import CloseModals, FieldErrors, OpenModal, Reply
from handlers.routes import Routes
from handlers.settings.reading import hours, is_on, number, weekday

_OVERLAPS = {one.value: one for one in Overlaps}
_MONEY = {one.value: one for one in MoneySeenBy}


class TeamSettingsHandlers:
    """For admins."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def register(self, routes: Routes) -> None:
        """The form; the command comes through ``/link``."""
        routes.click("settings.team", self.clicked, admin=True)
        routes.submission(views.FORM, self.submitted, admin=True)

    def command(self, ask: Command, command: LinkSettings) -> Reply:
        """``/link settings``."""
        del command
        return OpenModal(views.form(self._preferences.team(who=ask.who)))

    def clicked(self, ask: Click) -> Reply:
        """*Team settings*, wherever the button stands."""
        return OpenModal(views.form(self._preferences.team(who=ask.who)))

    def submitted(self, ask: Submission) -> Reply:
        """The team's form was sent."""
        chosen, wrong = _read(ask.fields, self._preferences.team(who=ask.who))
        if wrong:
            return FieldErrors(wrong)
        try:
            before, after = self._preferences.save_team(who=ask.who, chosen=chosen, now=ask.now)
        except LastAdmin as error:
            return FieldErrors({views.ADMINS: field_errors.plain_sentence(error)})
        return CloseModals(views.saved(before, after))


def _read(sent: Fields, before: TeamSettings) -> tuple[TeamSettings, dict[str, str]]:
    wrong = dict[str, str]()
    work = hours(sent, views.DAYS, views.START, views.END, wrong)
    forgotten = number(sent.text(views.FORGOTTEN), views.MOST_HOURS)
    if forgotten is None:
        wrong[views.FORGOTTEN] = field_errors.whole_hours(views.MOST_HOURS)
    typed = sent.text(views.LOCK)
    lock = number(typed, views.MOST_DAYS) if typed else None
    if typed and lock is None:
        wrong[views.LOCK] = field_errors.whole_days(views.MOST_DAYS)
    currency = before.currency
    try:
        currency = read_currency(sent.text(views.CURRENCY))
    except CurrencyUnknown as error:
        wrong[views.CURRENCY] = field_errors.plain_sentence(error)
    chosen = replace(
        before,
        slack_admins=is_on(sent, views.ADMINS),
        time_without_task=is_on(sent, views.WITHOUT_TASK),
        overlaps=_OVERLAPS.get(sent.choice(views.OVERLAPS), before.overlaps),
        week_start=weekday(sent.choice(views.WEEK_START), before.week_start),
        work=work or before.work,
        forgotten_after=timedelta(hours=forgotten) if forgotten else before.forgotten_after,
        lock_after_days=lock,
        timesheets=is_on(sent, views.TIMESHEETS),
        currency=currency,
        money_seen_by=_MONEY.get(sent.choice(views.MONEY), before.money_seen_by),
        money_in_channels=is_on(sent, views.IN_CHANNELS),
        rounding=_rounding(sent.choice(views.ROUNDING), before),
        over_budget_blocks=is_on(sent, views.OVER_BUDGET),
        api_tokens=is_on(sent, views.API_TOKENS),
    )
    return chosen, wrong


def _rounding(chosen: str, before: TeamSettings) -> Rounding | None:
    if chosen == NONE:
        return None
    try:
        return rounding_from(chosen)
    except ValueError:
        return before.rounding
