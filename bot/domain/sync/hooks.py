"""Webhooks as values: who may be told what, and what came of asking for them."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from bot.domain.values import dataclass


class HookUnknown(Exception):
    """No integration has this address: somebody guesses."""


class HookGone(Exception):
    """The integration of this address is no more; its provider may stop sending."""


@dataclass(frozen=True, slots=True)
class HookWish:
    """Webhooks that a provider is to be asked for."""

    address: str
    secret: str = field(repr=False)
    projects: tuple[str, ...]
    """Provider ids of everything that is to be watched."""
    watched: str
    """Stands for the two above, to see when they change."""


@dataclass(frozen=True, slots=True)
class HookStanding:
    """How an integration's webhooks are, for an admin."""

    provider: str
    """The adapter's slug."""
    site_name: str
    address: str | None
    """None where the internet does not reach this server."""
    is_by_hand: bool
    """A person has to set them up, in the tool."""
    problem: str
    """Why the tool did not let us; empty where it never can, or did."""
    steps: str
    """Where in the tool a person enters address and secret."""
    secret: str | None = field(repr=False)
    """Shown to whoever has to enter it, and to nobody else."""
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What a request is answered with."""

    headers: Mapping[str, str]
    is_news: bool
    """There is something to read again."""
