"""Installing the app: the consent page, and the codes that it hands out."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from playground.errors import SlackError

CODE_SECONDS = 600.0
"""Slack's authorization codes live for ten minutes."""


@dataclass(frozen=True)
class Grant:
    """What a person agreed to."""

    team: str
    user: str
    scopes: str
    redirect_uri: str
    created: float


class Grants:
    """Codes that were given and not yet exchanged."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._open: dict[str, Grant] = {}

    def give(self, team: str, user: str, scopes: str, redirect_uri: str) -> str:
        """Make a code."""
        code = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(32)}"
        self._open[code] = Grant(team, user, scopes, redirect_uri, self._now())
        return code

    def exchange(self, code: str, redirect_uri: str) -> Grant:
        """Take a code back, once, in time, and only for the address it was made for."""
        grant = self._open.get(code)
        if grant is None or self._now() - grant.created > CODE_SECONDS:
            raise SlackError("invalid_code")
        if redirect_uri and redirect_uri != grant.redirect_uri:
            raise SlackError("bad_redirect_uri")
        del self._open[code]
        return grant
