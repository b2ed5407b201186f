"""Account links as values: a member, the provider account that may be theirs, and who said so."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.states import AccountLinkState, Proof
from bot.domain.values import dataclass

LIFETIME = timedelta(days=7)
"""How long a request can be answered (U4)."""

REMINDED_AFTER = timedelta(days=2)
"""When the one reminder is sent; after that there is silence."""


@dataclass(frozen=True, slots=True)
class Person:
    """The member whose account it is about."""

    id: MemberId
    slack_user_id: SlackUserId
    name: str
    zone: str
    is_guest: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class Site:
    """The provider and site it is about."""

    id: IntegrationId
    provider: str
    """The adapter's slug."""
    name: str
    writes_time: bool
    """Tracked time is written back, where the provider can keep it."""
    is_connected: bool
    is_broken: bool = False
    """Its credentials no longer open the door; what changes there does not arrive."""


@dataclass(frozen=True, slots=True)
class Account:
    """A provider account, as far as choosing one needs it."""

    id: ProviderAccountId
    name: str
    email: str | None
    email_is_verified: bool
    is_active: bool = True
    is_gone: bool = False
    """Deleted in the provider, or merged into another one."""
    external_id: str = ""
    """The provider's own id."""


@dataclass(frozen=True, slots=True)
class AccountLink:
    """Where a member and a provider account stand."""

    id: AccountLinkId
    team_id: TeamId
    person: Person
    site: Site
    account: Account | None
    state: AccountLinkState
    proof: Proof | None
    chosen_by_admin: bool
    request: int
    """Counts the requests sent; a button carries its number."""
    asked_by: str | None
    """An admin's name; None when the member began alone."""
    asked_at: datetime
    expires_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    unreachable: str | None
    """Slack's reason why the last message could not be delivered."""
    slot: int = 0
    """Counts a member's accounts at one site; all but the first were given by an admin."""
    has_own_key: bool = False
    """The member signed in with a key of their own, which is kept."""
    address_changed: bool = False
    """Connected because two addresses were equal, which they are no longer."""

    def is_answerable(self, now: datetime) -> bool:
        """A request that waits for the member and has not expired."""
        return self.state is AccountLinkState.INVITED and not self.has_expired(now)

    def has_expired(self, now: datetime) -> bool:
        """Nobody answered in time, whether or not somebody has noticed yet."""
        if self.state is AccountLinkState.EXPIRED:
            return True
        late = self.expires_at is not None and self.expires_at <= now
        return self.state is AccountLinkState.INVITED and late


def same_address(one: str | None, other: str | None) -> bool:
    """Equal e-mail addresses, whatever the case of their ASCII letters.

    Only those: ``str.lower`` maps letters of other alphabets onto ``k`` and ``i``, so a domain
    registered with one of them would pass for somebody else's.
    """
    return bool(one) and bool(other) and ascii_lower(one or "") == ascii_lower(other or "")


def ascii_lower(text: str) -> str:
    """The text with A to Z in lower case and nothing else changed."""
    return text.strip().translate(_LOWER)


_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def proof_of(
    slack_email: str | None, account: Account, *, chosen_by_admin: bool, is_admin: bool
) -> Proof | None:
    """Why this account is believed to be the member's own; None waits for an approval (U3).

    Args:
        slack_email: As Slack verified it; None where it is hidden.
        account: What the member confirms or picks.
        chosen_by_admin: An admin chose this very account for this very person.
        is_admin: The member is an admin, and so chooses it for themselves.
    """
    if account.email_is_verified and same_address(slack_email, account.email):
        return Proof.EMAIL
    return Proof.ADMIN if chosen_by_admin or is_admin else None


class Reply(StrEnum):
    """What a member's answer came to."""

    ASK = "ask"
    """A request waits for their answer."""
    CHOOSE = "choose"
    """They pick their account from the list."""
    CONNECTED = "connected"
    AWAITING = "awaiting"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    HELD = "held"
    """Somebody else is connected with that account; the admins were told."""
    UNAVAILABLE = "unavailable"
    """The account is gone or switched off in the provider."""
    SITE_GONE = "site gone"
    """The site was disconnected meanwhile."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How things stand after a member's answer."""

    link: AccountLink
    reply: Reply
    renewed: bool = False
    """The request they answered had expired or was replaced; this is a fresh one."""
    held: Account | None = None
    """The account that they wanted, where somebody else is connected with it."""


class Decision(StrEnum):
    """What an admin's click came to."""

    APPROVED = "approved"
    REFUSED = "refused"
    OUTDATED = "outdated"
    """The member picked another account meanwhile: this is what to decide on now."""
    SETTLED = "settled"
    """Nothing waits any more; the link's state says why."""


@dataclass(frozen=True, slots=True)
class Decided:
    """How things stand after an admin's click."""

    link: AccountLink
    decision: Decision


@dataclass(frozen=True, slots=True)
class Choice:
    """One person in *Add users*."""

    member_id: MemberId
    account_id: ProviderAccountId | None = None
    """None lets them pick it themselves."""
    chosen: bool = False
    """The admin chose this very account for this very person."""
    named: bool = True
    """The admin named the person; guests are asked only then."""


class SkipReason(StrEnum):
    """Why somebody is not asked."""

    CONNECTED = "connected"
    AWAITING = "awaiting approval"
    GUEST = "guest"
    DEACTIVATED = "deactivated"
    ACCOUNT_HELD = "account held"
    """Somebody else is connected with the account chosen for them."""
    ACCOUNT_UNAVAILABLE = "account unavailable"
    UNKNOWN = "unknown"
    """No person of this workspace: a bot, for example."""
    JUST_ASKED = "just asked"
    """Another admin asked them at the same moment."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Somebody who is not asked."""

    name: str
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Invited:
    """What *Notify* did."""

    site: Site
    invited: tuple[MemberId, ...]
    skipped: tuple[Skipped, ...]


class Strength(StrEnum):
    """How much speaks for a suggestion, most first."""

    VERIFIED_EMAIL = "verified email"
    EMAIL = "email"
    """Equal addresses, but the provider does not vouch for its own."""
    NAME = "name"
    """A weak hint."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The account that is probably a member's."""

    account_id: ProviderAccountId
    strength: Strength


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who could be asked, as *Add users* shows them."""

    person: Person
    link: AccountLink | None
    account: Account | None
    """Theirs once connected, else the one suggested."""
    strength: Strength | None = None
    """Of the suggestion; None where the link names the account."""

    @property
    def state(self) -> AccountLinkState | None:
        """Where they stand; None when nobody asked them yet."""
        return None if self.link is None else self.link.state


@dataclass(frozen=True, slots=True)
class Standing:
    """A site, and where a member stands there."""

    site: Site
    link: AccountLink | None
    waits_to_be_asked: bool = False
    """A guest, whom no admin has asked there by name."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A connection that ended."""

    link: AccountLink
    stopped: int
    """Timers that were stopped and kept."""


@dataclass(frozen=True, slots=True)
class AccountsFound:
    """Accounts to pick from, best first, and how many more there are."""

    accounts: tuple[Account, ...]
    total: int
    held: tuple[Account, ...] = ()
    """What was typed fits these, too, but somebody else is connected with each."""
