"""How often one token may ask: a burst at once, then so many a second. Each process counts."""

from collections.abc import Hashable
from datetime import datetime

from bot.domain.values import dataclass

_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and so many more each second."""

    burst: int
    per_second: float


ALLOWANCE = Allowance(burst=60, per_second=2)
"""Sixty at once, 120 a minute after that. A page has up to 500 rows."""


class Pacing:
    """Counts what each one may still ask."""

    def __init__(self, allowance: Allowance | None = None) -> None:
        self._allowance = allowance or ALLOWANCE
        self._left: dict[Hashable, tuple[float, datetime]] = {}

    def wait(self, whose: Hashable, now: datetime) -> float:
        """Counts one request, and 0; or the seconds to wait, and the request does not count."""
        burst, speed = self._allowance.burst, self._allowance.per_second
        left, since = self._left.get(whose, (float(burst), now))
        left = min(burst, left + max(0.0, (now - since).total_seconds()) * speed)
        if left < 1:
            self._left[whose] = (left, now)
            return (1 - left) / speed
        if len(self._left) >= _MOST_KEPT:
            self._forget(now)
        self._left[whose] = (left - 1, now)
        return 0

    def _forget(self, now: datetime) -> None:
        """Drops those whose allowance is whole again."""
        full = self._allowance.burst / self._allowance.per_second
        self._left = {
            one: kept for one, kept in self._left.items() if (now - kept[1]).total_seconds() < full
        }
