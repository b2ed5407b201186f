"""The list of people and their accounts: filters, selections, and what can be done to many."""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b

from bot.domain.errors import NotPossible
from bot.domain.ids import AccountLinkId, IntegrationId
from bot.domain.people.account_links import AccountLink, Site
from bot.domain.states import AccountLinkState
from bot.domain.values import dataclass

_S = AccountLinkState


class Shown(StrEnum):
    """What the list is narrowed to: a state, or a mark that something needs a look."""

    ALL = "all"
    CONNECTED = "connected"
    INVITED = "invited"
    AWAITING_APPROVAL = "awaiting_approval"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    UNREACHABLE = "unreachable"
    """Slack did not deliver the last message."""
    LEFT = "left"
    """Deactivated in Slack."""
    ACCOUNT_OFF = "account_off"
    """Connected with an account that is gone or switched off in the provider."""
    ADDRESS_CHANGED = "address_changed"
    """Connected because two addresses were equal, which they are no longer."""


STATES: Mapping[Shown, AccountLinkState] = {
    Shown(state.value): state for state in AccountLinkState if state.value in set(Shown)
}
"""Those that are a state of the link."""


PAGE_SIZE = 20
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """What the list is asked for."""

    integration_id: IntegrationId
    shown: Shown = Shown.ALL
    words: str = ""
    """Each has to stand in the person's name or address, or in the account's."""
    page: int = 0
    selection: int | None = None
    """The list's ticks, while several are being chosen."""
    turn: int = 0
    """Counts how often the list was drawn: Slack keeps ticks by the names of their blocks."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the list."""

    query: PeopleQuery
    """As it was answered: the page is one that there is."""
    site: Site
    sites: tuple[Site, ...]
    """Every site that could be looked at instead."""
    links: tuple[AccountLink, ...]
    total: int
    """How many the list holds on all pages."""
    counts: Mapping[Shown, int]
    """How many there are of each, without the words."""
    not_asked: int
    """People of the workspace without any link here; guests left out."""
    ticked: frozenset[AccountLinkId] = frozenset()
    """Those of this page that are ticked."""
    ticks: int = 0
    """How many are ticked on all pages together."""

    @property
    def pages(self) -> int:
        """How many there are, one at least."""
        return max(1, -(-self.total // PAGE_SIZE))


class BatchAction(StrEnum):
    """What can be done to many at once."""

    INVITE = "invite"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    DISCONNECT = "disconnect"


class LeftAlone(StrEnum):
    """Why somebody who was selected is left alone."""

    WRONG_STATE = "wrong state"
    """The action means nothing where they stand."""
    DEACTIVATED = "deactivated"
    CLAIMED_TWICE = "claimed twice"
    """Two of the selected claim the same account: an admin decides one by one."""
    ACCOUNT_HELD = "account held"
    ACCOUNT_UNAVAILABLE = "account unavailable"


@dataclass(frozen=True, slots=True)
class BatchPreview:
    """What an action would do, before it is done."""

    action: BatchAction
    site: Site
    affected: tuple[AccountLink, ...]
    left: Mapping[LeftAlone, tuple[str, ...]]
    """Names of those who are left alone."""
    timers: int = 0
    """Running timers that would be stopped and kept."""
    keys: int = 0
    """Keys of their own that would be destroyed."""

    @property
    def fingerprint(self) -> str:
        """Changes when somebody else would be affected, or something about them did."""
        seen = ",".join(f"{link.id}.{link.request}" for link in self.affected)
        return blake2b(seen.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class BatchDone:
    """What an action did."""

    preview: BatchPreview
    """As it was right before."""
    timers: int = 0
    """Timers that were stopped and kept."""

    @property
    def number(self) -> int:
        """How many it was done to."""
        return len(self.preview.affected)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everybody who is ticked, and how many of them each action is for."""

    site: Site
    total: int
    fits: Mapping[BatchAction, int]


@dataclass(eq=False)
class NobodySelected(NotPossible):
    """An action on many, and nobody is selected."""


@dataclass(eq=False)
class SelectionChanged(NotPossible):
    """Something about the selected changed after the preview was shown."""


FROM: Mapping[BatchAction, frozenset[AccountLinkState]] = {
    BatchAction.INVITE: frozenset({_S.INVITED, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN, _S.ENDED}),
    BatchAction.WITHDRAW: frozenset({_S.INVITED, _S.AWAITING_APPROVAL}),
    BatchAction.APPROVE: frozenset({_S.AWAITING_APPROVAL}),
    BatchAction.DISCONNECT: frozenset({_S.CONNECTED}),
}
"""Where somebody has to stand for an action to mean something."""
