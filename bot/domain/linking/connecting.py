"""Setting integrations up: values, and what can go wrong."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import AlreadyDone, NotFound, NotPossible
from bot.domain.ids import IntegrationId
from bot.domain.linking.integrations import Integration
from bot.domain.values import dataclass


class Secrets(Mapping[str, str]):
    """Named secrets that no log, traceback or ``repr`` shows."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self._values)})"


class Arrival(StrEnum):
    """How an integration came to be connected."""

    NEW = "new"
    RETURNED = "returned"
    """It was disconnected once; what it fed and who was connected can be resumed."""
    MENDED = "mended"
    """Its credentials had stopped working; it has new ones."""
    RENEWED = "renewed"
    """It worked, and an admin gave it new ones all the same."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What the form for new credentials of an integration begins with."""

    integration: Integration
    values: Mapping[str, str]
    """What it was connected with, without the secrets."""


@dataclass(frozen=True, slots=True)
class Connected:
    """An integration that was just connected."""

    integration: Integration
    arrival: Arrival
    resumable: int = 0
    """Provider projects that were unlinked when it was disconnected and can be linked again."""
    people: int = 0
    """Who was connected then, and can be asked again."""


@dataclass(frozen=True, slots=True)
class Disconnection:
    """What disconnecting an integration does, or did."""

    integration: Integration
    projects: int
    """Provider projects that are unlinked."""
    named: tuple[str, ...]
    """The first projects that they feed."""
    people: int
    """Whose connections end."""
    keys: int
    """Of them, whose own keys are destroyed."""
    requests: int
    """Open requests that are withdrawn."""
    timers: int
    """These are stopped and kept."""
    owed: int = 0
    """Entries that are not written to the tool yet."""
    writes_owed: bool = True
    """They still are; until then the credentials are kept."""


@dataclass(frozen=True, slots=True)
class DisconnectNotice:
    """What a person is told when somebody disconnects an integration."""

    slack_user_id: str
    provider: str
    """The adapter's slug."""
    site_name: str
    by: str | None
    """Who did it, by name."""
    was_connected: bool
    """Their own account there was."""
    had_key: bool
    """And a key of their own was destroyed."""
    is_admin: bool


@dataclass(eq=False)
class SiteAlreadyConnected(AlreadyDone):
    """This very site is connected and works."""

    integration_id: IntegrationId
    site_name: str
    by: str | None
    at: datetime


@dataclass(eq=False)
class OtherSite(NotPossible):
    """New credentials for one site open another."""

    site_name: str
    opened: str


@dataclass(eq=False)
class AlreadyDisconnected(AlreadyDone):
    """Somebody disconnected it before."""

    site_name: str


@dataclass(eq=False)
class UnknownProvider(NotFound):
    """No adapter is called that."""

    text: str
    known: tuple[str, ...] = ()
    """Names of all adapters."""
