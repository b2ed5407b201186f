"""When to ask again: how long to wait, and when waiting is somebody else's business."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from bot.domain.values import dataclass

Jitter: TypeAlias = Callable[[], float]
"""Answers a number from 0 up to, not including, 1."""


_LONGEST_ASKED = 86_400.0
"""A day: past that a clock is wrong somewhere, and asking again does no harm."""

_SAME = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a read is repeated. All times in seconds."""

    tries: int = 3
    first_wait: float = 0.5
    longest_wait: float = 10.0
    """A provider that asks for more is left alone: the caller gets ``ProviderRateLimited``."""
    jitter: Jitter = random.random

    def wait(self, attempt: int, asked: float | None) -> float | None:
        """Seconds to wait after a failed attempt (the first is 1); None to give up."""
        if attempt >= self.tries:
            return None
        if asked is not None:
            return asked if asked <= self.longest_wait else None
        doubled: float = self.first_wait * 2.0 ** (attempt - 1)
        return min(doubled * (0.5 + self.jitter()), self.longest_wait)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds asked for by ``Retry-After`` (RFC 9110, 10.2.3: seconds or a date); None without."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value) if value[0].isdigit() else _until(value, now)
    except (TypeError, ValueError):
        return None
    return min(max(0.0, seconds), _LONGEST_ASKED)


def skew(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How far the other side's clock is ahead of ours, by its ``Date``; None where it has none.

    A difference of a second or two is the way of the answer, and the rounding of ``Date``.
    """
    try:
        found = timedelta(seconds=_until(headers.get("date", ""), now))
    except (TypeError, ValueError):
        return None
    return timedelta() if abs(found) < _SAME else found


def _until(date: str, now: datetime) -> float:
    moment = parsedate_to_datetime(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
