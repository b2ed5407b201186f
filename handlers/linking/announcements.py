"""The buttons under an announcement, and the form behind *Link to...*."""

from collections.abc import Callable
from typing import TypeVar

from bot.domain.errors import AlreadyDone, NotPossible, Vanished
from bot.domain.ids import AnnouncementId, IntegrationId, ProjectId, ProviderProjectId
from bot.domain.linking.linking import IntegrationDisconnected
from bot.domain.values import dataclass
from bot.services.linking.announcing import Announcing
from bot.services.linking.linking import Linking
from bot.views.field_errors import CHOOSE_PROJECT
from bot.views.linking import announcements as views
from bot.views.providers import Faces, tool
from handlers.asking import Ask, Click, Lookup, Submission, row_id
from handlers.linking.link_all import LinkAllHandlers
from handlers.linking.link_form import LinkFormHandlers
from handlers.replies import (
    Choices,
    CloseModals,
    Ephemeral,
    FieldErrors,
    Nothing,
    OpenModal,
    Reply,
    Update,
)
from handlers.routes import Routes

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Announcements:
    """Admins act on announced projects; the message in the channel changes for everybody."""

    announcing: Announcing
    linking: Linking
    every: LinkAllHandlers
    form: LinkFormHandlers
    faces: Faces

    def register(self, routes: Routes) -> None:
        """Takes the buttons and the form."""
        routes.click("announce.link_to", self.link_to, admin=True)
        routes.click("announce.create", self.create, admin=True)
        routes.click("announce.ignore", self.ignore, admin=True)
        routes.click("announce.unignore", self.unignore, admin=True)
        routes.click("announce.all", self.connect_all, admin=True)
        routes.click("announce.choose", self.choose, admin=True)
        routes.click("announce.post_again", self.post_again, admin=True)
        routes.lookup(views.PICK_PROJECT, self.projects, admin=True)
        routes.submission(views.LINK_FORM, self.link, admin=True)

    def link_to(self, ask: Click) -> Reply:
        """Opens the form, unless somebody decided before."""
        row = ProviderProjectId(row_id(ask.value))
        self._met(ask, self.announcing.naming(ask.who.team_id, row))
        name = self._or_refresh(
            ask, row, lambda: self.announcing.waiting(who=ask.who, provider_project_id=row)
        )
        return OpenModal(views.link_form(name, row))

    def projects(self, ask: Lookup) -> Reply:
        """Projects whose name or code holds what is typed."""
        return Choices(views.project_options(self.linking.targets(who=ask.who, text=ask.query)))

    def link(self, ask: Submission) -> Reply:
        """Links to the chosen project."""
        chosen = ask.fields.choice(views.PICK_PROJECT)
        if not chosen:
            return FieldErrors({views.PICK_PROJECT: CHOOSE_PROJECT})
        row, project = ProviderProjectId(row_id(ask.metadata)), ProjectId(row_id(chosen))
        self._or_refresh(
            ask,
            row,
            lambda: self.linking.link(
                who=ask.who, provider_project_id=row, project_id=project, now=ask.now
            ),
        )
        return CloseModals()

    def create(self, ask: Click) -> Reply:
        """Makes a project of the same name, or goes back to its former one."""
        return self._decided(
            ask,
            lambda row: self.linking.link(who=ask.who, provider_project_id=row, now=ask.now),
        )

    def ignore(self, ask: Click) -> Reply:
        """Sets a provider project aside."""
        return self._decided(
            ask,
            lambda row: self.linking.ignore(who=ask.who, provider_project_id=row, now=ask.now),
        )

    def unignore(self, ask: Click) -> Reply:
        """Takes that back."""
        return self._decided(
            ask,
            lambda row: self.linking.notice_again(
                who=ask.who, provider_project_id=row, now=ask.now
            ),
        )

    def connect_all(self, ask: Click) -> Reply:
        """*Connect all*: what it would do with the integration's projects."""
        return self.every.preview(ask, [self._integration(ask)])

    def choose(self, ask: Click) -> Reply:
        """*Choose*: the form that links several."""
        self._integration(ask)
        return OpenModal(self.form.form(ask.who))

    def post_again(self, ask: Click) -> Reply:
        """A person saw that an announcement did not arrive."""
        announcement_id = AnnouncementId(row_id(ask.value))
        self.announcing.post_again(who=ask.who, announcement_id=announcement_id, now=ask.now)
        return Ephemeral(views.POSTED_AGAIN)

    def _integration(self, ask: Click) -> IntegrationId:
        announcement_id = AnnouncementId(row_id(ask.value))
        self._met(ask, announcement_id)
        found = self.announcing.present(ask.who.team_id, announcement_id)
        if found is None:
            raise Vanished("announcement")
        if found.is_disconnected:
            raise IntegrationDisconnected(found.site_name)
        return found.integration_id

    def _decided(self, ask: Click, decide: Callable[[ProviderProjectId], object]) -> Reply:
        """Does it; a copy of the message that nobody keeps current is drawn here and now."""
        row = ProviderProjectId(row_id(ask.value))
        announcement_id = self.announcing.naming(ask.who.team_id, row)
        is_copy = self._met(ask, announcement_id)
        self._or_refresh(ask, row, lambda: decide(row))
        if announcement_id is None or not is_copy:
            return Nothing()
        found = self.announcing.present(ask.who.team_id, announcement_id)
        if found is None:
            return Nothing()
        known = self.faces.get(found.provider)
        icon = "" if known is None else known.icon
        return Update(views.announcement(found, tool(self.faces, found.provider), icon))

    def _met(self, ask: Click, announcement_id: AnnouncementId | None) -> bool:
        """The clicked message is known from now on; whether it is only a copy."""
        if announcement_id is None or ask.message_ts is None or ask.channel_id is None:
            return False
        return self.announcing.met(
            ask.who.team_id,
            announcement_id,
            channel_id=ask.channel_id,
            ts=ask.message_ts,
            now=ask.now,
        )

    def _or_refresh(self, ask: Ask, row: ProviderProjectId, work: Callable[[], Result]) -> Result:
        """Who clicked on something out of date hears what happened, and the message catches up."""
        try:
            return work()
        except (AlreadyDone, NotPossible):
            self.announcing.refresh(ask.who.team_id, row, ask.now)
            raise
