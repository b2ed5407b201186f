"""Buttons about what was written to tools: trying again, and deciding which version counts."""

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId, WorklogId
from bot.domain.writing.worklogs import Choice
from bot.services.writing.deciding import WorklogDeciding
from bot.views.writing import worklogs as views
from handlers.asking import Click, row_id
from handlers.replies import Ephemeral, OpenModal, Reply, Update, UpdateModal
from handlers.routes import Routes


class WorklogHandlers:
    """What people do about records."""

    def __init__(self, deciding: WorklogDeciding) -> None:
        self._deciding = deciding

    def register(self, routes: Routes) -> None:
        """Everything that can be clicked."""
        routes.click(views.RETRY, self.retried)
        routes.click(views.RETRY_ALL, self.all_retried, admin=True)
        routes.click(views.DECIDE, self.opened)
        routes.click(views.CHOOSE, self.chosen)

    def retried(self, ask: Click) -> Reply:
        """*Write again*, beside an entry."""
        worklog_id = WorklogId(row_id(ask.value))
        done = self._deciding.retry(who=ask.who, worklog_id=worklog_id, now=ask.now)
        return Ephemeral(views.tried_again(done))

    def all_retried(self, ask: Click) -> Reply:
        """*Write again*, in the Overview."""
        integration_id = IntegrationId(row_id(ask.value))
        number = self._deciding.retry_all(who=ask.who, integration_id=integration_id, now=ask.now)
        return Ephemeral(views.all_tried_again(number))

    def opened(self, ask: Click) -> Reply:
        """Both versions, over whatever is open."""
        worklog_id = WorklogId(row_id(ask.value))
        found = self._deciding.conflict(who=ask.who, worklog_id=worklog_id, now=ask.now)
        own = found.owner == ask.who.slack_user_id
        return OpenModal(views.question_form(found, own=own))

    def chosen(self, ask: Click) -> Reply:
        """One of the versions, in the direct message or in the form."""
        number, _, word = ask.value.partition(".")
        if word not in set(Choice):
            raise Vanished("button")
        done = self._deciding.decide(
            who=ask.who,
            worklog_id=WorklogId(row_id(number)),
            choice=Choice(word),
            now=ask.now,
            elsewhere=ask.view_id is not None,
        )
        if ask.view_id is not None:
            return UpdateModal(views.decided_form(done))
        return Update(views.decided(done))
