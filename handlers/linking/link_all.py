"""``/link all`` and *Connect all*: what it will do, page by page, and doing it."""

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId
from bot.domain.linking.integrations import Integration
from bot.domain.linking.linking import IntegrationUnknown
from bot.services.linking.connecting import Connecting
from bot.services.linking.link_all import ConnectAll
from bot.views.linking import link_all as views
from bot.views.message import Modal
from bot.views.providers import Faces
from handlers.asking import Ask, Click, Command, Submission, row_id
from handlers.grammar.link_values import LinkAll
from handlers.replies import CloseModals, OpenModal, Reply, UpdateModal
from handlers.routes import Routes


class LinkAllHandlers:
    """The preview and its confirmation."""

    def __init__(self, every: ConnectAll, connecting: Connecting, faces: Faces) -> None:
        self._every = every
        self._connecting = connecting
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons and the form; the command comes through ``/link``."""
        routes.click(views.ALL, self.clicked, admin=True)
        routes.click(views.PAGE, self.page_turned, admin=True)
        routes.submission(views.ALL, self.confirmed, admin=True)

    def command(self, ask: Command, command: LinkAll) -> Reply:
        """``/link all [integration]``: shows what it will do."""
        found = self._connecting.named(who=ask.who, text=command.integration)
        if not found:
            raise IntegrationUnknown(command.integration)
        return OpenModal(self._form(ask, found))

    def clicked(self, ask: Click) -> Reply:
        """*Connect all*, of one integration or of every one."""
        return self.preview(ask, [IntegrationId(row_id(ask.value))] if ask.value else None)

    def preview(self, ask: Ask, chosen: list[IntegrationId] | None) -> Reply:
        """What it would do with these integrations, or with every one."""
        return OpenModal(self._form(ask, self._of(ask, chosen)))

    def page_turned(self, ask: Click) -> Reply:
        """*Next* and *Previous*, as things stand at this moment."""
        found = self._of(ask, _ids(ask.metadata))
        return UpdateModal(self._form(ask, found, row_id(ask.value)))

    def confirmed(self, ask: Submission) -> Reply:
        """Does it, as things stand at this moment."""
        made, plan = self._every.connect(who=ask.who, integrations=_ids(ask.metadata), now=ask.now)
        return CloseModals(views.done(made, plan))

    def _of(self, ask: Ask, chosen: list[IntegrationId] | None) -> list[Integration]:
        every = self._connecting.every(who=ask.who)
        found = [one for one in every if chosen is None or one.id in chosen]
        if chosen and not found:
            raise Vanished("integration")
        return found

    def _form(self, ask: Ask, found: list[Integration], page: int = 0) -> Modal:
        plan = self._every.preview(who=ask.who, integrations=[one.id for one in found])
        return views.form(self._faces, plan, found, page)


def _ids(metadata: str) -> list[IntegrationId]:
    return [IntegrationId(row_id(one)) for one in metadata.split(",") if one]
