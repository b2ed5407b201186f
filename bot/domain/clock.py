"""Time as a parameter."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Answers the present moment: aware, in UTC. The system's own is chosen in ``bot/wiring.py``."""

Sleep: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits for a number of seconds without blocking."""
