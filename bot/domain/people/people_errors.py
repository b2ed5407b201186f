"""What can go wrong while people and accounts are linked; the sentences are in the views."""

from bot.domain.errors import NotAllowed, NotFound, NotPossible
from bot.domain.ids import IntegrationId
from bot.domain.states import AccountLinkState
from bot.domain.values import dataclass


@dataclass(eq=False)
class GuestNotInvited(NotAllowed):
    """Guests connect only when an admin asked them by name."""

    admins: tuple[str, ...] = ()


@dataclass(eq=False)
class NoIntegration(NotPossible):
    """No tool is connected to this workspace; ``text`` is what was asked for, where it was."""

    text: str = ""
    known: tuple[str, ...] = ()
    """What could be asked for instead."""
    is_admin: bool = False
    """Who asked could connect one."""
    admins: tuple[str, ...] = ()
    """Whom to ask, by name."""


@dataclass(eq=False)
class SiteDisconnected(NotPossible):
    """The site was disconnected meanwhile."""

    site: str


@dataclass(eq=False)
class AccountHeld(NotPossible):
    """Somebody else is connected with the account; told to admins only."""

    account: str
    holder: str


@dataclass(eq=False)
class AccountUnavailable(NotPossible):
    """The account is gone or switched off in the provider."""

    account: str


@dataclass(eq=False)
class NotConnectedNow(NotPossible):
    """There is nothing to disconnect or withdraw in this state."""

    state: AccountLinkState


@dataclass(eq=False)
class PersonNotFound(NotFound):
    """Nobody here, or more than one person, is called that."""

    name: str
    matches: tuple[str, ...] = ()


@dataclass(eq=False)
class NobodyChosen(NotPossible):
    """*Notify* without anybody to notify."""

    integration_id: IntegrationId


@dataclass(eq=False)
class NoOwnKeys(NotPossible):
    """The tool gives people no keys of their own, or its adapter takes none."""

    site: str


@dataclass(eq=False)
class KeyOfElsewhere(NotPossible):
    """The key opens another site than the one asked for."""

    site: str
    opened: str


@dataclass(eq=False)
class KeyOfNobody(NotPossible):
    """The tool does not say whose key it is."""

    site: str


@dataclass(eq=False)
class KeyOfAnother(NotPossible):
    """The key is of another account than the one they are connected with."""

    account: str
    """The key's."""
    connected: str
    """The one they are connected with."""


@dataclass(eq=False)
class CannotAdminister(NotPossible):
    """Guests never administer."""

    name: str


@dataclass(eq=False)
class NamedNowhere(NotPossible):
    """They were not named here, so there is nothing to take back."""

    name: str
    by_slack: bool
    """They administer all the same, because Slack says so."""
    is_owner: bool = False
    """The workspace is theirs, so no setting changes that."""


@dataclass(eq=False)
class LastAdmin(NotPossible):
    """Nobody would be left to administer."""
