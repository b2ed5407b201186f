"""*Add users* as values: who is meant, and a page of them."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.ids import IntegrationId, ProviderAccountId, SlackUserId
from bot.domain.people.account_links import Candidate, Strength
from bot.domain.states import AccountLinkState
from bot.domain.values import dataclass

PAGE_SIZE = 20

THEIR_CHOICE = ProviderAccountId(0)
"""An admin's pick that leaves the choice to the person."""
NOT_ASKED = ProviderAccountId(-1)
"""An admin's pick that leaves the person out."""


class Hint(StrEnum):
    """Which of those who can be asked a list shows, by what speaks for their account."""

    ALL = "all"
    VERIFIED_EMAIL = "verified_email"
    EMAIL = "email"
    NAME = "name"
    NONE = "none"
    """No account is suggested: they choose it themselves."""

    @staticmethod
    def of(strength: Strength | None) -> "Hint":
        """The hint of a suggestion."""
        return Hint.NONE if strength is None else Hint(strength.value.replace(" ", "_"))


@dataclass(frozen=True, slots=True)
class UsersQuery:
    """Who is meant, and which of them are looked at."""

    integration_id: IntegrationId
    users: tuple[SlackUserId, ...] = ()
    everyone: bool = False
    """Everybody who can be asked, instead of ``users``."""
    page: int = 0
    hint: Hint = Hint.ALL
    """With the words it only narrows what is looked at, never who is asked."""
    words: str = ""


@dataclass(frozen=True, slots=True)
class UsersPage:
    """A page of who is meant."""

    query: UsersQuery
    """As it was answered: the page is one that there is."""
    candidates: tuple[Candidate, ...]
    listed: int
    """How many the list shows on all pages."""
    counts: Mapping[AccountLinkState | None, int]
    """Where everybody of the workspace stands; None for those whom nobody asked."""
    able: int
    """How many *Select all* means."""
    hints: Mapping[Hint, int]
    """How many of those there are of each, as far as the words go."""
    strangers: int
    """Named, and no people of this workspace: bots, for example."""

    @property
    def pages(self) -> int:
        """How many there are, one at least."""
        return max(1, -(-self.listed // PAGE_SIZE))
