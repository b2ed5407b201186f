"""*Start fresh instead*, after a link was resumed (L7)."""

from bot.domain.ids import ProviderProjectId
from bot.services.linking.starting_fresh import StartingFresh
from bot.services.linking.unlinking import Unlinking
from bot.views.linking import link_fresh as views
from bot.views.linking import linking as outcomes
from handlers.asking import Click, Submission, row_id
from handlers.replies import CloseModals, OpenModal, Reply
from handlers.routes import Routes


class FreshHandlers:
    """The question and the answer."""

    def __init__(self, fresh: StartingFresh, unlinking: Unlinking) -> None:
        self._fresh = fresh
        self._unlinking = unlinking

    def register(self, routes: Routes) -> None:
        """The button and the form."""
        routes.click(views.FRESH, self.clicked, admin=True)
        routes.submission(views.FRESH, self.confirmed, admin=True)

    def clicked(self, ask: Click) -> Reply:
        """What it would do."""
        ids = [ProviderProjectId(row_id(ask.value))]
        preview = self._unlinking.preview(who=ask.who, provider_project_ids=ids, now=ask.now)
        return OpenModal(views.form(preview))

    def confirmed(self, ask: Submission) -> Reply:
        """Does it."""
        made = self._fresh.start(
            who=ask.who, provider_project_id=ProviderProjectId(row_id(ask.metadata)), now=ask.now
        )
        return CloseModals(outcomes.linked([made]))
