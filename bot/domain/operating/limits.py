"""How often somebody may ask: so generous that no person meets it (O2).

It is counted in the memory of one process and costs no question to the database. Several web
processes count each for itself, so that all together let so many times as much through.
"""

from collections.abc import Hashable, Mapping
from datetime import datetime
from enum import StrEnum
from math import ceil
from threading import Lock

from bot.domain.errors import NotPossible
from bot.domain.sync.pacing import Allowance, Pacing
from bot.domain.values import dataclass


class Kind(StrEnum):
    """What is counted."""

    REQUEST = "request"
    """Anything that a person does in Slack."""
    TEAM = "team"
    """The same of a whole team together."""
    RESYNC = "resync"
    EXPORT = "export"
    """A file that is made in the background."""
    INVITATION = "invitation"
    """People asked to connect, however many at once."""


@dataclass(eq=False)
class TooOften(NotPossible):
    """Somebody, or their whole team, asked for more than anybody needs."""

    kind: Kind
    seconds: int
    """Until they may again."""


class Limits:
    """Every limit of a process."""

    def __init__(self, allowances: Mapping[Kind, Allowance]) -> None:
        """Begins to count; a kind that is not there has no limit."""
        self._counted = {kind: Pacing(allowance) for kind, allowance in allowances.items()}
        self._lock = Lock()  # services ask from several threads

    def take(self, kind: Kind, whose: Hashable, now: datetime) -> None:
        """One more of a kind.

        Raises:
            TooOften: that would be too many; it does not count.
        """
        counted = self._counted.get(kind)
        if counted is None:
            return
        with self._lock:
            wait = counted.wait(whose, now)
        if wait:
            raise TooOften(kind, max(ceil(wait), 1))
