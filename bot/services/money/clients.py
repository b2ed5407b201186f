"""Clients: making, changing, archiving and merging them (M1)."""

from dataclasses import replace
from datetime import datetime

from bot.domain.days import work_date
from bot.domain.entries.entries import zone_of
from bot.domain.errors import Vanished
from bot.domain.ids import ClientId, TeamId
from bot.domain.input_errors import Misuse, TextTooLong, UsageError
from bot.domain.money.billing import Client
from bot.domain.money.billing_errors import (
    ClientExists,
    CurrenciesDiffer,
    CurrencyInUse,
    MergeWithItself,
)
from bot.domain.money.billing_forms import (
    LONGEST_NAME,
    PAGE_SIZE,
    ClientLine,
    ClientQuery,
    ClientsPage,
    Merged,
)
from bot.domain.money.money import read_currency
from bot.domain.people.people import Member
from bot.domain.slack_text import clean
from bot.services import rights
from storage import teams
from storage.money import billing, budgets, clients
from storage.operating import audit
from storage.unit_of_work import Tx, UnitOfWork

_OFFERED = 50


class Clients:
    """Use cases by admins."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def page(self, *, who: Member, query: ClientQuery, now: datetime) -> ClientsPage:
        """One page of the list, as near as there is to the one asked for.

        Raises:
            AdminOnly: who asks may not.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            team_id = who.team_id
            found, total = clients.page(
                tx, team_id, query.words, limit=PAGE_SIZE, offset=query.page * PAGE_SIZE
            )
            if not found and query.page:
                query = replace(query, page=max(0, -(-total // PAGE_SIZE) - 1))
                found, total = clients.page(
                    tx, team_id, query.words, limit=PAGE_SIZE, offset=query.page * PAGE_SIZE
                )
            today = work_date(now, zone_of(who.zone))
            counts = billing.projects_of(tx, team_id, [one.id for one in found], today)
            lines = tuple(ClientLine(one, counts.get(one.id, 0)) for one in found)
            return ClientsPage(query, lines, total, teams.settings(tx, team_id).currency)

    def search(self, *, who: Member, words: str) -> list[Client]:
        """Clients in use that somebody's words find.

        Raises:
            AdminOnly: who asks may not.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            found, _ = clients.page(tx, who.team_id, words, limit=_OFFERED, in_use=True)
            return found

    def one(self, *, who: Member, client_id: ClientId, now: datetime) -> ClientLine:
        """A client and how many projects it has today.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such client.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            client = _found(tx, who.team_id, client_id)
            today = work_date(now, zone_of(who.zone))
            counts = billing.projects_of(tx, who.team_id, [client_id], today)
            return ClientLine(client, counts.get(client_id, 0))

    def create(self, *, who: Member, name: str, currency: str, now: datetime) -> Client:
        """A new one.

        Raises:
            AdminOnly: who asks may not.
            ClientExists: one has the name.
            BadInput: there is no name, or a very long one, or no such currency.
        """
        code = read_currency(currency)
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            teams.lock(tx, who.team_id)
            fit = _fit(tx, who.team_id, name)
            made = clients.add(tx, who.team_id, fit, code, by=who.id, now=now)
            client = Client(made, fit, code)
            _audit(tx, who, "client.create", (None, client), now)
            return client

    def edit(
        self, *, who: Member, client_id: ClientId, name: str, currency: str, now: datetime
    ) -> Client:
        """Another name or currency.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such client.
            ClientExists: another one has the name.
            CurrencyInUse: amounts are set in its currency.
            BadInput: there is no name, or a very long one, or no such currency.
        """
        code = read_currency(currency)
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            teams.lock(tx, who.team_id)
            before = _found(tx, who.team_id, client_id)
            after = replace(before, name=_fit(tx, who.team_id, name, besides=before), currency=code)
            if after == before:
                return before
            if before.currency != code:
                if billing.has_amounts(tx, who.team_id, client_id) or budgets.has_amounts(
                    tx, who.team_id, client_id
                ):
                    raise CurrencyInUse(before.name, before.currency)
                billing.recurrency(tx, who.team_id, client_id, code)
            clients.edit(tx, who.team_id, client_id, after.name, code)
            _audit(tx, who, "client.edit", (before, after), now)
            return after

    def archive(self, *, who: Member, client_id: ClientId, now: datetime) -> Client:
        """Not offered any more; its projects and their time stay with it.

        Raises:
            AdminOnly: who asks may not.
            Vanished: there is no such client.
        """
        return self._archive(who, client_id, now, archived=True)

    def restore(self, *, who: Member, client_id: ClientId, now: datetime) -> Client:
        """Offered again.

        Raises: as ``archive``.
        """
        return self._archive(who, client_id, now, archived=False)

    def _archive(
        self, who: Member, client_id: ClientId, now: datetime, *, archived: bool
    ) -> Client:
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            before = _found(tx, who.team_id, client_id)
            after = replace(before, is_archived=archived)
            if after != before:
                clients.archive(tx, who.team_id, client_id, now if archived else None)
                _audit(
                    tx,
                    who,
                    "client.archive" if archived else "client.restore",
                    (before, after),
                    now,
                )
            return after

    def merge(self, *, who: Member, client_id: ClientId, into: ClientId, now: datetime) -> Merged:
        """Everything of one becomes the other's, on all days; done twice, it is done.

        Raises:
            AdminOnly: who asks may not.
            Vanished: one of them is not there.
            MergeWithItself: both are the same.
            CurrenciesDiffer: amounts of one would become the other's currency.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            teams.lock(tx, who.team_id)
            kept = _found(tx, who.team_id, into)
            before = clients.merged(tx, who.team_id, client_id, into)
            if before is not None:
                return Merged(before, kept, None)
            gone = _found(tx, who.team_id, client_id)
            if gone.id == kept.id:
                raise MergeWithItself
            if gone.currency != kept.currency:
                raise CurrenciesDiffer(gone.currency, kept.currency)
            moved = billing.move_client(tx, who.team_id, gone.id, kept.id)
            clients.mark_merged(tx, who.team_id, gone.id, kept.id)
            audit.record(
                tx,
                who.team_id,
                actor=who.id,
                action="client.merge",
                subject=f"client:{gone.id}",
                now=now,
                before={"name": gone.name},
                after={"into": kept.name, "projects": moved},
            )
            return Merged(gone.name, kept, moved)


def _found(tx: Tx, team_id: TeamId, client_id: ClientId) -> Client:
    client = clients.find(tx, team_id, client_id)
    if client is None:
        raise Vanished("client")
    return client


def _fit(tx: Tx, team_id: TeamId, wanted: str, *, besides: Client | None = None) -> str:
    name = clean(wanted)
    if not name:
        raise UsageError("clients", Misuse.BLANK_NAME)
    if len(name) > LONGEST_NAME:
        raise TextTooLong(len(name), LONGEST_NAME)
    other = clients.by_name(tx, team_id, name)
    if other is not None and (besides is None or other.id != besides.id):
        raise ClientExists(other.name, other.is_archived)
    return name


def _audit(
    tx: Tx, who: Member, action: str, states: tuple[Client | None, Client], now: datetime
) -> None:
    def state(one: Client) -> dict[str, object]:
        return {"name": one.name, "currency": one.currency, "archived": one.is_archived}

    before, after = states
    audit.record(
        tx,
        who.team_id,
        actor=who.id,
        action=action,
        subject=f"client:{after.id}",
        now=now,
        before=None if before is None else state(before),
        after=state(after),
    )
