"""What only the time of day brings about; one thing that fails holds up no other."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import DatabaseAway
from bot.jobs.runner import Guarded, Work
from bot.services.pool import Pool

log = structlog.get_logger(__name__)

Item = TypeVar("Item", bound=Hashable)


def each_due(
    name: str,
    pool: Pool,
    clock: Clock,
    due: Callable[[datetime], Iterable[Item]],
    do: Callable[[Item, datetime], object],
    *,
    at_once: int = 1,
) -> Guarded:
    """Does something for each that is due; of one that fails the first of equal failures is logged.

    Args:
        name: What is done, for the log.
        pool: Where services run.
        clock: The time.
        due: What it is to be done for now.
        do: Does it for one.
        at_once: How many it is done for at a time: what is brief and waits at the same moment is
            committed together on SQLite.
    """
    failing: dict[Item, type[Exception]] = {}

    async def work() -> None:
        now_due = list(await pool(due, clock()))
        for one in failing.keys() - set(now_due):  # it is over; should it come again, it is news
            del failing[one]
        for first in range(0, len(now_due), at_once):
            await _all_ended(map(done, now_due[first : first + at_once]))

    async def done(one: Item) -> None:
        try:
            await pool(do, one, clock())
        except DatabaseAway:
            raise
        except Exception as error:
            if failing.get(one) is not type(error):
                log.exception("due_work_failed", work=name, due=one)
            failing[one] = type(error)
        else:
            failing.pop(one, None)

    return Guarded(name, work)


async def _all_ended(works: Iterable[Awaitable[None]]) -> None:
    """Raises the first failure of them once all have ended."""
    for ended in await asyncio.gather(*works, return_exceptions=True):
        if ended is not None:
            raise ended


def all_of(works: Sequence[Guarded]) -> Work:
    """All of them, one after another; each logs its own failures."""

    async def remind() -> None:
        for work in works:
            await work()

    return remind
