"""The buttons under an announcement, and the form behind *Link to...*."""

from collections.abc import Callable
from typing import TypeVar

from bot.domain.errors import AlreadyDone, NotPossible
from bot.domain.ids import AnnouncementId, ProjectId, ProviderProjectId
from bot.services.announcing import Announcing
from bot.services.linking import Linking
from bot.views import announcements as views
from bot.views.message import Message
from handlers.asking import Ask, Click, Lookup, Submission
from handlers.replies import (
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    Nothing,
    OpenModal,
    Reply,
)
from handlers.routes import Routes

Result = TypeVar("Result")


class Announcements:
    """Admins act on announced projects; the message in the channel changes for everybody."""

    def __init__(self, announcing: Announcing, linking: Linking) -> None:
        self._announcing = announcing
        self._linking = linking

    def register(self, routes: Routes) -> None:
        """Takes the buttons and the form."""
        routes.click("announce.link_to", self.link_to, admin=True)
        routes.click("announce.create", self.create, admin=True)
        routes.click("announce.ignore", self.ignore, admin=True)
        routes.click("announce.unignore", self.unignore, admin=True)
        routes.click("announce.post_again", self.post_again, admin=True)
        routes.lookup(views.PICK_PROJECT, self.projects, admin=True)
        routes.submission(views.LINK_FORM, self.link, admin=True)

    def link_to(self, ask: Click) -> Reply:
        """Opens the form, unless somebody decided before."""
        row = ProviderProjectId(int(ask.value))
        name = self._or_refresh(
            ask, row, lambda: self._announcing.waiting(who=ask.who, provider_project_id=row)
        )
        return OpenModal(views.link_form(name, row))

    def projects(self, ask: Lookup) -> Reply:
        """Projects whose name or code holds what is typed."""
        return Choices(views.project_options(self._linking.targets(who=ask.who, text=ask.query)))

    def link(self, ask: Submission) -> Reply:
        """Links to the chosen project."""
        chosen = ask.fields.choice(views.PICK_PROJECT)
        if not chosen:
            return FieldErrors({views.PICK_PROJECT: "Choose a project."})
        row, project = ProviderProjectId(int(ask.metadata)), ProjectId(int(chosen))
        self._or_refresh(
            ask,
            row,
            lambda: self._linking.link(
                who=ask.who, provider_project_id=row, project_id=project, now=ask.now
            ),
        )
        return CloseModals()

    def create(self, ask: Click) -> Reply:
        """Makes a project of the same name, or goes back to its former one."""
        row = ProviderProjectId(int(ask.value))
        self._or_refresh(
            ask,
            row,
            lambda: self._linking.link(who=ask.who, provider_project_id=row, now=ask.now),
        )
        return Nothing()

    def ignore(self, ask: Click) -> Reply:
        """Sets a provider project aside."""
        row = ProviderProjectId(int(ask.value))
        self._or_refresh(
            ask,
            row,
            lambda: self._linking.ignore(who=ask.who, provider_project_id=row, now=ask.now),
        )
        return Nothing()

    def unignore(self, ask: Click) -> Reply:
        """Takes that back."""
        row = ProviderProjectId(int(ask.value))
        self._or_refresh(
            ask,
            row,
            lambda: self._linking.notice_again(who=ask.who, provider_project_id=row, now=ask.now),
        )
        return Nothing()

    def post_again(self, ask: Click) -> Reply:
        """A person saw that an announcement did not arrive."""
        self._announcing.post_again(
            who=ask.who, announcement_id=AnnouncementId(int(ask.value)), now=ask.now
        )
        return Ephemeral(Message("It is being posted again."))

    def _or_refresh(self, ask: Ask, row: ProviderProjectId, work: Callable[[], Result]) -> Result:
        """Who clicked on something out of date hears what happened, and the message catches up."""
        try:
            return work()
        except (AlreadyDone, NotPossible):
            self._announcing.refresh(ask.who.team_id, row, ask.now)
            raise
