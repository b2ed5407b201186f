"""Connecting one's own account: ``/track connect``, and the buttons of a request."""

from bot.domain.asked_messages import AskedMessage
from bot.domain.ids import AccountLinkId, IntegrationId, ProviderAccountId
from bot.domain.people.account_links import Answer, Standing
from bot.domain.people.account_links import Reply as Came
from bot.domain.people.people_errors import NoIntegration
from bot.domain.states import AccountLinkState
from bot.services.people.account_links import AccountLinks
from bot.services.people.account_search import AccountSearch
from bot.services.tracking.kept import KeptEntries
from bot.views.message import Message
from bot.views.people import account_options
from bot.views.people import accounts as views
from bot.views.people import standing as people_standing
from bot.views.providers import Faces, tool
from handlers.asking import Click, Command, Lookup, row_id
from handlers.grammar.track_values import ConnectAccount
from handlers.replies import Choices, Ephemeral, Reply, Update, UpdateModal
from handlers.routes import Routes

MOST_OPTIONS = 99
"""One below what Slack takes in a select, for the row that lets the person choose."""


class PeopleHandlers:
    """What members do about their own accounts."""

    def __init__(
        self, links: AccountLinks, search: AccountSearch, kept: KeptEntries, faces: Faces
    ) -> None:
        self._links = links
        self._search = search
        self._kept = kept
        self._faces = faces

    def register(self, routes: Routes) -> None:
        """Buttons and the list of accounts; the command comes through ``/track``."""
        routes.click(views.CONNECT, self.connect_clicked)
        routes.click(views.CONFIRM, self.confirmed)
        routes.click(views.NOT_ME, self.not_me)
        routes.click(views.PICK, self.picked)
        routes.click(views.DECLINE, self.declined)
        routes.lookup(views.PICK, self.accounts)

    def command(self, ask: Command, command: ConnectAccount) -> Reply:
        """``/track connect [provider]``: the one site there is, or where one stands with each."""
        found = self._links.mine(ask.who)
        meant = _meant(found, command.provider, self._faces)
        if not meant:
            known = tuple(f"{tool(self._faces, s.site.provider)} ({s.site.name})" for s in found)
            admins = () if known else self._links.whom_to_ask(ask.who)
            raise NoIntegration(command.provider, known, ask.who.is_admin, admins)
        link = meant[0].link
        if len(meant) > 1 or (link is not None and link.state is AccountLinkState.CONNECTED):
            return Ephemeral(people_standing.standings(meant, self._faces))
        answer = self._links.connect_alone(ask.who, meant[0].site.id, ask.now)
        return Ephemeral(views.answer(answer, self._faces))

    def connect_clicked(self, ask: Click) -> Reply:
        """*Connect*, in a refusal, in App Home, or behind something that is over."""
        # Older buttons name behind it what was refused.
        integration_id = IntegrationId(row_id(ask.value.partition(":")[0]))
        return self._answered(ask, self._links.connect_alone(ask.who, integration_id, ask.now))

    def confirmed(self, ask: Click) -> Reply:
        """*Connect*, in a request."""
        return self._answered(ask, self._links.confirm(ask.who, *_request(ask.value), ask.now))

    def not_me(self, ask: Click) -> Reply:
        """*Not me*, or *Choose my account*."""
        return self._answered(ask, self._links.not_me(ask.who, *_request(ask.value), ask.now))

    def picked(self, ask: Click) -> Reply:
        """An account was picked from the list."""
        request, _, account = ask.value.rpartition(":")
        account_id = ProviderAccountId(row_id(account))
        answer = self._links.pick(ask.who, *_request(request), account_id, ask.now)
        return self._answered(ask, answer)

    def declined(self, ask: Click) -> Reply:
        """*Decline*."""
        return self._answered(ask, self._links.decline(ask.who, *_request(ask.value), ask.now))

    def accounts(self, ask: Lookup) -> Reply:
        """Somebody types into the list of accounts."""
        request = ask.block_id.removeprefix("pick:")
        link_id, _ = _request(request)
        found = self._search.for_link(ask.who, link_id, ask.query, MOST_OPTIONS)
        return Choices(groups=account_options.options(request, found))

    def _answered(self, ask: Click, answer: Answer) -> Reply:
        if answer.reply is Came.AWAITING and ask.message_ts and ask.channel_id:
            here = AskedMessage(ask.who.id, ask.channel_id, ask.message_ts)
            self._links.waits_in(ask.who, answer.link, here, ask.now)
        offer = self._kept.offer_to(answer, ask.now)
        return in_place(ask, views.answer(answer, self._faces, offer=offer))


def in_place(ask: Click, message: Message) -> Reply:
    """The message where the click was: instead of the clicked one, or in a form."""
    return Update(message) if ask.view_id is None else UpdateModal(views.in_form(message))


def _request(value: str) -> tuple[AccountLinkId, int]:
    link_id, _, rest = value.partition(":")
    # Older buttons name behind it what was refused.
    return AccountLinkId(row_id(link_id)), row_id(rest.partition(":")[0])


def _meant(found: list[Standing], words: str, faces: Faces) -> list[Standing]:
    """The sites that these words name: a provider or a site, whole or begun; all without words."""
    wanted = " ".join(words.split()).casefold()

    def names(one: Standing) -> tuple[str, ...]:
        provider = tool(faces, one.site.provider)
        every = (one.site.provider, provider, one.site.name, f"{provider} {one.site.name}")
        return tuple(name.casefold() for name in every)

    whole = [one for one in found if wanted in names(one)]
    return whole or [one for one in found if any(name.startswith(wanted) for name in names(one))]
