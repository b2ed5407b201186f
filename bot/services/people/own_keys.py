"""Signing in with a key of one's own (U3, U6).

It proves an account, and is kept for what is done in that person's name.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.errors import NotYourButton, Vanished
from bot.domain.ids import AccountLinkId, IntegrationId
from bot.domain.people.account_links import LIFETIME, Account, AccountLink, Answer, Reply, Site
from bot.domain.people.people import Member
from bot.domain.people.people_errors import (
    GuestNotInvited,
    KeyOfAnother,
    KeyOfElsewhere,
    KeyOfNobody,
    NoOwnKeys,
    NotConnectedNow,
    SiteDisconnected,
)
from bot.domain.states import AccountLinkEvent, AccountLinkState, Proof
from bot.domain.values import dataclass
from bot.integrations import api
from bot.integrations.oauth import KEPT, due_at
from bot.integrations.registry import Registry
from bot.services.people import sites
from bot.services.people.account_moves import PROVEN, Moves, Outcome
from bot.services.sync import mirror_rows
from bot.services.vault import SealBroken, Vault
from storage import members
from storage.linking import integrations
from storage.people import account_link_changes, account_links, provider_accounts, token_renewals
from storage.sync import provider_account_sync
from storage.unit_of_work import Tx, UnitOfWork
from storage.writing import worklog_again

_S = AccountLinkState


@dataclass(frozen=True, slots=True)
class SignIn:
    """What signing in at a site takes."""

    site: Site
    descriptor: api.Descriptor
    shared: Mapping[str, str]
    """The integration's credentials, without its secrets."""


class OwnKeys:
    """Members' own keys."""

    def __init__(
        self, uow: UnitOfWork, registry: Registry, vault: Vault, new_marker: Callable[[], str]
    ) -> None:
        self._uow = uow
        self._registry = registry
        self._vault = vault
        self._new_marker = new_marker
        self._moves = Moves(new_marker)

    def prepare(
        self, who: Member, integration_id: IntegrationId, link_id: AccountLinkId | None = None
    ) -> SignIn:
        """What the form asks for, and where the key is tried.

        Raises:
            Vanished: there is no such site, or no such request.
            NotYourButton: the request was sent to somebody else.
            SiteDisconnected: it is not connected any more.
            NoOwnKeys: people have no keys of their own there.
            GuestNotInvited: guests need an admin to ask them.
        """
        with self._uow.read() as tx:
            found = sites.connected(tx, who.team_id, integration_id)
            self._link(tx, who, integration_id, link_id)
            sealed = integrations.sealed_credentials(tx, who.team_id, integration_id)
        descriptor = self._registry.descriptor(found.provider)
        if not descriptor.own_credentials:
            raise NoOwnKeys(found.site_name)
        try:
            opened = self._vault.open(sealed or "")
        except SealBroken:
            raise SiteDisconnected(found.site_name) from None
        secret = {f.name for f in descriptor.credentials if f.kind is api.FieldKind.SECRET}
        hidden = secret | KEPT
        fields = {one.name: "" for one in descriptor.credentials}
        shared = {name: value for name, value in (fields | opened).items() if name not in hidden}
        return SignIn(sites.site_of(found), descriptor, shared)

    def keep(
        self,
        who: Member,
        integration_id: IntegrationId,
        link_id: AccountLinkId | None,
        *,
        opened: api.Site,
        own: api.Credentials,
        now: datetime,
        elsewhere: bool = False,
    ) -> Answer:
        """Connects the member with the account that the provider says the key belongs to.

        Args:
            who: The member who typed it.
            integration_id: Where.
            link_id: The request they answer; None for the site's first.
            opened: What the provider answered to the key.
            own: The key, which is sealed and kept.
            now: The present moment.
            elsewhere: It happened outside Slack, so that a message tells it there.

        Raises:
            Vanished: there is no such site, or no such request.
            NotYourButton: the request was sent to somebody else.
            SiteDisconnected: it is not connected any more.
            GuestNotInvited: guests need an admin to ask them.
            KeyOfElsewhere: it opens another site.
            KeyOfNobody: the provider does not say whose it is.
            KeyOfAnother: they are connected with another account.
        """
        with self._uow.begin() as tx:
            answer = self._kept(tx, who, integration_id, link_id, opened=opened, own=own, now=now)
            if answer.reply is Reply.CONNECTED:
                token_renewals.plan_own(tx, who.team_id, answer.link.id, due_at(own))
                if elsewhere:
                    self._moves.owe(tx, PROVEN, answer.link, now)
            return answer

    def _kept(
        self,
        tx: Tx,
        who: Member,
        integration_id: IntegrationId,
        link_id: AccountLinkId | None,
        *,
        opened: api.Site,
        own: api.Credentials,
        now: datetime,
    ) -> Answer:
        sealed = self._vault.seal(own)
        worklog_again.after_own_key(
            tx, who.team_id, integration_id, who.id, call=self._new_marker(), now=now
        )
        site = sites.connected(tx, who.team_id, integration_id)
        if opened.external_id != site.site_id:
            raise KeyOfElsewhere(site.site_name, opened.name)
        if not opened.account_id:
            raise KeyOfNobody(site.site_name)
        account = self._account(tx, who, integration_id, opened)
        link = self._link(tx, who, integration_id, link_id)
        same = account_links.with_account(tx, who.team_id, who.id, account.id)
        if same is not None:
            account_link_changes.keep_token(tx, who.team_id, same.id, sealed, Proof.TOKEN)
            return Answer(self._moves.fresh(tx, who.team_id, same.id), Reply.CONNECTED)
        if link is not None and link.state is _S.CONNECTED:
            raise KeyOfAnother(account.name, link.account.name if link.account else "")
        link = self._asked(tx, who, integration_id, link, now)
        if not account.is_active:
            return Answer(link, Reply.UNAVAILABLE)
        done = self._moves.connect(
            tx,
            link,
            account,
            event=AccountLinkEvent.CONFIRM_PROVEN,
            proof=Proof.TOKEN,
            by=who.id,
            now=now,
            sealed_token=sealed,
        )
        if done is Outcome.HELD:
            self._moves.contested(tx, link, account, now)
            return Answer(link, Reply.HELD, held=account)
        return Answer(self._moves.fresh(tx, who.team_id, link.id), Reply.CONNECTED)

    def forget(self, who: Member, link_id: AccountLinkId, now: datetime) -> AccountLink:
        """Destroys the member's own key; they stay connected.

        What could not be written because it was not accepted is tried with the integration's.

        Raises:
            Vanished: there is no such link.
            NotYourButton: it is somebody else's.
            NotConnectedNow: it is not connected.
        """
        with self._uow.begin() as tx:
            link = self._moves.fresh(tx, who.team_id, link_id)
            if link.person.id != who.id:
                raise NotYourButton
            if link.state is not _S.CONNECTED:
                raise NotConnectedNow(link.state)
            account_link_changes.keep_token(tx, who.team_id, link_id, None)
            worklog_again.after_own_key(
                tx, who.team_id, link.site.id, who.id, call=self._new_marker(), now=now
            )
            return self._moves.fresh(tx, who.team_id, link_id)

    # Inside a transaction

    def _link(
        self, tx: Tx, who: Member, integration_id: IntegrationId, link_id: AccountLinkId | None
    ) -> AccountLink | None:
        """The request that is answered, or the member's first link there, if there is one."""
        if link_id is not None:
            link = self._moves.fresh(tx, who.team_id, link_id)
            if link.person.id != who.id:
                raise NotYourButton
            if link.site.id != integration_id:
                raise Vanished("request")
        else:
            found = account_links.between(tx, who.team_id, who.id, integration_id)
            me = members.by_id(tx, who.team_id, who.id)
            if me is None:
                raise Vanished("member")
            if me.is_guest and (found is None or found.state not in sites.ASKED):
                raise GuestNotInvited(members.admin_names(tx, who.team_id))
            return found
        return link

    def _account(
        self, tx: Tx, who: Member, integration_id: IntegrationId, opened: api.Site
    ) -> Account:
        """The key's account. One that the integration's own credentials do not see is taken in."""
        external_id = opened.account_id or ""
        find = provider_accounts.by_external_id
        known = find(tx, who.team_id, integration_id, external_id)
        if known is None:
            told = api.ProviderAccount(external_id, opened.account_name)
            row = mirror_rows.account_row(told)
            owned = mirror_rows.owned(row, who.team_id, integration_id, external_id)
            provider_account_sync.write(tx, [owned])
            known = find(tx, who.team_id, integration_id, external_id)
        if known is None:
            raise Vanished("account")
        return known

    def _asked(
        self,
        tx: Tx,
        who: Member,
        integration_id: IntegrationId,
        link: AccountLink | None,
        now: datetime,
    ) -> AccountLink:
        """A link that can be connected: the one there is, asked anew where it is over."""
        if link is None:
            new = {
                "team_id": who.team_id,
                "member_id": who.id,
                "integration_id": integration_id,
                "state": _S.INVITED,
                "chosen_by_admin": False,
                "asked_at": now,
                "expires_at": now + LIFETIME,
            }
            account_link_changes.create(tx, [new])
            link = account_links.between(tx, who.team_id, who.id, integration_id)
            if link is None:
                raise Vanished("request")
        if link.state is _S.AWAITING_APPROVAL or link.is_answerable(now):
            return link
        return self._moves.ask_again(tx, link, now)
