"""The features about time that is there, and about forms that make some."""

from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.jobs.deliveries.entries import EntryDeliveries
from bot.jobs.deliveries.unfurls import UnfurlDeliveries
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
from handlers.grammar.track_values import Edit, LogTime
from handlers.tasks.unfurls import UnfurlHandlers
from handlers.tracking.log_time import LogTimeHandlers
from handlers.tracking.shortcuts import ShortcutHandlers
from handlers.tracking.timesheet import TimesheetHandlers


def build_entries(ground: Ground, tracking: Tracking, days: TimesheetHandlers) -> Offered:
    """Constructs them; ``days`` draws the day again after a change."""
    uow, pool, slack = ground.core.uow, ground.pool, ground.slack
    parts = (uow, ground.new_marker, ground.provider_name)
    unfurling = Unfurling(uow, ground.new_marker)
    changing = EntryHandlers(Entries(*parts), EntryFinder(*parts), EntryHistory(*parts), days)
    log_time = LogTimeHandlers(LogForm(*parts), TimeLog(*parts))
    shortcuts = ShortcutHandlers(
        MessageTracking(*parts), tracking, permalink=slack.permalink, pool=pool
    )
    return Offered(
        handlers=(changing, shortcuts, log_time, UnfurlHandlers(unfurling)),
        track_verbs={Edit: changing.command, LogTime: log_time.opened},
        deliveries={
            **EntryDeliveries(slack, pool, OwnerNotes(uow), ground.clock).kinds(),
            **UnfurlDeliveries(slack, pool, unfurling).kinds(),
        },
    )
