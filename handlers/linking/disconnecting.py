"""*Disconnect* in an integration's settings, and *Link them again* when it is back."""

from bot.domain.ids import IntegrationId
from bot.services.linking.disconnecting import Disconnecting
from bot.views.linking import disconnecting as views
from bot.views.linking.integration_saved import in_form
from bot.views.providers import Faces
from handlers.asking import Click, Submission, row_id
from handlers.linking import write_back
from handlers.replies import CloseModals, OpenModal, Reply, Update, UpdateModal
from handlers.routes import Routes


class DisconnectHandlers:
    """The question, the answer, and the way back."""

    def __init__(self, disconnecting: Disconnecting, faces: Faces) -> None:
        self._disconnecting = disconnecting
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons and the form."""
        routes.click(views.DISCONNECT, self.clicked, admin=True)
        routes.click(views.RESUME, self.resumed, admin=True)
        routes.submission(views.DISCONNECT, self.confirmed, admin=True)

    def clicked(self, ask: Click) -> Reply:
        """*Disconnect...*: what it would do."""
        found = self._disconnecting.preview(
            who=ask.who, integration_id=IntegrationId(row_id(ask.value)), now=ask.now
        )
        return OpenModal(views.form(found, self._faces))

    def confirmed(self, ask: Submission) -> Reply:
        """Does it, as things stand at this moment."""
        done = self._disconnecting.disconnect(
            who=ask.who,
            integration_id=IntegrationId(row_id(ask.metadata)),
            now=ask.now,
            writes_owed=write_back.writes_owed(ask.fields),
        )
        return CloseModals(views.disconnected(done, self._faces))

    def resumed(self, ask: Click) -> Reply:
        """*Link them again*."""
        made = self._disconnecting.resume(
            who=ask.who, integration_id=IntegrationId(row_id(ask.value)), now=ask.now
        )
        message = views.resumed(made)
        return Update(message) if ask.view_id is None else UpdateModal(in_form(message))
