"""``/link users``: the form *Add users*."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from bot.domain.errors import AdminOnly, HourlinkError, Vanished
from bot.domain.ids import (
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.people.account_links import Account, Site, Skipped
from bot.domain.people.account_links import SkipReason as Skip
from bot.domain.people.add_users import NOT_ASKED, Hint, UsersQuery
from bot.domain.people.people import Member
from bot.domain.people.people_errors import NobodyChosen, NoIntegration
from bot.domain.slack_errors import SlackError
from bot.services.people.account_links import AccountLinks
from bot.services.people.account_search import AccountSearch
from bot.services.people.add_users import AddUsers
from bot.services.people.invitations import Invitations
from bot.services.pool import Pool
from bot.views import failures
from bot.views.message import Message, Modal, section
from bot.views.people import asked as asked_views
from bot.views.people import form as views
from bot.views.people.draft import LONGEST_SEARCH, MOST_PICKS, Draft, read_draft
from bot.views.providers import Faces
from handlers.asking import Ask, Click, Command, Fields, Lookup, Submission, row_id
from handlers.grammar.link_values import LinkUsers, UserById, UserByName
from handlers.people.accounts import MOST_OPTIONS
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
        users: AddUsers,
        invitations: Invitations,
        search: AccountSearch,
        refresh_people: Refresh,
        pool: Pool,
        faces: Faces,
    ) -> None:
        self._links = links
        self._users = users
        self._invitations = invitations
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
        routes.click(views.HINT, self.narrowed, admin=True)
        routes.click(views.FIND, self.looked_for, admin=True)
        routes.click(views.PAGE, self.page_turned, admin=True)
        routes.lookup(views.ACCOUNT, self.accounts, admin=True)
        routes.submission(views.FORM, self.notified, admin=True)

    # The form

    async def command(self, ask: Command, command: LinkUsers) -> AsyncIterator[Reply]:
        """``/link users [@ana @bo | all]``: the form at once, filled when everybody is known."""
        async for reply in self._opened(ask, None, command):
            yield reply

    async def invite_clicked(self, ask: Click) -> AsyncIterator[Reply]:
        """*Add users*, in the Overview or beside the list of people."""
        integration_id = IntegrationId(row_id(ask.value)) if ask.value else None
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
            raise NoIntegration(is_admin=True)
        yield (UpdateModal if in_list else OpenModal)(views.reading())
        note = ""
        try:
            await self._refresh(ask.who.team_id)
        except SlackError as error:
            told = failures.sentence(error).text
            note = f"Slack did not list everybody, so people may be missing. {told}"
        query = UsersQuery(integration_id or sites[0].id, everyone=command.everyone)
        try:
            users = await self._pool(self._named, ask.who, command)
            draft = Draft(replace(query, users=users))
            form = await self._pool(self._form, ask.who, draft, note)
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
        page = self._users.page(who, draft.query)
        picked = self._picked(who, draft)
        return views.add_users(draft, self._sites(who), page, picked, self._faces, note=note)

    def _picked(self, who: Member, draft: Draft) -> Mapping[ProviderAccountId, Account]:
        if not draft.picks:
            return {}
        return self._search.named(who, draft.query.integration_id, list(draft.picks.values()))

    def _changed(self, ask: Click, **changes: Any) -> Reply:  # noqa: ANN401 - of the query
        draft = _draft(ask.metadata, ask.fields)
        query = replace(draft.query, **changes)
        return UpdateModal(self._form(ask.who, replace(draft, query=query)))

    def site_chosen(self, ask: Click) -> Reply:
        """Another tool or site: the same people, but accounts are chosen anew."""
        draft = _draft(ask.metadata, ask.fields)
        there = IntegrationId(row_id(ask.value))
        query = replace(draft.query, integration_id=there, page=0, hint=Hint.ALL)
        return UpdateModal(self._form(ask.who, Draft(query, turn=draft.turn)))

    def redrawn(self, ask: Click) -> Reply:
        """People or an account were chosen: the rows follow."""
        return self._changed(ask)

    def everyone_clicked(self, ask: Click) -> Reply:
        """*Select all*."""
        return self._changed(ask, everyone=True, page=0)

    def some_clicked(self, ask: Click) -> Reply:
        """*Choose people*."""
        return self._changed(ask, everyone=False, page=0, hint=Hint.ALL, words="")

    def narrowed(self, ask: Click) -> Reply:
        """Only some suggestions are looked at."""
        if ask.value not in set(Hint):
            raise Vanished("list")
        return self._changed(ask, hint=Hint(ask.value), page=0)

    def looked_for(self, ask: Click) -> Reply:
        """*Enter* in the search."""
        return self._changed(ask, words=ask.value[:LONGEST_SEARCH], page=0)

    def page_turned(self, ask: Click) -> Reply:
        """*Previous* and *Next*."""
        return self._changed(ask, page=row_id(ask.value))

    def accounts(self, ask: Lookup) -> Reply:
        """An admin types into a row's select."""
        draft = _read(ask.metadata)
        there = draft.query.integration_id
        most = MOST_OPTIONS + 1 - len(views.WITHOUT)
        found = self._search.for_admin(ask.who, there, ask.query, most)
        return Choices(groups=views.account_options(found, typed=bool(ask.query.strip())))

    def notified(self, ask: Submission) -> Reply:
        """*Notify*."""
        draft = _draft(ask.metadata, ask.fields)
        query = draft.query
        choices = self._users.choices(ask.who, query, draft.picks)
        known = len(choices) + sum(one == NOT_ASKED for one in draft.picks.values())
        strangers = 0 if query.everyone else max(0, len(query.users) - known)
        if not choices and not strangers:
            raise NobodyChosen(query.integration_id)
        done = self._invitations.invite(ask.who, query.integration_id, choices, ask.now)
        unknown = tuple(Skipped("", Skip.UNKNOWN) for _ in range(strangers))
        done = replace(done, skipped=(*done.skipped, *unknown))
        return UpdateModal(asked_views.invited_form(done, self._faces))


def _read(metadata: str) -> Draft:
    try:
        return read_draft(metadata)
    except ValueError:
        raise Vanished("form") from None


def _draft(metadata: str, fields: Fields) -> Draft:
    """What stands in the form now: its metadata, and what its state says of the visible page."""
    draft = _read(metadata)
    picks = dict(draft.picks)
    for block_id in fields.blocks():
        kind, _, member = block_id.partition(":")
        chosen = fields.choice(block_id)
        if kind != "row" or not chosen:
            continue
        member_id = MemberId(row_id(member))
        if member_id in picks or len(picks) < MOST_PICKS:
            left_out = chosen == str(NOT_ASKED)
            picks[member_id] = NOT_ASKED if left_out else ProviderAccountId(row_id(chosen))
    users = tuple(SlackUserId(user) for user in fields.choices(views.PEOPLE))
    return Draft(replace(draft.query, users=users), picks, draft.turn)


def _notice(message: Message) -> Modal:
    blocks = list(message.blocks) or [section(message.text)]
    return Modal("people.problem", "Add users", blocks, close="Close")
