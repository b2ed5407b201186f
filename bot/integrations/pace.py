"""How fast a provider lets one account ask, kept to before it has to say so."""

import asyncio
from collections import deque
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.clock import Clock, Sleep
from bot.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """So many requests in any span of so many seconds."""

    requests: int
    seconds: float


class Turns:
    """Gives out moments to ask at, in the order of asking; all clients of one account share it."""

    def __init__(self, pace: Pace, clock: Clock, sleep: Sleep) -> None:
        self._span = timedelta(seconds=pace.seconds)
        self._clock = clock
        self._sleep = sleep
        self._given: deque[datetime] = deque(maxlen=pace.requests)

    async def turn(self) -> None:
        """Waits until one more request is within the pace."""
        now = self._clock()
        is_full = len(self._given) == self._given.maxlen
        moment = max(now, self._given[0] + self._span) if is_full else now
        self._given.append(moment)
        if moment > now:
            await self._sleep((moment - now).total_seconds())


class Limits:
    """What the clients of one process share: the requests at a time, and the turns."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._turns: dict[tuple[str, str], Turns] = {}

    def gate(self, origin: str, limit: int) -> asyncio.Semaphore:
        """The semaphore that all clients of one host share; the first one sets the limit."""
        return self._gates.setdefault(origin, asyncio.Semaphore(limit))

    def turns(self, origin: str, secrets: tuple[str, ...], pace: Pace | None) -> Turns | None:
        """The turns that all clients of one account share; None where nobody states a pace."""
        if pace is None:
            return None
        account = sha256("\n".join(secrets).encode()).hexdigest()
        made = Turns(pace, self._clock, self._sleep)
        return self._turns.setdefault((origin, account), made)
