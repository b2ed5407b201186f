"""Tokens with which a person's own programs read what that person may see.

A token is ``hlk_``, 48 hexadecimal digits of chance, and 8 of a checksum over them. The prefix is
what scanners for leaked secrets look for, and the checksum turns typing errors away before the
database is asked.
"""

import re
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from zlib import crc32

from bot.domain.errors import NotAllowed, NotPossible
from bot.domain.ids import ApiTokenId
from bot.domain.values import dataclass

PREFIX = "hlk_"
LONGEST_NAME = 60
MOST_TOKENS = 20
"""Of one person."""
USED_AGAIN = timedelta(minutes=1)
"""How exactly it is known when a token was last used: not every request writes."""
KEPT = timedelta(days=90)
"""How long one that has expired is still listed."""

_NAME_DIGITS = 12
_FORM = re.compile(rf"{PREFIX}([0-9a-f]{{48}})([0-9a-f]{{8}})", re.ASCII)


class Lifetime(StrEnum):
    """How long a token is good for, as its owner chooses."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FOREVER = "forever"
    """Until it is taken back."""

    def until(self, now: datetime) -> datetime | None:
        """When it ends; None for never."""
        days = {Lifetime.MONTH: 30, Lifetime.QUARTER: 90, Lifetime.YEAR: 365}.get(self)
        return None if days is None else now + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as it is listed; nobody can read the token itself again."""

    id: ApiTokenId
    name: str
    made_at: datetime
    expires_at: datetime | None
    """None for never."""
    used_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """It is good for nothing any more."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new one, shown this once."""

    token: ApiToken
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A token that has the form of one of ours."""

    public: str
    """The part that it is found by."""
    digest: str = field(repr=False)
    """What proves the rest."""


class ApiTokenRefused(NotAllowed):
    """The token is none of ours, is over, was taken back, or its owner may do nothing any more."""


class ApiSwitchedOff(NotAllowed):
    """The team lets nobody read over the API."""


@dataclass(eq=False)
class TooManyTokens(NotPossible):
    """Nobody has more than so many."""

    most: int


def spell(chance: str) -> str:
    """A token from 48 hexadecimal digits of chance."""
    return f"{PREFIX}{chance}{_checksum(chance)}"


def read_token(text: str) -> Spelled | None:
    """What a token says; None where it cannot be one of ours."""
    found = _FORM.fullmatch(text)
    if found is None or found[2] != _checksum(found[1]):
        return None
    return Spelled(found[1][:_NAME_DIGITS], sha256(text.encode()).hexdigest())


def _checksum(chance: str) -> str:
    return f"{crc32(chance.encode()):08x}"
