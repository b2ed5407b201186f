"""Webhooks as values: who may be told what, and what came of asking for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
class HookAnswer:
    """What a request is answered with."""

    headers: Mapping[str, str]
    is_news: bool
    """There is something to read again."""
