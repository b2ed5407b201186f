"""What is done with everything that is ticked: the question first, then the result in its place."""

from collections.abc import AsyncIterator
from contextlib import suppress

from bot.domain.ids import ProjectId, SlackUserId
from bot.domain.projects.projects import AddedAndRemoved, PeopleWish
from bot.domain.slack_errors import SlackError
from bot.domain.values import dataclass
from bot.services.linking.link_all import ConnectAll
from bot.services.pool import Pool
from bot.services.projects.archiving import ProjectArchiving
from bot.services.projects.deciding import ProjectDeciding
from bot.services.projects.listing import ProjectLists
from bot.services.projects.memberships import ProjectMembership
from bot.services.sync.asking import SyncAsking
from bot.views.field_errors import plain_sentence
from bot.views.linking import link_all
from bot.views.projects import chosen as views
from bot.views.projects import forms
from bot.views.projects import people as people_views
from bot.views.projects import summary as summaries
from bot.views.projects.place import Place, Room
from handlers.asking import Ask, Click, Fields, Submission, row_id
from handlers.projects.page import ProjectsHandlers, place_of
from handlers.replies import FieldErrors, Reply, UpdateModal
from handlers.routes import Routes
from handlers.whom import Refresh


@dataclass(frozen=True, slots=True)
class Deeds:
    """What can be done with one project or many."""

    archiving: ProjectArchiving
    membership: ProjectMembership
    deciding: ProjectDeciding
    linking: ConnectAll
    syncs: SyncAsking


class ProjectsChosenHandlers:
    """Forms that serve one project and many alike."""

    def __init__(
        self,
        lists: ProjectLists,
        deeds: Deeds,
        one: ProjectsHandlers,
        *,
        refresh_people: Refresh,
        pool: Pool,
    ) -> None:
        self._lists = lists
        self._deeds = deeds
        self._one = one
        self._refresh = refresh_people
        self._pool = pool

    def register(self, routes: Routes) -> None:
        """Buttons and forms."""
        routes.click(views.CHOSEN, self.chosen_clicked, admin=True)
        routes.click(summaries.PEOPLE, self.people_clicked, admin=True)
        routes.submission(summaries.PEOPLE, self.people_changed, admin=True)
        routes.click(summaries.ARCHIVE, self.archive_clicked, admin=True)
        routes.submission(summaries.ARCHIVE, self.archived, admin=True)
        routes.click(summaries.RESTORE, self.restore_clicked, admin=True)
        routes.submission(summaries.RESTORE, self.restored, admin=True)
        routes.click(views.RESYNC, self.resync_clicked, admin=True)
        routes.click(views.LINK, self.link_clicked, admin=True)
        routes.submission(views.LINK, self.linked, admin=True)
        routes.click(views.IGNORE, self.ignore_clicked, admin=True)
        routes.submission(views.IGNORE, self.ignored, admin=True)
        routes.click(views.NOTICE, self.notice_clicked, admin=True)

    def chosen(self, ask: Ask, place: Place, note: str = "") -> Reply:
        """What can be done with what is ticked."""
        found = self._lists.chosen(who=ask.who, query=place.query)
        return UpdateModal(views.chosen(found, place, note=note))

    def chosen_clicked(self, ask: Click) -> Reply:
        """*Back*, from a question."""
        return self.chosen(ask, place_of(ask))

    # People

    def people_clicked(self, ask: Click) -> Reply:
        """*Change people*."""
        place = from_button(ask)
        ids = self.projects(ask, place)
        found = self._deeds.membership.form(who=ask.who, project_ids=ids)
        return UpdateModal(people_views.people_form(found, place))

    async def people_changed(self, ask: Submission) -> AsyncIterator[Reply]:
        """*Save*; Slack's list is asked for whom we have not met yet."""
        wish = _wish(ask.fields)
        strangers = await self._pool(
            self._deeds.membership.strangers, who=ask.who, users=wish.everybody
        )
        if strangers:
            # Where Slack does not answer, those whom we know are served, and the others told of.
            with suppress(SlackError):
                await self._refresh(ask.who.team_id)
        yield await self._pool(self._change, ask, wish)

    def _change(self, ask: Submission, wish: PeopleWish) -> Reply:
        place = place_of(ask)
        ids = self.projects(ask, place)
        try:
            done = self._deeds.membership.change(
                who=ask.who, project_ids=ids, wish=wish, now=ask.now
            )
        except AddedAndRemoved as error:
            return FieldErrors({people_views.REMOVE: plain_sentence(error)})
        return self.result(ask, place, people_views.people_changed(done))

    # Archiving

    def archive_clicked(self, ask: Click) -> Reply:
        """*Archive...*: what it will do."""
        place = from_button(ask)
        ids = self.projects(ask, place)
        preview = self._deeds.archiving.preview(who=ask.who, project_ids=ids, now=ask.now)
        return UpdateModal(forms.archive_form(preview, place))

    def archived(self, ask: Submission) -> Reply:
        """*Archive*."""
        place = place_of(ask)
        ids = self.projects(ask, place)
        done = self._deeds.archiving.archive(who=ask.who, project_ids=ids, now=ask.now)
        return self.result(ask, place, forms.archived(done))

    def restore_clicked(self, ask: Click) -> Reply:
        """*Bring back*: at once for one project, after a question for many."""
        place = from_button(ask)
        ids = self.projects(ask, place)
        if place.room is not Room.PROJECT:
            preview = self._deeds.archiving.preview(who=ask.who, project_ids=ids, now=ask.now)
            return UpdateModal(forms.restore_form(preview, place))
        done = self._deeds.archiving.restore(who=ask.who, project_ids=ids, now=ask.now)
        return self.result(ask, place, forms.restored(done))

    def restored(self, ask: Submission) -> Reply:
        """*Bring back*, of many."""
        place = place_of(ask)
        ids = self.projects(ask, place)
        done = self._deeds.archiving.restore(who=ask.who, project_ids=ids, now=ask.now)
        return self.result(ask, place, forms.restored(done))

    # The tools

    def resync_clicked(self, ask: Click) -> Reply:
        """*Resync tasks*, of everything that is ticked."""
        place = place_of(ask)
        ids = self.projects(ask, place)
        asked = self._deeds.syncs.ask_for(who=ask.who, project_ids=ids, now=ask.now)
        return self.chosen(ask, place, views.resynced(asked))

    def link_clicked(self, ask: Click) -> Reply:
        """*Link...*: what it will do."""
        place = place_of(ask)
        ids = self._lists.source_ids(who=ask.who, query=place.query)
        plan = self._deeds.linking.preview(who=ask.who, only=ids)
        return UpdateModal(views.link_form(plan, place))

    def linked(self, ask: Submission) -> Reply:
        """*Link*, as things stand at this moment."""
        place = place_of(ask)
        ids = self._lists.source_ids(who=ask.who, query=place.query)
        made, plan = self._deeds.linking.connect(who=ask.who, only=ids, now=ask.now)
        return self.chosen(ask, place, link_all.done(made, plan).text)

    def ignore_clicked(self, ask: Click) -> Reply:
        """*Ignore...*: what it will do."""
        place = place_of(ask)
        found = self._lists.chosen(who=ask.who, query=place.query)
        return UpdateModal(views.ignore_form(found, place))

    def ignored(self, ask: Submission) -> Reply:
        """*Ignore*."""
        place = place_of(ask)
        ids = self._lists.source_ids(who=ask.who, query=place.query)
        number = self._deeds.deciding.ignore(who=ask.who, ids=ids, now=ask.now)
        return self.chosen(ask, place, views.ignored(number))

    def notice_clicked(self, ask: Click) -> Reply:
        """*Stop ignoring*."""
        place = place_of(ask)
        ids = self._lists.source_ids(who=ask.who, query=place.query)
        number = self._deeds.deciding.notice(who=ask.who, ids=ids, now=ask.now)
        return self.chosen(ask, place, views.noticed(number))

    # What the forms share

    def projects(self, ask: Ask, place: Place) -> list[ProjectId]:
        """The one project of the page, or all that are ticked."""
        if place.room is Room.PROJECT:
            return [ProjectId(place.id)]
        return self._lists.project_ids(who=ask.who, query=place.query)

    def result(self, ask: Ask, place: Place, note: str) -> Reply:
        """What was done, where it was asked for."""
        if place.room is Room.PROJECT:
            return UpdateModal(self._one.page(ask, place, ProjectId(place.id), note))
        return self.chosen(ask, place, note)


def from_button(ask: Click) -> Place:
    """A project's own button names it; that of many names none."""
    place = place_of(ask)
    if ask.value:
        return place.at(Room.PROJECT, row_id(ask.value))
    return place.at(Room.CHOSEN)


def _wish(fields: Fields) -> PeopleWish:
    def users(block: str) -> tuple[SlackUserId, ...]:
        return tuple(SlackUserId(one) for one in fields.choices(block))

    one = people_views.MANAGERS in fields.blocks()
    return PeopleWish(
        users(people_views.ADD),
        users(people_views.REMOVE),
        users(people_views.MANAGERS) if one else None,
    )
