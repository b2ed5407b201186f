"""How account links move, inside the transactions of other use cases."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum, auto

from bot.domain.asked_messages import Asked
from bot.domain.errors import Vanished
from bot.domain.ids import AccountLinkId, MemberId, TeamId
from bot.domain.people.account_links import LIFETIME, Account, AccountLink
from bot.domain.states import AccountLinkEvent, AccountLinkState, Proof, after
from bot.domain.values import dataclass
from bot.services import asked_messages
from bot.services.people.membership import join_member
from storage import members, outbox, requests
from storage.people import account_link_changes, account_links
from storage.unit_of_work import Tx

INVITATION = "invitation.send"
REMINDER = "invitation.remind"
APPROVAL = "approval.ask"
APPROVED = "account.approved"
PROVEN = "account.proven"
REFUSED = "account.refused"
CONTESTED = "account.contested"
TAKEN = "account.taken"
ENDED = "account.ended"
GONE = "account.gone"
SWITCHED_OFF = "account.switched_off"
APPROVAL_OVER = "approval.over"
"""Outbox kind of showing an admin, in the message that asked them, what became of it."""
STANDS = "account.stands"
"""Outbox kind of the same for the member, in the message that says that they wait for an admin."""


class Outcome(Enum):
    """How a move went."""

    MOVED = auto()
    OVERTAKEN = auto()
    """Somebody changed the link since it was read."""
    HELD = auto()
    """Somebody else is connected with the account."""


def approval_of(team_id: TeamId, link_id: AccountLinkId, request: int) -> Asked:
    """What the admins are asked about: one choice of one person."""
    return Asked(
        team_id,
        f"account_link:{link_id}:{request}",
        APPROVAL_OVER,
        {"account_link_id": link_id, "request": request},
    )


def wait_of(team_id: TeamId, link_id: AccountLinkId, request: int) -> Asked:
    """What the member reads meanwhile: that their choice waits."""
    return Asked(
        team_id,
        f"account_link:{link_id}:{request}:own",
        STANDS,
        {"account_link_id": link_id, "request": request},
    )


def told(link: AccountLink) -> dict[str, object]:
    """A link as the audit log tells it."""
    account = link.account
    return {"state": link.state.value, "account": account.name if account else None}


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves a link and owes the messages that follow from it."""

    new_marker: Callable[[], str]

    def fresh(
        self, tx: Tx, team_id: TeamId, link_id: AccountLinkId, *, lock: bool = False
    ) -> AccountLink:
        """The link as it is now; with ``lock`` it stays so until the transaction ends.

        Raises:
            Vanished: there is none with this id.
        """
        link = account_links.by_id(tx, team_id, link_id, lock=lock)
        if link is None:
            raise Vanished("request")
        return link

    def move(
        self,
        tx: Tx,
        link: AccountLink,
        event: AccountLinkEvent,
        now: datetime,
        **values: object,
    ) -> bool:
        """Moves a link by an event; False when it means nothing here or somebody was faster."""
        becomes = after(link.state, event)
        if becomes is None:
            return False
        was = (link.state, link.request)
        moved = account_link_changes.move(
            tx, link.team_id, link.id, was=was, becomes=becomes, **values
        )
        if moved:
            self.approval_over(tx, link, now)
        return moved

    def approval_over(self, tx: Tx, link: AccountLink, now: datetime) -> None:
        """Where a link waited for an admin, all whom it was told see that it does no more."""
        if link.state is AccountLinkState.AWAITING_APPROVAL:
            for about in (approval_of, wait_of):
                question = about(link.team_id, link.id, link.request)
                asked_messages.answered(tx, question, new_marker=self.new_marker, now=now)

    def ask_again(self, tx: Tx, link: AccountLink, now: datetime, **values: object) -> AccountLink:
        """A fresh request in the place of one that expired, ended, or was refused; as it is now."""
        if link.state is AccountLinkState.INVITED and link.has_expired(now):
            self.move(tx, link, AccountLinkEvent.EXPIRE, now)
            link = self.fresh(tx, link.team_id, link.id)
        again = {
            "request": link.request + 1,
            "asked_at": now,
            "expires_at": now + LIFETIME,
            "reminded_at": None,
            "proof": None,
            "decided_by": None,
            "decided_at": None,
            "unreachable": None,
        }
        self.move(tx, link, AccountLinkEvent.INVITE, now, **(again | values))
        return self.fresh(tx, link.team_id, link.id)

    def connect(
        self,
        tx: Tx,
        link: AccountLink,
        account: Account,
        *,
        event: AccountLinkEvent,
        proof: Proof,
        by: MemberId,
        now: datetime,
        sealed_token: str | None = None,
    ) -> Outcome:
        """Connects the member with the account, unless somebody else is; the schema decides."""
        values = {
            "provider_account_id": account.id,
            "proof": proof,
            "decided_by": by,
            "decided_at": now,
            "expires_at": None,
            "unreachable": None,
            "sealed_token": sealed_token,
        }
        try:
            with account_link_changes.one_holder(tx):
                moved = self.move(tx, link, event, now, **values)
        except account_link_changes.HeldAlready:
            return Outcome.HELD
        if not moved:
            return Outcome.OVERTAKEN
        join_member(tx, link.team_id, link.person.id, link.site.id, now)
        for other in account_links.claims(tx, link.team_id, account.id):
            self._too_late(tx, other, account, now)
        return Outcome.MOVED

    def _too_late(self, tx: Tx, link: AccountLink, account: Account, now: datetime) -> None:
        """Nobody can approve a claim of what another has by now: they choose again."""
        self.contested(tx, link, account, now)
        again = {
            "request": link.request + 1,
            "provider_account_id": None,
            "chosen_by_admin": False,
            "asked_at": now,
            "expires_at": now + LIFETIME,
            "decided_by": None,
            "decided_at": now,
        }
        if self.move(tx, link, AccountLinkEvent.REFUSE, now, **again):
            self.owe(tx, TAKEN, self.fresh(tx, link.team_id, link.id), now)

    def owe(self, tx: Tx, kind: str, link: AccountLink, now: datetime) -> None:
        """Owes the member a direct message about their link."""
        outbox.add(
            tx,
            link.team_id,
            kind=kind,
            subject=f"account_link:{link.id}",
            payload={"account_link_id": link.id, "request": link.request},
            marker=self.new_marker(),
            now=now,
        )

    def owe_all(self, tx: Tx, kind: str, links: Sequence[AccountLink], now: datetime) -> None:
        """The same to many, about a link each."""
        outbox.add_many(
            tx,
            links[0].team_id if links else TeamId(""),
            kind=kind,
            owed=[
                (
                    f"account_link:{link.id}",
                    {"account_link_id": link.id, "request": link.request},
                    self.new_marker(),
                )
                for link in links
            ],
            now=now,
        )

    def tell_admins(
        self, tx: Tx, kind: str, link: AccountLink, now: datetime, *, account: Account
    ) -> None:
        """Owes every admin a direct message of their own about a link and an account."""
        admins = members.admins(tx, link.team_id)
        outbox.add_many(
            tx,
            link.team_id,
            kind=kind,
            owed=[
                (
                    f"account_link:{link.id}:{admin.id}",
                    {
                        "account_link_id": link.id,
                        "request": link.request,
                        "account_id": account.id,
                        "admin_id": admin.id,
                    },
                    self.new_marker(),
                )
                for admin in admins
            ],
            now=now,
        )

    def contested(self, tx: Tx, link: AccountLink, account: Account, now: datetime) -> None:
        """Two members claim one account: the admins are told, once for each claim."""
        claim = f"contested:{link.id}:{link.request}:{account.id}"
        if requests.take_on(tx, link.team_id, claim, now):
            self.tell_admins(tx, CONTESTED, link, now, account=account)
