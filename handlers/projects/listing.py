"""The Projects section: opening it, narrowing it, ticking what is meant."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.errors import Vanished
from bot.domain.ids import IntegrationId
from bot.domain.projects.project_lists import LONGEST_SEARCH, ListQuery, Shown
from bot.services.projects.listing import ProjectLists
from bot.views.projects import listing as views
from bot.views.projects import place as projects_place
from bot.views.projects.place import Place
from bot.views.providers import Faces
from bot.views.searching import search_block
from handlers.asking import Ask, Click, Submission, row_id
from handlers.projects.page import place_of
from handlers.replies import OpenModal, Reply, UpdateModal
from handlers.routes import Routes

Continue = Callable[[Submission, Place], Reply]
"""What follows once everything that is meant is ticked."""


class ProjectsListHandlers:
    """Everybody's list; what is a member's to see, the service decides."""

    def __init__(self, lists: ProjectLists, faces: Faces, chosen: Continue) -> None:
        self._lists = lists
        self._faces = faces
        self._chosen = chosen

    def register(self, routes: Routes) -> None:
        """Buttons, selects and the form of ticks."""
        routes.click(views.OPEN, self.opened)
        routes.click(views.SEARCH, self.searched)
        routes.click(views.SHOWN, self.narrowed)
        routes.click(views.SITE, self.site_chosen)
        routes.click(views.PAGE, self.page_turned)
        routes.click(views.CHOOSE, self.choosing, admin=True)
        routes.click(views.ALL, self.all_ticked, admin=True)
        routes.click(views.NONE, self.none_ticked, admin=True)
        routes.click(views.BROWSE, self.browsing, admin=True)
        routes.submission(views.FORM, self.submitted)

    def opened(self, ask: Click) -> Reply:
        """*Projects*; inside the section, *Back to the list*."""
        place = projects_place.read(ask.metadata)
        if place is not None:
            return self.listed(ask, place.query)
        kind, _, site = ask.value.partition(":")
        shown = Shown(kind) if kind in set(Shown) else Shown.IN_USE
        query = ListQuery(shown, IntegrationId(row_id(site)) if site else None)
        page = self._lists.page(who=ask.who, query=query, now=ask.now)
        return OpenModal(views.projects_list(page, self._faces))

    def searched(self, ask: Click) -> Reply:
        """*Enter* in the search."""
        text = ask.value[:LONGEST_SEARCH]
        return self.listed(ask, replace(self._kept(ask), text=text, page=0))

    def narrowed(self, ask: Click) -> Reply:
        """Another kind of projects."""
        if ask.value not in set(Shown):
            raise Vanished("list")
        query = replace(self._kept(ask), shown=Shown(ask.value), page=0)
        if query.shown is Shown.INTERNAL:
            query = replace(query, integration_id=None)
        return self.listed(ask, query)

    def site_chosen(self, ask: Click) -> Reply:
        """One integration, or all of them."""
        chosen = row_id(ask.value)
        there = IntegrationId(chosen) if chosen else None
        return self.listed(ask, replace(self._kept(ask), integration_id=there, page=0))

    def page_turned(self, ask: Click) -> Reply:
        """*Previous* and *Next*."""
        return self.listed(ask, replace(self._kept(ask), page=row_id(ask.value)))

    def choosing(self, ask: Click) -> Reply:
        """*Choose several*."""
        page = self._lists.start_choosing(who=ask.who, query=place_of(ask).query, now=ask.now)
        return UpdateModal(views.projects_list(page, self._faces))

    def all_ticked(self, ask: Click) -> Reply:
        """*Tick all*, on every page."""
        query = self._kept(ask)
        self._lists.tick_all(who=ask.who, query=query)
        return self.listed(ask, query)

    def none_ticked(self, ask: Click) -> Reply:
        """*Clear*."""
        query = place_of(ask).query
        self._lists.clear(who=ask.who, query=query)
        return self.listed(ask, query)

    def browsing(self, ask: Click) -> Reply:
        """*Stop choosing*."""
        return self.listed(ask, replace(place_of(ask).query, selection=None))

    def submitted(self, ask: Submission) -> Reply:
        """*Search*; while choosing, *Continue*: what can be done with what is ticked."""
        query = self._kept(ask)
        if query.selection is not None:
            return self._chosen(ask, Place(query))
        text = ask.fields.text(search_block(ask.fields.blocks()))[:LONGEST_SEARCH]
        return self.listed(ask, replace(query, text=text, page=0))

    def listed(self, ask: Ask, query: ListQuery, note: str = "") -> UpdateModal:
        """A page of the list, in place of what the form shows."""
        page = self._lists.page(who=ask.who, query=query, now=ask.now)
        return UpdateModal(views.projects_list(page, self._faces, note=note))

    def _kept(self, ask: Click | Submission) -> ListQuery:
        """Where the list stands, once the ticks of the visible page are saved."""
        query = place_of(ask).query
        if query.selection is None:
            return query
        shown, ticked = ask.fields.ticks()
        if shown:
            self._lists.tick(who=ask.who, query=query, shown=shown, ticked=ticked)
        return query
