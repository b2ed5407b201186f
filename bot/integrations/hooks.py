"""Webhooks: a provider telling by itself that something has changed.

What a request says is never taken for the new state. It only names what to read again, so a lost
one costs minutes, until the next sync, and a forged or repeated one nothing.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from bot.domain.values import dataclass


class HookForged(Exception):
    """Nothing proves that the request is the provider's."""


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A request as it arrived at an integration's address."""

    address: str
    """Where it was sent: the address that the provider was told, with whatever the adapter put
    behind it."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = field(repr=False)
    """As it came: signatures are over these very bytes."""

    def decoded(self) -> Any:  # noqa: ANN401 - JSON is of any shape until it is read
        """The JSON in the body; None where there is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class News:
    """What a proved request says has changed. Nothing at all is no news, such as a ping."""

    projects: frozenset[str] = frozenset()
    """Provider projects in which tasks were made or edited: their changes are read."""
    tasks: frozenset[str] = frozenset()
    """Tasks that were deleted or moved, which no list of changes shows: each is read again."""
    is_wide: bool = False
    """Something else changed: projects, people, access. An ordinary sync follows."""
    secret: str | None = field(default=None, repr=False)
    """A handshake: what signs this address's requests from now on. Believed only while the
    provider is being asked for a webhook, and only where there is no secret yet."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the answer has to carry, as handshakes want."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A provider's webhooks as they were set up."""

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What signs the requests, by what stands behind the address ("" for the address itself).

    Where the provider makes the secret, it is here; where it took ours, that. Secrets that came
    by a handshake need not be repeated.
    """
    renew_at: datetime | None = None
    """Aware: when it has to be set up again, because it expires."""


@runtime_checkable
class SendsHooks(Protocol):
    """Capability.HOOKS."""

    @staticmethod
    def hear(request: HookRequest, secret: str | None) -> News:
        """Proves a request, exactly as the provider documents it, and says what has changed.

        Calls nobody. A body of an unknown shape is no error once it is proved: it ``is_wide``.

        Args:
            request: As it arrived.
            secret: What signs the requests to this address; None while there is none, when only
                a handshake can be heard.

        Raises:
            HookForged: nothing proves that the provider sent it.
        """
        ...


@runtime_checkable
class SetsUpHooks(Protocol):
    """Capability.HOOK_SETUP."""

    async def watch(self, address: str, secret: str, projects: Collection[str]) -> Watch:
        """Makes the provider tell what changes in these projects; any number of times.

        What this set up before at the same address is changed, renewed or removed, not doubled.

        Args:
            address: Where to send it. Something may be put behind it: ``<address>/<project>``.
            secret: What to sign with, where the provider takes one.
            projects: All that is to be watched; none removes everything.

        Raises:
            ProviderRefused: the credentials may not do that; a person has to set it up.
        """
        ...


def signed(secret: str, body: bytes, *, algorithm: str = "sha256") -> bytes:
    """The HMAC of a body; in hexadecimal or base 64 it is what most providers' headers hold."""
    return hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).digest()


def prove(given: str | None, expected: str) -> None:
    """Compares a signature in constant time.

    Raises:
        HookForged: it is missing, or another one.
    """
    if given is None or not hmac.compare_digest(given.encode(), expected.encode()):
        raise HookForged
