"""*Run history*: what became of an integration's last syncs."""

from bot.domain.ids import IntegrationId
from bot.services.sync.run_history import RunHistories
from bot.views.message import Modal
from bot.views.projects.summary import RUNS
from bot.views.providers import Faces
from bot.views.sync import run_history as views
from handlers.asking import Click, row_id
from handlers.replies import OpenModal, Reply, UpdateModal
from handlers.routes import Routes


class RunHistoryHandlers:
    """On top of whatever it was opened from."""

    def __init__(self, histories: RunHistories, faces: Faces) -> None:
        self._histories = histories
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Its buttons."""
        routes.click(RUNS, self.opened, admin=True)
        routes.click(views.PAGE, self.page_turned, admin=True)

    def opened(self, ask: Click) -> Reply:
        """*Run history*."""
        return OpenModal(self._page(ask, row_id(ask.value), 0))

    def page_turned(self, ask: Click) -> Reply:
        """*Older* and *Newer*."""
        integration, _, page = ask.value.partition(":")
        return UpdateModal(self._page(ask, row_id(integration), row_id(page)))

    def _page(self, ask: Click, integration_id: int, page: int) -> Modal:
        found = self._histories.page(
            who=ask.who, integration_id=IntegrationId(integration_id), page=page
        )
        return views.history(found, self._faces)
