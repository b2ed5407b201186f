"""``/track report``, and the buttons that lead from one report to the next."""

import re
from collections.abc import Mapping

from bot.domain.errors import Vanished
from bot.domain.periods import period_from
from bot.domain.reports.reports import OWN_GROUPS, Group, ReportChoice, narrowed_from
from bot.domain.reports.reports import Report as Made
from bot.services.entries.files import EntryFiles
from bot.services.reports.own import Reports
from bot.services.reports.own_charts import OwnCharts
from bot.views.entries import files as file_views
from bot.views.reports import own as views
from handlers.asking import Ask, Click, Command
from handlers.grammar.track_values import Report, TrackCommand
from handlers.replies import Ephemeral, OpenModal, Reply, Update, UpdateModal
from handlers.reports.team import TeamReportHandlers
from handlers.routes import Routes
from handlers.tracking.track import VerbHandler

_VALUE = re.compile(
    r"(?P<period>[a-z0-9.-]{1,20})\|(?P<group>[a-z]{1,10})\|(?P<about>[pt0-9,]{0,500})"
    r"\|(?P<page>[0-9]{1,4})",
    re.ASCII,
)


class ReportHandlers:
    """A member's own reports."""

    def __init__(
        self, reports: Reports, files: EntryFiles, charts: OwnCharts, team: TeamReportHandlers
    ) -> None:
        self._reports = reports
        self._files = files
        self._charts = charts
        self._team = team

    @property
    def verbs(self) -> Mapping[type[TrackCommand], VerbHandler]:
        """What ``/track`` finds here."""
        return {Report: self.report}

    def register(self, routes: Routes) -> None:
        """The buttons; the verb comes through ``/track``."""
        routes.click(views.REPORT, self.turned)
        routes.click(views.REPORT_FORM, self.opened)
        routes.click(views.REPORT_FILE, self.filed)
        routes.click(views.REPORT_CHART, self.charted)
        self._team.register(routes)

    def report(self, ask: Command, parsed: Report) -> Reply:
        """``/track report``; one's own with a running timer, or what tables of many have."""
        if not parsed.wish.is_plain:
            return self._team.report(ask, parsed.wish)
        found = self._reports.wished(who=ask.who, now=ask.now, wish=parsed.wish)
        notes = [self._file(ask, found)] if parsed.wish.as_csv else []
        notes += [self._chart(ask, found)] if parsed.wish.as_chart else []
        note = notes[0] if notes else ""
        return Ephemeral(views.show_report(found, note=note))

    def turned(self, ask: Click) -> Reply:
        """Another period, grouping or page in place of what is shown."""
        choice, page = _read(ask.value)
        found = self._reports.chosen(who=ask.who, now=ask.now, choice=choice)
        if ask.view_id:
            return UpdateModal(views.report_form(found, page))
        return Update(views.show_report(found, page))

    def opened(self, ask: Click) -> Reply:
        """A report over the App Home."""
        choice, page = _read(ask.value)
        found = self._reports.chosen(who=ask.who, now=ask.now, choice=choice)
        return OpenModal(views.report_form(found, page))

    def filed(self, ask: Click) -> Reply:
        """*As CSV*: the report stays, and says that the file is on its way."""
        choice, page = _read(ask.value)
        found = self._reports.chosen(who=ask.who, now=ask.now, choice=choice)
        return _noted(ask, found, page, self._file(ask, found))

    def charted(self, ask: Click) -> Reply:
        """*Chart*: the same with a picture."""
        choice, page = _read(ask.value)
        found = self._reports.chosen(who=ask.who, now=ask.now, choice=choice)
        return _noted(ask, found, page, self._chart(ask, found))

    def _chart(self, ask: Ask, found: Made) -> str:
        if not found.total:
            return file_views.NOTHING_DRAWN
        self._charts.ask(who=ask.who, choice=found.choice, now=ask.now)
        return file_views.CHART_ASKED

    def _file(self, ask: Ask, found: Made) -> str:
        if not found.total:
            return file_views.NOTHING
        choice = found.choice
        self._files.ask(who=ask.who, period=choice.period, about=choice.about, now=ask.now)
        return file_views.ASKED


def _noted(ask: Click, found: Made, page: int, note: str) -> Reply:
    if ask.view_id:
        return UpdateModal(views.report_form(found, page, note=note))
    return Update(views.show_report(found, page, note=note))


def _read(value: str) -> tuple[ReportChoice, int]:
    """What a button holds.

    Raises:
        Vanished: nothing that a button of ours would hold.
    """
    found = _VALUE.fullmatch(value)
    period = None if found is None else period_from(found["period"])
    about = None if found is None else narrowed_from(found["about"])
    if found is None or period is None or about is None or found["group"] not in OWN_GROUPS:
        raise Vanished("button")
    return ReportChoice(period, Group(found["group"]), about), int(found["page"])
