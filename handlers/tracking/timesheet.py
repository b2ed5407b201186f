"""``/track today`` and ``/track week``, and the buttons that turn their pages."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from bot.domain.errors import Vanished
from bot.domain.input_errors import DayNotUnderstood
from bot.services.tracking.timesheet import Timesheet
from bot.views.message import Message
from bot.views.tracking import timesheet as day_views
from bot.views.tracking import week as week_views
from handlers.asking import Ask, Click, Command
from handlers.dates import date_of
from handlers.grammar.track_values import Today, TrackCommand, Week
from handlers.replies import Ephemeral, OpenModal, Reply, Update, UpdateModal
from handlers.routes import Routes
from handlers.tracking.track import VerbHandler

_VALUE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.([0-9]{1,3}))?", re.ASCII)


class TimesheetHandlers:
    """Days and weeks, one page at a time."""

    def __init__(self, timesheet: Timesheet) -> None:
        self._timesheet = timesheet

    @property
    def verbs(self) -> Mapping[type[TrackCommand], VerbHandler]:
        """What ``/track`` finds here."""
        return {Today: self.today, Week: self.week}

    def register(self, routes: Routes) -> None:
        """The buttons; the verbs come through ``/track``."""
        routes.click(day_views.DAY, self.day_clicked)
        routes.click(day_views.DAY_FORM, self.day_opened)
        routes.redraw(day_views.DAY_FORM, self.day_clicked)
        routes.click(day_views.WEEK, self.week_clicked)
        routes.click(week_views.WEEK_FORM, self.week_opened)

    def today(self, ask: Command, parsed: Today) -> Reply:
        """``/track today``, or another day."""
        found = self._timesheet.day(who=ask.who, now=ask.now, day=parsed.day)
        return Ephemeral(day_views.show_day(found))

    def week(self, ask: Command, parsed: Week) -> Reply:
        """``/track week``, or another week."""
        found = self._timesheet.week(who=ask.who, now=ask.now, week=parsed.week)
        return Ephemeral(week_views.show_week(found))

    def drawn(self, ask: Ask, shown: str) -> Message:
        """The page of a day that a button names, as it is now."""
        day, page = _read(shown)
        return day_views.show_day(self._timesheet.day(who=ask.who, now=ask.now, day=day), page)

    def day_clicked(self, ask: Click) -> Reply:
        """Another day, or another page of it, in place of what is shown."""
        day, page = _read(ask.value)
        found = self._timesheet.day(who=ask.who, now=ask.now, day=day)
        if ask.view_id:
            return UpdateModal(day_views.day_form(found, page))
        return Update(day_views.show_day(found, page))

    def day_opened(self, ask: Click) -> Reply:
        """A day over the App Home."""
        day, page = _read(ask.value)
        found = self._timesheet.day(who=ask.who, now=ask.now, day=day)
        return OpenModal(day_views.day_form(found, page))

    def week_clicked(self, ask: Click) -> Reply:
        """Another week in place of what is shown."""
        found = self._timesheet.week(who=ask.who, now=ask.now, week=_read(ask.value)[0])
        if ask.view_id:
            return UpdateModal(week_views.week_form(found))
        return Update(week_views.show_week(found))

    def week_opened(self, ask: Click) -> Reply:
        """A week over the App Home."""
        found = self._timesheet.week(who=ask.who, now=ask.now, week=_read(ask.value)[0])
        return OpenModal(week_views.week_form(found))


def _read(value: str) -> tuple[date, int | None]:
    """A date, and perhaps a page, from a button."""
    found = _VALUE.fullmatch(value)
    with suppress(DayNotUnderstood):
        if found is not None:
            return date_of(found[1]), None if found[2] is None else int(found[2])
    raise Vanished("button")
