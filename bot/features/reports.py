"""The features that show time: days, weeks, reports."""

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.jobs.deliveries.charts import ChartDeliveries
from bot.jobs.deliveries.entry_files import EntryFileDeliveries
from bot.jobs.deliveries.long_reports import LongReportDeliveries
from bot.jobs.deliveries.report_files import ReportFileDeliveries
from bot.jobs.deliveries.schedules import ScheduleDeliveries
from bot.jobs.reminding import each_due
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
from handlers.reports.own import ReportHandlers
from handlers.reports.schedules import ScheduleHandlers
from handlers.reports.team import TeamReportHandlers
from handlers.tracking.timesheet import TimesheetHandlers

LONG_KINDS = (ENTRY_FILE, REPORT_FILE, REPORT_RUN, SEND)
"""Of what is owed, that which may take minutes."""


@dataclass(frozen=True, slots=True)
class TimeFeatures:
    """What the others need of them."""

    timesheets: TimesheetHandlers
    burns: BurnCharts
    offered: Offered


def build_time(ground: Ground) -> TimeFeatures:
    """Constructs them."""
    uow, pool, slack, clock = ground.core.uow, ground.pool, ground.slack, ground.clock
    files, report_files = EntryFiles(uow), ReportFiles(uow)
    reports = Reports(uow)
    own_charts, burns = OwnCharts(uow, reports), BurnCharts(uow, report_files)
    runs = ScheduleRuns(uow, ground.new_marker)
    long = LongReports(uow, ground.new_marker)
    team = TeamReportHandlers(TeamReports(uow), report_files, long)
    timesheets = TimesheetHandlers(Timesheet(uow))
    asked = ReportHandlers(reports, files, own_charts, team)
    scheduled = ScheduleHandlers(Schedules(uow, ground.new_marker), runs)
    offered = Offered(
        handlers=(timesheets, asked, scheduled),
        track_verbs={**timesheets.verbs, **asked.verbs, **scheduled.verbs},
        deliveries={
            **EntryFileDeliveries(slack, pool, files, clock).kinds(),
            **ReportFileDeliveries(slack, pool, report_files, clock).kinds(),
            **LongReportDeliveries(slack, pool, long, clock).kinds(),
            **ChartDeliveries(slack, pool, own_charts, burns, clock).kinds(),
            **ScheduleDeliveries(slack, pool, runs, report_files, clock).kinds(),
        },
        reminders=(
            each_due(
                "send scheduled reports",
                pool,
                clock,
                runs.due,
                lambda one, now: runs.run(*one, now),
            ),
        ),
    )
    return TimeFeatures(timesheets, burns, offered)
