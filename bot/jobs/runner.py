"""Who does the background work, and when: one port, and what its two implementations share."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

import structlog

from bot.domain.errors import DatabaseAway
from bot.domain.ids import IntegrationId
from bot.domain.values import dataclass

log = structlog.get_logger(__name__)

Work: TypeAlias = Callable[[], Awaitable[object]]

AT_ONCE = 4
"""Integrations that one process syncs at the same time, unless it is told otherwise."""


class Runner(Protocol):
    """Sees to it that what is due gets done. What is due is in the database, never in here."""

    async def start(self) -> None:
        """Begins; what an earlier process left undone is taken up."""

    async def stop(self) -> None:
        """Ends: nothing new is begun, and what is cut off is due again."""

    def wake(self) -> None:
        """There may be new work. Cheap, and safe to call from the event loop at any time."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What there is to do; each finds out for itself what is due."""

    deliver: Work
    """Works off the outbox. Called while it is at it, it looks once more and returns at once."""
    syncs_due: Callable[[], Awaitable[Sequence[IntegrationId]]]
    """Integrations whose time has come. It also names those whose run nobody ended."""
    sync: Callable[[IntegrationId], Awaitable[object]]
    """Syncs one if it is still due."""
    remind: Work
    """Whatever only the time of day brings about."""
    renew: Work
    """Exchanges tokens of tools before they end. A tool may be slow to answer, so it is apart."""
    tidy: Work
    """Drops what nobody asks for any more."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things happen, in seconds."""

    look: float = 1
    """Between two looks at what has become due by time alone."""
    remind: int = 10
    tidy: int = 3600
    pause: float = 0.05
    """Between two answers to a bell: people who ask at the same moment ring it once."""
    rest: int = 30
    """How long an integration is left alone whose sync crashed in a way nobody foresaw."""
    heartbeat: float = 5
    """How often a process that shares the work says that it lives."""
    dead_after: float = 25
    """Without a heartbeat for so long, its work is given to others."""
    bury: int = 5
    """Between two looks for such processes."""


class Guarded:
    """Work whose failure stops nothing else. Logged: the first of equal failures, the recovery.

    That the database cannot be reached is logged where it is found out, once for all work.
    """

    def __init__(self, name: str, work: Work) -> None:
        self._name = name
        self._work = work
        self._failing: type[Exception] | None = None

    async def __call__(self) -> bool:
        """Does it; whether that went well."""
        try:
            await self._work()
        except DatabaseAway:
            return False
        except Exception as error:
            if self._failing is not type(error):
                log.exception("background_work_failed", work=self._name)
            self._failing = type(error)
            return False
        if self._failing:
            log.info("background_work_recovered", work=self._name)
        self._failing = None
        return True


class Bell:
    """Has a piece of work done after every ring; rings that come meanwhile are one."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """The work is to be done, once more if it is being done."""
        self._rung.set()

    async def answer(self, work: Work) -> None:
        """Does the work, ring by ring, until it is cancelled."""
        rested = asyncio.Event()
        while True:
            await self._rung.wait()
            self._rung.clear()
            rested.clear()
            asyncio.get_running_loop().call_later(self._pause, rested.set)
            await work()
            await rested.wait()


class Hands:
    """Tasks of this process that run side by side, and end together."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[object]] = set()

    def begin(self, work: Awaitable[object]) -> None:
        """Begins something that handles its own failures."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, limit: float | None = None) -> None:
        """Cancels everything and waits until it has ended.

        Args:
            limit: Seconds after which whatever still takes leave is cancelled once more.
        """
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks and limit is not None:
            _, tasks = await asyncio.wait(tasks, timeout=limit)
            for task in tasks:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
