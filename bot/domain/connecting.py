"""Setting integrations up: values, and what can go wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import AlreadyDone, NotFound
from bot.domain.ids import IntegrationId
from bot.domain.integrations import Integration


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
    """It was disconnected once; its provider projects and links are attached again."""
    MENDED = "mended"
    """Its credentials had stopped working; it has new ones."""


@dataclass(frozen=True, slots=True)
class Connected:
    """An integration that was just connected."""

    integration: Integration
    arrival: Arrival
    linked: int = 0
    """Provider projects that are linked already."""


@dataclass(frozen=True, slots=True)
class Disconnected:
    """An integration that was just disconnected."""

    integration: Integration
    stopped: int
    """Timers that were stopped and kept."""


@dataclass(eq=False)
class SiteAlreadyConnected(AlreadyDone):
    """This very site is connected and works."""

    integration_id: IntegrationId
    site_name: str
    by: str | None
    at: datetime


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
