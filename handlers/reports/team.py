"""Reports of many people's time, and the buttons that lead from one to the next."""

import re

from bot.domain.errors import Vanished
from bot.domain.ids import ReportRunId
from bot.domain.periods import period_from
from bot.domain.reports.report_runs import RunWish
from bot.domain.reports.reports import Group, ReportWish
from bot.domain.reports.team_reports import TeamChoice, TeamReport, filters_from
from bot.services.reports.files import ReportFiles
from bot.services.reports.long_reports import LongReports
from bot.services.reports.team import TeamReports
from bot.views.entries import files as file_views
from bot.views.reports import long_reports as long_views
from bot.views.reports import team as views
from handlers.asking import Ask, Click, Command, row_id
from handlers.replies import Ephemeral, Reply, Update
from handlers.routes import Routes

_VALUE = re.compile(
    r"(?P<period>[a-z0-9.-]{1,20})\|(?P<group>[a-z]{1,10})\|(?P<filters>[^|]{0,1900})"
    r"\|(?P<team>[ot])\|(?P<page>[0-9]{1,5})\|(?P<file>|csv|xlsx|png)",
    re.ASCII,
)


class TeamReportHandlers:
    """A manager's and an admin's reports, and one's own by client or person."""

    def __init__(self, reports: TeamReports, files: ReportFiles, long: LongReports) -> None:
        self._reports = reports
        self._files = files
        self._long = long

    def register(self, routes: Routes) -> None:
        """The buttons; the verb comes through ``/track report``."""
        routes.click(views.TEAM_REPORT, self.turned)
        routes.click(views.TEAM_FILE, self.filed)
        routes.click(long_views.REPORT_CANCEL, self.cancelled)

    def report(self, ask: Command, wish: ReportWish) -> Reply:
        """``/track report for team``."""
        choice = self._reports.meant(who=ask.who, now=ask.now, wish=wish)
        forms = (
            (views.CSV, wish.as_csv),
            (views.XLSX, wish.as_xlsx),
            (views.PNG, wish.as_chart),
        )
        wanted = [form for form, yes in forms if yes]
        if self._long.is_long(who=ask.who, choice=choice):
            return self._later(ask, choice, *(wanted or [""]))
        found = self._reports.chosen(who=ask.who, now=ask.now, choice=choice)
        notes = [self._file(ask, found, form) for form in wanted]
        return Ephemeral(views.show_team_report(found, note=notes[0] if notes else ""))

    def turned(self, ask: Click) -> Reply:
        """Another period, grouping or page in place of what is shown."""
        choice, page, _ = _read(ask.value)
        if self._long.is_long(who=ask.who, choice=choice):
            return self._later(ask, choice, "", page=page)
        found = self._reports.chosen(who=ask.who, now=ask.now, choice=choice, page=page)
        return Update(views.show_team_report(found))

    def filed(self, ask: Click) -> Reply:
        """*Chart*, *As CSV*, *As XLSX*: the report stays, and says that the file is on its way."""
        choice, page, form = _read(ask.value)
        if self._long.is_long(who=ask.who, choice=choice):
            return self._later(ask, choice, form or views.CSV)
        found = self._reports.chosen(who=ask.who, now=ask.now, choice=choice, page=page)
        note = self._file(ask, found, form or views.CSV)
        return Update(views.show_team_report(found, note=note))

    def cancelled(self, ask: Click) -> Reply:
        """*Cancel* on a long report that is being made."""
        run_id = ReportRunId(row_id(ask.value))
        run = self._long.cancel(who=ask.who, run_id=run_id, now=ask.now)
        if run is None:
            return Ephemeral(long_views.OVER)
        return Update(long_views.cancelled(run.wish, ask.now.date()))

    def _later(self, ask: Ask, choice: TeamChoice, *forms: str, page: int = 0) -> Reply:
        """Nobody waits for a long one: it comes as a direct message, that tells how far it is."""
        for form in forms:
            if form == views.PNG:
                self._files.ask(who=ask.who, choice=choice, form=form, now=ask.now)
                continue
            self._long.ask(who=ask.who, wish=RunWish(choice, page, form), now=ask.now)
        return Ephemeral(long_views.later())

    def _file(self, ask: Ask, found: TeamReport, form: str) -> str:
        if not found.total.seconds:
            return file_views.NOTHING_DRAWN if form == views.PNG else file_views.NOTHING
        self._files.ask(who=ask.who, choice=found.choice, form=form, now=ask.now)
        return file_views.CHART_ASKED if form == views.PNG else file_views.ASKED


def _read(value: str) -> tuple[TeamChoice, int, str]:
    """What a button holds.

    Raises:
        Vanished: nothing that a button of ours would hold.
    """
    found = _VALUE.fullmatch(value)
    period = None if found is None else period_from(found["period"])
    filters = None if found is None else filters_from(found["filters"])
    if found is None or period is None or filters is None or found["group"] not in set(Group):
        raise Vanished("button")
    choice = TeamChoice(period, Group(found["group"]), filters, found["team"] == "t")
    return choice, int(found["page"]), found["file"]
