"""Closed sets of states, and the pure functions that move them."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person may do in a team, lowest first."""

    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"


class IntegrationState(StrEnum):
    """How an integration is."""

    ACTIVE = "active"
    BROKEN = "broken"
    """Its credentials no longer open the door; a person must mend it."""
    DISCONNECTED = "disconnected"


class LinkPolicy(StrEnum):
    """What happens to a new provider project."""

    ANNOUNCE = "announce"
    AUTO = "auto"


class MembersPolicy(StrEnum):
    """Who is added to a project when it is linked."""

    OFF = "off"
    PROVIDER_ACCESS = "provider_access"
    EVERYONE_CONNECTED = "everyone_connected"


class ProjectLinkState(StrEnum):
    """Whether a provider project feeds a project."""

    ACTIVE = "active"
    ENDED = "ended"


class AccountLinkState(StrEnum):
    """Where a member and a provider account stand (U5)."""

    INVITED = "invited"
    AWAITING_APPROVAL = "awaiting_approval"
    CONNECTED = "connected"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Proof(StrEnum):
    """Why we believe that an account is a member's own (U3)."""

    EMAIL = "email"
    """Slack's and the provider's verified addresses are equal."""
    ADMIN = "admin"
    """An admin chose this very account for this very person, or approved their choice."""
    TOKEN = "token"  # noqa: S105 - a kind of proof
    """The member signed in to the provider."""


class AccountLinkEvent(StrEnum):
    """What can happen to an account link."""

    INVITE = "invite"
    CONFIRM_PROVEN = "confirm_proven"
    CONFIRM_UNPROVEN = "confirm_unproven"
    APPROVE = "approve"
    REFUSE = "refuse"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    END = "end"


class SyncRunState(StrEnum):
    """How a sync run went."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class AnnouncementState(StrEnum):
    """Whether an announcement reached its channel."""

    PENDING = "pending"
    POSTED = "posted"
    UNKNOWN = "unknown"
    """Sent, but no answer came: a person decides whether to post again."""
    FAILED = "failed"


class OutboxState(StrEnum):
    """How far a piece of work owed to the outside has come."""

    PENDING = "pending"
    SENDING = "sending"
    """Taken up; found like this after a crash, its outcome is unknown."""
    DONE = "done"
    FAILED = "failed"


_S = AccountLinkState
_E = AccountLinkEvent

ACCOUNT_LINK_MOVES: Mapping[tuple[AccountLinkState, AccountLinkEvent], AccountLinkState] = {
    (_S.INVITED, _E.INVITE): _S.INVITED,
    (_S.INVITED, _E.CONFIRM_PROVEN): _S.CONNECTED,
    (_S.INVITED, _E.CONFIRM_UNPROVEN): _S.AWAITING_APPROVAL,
    (_S.INVITED, _E.DECLINE): _S.DECLINED,
    (_S.INVITED, _E.EXPIRE): _S.EXPIRED,
    (_S.INVITED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.AWAITING_APPROVAL, _E.CONFIRM_UNPROVEN): _S.AWAITING_APPROVAL,
    (_S.AWAITING_APPROVAL, _E.CONFIRM_PROVEN): _S.CONNECTED,
    (_S.AWAITING_APPROVAL, _E.APPROVE): _S.CONNECTED,
    (_S.AWAITING_APPROVAL, _E.REFUSE): _S.INVITED,
    (_S.AWAITING_APPROVAL, _E.DECLINE): _S.DECLINED,
    (_S.AWAITING_APPROVAL, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.AWAITING_APPROVAL, _E.INVITE): _S.INVITED,
    (_S.CONNECTED, _E.END): _S.ENDED,
    (_S.DECLINED, _E.INVITE): _S.INVITED,
    (_S.EXPIRED, _E.INVITE): _S.INVITED,
    (_S.WITHDRAWN, _E.INVITE): _S.INVITED,
    (_S.ENDED, _E.INVITE): _S.INVITED,
}
"""Every allowed move; a pair that is not here changes nothing."""


def after(state: AccountLinkState, event: AccountLinkEvent) -> AccountLinkState | None:
    """The state an event leads to, or None when it means nothing in this state."""
    return ACCOUNT_LINK_MOVES.get((state, event))
