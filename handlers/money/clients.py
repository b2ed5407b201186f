"""``/link clients``: the list, one client, merging; whose projects they are is in ``billing``."""

from dataclasses import replace

from bot.domain.errors import Vanished
from bot.domain.ids import ClientId
from bot.domain.input_errors import BadInput
from bot.domain.money.billing import Client
from bot.domain.money.billing_errors import (
    ClientExists,
    CurrenciesDiffer,
    CurrencyInUse,
    MergeWithItself,
)
from bot.domain.money.billing_forms import ClientQuery
from bot.domain.money.money import CurrencyUnknown
from bot.services.money.clients import Clients
from bot.views.field_errors import plain_sentence
from bot.views.money import clients as views
from bot.views.money.clients import Place
from bot.views.searching import LONGEST, search_block
from handlers.asking import Ask, Click, Command, Lookup, Submission, row_id
from handlers.grammar.link_values import ListClients
from handlers.replies import Choices, FieldErrors, OpenModal, Reply, UpdateModal
from handlers.routes import Routes


class ClientHandlers:
    """What admins do about clients."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def register(self, routes: Routes) -> None:
        """Buttons and forms; the command comes through ``/link``."""
        routes.click(views.OPEN, self.opened, admin=True)
        routes.click(views.SEARCH, self.searched, admin=True)
        routes.submission(views.LIST, self.submitted, admin=True)
        routes.click(views.PAGE, self.page_turned, admin=True)
        routes.click(views.ONE, self.one_opened, admin=True)
        routes.click(views.NEW, self.new_clicked, admin=True)
        routes.submission(views.SAVE, self.saved, admin=True)
        routes.click(views.ARCHIVE, self.archived, admin=True)
        routes.click(views.RESTORE, self.restored, admin=True)
        routes.click(views.MERGE, self.merge_clicked, admin=True)
        routes.submission(views.MERGE, self.merged, admin=True)
        routes.lookup(views.FIND, self.find, admin=True)

    def command(self, ask: Command, command: ListClients) -> Reply:
        """``/link clients [words]``."""
        query = ClientQuery(command.words[:LONGEST])
        return OpenModal(views.clients(self._clients.page(who=ask.who, query=query, now=ask.now)))

    def opened(self, ask: Click) -> Reply:
        """*Clients*, and *Back* from below."""
        place = views.read(ask.metadata)
        if place is not None:
            return self._listed(ask, place.query)
        page = self._clients.page(who=ask.who, query=ClientQuery(), now=ask.now)
        is_below = ask.metadata.startswith("rates|")
        return UpdateModal(views.clients(page)) if is_below else OpenModal(views.clients(page))

    def searched(self, ask: Click) -> Reply:
        """*Enter* in the search."""
        return self._listed(ask, replace(_place(ask).query, words=ask.value[:LONGEST], page=0))

    def submitted(self, ask: Submission) -> Reply:
        """*Search*."""
        words = ask.fields.text(search_block(ask.fields.blocks()))[:LONGEST]
        return self._listed(ask, replace(_place(ask).query, words=words, page=0))

    def page_turned(self, ask: Click) -> Reply:
        """*Previous* and *Next*."""
        return self._listed(ask, replace(_place(ask).query, page=row_id(ask.value)))

    def one_opened(self, ask: Click) -> Reply:
        """*Open*, and *Back* from merging."""
        return self._one(ask, ClientId(row_id(ask.value)))

    def _one(self, ask: Click, client_id: ClientId, note: str = "") -> Reply:
        found = self._clients.one(who=ask.who, client_id=client_id, now=ask.now)
        place = replace(_place(ask), id=client_id)
        return UpdateModal(views.client_form(found, place, found.client.currency, note=note))

    def new_clicked(self, ask: Click) -> Reply:
        """*New client*."""
        place = replace(_place(ask), id=0)
        page = self._clients.page(who=ask.who, query=place.query, now=ask.now)
        return UpdateModal(views.client_form(None, place, page.currency))

    def saved(self, ask: Submission) -> Reply:
        """*Save*."""
        place = _place(ask)
        name, currency = ask.fields.text(views.NAME), ask.fields.text(views.CURRENCY)
        try:
            client = self._save(ask, place.id, name, currency)
        except (CurrencyUnknown, CurrencyInUse) as error:
            return FieldErrors({views.CURRENCY: plain_sentence(error)})
        except (ClientExists, BadInput) as error:
            return FieldErrors({views.NAME: plain_sentence(error)})
        return self._listed(ask, place.query, views.saved(client))

    def _save(self, ask: Submission, id_: int, name: str, currency: str) -> Client:
        if not id_:
            return self._clients.create(who=ask.who, name=name, currency=currency, now=ask.now)
        return self._clients.edit(
            who=ask.who, client_id=ClientId(id_), name=name, currency=currency, now=ask.now
        )

    def archived(self, ask: Click) -> Reply:
        """*Archive*."""
        client_id = ClientId(row_id(ask.value))
        done = self._clients.archive(who=ask.who, client_id=client_id, now=ask.now)
        return self._one(ask, client_id, views.archived(done))

    def restored(self, ask: Click) -> Reply:
        """*Bring back*."""
        client_id = ClientId(row_id(ask.value))
        done = self._clients.restore(who=ask.who, client_id=client_id, now=ask.now)
        return self._one(ask, client_id, views.archived(done))

    def merge_clicked(self, ask: Click) -> Reply:
        """*Merge...*: what it does."""
        client_id = ClientId(row_id(ask.value))
        found = self._clients.one(who=ask.who, client_id=client_id, now=ask.now)
        return UpdateModal(views.merge_form(found, replace(_place(ask), id=client_id)))

    def merged(self, ask: Submission) -> Reply:
        """*Merge*."""
        place = _place(ask)
        into = ClientId(row_id(ask.fields.choice(views.OTHER)))
        try:
            done = self._clients.merge(
                who=ask.who, client_id=ClientId(place.id), into=into, now=ask.now
            )
        except (CurrenciesDiffer, MergeWithItself) as error:
            return FieldErrors({views.OTHER: plain_sentence(error)})
        return self._listed(ask, place.query, views.merged(done))

    def find(self, ask: Lookup) -> Reply:
        """Somebody types into a select of clients."""
        place = views.read(ask.metadata)
        found = self._clients.search(who=ask.who, words=ask.query[:LONGEST])
        return Choices(views.options(found, besides=place.id if place else 0))

    def _listed(self, ask: Ask, query: ClientQuery, note: str = "") -> Reply:
        page = self._clients.page(who=ask.who, query=query, now=ask.now)
        return UpdateModal(views.clients(page, note=note))


def _place(ask: Click | Submission) -> Place:
    place = views.read(ask.metadata)
    if place is None:
        raise Vanished("list")
    return place
