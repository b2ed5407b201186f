"""Time as a parameter."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Answers the present moment: aware, in UTC. The system's own is chosen in ``bot/app.py``."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits for a number of seconds without blocking."""


def utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: the moment has no zone, so it names no moment.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)
