"""An integration's webhooks, for admins."""

from bot.domain.ids import IntegrationId
from bot.domain.values import dataclass
from bot.services.sync.hook_setup import HookSetup
from bot.views.providers import Faces
from bot.views.sync import hooks as views
from handlers.asking import Click, row_id
from handlers.replies import OpenModal, Reply
from handlers.routes import Routes


@dataclass(frozen=True, slots=True)
class HookHandlers:
    """What leads to the form that says how they are."""

    setup: HookSetup
    faces: Faces

    def register(self, routes: Routes) -> None:
        """*Webhooks*, among an integration's settings."""
        routes.click(views.SHOW, self.shown, admin=True)

    def shown(self, ask: Click) -> Reply:
        """How they are, and what to enter where."""
        found = self.setup.show(
            who=ask.who, integration_id=IntegrationId(row_id(ask.value)), now=ask.now
        )
        return OpenModal(views.standing(found, self.faces))
