"""The features about time that is there, and about forms that make some."""

from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.jobs.deliveries.entries import EntryDeliveries
from bot.jobs.deliveries.unfurls import UnfurlDeliveries
from bot.jobs.outbox import Delivery
from bot.services.entries.editing import Entries
from bot.services.entries.finding import EntryFinder
from bot.services.entries.history import EntryHistory
from bot.services.entries.telling import OwnerNotes
from bot.services.tasks.mentions import MessageTracking
from bot.services.tasks.typed import ProviderName
from bot.services.tasks.unfurling import Unfurling
from bot.services.tracking.log_form import LogForm
from bot.services.tracking.time_log import TimeLog
from bot.services.tracking.timer import Tracking
from bot.wiring import Core, Makers
from handlers.entries.entries import EntryHandlers
from handlers.routes import Routes
from handlers.tasks.unfurls import UnfurlHandlers
from handlers.tracking.log_time import LogTimeHandlers
from handlers.tracking.shortcuts import ShortcutHandlers
from handlers.tracking.timesheet import TimesheetHandlers


@dataclass(frozen=True, slots=True)
class EntryFeatures:
    """What the others need of them."""

    changing: EntryHandlers
    shortcuts: ShortcutHandlers
    log_time: LogTimeHandlers
    unfurls: UnfurlHandlers
    deliveries: Mapping[str, Delivery]

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        self.changing.register(routes)
        self.shortcuts.register(routes)
        self.log_time.register(routes)
        self.unfurls.register(routes)


def build_entries(
    core: Core,
    makers: Makers,
    provider_name: ProviderName,
    tracking: Tracking,
    days: TimesheetHandlers,
) -> EntryFeatures:
    """Joins them."""
    parts = (core.uow, makers.new_marker, provider_name)
    unfurling = Unfurling(core.uow, makers.new_marker)
    told = EntryDeliveries(core.slack, core.pool, OwnerNotes(core.uow), makers.clock)
    return EntryFeatures(
        changing=EntryHandlers(Entries(*parts), EntryFinder(*parts), EntryHistory(*parts), days),
        shortcuts=ShortcutHandlers(
            MessageTracking(*parts), tracking, permalink=core.slack.permalink, pool=core.pool
        ),
        log_time=LogTimeHandlers(LogForm(*parts), TimeLog(*parts)),
        unfurls=UnfurlHandlers(unfurling),
        deliveries={
            **told.kinds(),
            **UnfurlDeliveries(core.slack, core.pool, unfurling).kinds(),
        },
    )
