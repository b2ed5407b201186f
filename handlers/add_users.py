"""``/link users``: the form *Add users*, approvals, and where everybody stands."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from bot.domain.account_links import Account, Candidate, Choice, Site, Skipped
from bot.domain.account_links import SkipReason as Skip
from bot.domain.errors import AdminOnly, HourlinkError, Vanished
from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.people import Member
from bot.domain.people_errors import NobodyChosen, NoIntegration
from bot.domain.slack_errors import SlackError
from bot.services.account_links import AccountLinks
from bot.services.account_search import AccountSearch
from bot.services.approvals import Approvals
from bot.services.invitations import Invitations
from bot.services.pool import Pool
from bot.views import approvals as approval_views
from bot.views import failures
from bot.views import people as own_views
from bot.views import people_form as views
from bot.views import people_status as status_views
from bot.views.message import Message, Modal, section
from bot.views.people_form import Draft
from bot.views.people_status import Place
from bot.views.providers import Faces
from handlers.asking import Ask, Click, Command, Fields, Lookup, Submission
from handlers.grammar.link_values import LinkUsers, UserById, UserByName
from handlers.people import MOST_OPTIONS, in_place
from handlers.replies import Choices, OpenModal, Reply, UpdateModal
from handlers.routes import Routes

Refresh: TypeAlias = Callable[[TeamId], Awaitable[None]]
"""Takes in everybody whom Slack lists in a workspace; raises SlackError."""


class AddUsersHandlers:
    """What admins do about people and their accounts."""

    def __init__(
        self,
        *,
        links: AccountLinks,
        invitations: Invitations,
        approvals: Approvals,
        search: AccountSearch,
        refresh_people: Refresh,
        pool: Pool,
        faces: Faces,
    ) -> None:
        self._links = links
        self._invitations = invitations
        self._approvals = approvals
        self._search = search
        self._refresh = refresh_people
        self._pool = pool
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons and forms; the command comes through ``/link``."""
        routes.click(views.INVITE, self.invite_clicked, admin=True)
        routes.click(views.SITE, self.site_chosen, admin=True)
        routes.click(views.WHO, self.redrawn, admin=True)
        routes.click(views.ACCOUNT, self.redrawn, admin=True)
        routes.click(views.ALL, self.everyone_clicked, admin=True)
        routes.click(views.ONLY, self.some_clicked, admin=True)
        routes.click(views.PAGE, self.page_turned, admin=True)
        routes.lookup(views.ACCOUNT, self.accounts, admin=True)
        routes.submission(views.FORM, self.notified, admin=True)
        routes.click(approval_views.STATUS, self.status_clicked, admin=True)
        routes.click(status_views.PAGE, self.status_turned, admin=True)
        routes.click(status_views.WITHDRAW, self.withdrawn, admin=True)
        routes.click(approval_views.APPROVE, self.approved, admin=True)
        routes.click(approval_views.REFUSE, self.refused, admin=True)
        routes.click(own_views.DISCONNECT, self.disconnected)

    # The form

    async def command(self, ask: Command, command: LinkUsers) -> AsyncIterator[Reply]:
        """``/link users [@ana @bo | all]``: the form at once, filled when everybody is known."""
        async for reply in self._opened(ask, None, command):
            yield reply

    async def invite_clicked(self, ask: Click) -> AsyncIterator[Reply]:
        """*Add users*, in the Overview or beside the list of people."""
        integration_id = IntegrationId(int(ask.value)) if ask.value else None
        in_list = bool(ask.metadata)
        async for reply in self._opened(ask, integration_id, LinkUsers(), in_list=in_list):
            yield reply

    async def _opened(
        self,
        ask: Ask,
        integration_id: IntegrationId | None,
        command: LinkUsers,
        *,
        in_list: bool = False,
    ) -> AsyncIterator[Reply]:
        if not ask.who.is_admin:
            raise AdminOnly
        sites = await self._pool(self._sites, ask.who)
        if not sites:
            raise NoIntegration
        yield (UpdateModal if in_list else OpenModal)(views.reading())
        note = ""
        try:
            await self._refresh(ask.who.team_id)
        except SlackError as error:
            told = failures.sentence(error).text
            note = f"Slack did not list everybody, so people may be missing. {told}"
        draft = Draft(integration_id or sites[0].id, everyone=command.everyone)
        try:
            users = await self._pool(self._named, ask.who, command)
            form = await self._pool(self._form, ask.who, replace(draft, users=users), note)
        except HourlinkError as error:
            form = _notice(failures.sentence(error))
        yield UpdateModal(form)

    def _named(self, who: Member, command: LinkUsers) -> tuple[SlackUserId, ...]:
        ids = [SlackUserId(user.user_id) for user in command.users if isinstance(user, UserById)]
        names = [user.name for user in command.users if isinstance(user, UserByName)]
        found = self._invitations.find(who, ids, names)
        return tuple(dict.fromkeys([*ids, *(member.slack_user_id for member in found)]))

    def _sites(self, who: Member) -> list[Site]:
        return self._links.sites(who)

    def _form(self, who: Member, draft: Draft, note: str = "") -> Modal:
        candidates = self._invitations.candidates(who, draft.integration_id)
        picked = self._picked(who, draft)
        return views.add_users(draft, self._sites(who), candidates, picked, self._faces, note=note)

    def _picked(self, who: Member, draft: Draft) -> Mapping[ProviderAccountId, Account]:
        if not draft.picks:
            return {}
        return self._search.named(who, draft.integration_id, list(draft.picks.values()))

    def site_chosen(self, ask: Click) -> Reply:
        """Another tool or site: the same people, but accounts are chosen anew."""
        draft = _draft(ask.metadata, ask.fields)
        there = IntegrationId(int(ask.value))
        return UpdateModal(
            self._form(ask.who, replace(draft, integration_id=there, page=0, picks={}))
        )

    def redrawn(self, ask: Click) -> Reply:
        """People or an account were chosen: the rows follow."""
        return UpdateModal(self._form(ask.who, _draft(ask.metadata, ask.fields)))

    def everyone_clicked(self, ask: Click) -> Reply:
        """*Select all*."""
        draft = _draft(ask.metadata, ask.fields)
        return UpdateModal(self._form(ask.who, replace(draft, everyone=True, page=0)))

    def some_clicked(self, ask: Click) -> Reply:
        """*Choose people*."""
        draft = _draft(ask.metadata, ask.fields)
        return UpdateModal(self._form(ask.who, replace(draft, everyone=False, page=0)))

    def page_turned(self, ask: Click) -> Reply:
        """*Previous* and *Next*."""
        draft = _draft(ask.metadata, ask.fields)
        return UpdateModal(self._form(ask.who, replace(draft, page=int(ask.value))))

    def accounts(self, ask: Lookup) -> Reply:
        """An admin types into a row's select."""
        draft = views.read_draft(ask.metadata)
        found = self._search.for_admin(ask.who, draft.integration_id, ask.query, MOST_OPTIONS)
        return Choices(groups=views.account_options(found, typed=bool(ask.query.strip())))

    def notified(self, ask: Submission) -> Reply:
        """*Notify*."""
        draft = _draft(ask.metadata, ask.fields)
        candidates = self._invitations.candidates(ask.who, draft.integration_id)
        people = views.chosen(draft, candidates)
        known = {candidate.person.slack_user_id for candidate in people}
        strangers = [user for user in draft.users if user not in known]
        if draft.everyone:
            strangers = []
        if not people and not strangers:
            raise NobodyChosen(draft.integration_id)
        choices = [_choice(candidate, draft) for candidate in people]
        done = self._invitations.invite(ask.who, draft.integration_id, choices, ask.now)
        unknown = tuple(Skipped("", Skip.UNKNOWN) for _ in strangers)
        done = replace(done, skipped=(*done.skipped, *unknown))
        return UpdateModal(views.invited_form(done, self._faces))

    # Where everybody stands

    def status_clicked(self, ask: Click) -> Reply:
        """*See people*; on top of *Add users*, whose draft is not lost."""
        there = IntegrationId(int(ask.value))
        if views.is_draft(ask.metadata):
            return OpenModal(self._status(ask.who, Place(there, 0, on_top=True)))
        return UpdateModal(self._status(ask.who, Place(there, 0, on_top=False)))

    def status_turned(self, ask: Click) -> Reply:
        """*Previous* and *Next*."""
        place = status_views.read_metadata(ask.metadata)
        if place is None:
            raise Vanished("list")
        return UpdateModal(self._status(ask.who, replace(place, page=int(ask.value))))

    def _status(self, who: Member, place: Place, note: str = "") -> Modal:
        site = next((site for site in self._sites(who) if site.id == place.integration_id), None)
        if site is None:
            raise Vanished("integration")
        links = self._approvals.states(who, site.id)
        return status_views.status(
            site, links, place.page, self._faces, note=note, on_top=place.on_top
        )

    def withdrawn(self, ask: Click) -> Reply:
        """*Withdraw*."""
        link = self._invitations.withdraw(ask.who, AccountLinkId(int(ask.value)), ask.now)
        return self._settled(ask, approval_views.settled(link, self._faces))

    def approved(self, ask: Click) -> Reply:
        """*Approve*."""
        link_id, request = _pair(ask.value)
        done = self._approvals.approve(ask.who, AccountLinkId(link_id), request, ask.now)
        return self._settled(ask, approval_views.decided(done, self._faces))

    def refused(self, ask: Click) -> Reply:
        """*Refuse*."""
        link_id, request = _pair(ask.value)
        done = self._approvals.refuse(ask.who, AccountLinkId(link_id), request, ask.now)
        return self._settled(ask, approval_views.decided(done, self._faces))

    def disconnected(self, ask: Click) -> Reply:
        """*Disconnect*: one's own account, or by an admin somebody else's."""
        done = self._links.disconnect(ask.who, AccountLinkId(int(ask.value)), ask.now)
        if done.link.person.id == ask.who.id:
            return self._settled(ask, own_views.ended(done, self._faces))
        return self._settled(ask, approval_views.settled(done.link, self._faces))

    def _settled(self, ask: Click, message: Message) -> Reply:
        """The result in the list it was clicked in, else in the message's place."""
        place = status_views.read_metadata(ask.metadata)
        if place is None:
            return in_place(ask, message)
        return UpdateModal(self._status(ask.who, place, message.text))


def _draft(metadata: str, fields: Fields) -> Draft:
    """What stands in the form now: its metadata, and what its state says of the visible page."""
    draft = views.read_draft(metadata)
    picks = dict(draft.picks)
    for block_id in fields.blocks():
        kind, _, member = block_id.partition(":")
        chosen = fields.choice(block_id)
        if kind != "row" or not chosen:
            continue
        member_id = MemberId(int(member))
        if member_id in picks or len(picks) < views.MOST_PICKS:
            picks[member_id] = ProviderAccountId(int(chosen))
    users = tuple(SlackUserId(user) for user in fields.choices(views.PEOPLE))
    return replace(draft, users=users, picks=picks)


def _choice(candidate: Candidate, draft: Draft) -> Choice:
    pick = draft.picks.get(candidate.person.id)
    suggested = candidate.account.id if candidate.account else None
    account = suggested if pick is None else pick
    return Choice(
        candidate.person.id,
        None if account == views.THEIR_CHOICE else account,
        chosen=pick is not None and pick != views.THEIR_CHOICE,
        named=not draft.everyone,
    )


def _pair(value: str) -> tuple[int, int]:
    first, _, second = value.partition(":")
    return int(first), int(second)


def _notice(message: Message) -> Modal:
    blocks = list(message.blocks) or [section(message.text)]
    return Modal("people.problem", "Add users", blocks, close="Close")
