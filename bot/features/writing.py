"""The features about writing time back to the tools that tasks come from."""

from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.features.ground import Ground
from bot.jobs.deliveries.worklog_notices import WorklogNoticeDeliveries
from bot.jobs.deliveries.worklogs import WorklogDeliveries
from bot.jobs.outbox import Delivery
from bot.services.writing.deciding import WorklogDeciding
from bot.services.writing.notices import WorklogNotices
from bot.services.writing.writing import Writing
from handlers.routes import Routes
from handlers.writing.worklog_notices import WorklogNoticeHandlers
from handlers.writing.worklogs import WorklogHandlers


@dataclass(frozen=True, slots=True)
class WritingFeatures:
    """What the others need of them."""

    worklogs: WorklogHandlers
    notices: WorklogNoticeHandlers
    deliveries: Mapping[str, Delivery]

    def register(self, routes: Routes) -> None:
        """Every button."""
        self.worklogs.register(routes)
        self.notices.register(routes)


def build_writing(ground: Ground) -> WritingFeatures:
    """Joins them."""
    uow, pool, slack = ground.core.uow, ground.pool, ground.slack
    writing = Writing(uow, ground.new_marker)
    deciding = WorklogDeciding(uow, ground.new_marker, ground.provider_name)
    carried_out = WorklogDeliveries(
        slack, pool, writing, deciding, adapters=ground.adapters, clock=ground.clock
    )
    notices = WorklogNotices(uow, ground.new_marker)
    told = WorklogNoticeDeliveries(slack, pool, notices, ground.clock)
    return WritingFeatures(
        worklogs=WorklogHandlers(deciding),
        notices=WorklogNoticeHandlers(notices),
        deliveries={**carried_out.kinds(), **told.kinds()},
    )
