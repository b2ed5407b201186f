"""The features about writing time back to the tools that tasks come from."""

from bot.features.ground import Ground
from bot.features.offered import Offered
from bot.jobs.deliveries.worklog_notices import WorklogNoticeDeliveries
from bot.jobs.deliveries.worklogs import WorklogDeliveries
from bot.services.writing.deciding import WorklogDeciding
from bot.services.writing.notices import WorklogNotices
from bot.services.writing.writing import Writing
from handlers.writing.worklog_notices import WorklogNoticeHandlers
from handlers.writing.worklogs import WorklogHandlers


def build_writing(ground: Ground) -> Offered:
    """Constructs them."""
    uow, pool, slack = ground.core.uow, ground.pool, ground.slack
    writing = Writing(uow, ground.new_marker)
    deciding = WorklogDeciding(uow, ground.new_marker, ground.provider_name)
    carried_out = WorklogDeliveries(
        slack, pool, writing, deciding, adapters=ground.adapters, clock=ground.clock
    )
    notices = WorklogNotices(uow, ground.new_marker)
    told = WorklogNoticeDeliveries(slack, pool, notices, ground.clock)
    return Offered(
        handlers=(WorklogHandlers(deciding), WorklogNoticeHandlers(notices)),
        deliveries={**carried_out.kinds(), **told.kinds()},
    )
