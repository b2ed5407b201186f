"""The features about time that is there, and about forms that make some."""

from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.jobs.deliveries.entries import EntryDeliveries
from bot.jobs.deliveries.unfurls import UnfurlDeliveries
from bot.jobs.outbox import Delivery
from bot.services.entries.editing import Entries
from bot.services.entries.finding import EntryFinder
from bot.services.entries.history import EntryHistory
from bot.services.entries.telling import OwnerNotes
from bot.services.tasks.mentions import MessageTracking
from bot.services.tasks.unfurling import Unfurling
from bot.services.tracking.log_form import LogForm
from bot.services.tracking.time_log import TimeLog
from bot.services.tracking.timer import Tracking
from handlers.entries.entries import EntryHandlers
from handlers.grammar.track_values import Edit, LogTime, TrackCommand
from handlers.routes import Routes
from handlers.tasks.unfurls import UnfurlHandlers
from handlers.tracking.log_time import LogTimeHandlers
from handlers.tracking.shortcuts import ShortcutHandlers
from handlers.tracking.timesheet import TimesheetHandlers
from handlers.tracking.track import VerbHandler


@dataclass(frozen=True, slots=True)
class EntryFeatures:
    """What the others need of them."""

    changing: EntryHandlers
    shortcuts: ShortcutHandlers
    log_time: LogTimeHandlers
    unfurls: UnfurlHandlers
    deliveries: Mapping[str, Delivery]

    @property
    def track_verbs(self) -> Mapping[type[TrackCommand], VerbHandler]:
        """Those of ``/track``."""
        return {Edit: self.changing.command, LogTime: self.log_time.opened}

    def register(self, routes: Routes) -> None:
        """Every button and form."""
        self.changing.register(routes)
        self.shortcuts.register(routes)
        self.log_time.register(routes)
        self.unfurls.register(routes)


def build_entries(ground: Ground, tracking: Tracking, days: TimesheetHandlers) -> EntryFeatures:
    """Joins them."""
    uow, pool, slack = ground.core.uow, ground.pool, ground.slack
    parts = (uow, ground.new_marker, ground.provider_name)
    unfurling = Unfurling(uow, ground.new_marker)
    return EntryFeatures(
        changing=EntryHandlers(Entries(*parts), EntryFinder(*parts), EntryHistory(*parts), days),
        shortcuts=ShortcutHandlers(
            MessageTracking(*parts), tracking, permalink=slack.permalink, pool=pool
        ),
        log_time=LogTimeHandlers(LogForm(*parts), TimeLog(*parts)),
        unfurls=UnfurlHandlers(unfurling),
        deliveries={
            **EntryDeliveries(slack, pool, OwnerNotes(uow), ground.clock).kinds(),
            **UnfurlDeliveries(slack, pool, unfurling).kinds(),
        },
    )
