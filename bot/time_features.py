"""The features that show time: days, weeks, reports."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.jobs.deliveries.charts import ChartDeliveries
from bot.jobs.deliveries.entry_files import EntryFileDeliveries
from bot.jobs.deliveries.report_files import ReportFileDeliveries
from bot.jobs.outbox import Delivery
from bot.services.burn_charts import BurnCharts
from bot.services.entry_files import ENTRY_FILE, EntryFiles
from bot.services.own_charts import OwnCharts
from bot.services.report_files import REPORT_FILE, ReportFiles
from bot.services.reports import Reports
from bot.services.team_reports import TeamReports
from bot.services.timesheet import Timesheet
from bot.wiring import Core, Makers
from handlers.grammar.track_values import TrackCommand
from handlers.reports import ReportHandlers
from handlers.routes import Routes
from handlers.team_reports import TeamReportHandlers
from handlers.timesheet import TimesheetHandlers
from handlers.track import VerbHandler


@dataclass(frozen=True, slots=True)
class TimeFeatures:
    """What the others need of them."""

    timesheets: TimesheetHandlers
    reports: ReportHandlers
    burns: BurnCharts
    deliveries: Mapping[str, Delivery]

    @property
    def verbs(self) -> Mapping[type[TrackCommand], VerbHandler]:
        """Those of ``/track``."""
        return {**self.timesheets.verbs, **self.reports.verbs}

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        self.timesheets.register(routes)
        self.reports.register(routes)


def build_time(core: Core, makers: Makers) -> TimeFeatures:
    """Joins them."""
    files = EntryFiles(core.uow)
    sending = EntryFileDeliveries(core.slack, core.pool, files, makers.clock)
    report_files = ReportFiles(core.uow)
    sending_reports = ReportFileDeliveries(core.slack, core.pool, report_files, makers.clock)
    reports = Reports(core.uow)
    own_charts, burns = OwnCharts(core.uow, reports), BurnCharts(core.uow, report_files)
    charts = ChartDeliveries(core.slack, core.pool, own_charts, burns, makers.clock)
    team = TeamReportHandlers(TeamReports(core.uow), report_files)
    return TimeFeatures(
        timesheets=TimesheetHandlers(Timesheet(core.uow)),
        reports=ReportHandlers(reports, files, own_charts, team),
        burns=burns,
        deliveries={
            ENTRY_FILE: sending.send,
            REPORT_FILE: sending_reports.send,
            **charts.kinds(),
        },
    )
