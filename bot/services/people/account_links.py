"""A member's own side of account links: answer a request, begin alone, disconnect."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.asked_messages import AskedMessage
from bot.domain.entries.entries import StopReason
from bot.domain.errors import AdminOnly, NotYourButton, Vanished
from bot.domain.ids import AccountLinkId, IntegrationId, ProviderAccountId
from bot.domain.people.account_links import (
    LIFETIME,
    Account,
    AccountLink,
    Answer,
    Ended,
    Reply,
    Site,
    Standing,
    ascii_lower,
    proof_of,
)
from bot.domain.people.account_matching import by_email
from bot.domain.people.people import Member
from bot.domain.people.people_errors import GuestNotInvited, NotConnectedNow
from bot.domain.states import AccountLinkEvent, AccountLinkState, Proof
from bot.services import asked_messages
from bot.services.people import sites
from bot.services.people.account_endings import end_tracking
from bot.services.people.account_moves import APPROVAL, ENDED, Moves, Outcome, told, wait_of
from storage import members
from storage.linking import integrations
from storage.operating import audit
from storage.people import account_link_changes, account_links, provider_accounts
from storage.unit_of_work import Tx, UnitOfWork

_S = AccountLinkState
_E = AccountLinkEvent

_AS_IT_STANDS: Mapping[AccountLinkState, Reply] = {
    _S.AWAITING_APPROVAL: Reply.AWAITING,
    _S.CONNECTED: Reply.CONNECTED,
    _S.DECLINED: Reply.DECLINED,
    _S.EXPIRED: Reply.EXPIRED,
    _S.WITHDRAWN: Reply.WITHDRAWN,
    _S.ENDED: Reply.ENDED,
}


class AccountLinks:
    """What a member does about their own accounts; every answer may come twice."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._moves = Moves(new_marker)

    def confirm(self, who: Member, link_id: AccountLinkId, request: int, now: datetime) -> Answer:
        """*Connect*: the account named in the request is theirs.

        Raises:
            Vanished: there is no such request.
            NotYourButton: it was sent to somebody else.
        """
        with self._uow.begin() as tx:
            link = self._theirs(tx, who, link_id)
            if settled := self._not_now(tx, link, request, now):
                return settled
            if link.state is not _S.INVITED:
                return Answer(link, _AS_IT_STANDS[link.state])
            if link.account is None:
                return Answer(link, Reply.CHOOSE)
            return self._claim(tx, link, link.account, link.request, now)

    def not_me(self, who: Member, link_id: AccountLinkId, request: int, now: datetime) -> Answer:
        """*Not me*, or *Choose my account*: the answer is the list to pick from.

        Raises:
            Vanished: there is no such request.
            NotYourButton: it was sent to somebody else.
        """
        with self._uow.begin() as tx:
            link = self._theirs(tx, who, link_id)
            settled = self._not_now(tx, link, request, now)
            if settled is None or settled.reply is Reply.ASK:
                return Answer(settled.link if settled else link, Reply.CHOOSE)
            return settled

    def pick(
        self,
        who: Member,
        link_id: AccountLinkId,
        request: int,
        account_id: ProviderAccountId,
        now: datetime,
    ) -> Answer:
        """Picks an account from the list; without proof it waits for an admin.

        Raises:
            Vanished: there is no such request.
            NotYourButton: it was sent to somebody else.
        """
        with self._uow.begin() as tx:
            link = self._theirs(tx, who, link_id)
            if settled := self._not_now(tx, link, request, now):
                return settled
            there = provider_accounts.of(tx, who.team_id, link.site.id, [account_id])
            if account_id not in there:
                return Answer(link, Reply.UNAVAILABLE)
            same = link.account is not None and link.account.id == account_id
            if same and link.state is _S.AWAITING_APPROVAL:
                return Answer(link, Reply.AWAITING)
            # A new number, so that an admin cannot approve what they did not see.
            return self._claim(tx, link, there[account_id], link.request + 1, now)

    def decline(self, who: Member, link_id: AccountLinkId, request: int, now: datetime) -> Answer:
        """*Decline*: they do not want to connect.

        Raises:
            Vanished: there is no such request.
            NotYourButton: it was sent to somebody else.
        """
        with self._uow.begin() as tx:
            link = self._theirs(tx, who, link_id)
            if link.has_expired(now):
                self._moves.move(tx, link, _E.EXPIRE, now)
                return Answer(self._moves.fresh(tx, link.team_id, link.id), Reply.EXPIRED)
            if settled := self._not_now(tx, link, request, now):
                return settled
            self._moves.move(
                tx, link, _E.DECLINE, now, proof=None, decided_by=who.id, decided_at=now
            )
            return self._as_it_stands(tx, link)

    def connect_alone(self, who: Member, integration_id: IntegrationId, now: datetime) -> Answer:
        """Begins without an invitation (U6), or goes on where they stand.

        Raises:
            Vanished: there is no such integration.
            SiteDisconnected: it is not connected any more.
            GuestNotInvited: guests need an admin to ask them.
        """
        with self._uow.begin() as tx:
            sites.connected(tx, who.team_id, integration_id)
            link = account_links.between(tx, who.team_id, who.id, integration_id)
            if link is not None and link.is_answerable(now):
                return Answer(link, self._question(tx, link))
            if link is not None and link.state in {_S.CONNECTED, _S.AWAITING_APPROVAL}:
                return Answer(link, _AS_IT_STANDS[link.state])
            me = members.by_id(tx, who.team_id, who.id)
            if me is None:
                raise Vanished("member")
            invited = link is not None and link.state in {_S.INVITED, _S.EXPIRED, _S.DECLINED}
            if me.is_guest and not invited:
                raise GuestNotInvited(members.admin_names(tx, who.team_id))
            if link is not None and link.has_expired(now):
                link = self._moves.ask_again(tx, link, now)
            else:
                link = self._begin(tx, me, integration_id, link, now)
            return Answer(link, self._question(tx, link))

    def disconnect(self, who: Member, link_id: AccountLinkId, now: datetime) -> Ended:
        """Ends a connection: the token is destroyed, a timer there is stopped and kept (U7).

        Raises:
            Vanished: there is no such link.
            AdminOnly: it is somebody else's, and they are no admin.
            NotConnectedNow: it is not connected.
        """
        with self._uow.begin() as tx:
            link = self._moves.fresh(tx, who.team_id, link_id)
            me = members.by_id(tx, who.team_id, who.id)
            if link.person.id != who.id and not (me and me.is_active and me.is_admin):
                raise AdminOnly
            ended = {"sealed_token": None, "decided_by": who.id, "decided_at": now}
            if not self._moves.move(tx, link, _E.END, now, **ended):
                link = self._moves.fresh(tx, who.team_id, link_id)
                if link.state is not _S.ENDED:
                    raise NotConnectedNow(link.state)
                return Ended(link, 0)
            stopped = end_tracking(
                tx,
                who.team_id,
                [link.person.id],
                link.site.id,
                because=StopReason.ACCOUNT_LINK_ENDED,
                now=now,
                new_marker=self._moves.new_marker,
            )
            self._record(tx, who, "account_link.end", link, now)
            if link.person.id != who.id:
                self._moves.owe(tx, ENDED, link, now)
            return Ended(self._moves.fresh(tx, who.team_id, link_id), len(stopped))

    def waits_in(
        self, who: Member, link: AccountLink, message: AskedMessage, now: datetime
    ) -> None:
        """Keeps where a member reads that their choice waits, to show there how it ends."""
        with self._uow.begin() as tx:
            present = self._moves.fresh(tx, who.team_id, link.id, lock=True)
            same = (present.state, present.request) == (_S.AWAITING_APPROVAL, link.request)
            asked_messages.posted(
                tx,
                wait_of(who.team_id, link.id, link.request),
                message,
                new_marker=self._moves.new_marker,
                now=now,
                waits=same,
            )

    def sites(self, who: Member) -> list[Site]:
        """Every connected site, oldest first."""
        with self._uow.read() as tx:
            return [sites.site_of(found) for found in integrations.live(tx, who.team_id)]

    def mine(self, who: Member) -> list[Standing]:
        """Every connected site, and where the member stands there: once for each account."""
        with self._uow.read() as tx:
            return sites.standings(tx, who)

    def whom_to_ask(self, who: Member) -> tuple[str, ...]:
        """Who administers Hourlink here, by name."""
        with self._uow.read() as tx:
            return members.admin_names(tx, who.team_id)

    # Inside a transaction

    def _theirs(self, tx: Tx, who: Member, link_id: AccountLinkId) -> AccountLink:
        link = self._moves.fresh(tx, who.team_id, link_id)
        if link.person.id != who.id:
            raise NotYourButton
        return link

    def _not_now(self, tx: Tx, link: AccountLink, request: int, now: datetime) -> Answer | None:
        """What to say instead, when this click cannot be acted on."""
        if not link.site.is_connected:
            return Answer(link, Reply.SITE_GONE)
        if link.has_expired(now):
            link = self._moves.ask_again(tx, link, now)
            return Answer(link, self._question(tx, link), renewed=True)
        if link.state not in {_S.INVITED, _S.AWAITING_APPROVAL}:
            return Answer(link, _AS_IT_STANDS[link.state])
        if request != link.request:
            if link.state is _S.INVITED:
                return Answer(link, self._question(tx, link), renewed=True)
            return Answer(link, Reply.AWAITING)
        return None

    def _question(self, tx: Tx, link: AccountLink) -> Reply:
        account = link.account
        if account is None or not account.is_active:
            return Reply.CHOOSE
        holder = account_links.holder(tx, link.team_id, account.id)
        return Reply.ASK if holder is None or holder[0] == link.person.id else Reply.CHOOSE

    def _claim(
        self, tx: Tx, link: AccountLink, account: Account, request: int, now: datetime
    ) -> Answer:
        if not account.is_active:
            return Answer(link, Reply.UNAVAILABLE)
        me = members.by_id(tx, link.team_id, link.person.id)
        if me is None:
            raise Vanished("member")
        chosen = link.chosen_by_admin and link.account is not None and link.account.id == account.id
        proof = proof_of(me.email, account, chosen_by_admin=chosen, is_admin=me.is_admin)
        if proof is None:
            return self._await_approval(tx, link, account, request, now)
        done = self._moves.connect(
            tx, link, account, event=_E.CONFIRM_PROVEN, proof=proof, by=me.id, now=now
        )
        if done is Outcome.HELD:
            self._moves.contested(tx, link, account, now)
            return Answer(link, Reply.HELD, held=account)
        if done is Outcome.MOVED and proof is Proof.ADMIN and not chosen:
            self._record(tx, me, "account_link.approve", link, now)
        return self._as_it_stands(tx, link)

    def _await_approval(
        self, tx: Tx, link: AccountLink, account: Account, request: int, now: datetime
    ) -> Answer:
        holder = account_links.holder(tx, link.team_id, account.id)
        if holder is not None and holder[0] != link.person.id:
            self._moves.contested(tx, link, account, now)
            return Answer(link, Reply.HELD, held=account)
        moved = self._moves.move(
            tx,
            link,
            _E.CONFIRM_UNPROVEN,
            now,
            request=request,
            provider_account_id=account.id,
            chosen_by_admin=False,
            decided_by=None,
            decided_at=None,
        )
        answer = self._as_it_stands(tx, link)
        if moved:
            self._moves.tell_admins(tx, APPROVAL, answer.link, now, account=account)
        return answer

    def _as_it_stands(self, tx: Tx, link: AccountLink) -> Answer:
        link = self._moves.fresh(tx, link.team_id, link.id)
        if link.state is _S.INVITED:
            return Answer(link, self._question(tx, link))
        return Answer(link, _AS_IT_STANDS[link.state])

    def _begin(
        self,
        tx: Tx,
        me: Member,
        integration_id: IntegrationId,
        link: AccountLink | None,
        now: datetime,
    ) -> AccountLink:
        """A request of their own making, with the account whose address is theirs."""
        account_id = self._own_account(tx, me, integration_id)
        if link is not None:
            return self._moves.ask_again(
                tx,
                link,
                now,
                provider_account_id=account_id,
                chosen_by_admin=False,
                asked_by=None,
            )
        account_link_changes.create(
            tx,
            [
                {
                    "team_id": me.team_id,
                    "member_id": me.id,
                    "integration_id": integration_id,
                    "provider_account_id": account_id,
                    "state": _S.INVITED,
                    "chosen_by_admin": False,
                    "asked_at": now,
                    "expires_at": now + LIFETIME,
                }
            ],
        )
        made = account_links.between(tx, me.team_id, me.id, integration_id)
        if made is None:
            raise Vanished("request")
        return made

    def _own_account(
        self, tx: Tx, me: Member, integration_id: IntegrationId
    ) -> ProviderAccountId | None:
        address = ascii_lower(me.email or "")
        if not address:
            return None
        same = provider_accounts.with_email(tx, me.team_id, integration_id, address)
        held = account_links.held_accounts(tx, me.team_id, integration_id)
        found = by_email(address, [account for account in same if account.id not in held])
        return found.account_id if found else None

    def _record(self, tx: Tx, by: Member, action: str, link: AccountLink, now: datetime) -> None:
        audit.record(
            tx,
            by.team_id,
            actor=by.id,
            action=action,
            subject=f"account_link:{link.id}",
            before=told(link),
            after=told(self._moves.fresh(tx, by.team_id, link.id)),
            now=now,
        )
