"""The features about writing time back to the tools that tasks come from."""

from collections.abc import Mapping

from bot.domain.values import dataclass
from bot.jobs.adapters import Adapters
from bot.jobs.deliveries.worklog_notices import WorklogNoticeDeliveries
from bot.jobs.deliveries.worklogs import WorklogDeliveries
from bot.jobs.outbox import Delivery
from bot.services.tasks.typed import ProviderName
from bot.services.writing.deciding import WorklogDeciding
from bot.services.writing.notices import WorklogNotices
from bot.services.writing.writing import Writing
from bot.wiring import Core, Makers
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


def build_writing(
    core: Core, makers: Makers, adapters: Adapters, *, provider_name: ProviderName
) -> WritingFeatures:
    """Joins them."""
    writing = Writing(core.uow, makers.new_marker)
    deciding = WorklogDeciding(core.uow, makers.new_marker, provider_name)
    carried_out = WorklogDeliveries(
        core.slack, core.pool, writing, deciding, adapters=adapters, clock=makers.clock
    )
    notices = WorklogNotices(core.uow, makers.new_marker)
    told = WorklogNoticeDeliveries(core.slack, core.pool, notices, makers.clock)
    return WritingFeatures(
        worklogs=WorklogHandlers(deciding),
        notices=WorklogNoticeHandlers(notices),
        deliveries={**carried_out.kinds(), **told.kinds()},
    )
