"""The features that show time: days, weeks, reports."""

from collections.abc import Mapping

import structlog

from bot.domain.errors import DatabaseAway
from bot.domain.values import dataclass
from bot.jobs.deliveries.charts import ChartDeliveries
from bot.jobs.deliveries.entry_files import EntryFileDeliveries
from bot.jobs.deliveries.long_reports import LongReportDeliveries
from bot.jobs.deliveries.report_files import ReportFileDeliveries
from bot.jobs.deliveries.schedules import ScheduleDeliveries
from bot.jobs.outbox import Delivery
from bot.jobs.runner import Work
from bot.services.entries.files import ENTRY_FILE, EntryFiles
from bot.services.reports.burn_charts import BurnCharts
from bot.services.reports.files import REPORT_FILE, ReportFiles
from bot.services.reports.long_reports import REPORT_RUN, LongReports
from bot.services.reports.own import Reports
from bot.services.reports.own_charts import OwnCharts
from bot.services.reports.schedule_runs import SEND, ScheduleRuns
from bot.services.reports.schedules import Schedules
from bot.services.reports.team import TeamReports
from bot.services.tracking.timesheet import Timesheet
from bot.wiring import Core, Makers
from handlers.grammar.track_values import TrackCommand
from handlers.reports.own import ReportHandlers
from handlers.reports.schedules import ScheduleHandlers
from handlers.reports.team import TeamReportHandlers
from handlers.routes import Routes
from handlers.tracking.timesheet import TimesheetHandlers
from handlers.tracking.track import VerbHandler

log = structlog.get_logger(__name__)

LONG_KINDS = (ENTRY_FILE, REPORT_FILE, REPORT_RUN, SEND)
"""Of what is owed, that which may take minutes."""


@dataclass(frozen=True, slots=True)
class TimeFeatures:
    """What the others need of them."""

    timesheets: TimesheetHandlers
    reports: ReportHandlers
    schedules: ScheduleHandlers
    burns: BurnCharts
    deliveries: Mapping[str, Delivery]
    remind: Work
    """What only the time of day brings about."""

    @property
    def verbs(self) -> Mapping[type[TrackCommand], VerbHandler]:
        """Those of ``/track``."""
        return {**self.timesheets.verbs, **self.reports.verbs, **self.schedules.verbs}

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        self.timesheets.register(routes)
        self.reports.register(routes)
        self.schedules.register(routes)


def build_time(core: Core, makers: Makers) -> TimeFeatures:
    """Joins them."""
    files = EntryFiles(core.uow)
    sending = EntryFileDeliveries(core.slack, core.pool, files, makers.clock)
    report_files = ReportFiles(core.uow)
    sending_reports = ReportFileDeliveries(core.slack, core.pool, report_files, makers.clock)
    reports = Reports(core.uow)
    own_charts, burns = OwnCharts(core.uow, reports), BurnCharts(core.uow, report_files)
    charts = ChartDeliveries(core.slack, core.pool, own_charts, burns, makers.clock)
    runs = ScheduleRuns(core.uow, makers.new_marker)
    scheduled = ScheduleDeliveries(core.slack, core.pool, runs, report_files, makers.clock)

    async def remind() -> None:
        for one in await core.pool(runs.due, makers.clock()):
            try:
                await core.pool(runs.run, *one, makers.clock())
            except DatabaseAway:
                raise
            except Exception:
                # One that cannot be run keeps nobody else's from being sent.
                log.exception("schedule_not_run", schedule_id=one[1])

    long = LongReports(core.uow, makers.new_marker)
    making = LongReportDeliveries(core.slack, core.pool, long, makers.clock)
    team = TeamReportHandlers(TeamReports(core.uow), report_files, long)
    return TimeFeatures(
        timesheets=TimesheetHandlers(Timesheet(core.uow)),
        reports=ReportHandlers(reports, files, own_charts, team),
        burns=burns,
        deliveries={
            **sending.kinds(),
            **sending_reports.kinds(),
            **making.kinds(),
            **charts.kinds(),
            **scheduled.kinds(),
        },
        schedules=ScheduleHandlers(Schedules(core.uow, makers.new_marker), runs),
        remind=remind,
    )
