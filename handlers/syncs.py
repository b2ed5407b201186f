"""The button in the message about a broken integration."""

from bot.domain.ids import IntegrationId
from bot.services.syncing import Syncing
from handlers.asking import Click
from handlers.replies import Nothing, Reply
from handlers.routes import Routes


class Syncs:
    """Trying an integration again."""

    def __init__(self, syncing: Syncing) -> None:
        self._syncing = syncing

    def register(self, routes: Routes) -> None:
        """Takes the button."""
        routes.click("sync.now", self.now, admin=True)

    def now(self, ask: Click) -> Reply:
        """Begins a sync; its report comes as a direct message."""
        self._syncing.wish(who=ask.who, integration_id=IntegrationId(int(ask.value)), now=ask.now)
        return Nothing()
