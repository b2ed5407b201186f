"""Approving what members chose, and what messages about account links need to know."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.asked_messages import AskedMessage
from bot.domain.errors import Vanished
from bot.domain.ids import AccountLinkId, MemberId, ProviderAccountId, TeamId
from bot.domain.people.account_links import LIFETIME, Account, AccountLink, Decided, Decision
from bot.domain.people.people import Member
from bot.domain.people.people_errors import AccountHeld, AccountUnavailable, SiteDisconnected
from bot.domain.states import AccountLinkEvent, AccountLinkState, Proof
from bot.domain.values import dataclass
from bot.services import asked_messages, rights
from bot.services.people.account_moves import (
    APPROVED,
    REFUSED,
    Moves,
    Outcome,
    approval_of,
    told,
)
from storage import members
from storage.operating import audit
from storage.people import account_link_changes, account_links, provider_accounts
from storage.unit_of_work import Tx, UnitOfWork


@dataclass(frozen=True, slots=True)
class AdminNote:
    """What a message to one admin is about."""

    link: AccountLink
    admin: Member
    account: Account | None
    """The one claimed, where it is there still."""
    holder: str | None
    """The name of who is connected with it."""


class Approvals:
    """Deciding on accounts that nothing proves yet."""

    def __init__(self, uow: UnitOfWork, new_marker: Callable[[], str]) -> None:
        self._uow = uow
        self._moves = Moves(new_marker)

    def approve(self, who: Member, link_id: AccountLinkId, request: int, now: datetime) -> Decided:
        """The account is theirs: connects it, unless somebody decided before.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such request.
            SiteDisconnected: the site is not connected any more.
            AccountHeld: somebody else is connected with the account meanwhile.
            AccountUnavailable: it is gone or switched off in the provider.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link = self._moves.fresh(tx, who.team_id, link_id)
            if settled := _settled(link, request):
                return settled
            account = link.account
            if not link.site.is_connected:
                raise SiteDisconnected(link.site.name)
            if account is None or not account.is_active:
                raise AccountUnavailable(account.name if account else "")
            done = self._moves.connect(
                tx,
                link,
                account,
                event=AccountLinkEvent.APPROVE,
                proof=Proof.ADMIN,
                by=who.id,
                now=now,
            )
            if done is Outcome.HELD:
                holder = account_links.holder(tx, who.team_id, account.id)
                raise AccountHeld(account.name, holder[1] if holder else "")
            if done is Outcome.OVERTAKEN:
                return Decided(self._moves.fresh(tx, who.team_id, link_id), Decision.SETTLED)
            return self._decided(tx, who, link, now, Decision.APPROVED)

    def refuse(self, who: Member, link_id: AccountLinkId, request: int, now: datetime) -> Decided:
        """The account is not theirs: they are asked to choose again.

        Raises:
            AdminOnly: who asks is none.
            Vanished: there is no such request.
        """
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            link = self._moves.fresh(tx, who.team_id, link_id)
            if settled := _settled(link, request):
                return settled
            refused = self._moves.move(
                tx,
                link,
                AccountLinkEvent.REFUSE,
                now,
                request=link.request + 1,
                provider_account_id=None,
                chosen_by_admin=False,
                asked_at=now,
                expires_at=now + LIFETIME,
                decided_by=who.id,
                decided_at=now,
            )
            if not refused:
                return Decided(self._moves.fresh(tx, who.team_id, link_id), Decision.SETTLED)
            return self._decided(tx, who, link, now, Decision.REFUSED)

    def _decided(
        self, tx: Tx, who: Member, link: AccountLink, now: datetime, decision: Decision
    ) -> Decided:
        after = self._moves.fresh(tx, who.team_id, link.id)
        approved = decision is Decision.APPROVED
        self._moves.owe(tx, APPROVED if approved else REFUSED, after, now)
        audit.record(
            tx,
            who.team_id,
            actor=who.id,
            action="account_link.approve" if approved else "account_link.refuse",
            subject=f"account_link:{link.id}",
            before=told(link),
            after=told(after),
            now=now,
        )
        return Decided(after, decision)

    # For messages that are owed

    def link(self, team_id: TeamId, link_id: AccountLinkId) -> AccountLink:
        """The link as it is now.

        Raises:
            Vanished: there is none with this id.
        """
        with self._uow.read() as tx:
            return self._moves.fresh(tx, team_id, link_id)

    def note(
        self,
        team_id: TeamId,
        link_id: AccountLinkId,
        *,
        admin_id: MemberId,
        account_id: ProviderAccountId,
    ) -> AdminNote:
        """What a message to one admin is about.

        Raises:
            Vanished: the link is gone, or the admin is none any more.
        """
        with self._uow.read() as tx:
            link = self._moves.fresh(tx, team_id, link_id)
            admin = members.by_id(tx, team_id, admin_id)
            if admin is None or not admin.is_active or not admin.is_admin:
                raise Vanished("admin")
            there = provider_accounts.of(tx, team_id, link.site.id, [account_id])
            holder = account_links.holder(tx, team_id, account_id)
            return AdminNote(
                link, admin, there.get(account_id), None if holder is None else holder[1]
            )

    def asked(
        self,
        team_id: TeamId,
        link_id: AccountLinkId,
        request: int,
        message: AskedMessage,
        now: datetime,
    ) -> None:
        """Keeps where an admin was asked, so that it shows there how it ends."""
        with self._uow.begin() as tx:
            # Who answers meanwhile would look for messages before this one is there.
            link = self._moves.fresh(tx, team_id, link_id, lock=True)
            asked_messages.posted(
                tx,
                approval_of(team_id, link_id, request),
                message,
                new_marker=self._moves.new_marker,
                now=now,
                waits=_settled(link, request) is None,
            )

    def unreachable(self, team_id: TeamId, link_id: AccountLinkId, reason: str | None) -> None:
        """Marks that Slack would not deliver a message, or takes the mark away (U5)."""
        with self._uow.begin() as tx:
            account_link_changes.mark_unreachable(tx, team_id, link_id, reason)


def _settled(link: AccountLink, request: int) -> Decided | None:
    if link.state is not AccountLinkState.AWAITING_APPROVAL:
        return Decided(link, Decision.SETTLED)
    return None if request == link.request else Decided(link, Decision.OUTDATED)
