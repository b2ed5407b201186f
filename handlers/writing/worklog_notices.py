"""The button of the message about time that could not be written."""

from bot.domain.ids import IntegrationId
from bot.services.writing.notices import WorklogNotices
from bot.views.writing.worklog_notices import RETRY_MINE
from bot.views.writing.worklogs import mine_tried_again
from handlers.asking import Click, row_id
from handlers.replies import Ephemeral, Reply
from handlers.routes import Routes


class WorklogNoticeHandlers:
    """What people do about it."""

    def __init__(self, notices: WorklogNotices) -> None:
        self._notices = notices

    def register(self, routes: Routes) -> None:
        """The one button."""
        routes.click(RETRY_MINE, self.retried)

    def retried(self, ask: Click) -> Reply:
        """*Write again*; the message says by itself how it went."""
        integration_id = IntegrationId(row_id(ask.value))
        number = self._notices.retry(who=ask.who, integration_id=integration_id, now=ask.now)
        return Ephemeral(mine_tried_again(number))
