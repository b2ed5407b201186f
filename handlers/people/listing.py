"""The list of people: narrowing it, ticking whom one means, and what is done to them."""

from dataclasses import replace

from bot.domain.errors import Vanished
from bot.domain.ids import AccountLinkId, IntegrationId
from bot.domain.people.people_lists import (
    LONGEST_SEARCH,
    BatchAction,
    NobodySelected,
    PeopleQuery,
    SelectionChanged,
    Shown,
)
from bot.services.people.account_links import AccountLinks
from bot.services.people.approvals import Approvals
from bot.services.people.batches import PeopleBatches
from bot.services.people.invitations import Invitations
from bot.services.people.listing import PeopleLists
from bot.views import failures
from bot.views.message import Message
from bot.views.people import accounts as own_views
from bot.views.people import approvals as approval_views
from bot.views.people import batches as batch_views
from bot.views.people import listing as views
from bot.views.people import place as people_place
from bot.views.people.draft import is_draft
from bot.views.people.place import Place
from bot.views.providers import Faces
from bot.views.searching import search_block
from handlers.asking import Ask, Click, Submission, row_id
from handlers.people.accounts import in_place
from handlers.replies import OpenModal, Reply, UpdateModal
from handlers.routes import Routes


class PeopleListHandlers:
    """What admins see of everybody, and do about it."""

    def __init__(
        self,
        *,
        lists: PeopleLists,
        batches: PeopleBatches,
        links: AccountLinks,
        invitations: Invitations,
        approvals: Approvals,
        faces: Faces,
    ) -> None:
        self._lists = lists
        self._batches = batches
        self._links = links
        self._invitations = invitations
        self._approvals = approvals
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons, selects and forms."""
        routes.click(approval_views.STATUS, self.opened, admin=True)
        routes.click(views.PAGE, self.page_turned, admin=True)
        routes.click(views.SHOWN, self.narrowed, admin=True)
        routes.click(views.SITE, self.site_chosen, admin=True)
        routes.click(views.SEARCH, self.searched, admin=True)
        routes.click(views.CHOOSE, self.choosing, admin=True)
        routes.click(views.ALL, self.all_ticked, admin=True)
        routes.click(views.NONE, self.none_ticked, admin=True)
        routes.click(views.BROWSE, self.browsing, admin=True)
        routes.submission(views.FORM, self.submitted, admin=True)
        routes.click(batch_views.ACT, self.acting, admin=True)
        routes.click(batch_views.BACK, self.back, admin=True)
        routes.submission(batch_views.DO, self.done, admin=True)
        routes.click(views.WITHDRAW, self.withdrawn, admin=True)
        routes.click(approval_views.APPROVE, self.approved, admin=True)
        routes.click(approval_views.REFUSE, self.refused, admin=True)
        routes.click(own_views.DISCONNECT, self.disconnected)

    # The list

    def opened(self, ask: Click) -> Reply:
        """*See people*; on top of *Add users*, whose draft is not lost."""
        query = PeopleQuery(IntegrationId(row_id(ask.value)))
        if is_draft(ask.metadata):
            place = Place(query, on_top=True)
            page = self._lists.page(ask.who, query)
            return OpenModal(views.people_list(page, place, self._faces))
        return self._listed(ask, Place(query))

    def page_turned(self, ask: Click) -> Reply:
        """*Previous* and *Next*."""
        place = self._kept(ask)
        return self._listed(ask, place, page=row_id(ask.value))

    def narrowed(self, ask: Click) -> Reply:
        """Only some states."""
        if ask.value not in set(Shown):
            raise Vanished("list")
        return self._listed(ask, self._kept(ask), shown=Shown(ask.value), page=0)

    def site_chosen(self, ask: Click) -> Reply:
        """Another tool or site; ticks belong to one."""
        query = PeopleQuery(IntegrationId(row_id(ask.value)), turn=_place(ask).query.turn)
        return self._listed(ask, replace(_place(ask), query=query))

    def searched(self, ask: Click) -> Reply:
        """*Enter* in the search."""
        return self._listed(ask, self._kept(ask), words=ask.value[:LONGEST_SEARCH], page=0)

    def choosing(self, ask: Click) -> Reply:
        """*Choose several*."""
        place = _place(ask)
        page = self._lists.start_choosing(ask.who, place.query, ask.now)
        return UpdateModal(views.people_list(page, place, self._faces))

    def all_ticked(self, ask: Click) -> Reply:
        """*Tick all*, on every page."""
        place = self._kept(ask)
        self._lists.tick_all(ask.who, place.query)
        return self._listed(ask, place)

    def none_ticked(self, ask: Click) -> Reply:
        """*Clear*."""
        place = _place(ask)
        self._lists.clear(ask.who, place.query)
        return self._listed(ask, place)

    def browsing(self, ask: Click) -> Reply:
        """*Stop choosing*."""
        return self._listed(ask, _place(ask), selection=None)

    def submitted(self, ask: Submission) -> Reply:
        """*Search*, or *Continue*: what can be done to everybody who is ticked."""
        place = self._kept(ask)
        words = ask.fields.text(search_block(ask.fields.blocks()))[:LONGEST_SEARCH]
        if place.query.selection is None or words != place.query.words:
            return self._listed(ask, place, words=words, page=0)
        try:
            found = self._batches.chosen(ask.who, place.query)
        except NobodySelected as nobody:
            return self._listed(ask, place, note=failures.sentence(nobody).text)
        return UpdateModal(batch_views.chosen(found, place, self._faces))

    # Many at once

    def acting(self, ask: Click) -> Reply:
        """One of the actions: what it would do."""
        if ask.value not in set(BatchAction):
            raise Vanished("button")
        return self._preview(ask, _place(ask), BatchAction(ask.value))

    def _preview(self, ask: Ask, place: Place, action: BatchAction, note: str = "") -> UpdateModal:
        found = self._batches.preview(ask.who, place.query, action, ask.now)
        there = replace(place, action=action, fingerprint=found.fingerprint)
        return UpdateModal(batch_views.preview(found, there, self._faces, note=note))

    def back(self, ask: Click) -> Reply:
        """*Back*: from the preview to the actions, from those to the list."""
        place = _place(ask)
        if place.action is None:
            return self._listed(ask, place)
        found = self._batches.chosen(ask.who, place.query)
        place = replace(place, action=None, fingerprint="")
        return UpdateModal(batch_views.chosen(found, place, self._faces))

    def done(self, ask: Submission) -> Reply:
        """The preview was confirmed."""
        place = _place(ask)
        if place.action is None:
            raise Vanished("form")
        try:
            done = self._batches.do(ask.who, place.query, place.action, place.fingerprint, ask.now)
        except SelectionChanged as changed:
            note = failures.sentence(changed).text
            return self._preview(ask, place, place.action, note)
        place = Place(replace(place.query, selection=None), place.on_top)
        return self._listed(ask, place, note=batch_views.done(done))

    # One at a time

    def withdrawn(self, ask: Click) -> Reply:
        """*Withdraw*."""
        link = self._invitations.withdraw(ask.who, AccountLinkId(row_id(ask.value)), ask.now)
        return self._settled(ask, approval_views.settled(link, self._faces))

    def approved(self, ask: Click) -> Reply:
        """*Approve*."""
        link_id, request = _pair(ask.value)
        done = self._approvals.approve(ask.who, link_id, request, ask.now)
        return self._settled(ask, approval_views.decided(done, self._faces))

    def refused(self, ask: Click) -> Reply:
        """*Refuse*."""
        link_id, request = _pair(ask.value)
        done = self._approvals.refuse(ask.who, link_id, request, ask.now)
        return self._settled(ask, approval_views.decided(done, self._faces))

    def disconnected(self, ask: Click) -> Reply:
        """*Disconnect*: one's own account, or by an admin somebody else's."""
        done = self._links.disconnect(ask.who, AccountLinkId(row_id(ask.value)), ask.now)
        if done.link.person.id == ask.who.id:
            return self._settled(ask, own_views.ended(done, self._faces))
        return self._settled(ask, approval_views.disconnected(done, self._faces))

    def _settled(self, ask: Click, message: Message) -> Reply:
        """The result in the list it was clicked in, else in the message's place."""
        place = people_place.read(ask.metadata)
        if place is None:
            return in_place(ask, message)
        return self._listed(ask, place, note=message.text)

    def _listed(self, ask: Ask, place: Place, *, note: str = "", **changes: object) -> UpdateModal:
        """A page of the list, in place of what the form shows."""
        query = replace(place.query, **changes)  # type: ignore[arg-type] # fields of the query
        page = self._lists.page(ask.who, query)
        return UpdateModal(views.people_list(page, place, self._faces, note=note))

    def _kept(self, ask: Click | Submission) -> Place:
        """Where the list stands, once the ticks of the visible page are saved."""
        place = _place(ask)
        if place.query.selection is None:
            return place
        shown, ticked = ask.fields.ticks()
        if shown:
            self._lists.tick(ask.who, place.query, shown=shown, ticked=ticked)
        return place


def _place(ask: Click | Submission) -> Place:
    place = people_place.read(ask.metadata)
    if place is None:
        raise Vanished("list")
    return place


def _pair(value: str) -> tuple[AccountLinkId, int]:
    first, _, second = value.partition(":")
    return AccountLinkId(row_id(first)), row_id(second)
