"""Delivering the outbox: at least once, in order within a subject, never blindly twice."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeAlias

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import HourlinkError, TeamNotInstalled
from bot.domain.outbox import OutboxItem
from bot.domain.slack_errors import SlackOutcomeUnknown, SlackRefused, SlackTryLater
from bot.services.outbox import Outbox
from bot.services.pool import Pool

log = structlog.get_logger(__name__)

Delivery: TypeAlias = Callable[[OutboxItem], Awaitable[None]]
"""Carries one kind of work to the outside. An item that ``may_have_happened`` is looked for before
it is repeated."""

ATTEMPTS = 12
"""After so many it is given up; with the waits below that is about two days."""

TIME_LIMIT = 45.0
"""Seconds for one delivery; shorter than the time for which a row is held."""

LONGEST_WAIT = timedelta(hours=6)


class OutboxJob:
    """Works off what is due."""

    def __init__(
        self, outbox: Outbox, deliveries: Mapping[str, Delivery], pool: Pool, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._deliveries = deliveries
        self._pool = pool
        self._clock = clock

    async def run_due(self) -> int:
        """Delivers until nothing is due any more; how many were taken up."""
        taken = 0
        while items := await self._pool(self._outbox.take, self._clock()):
            taken += len(items)
            await asyncio.gather(*(self._deliver(item) for item in items))
        return taken

    async def _deliver(self, item: OutboxItem) -> None:
        delivery = self._deliveries.get(item.kind)
        if delivery is None:
            await self._give_up(item, f"nothing delivers {item.kind}")
            return
        try:
            async with asyncio.timeout(TIME_LIMIT):
                await delivery(item)
        except SlackTryLater as error:
            await self._retry(item, "slack_try_later", wait=timedelta(seconds=error.retry_after))
        except TimeoutError:
            await self._retry(item, "took too long", may_have_happened=True)
        except SlackOutcomeUnknown as error:
            await self._retry(item, f"no answer to {error.call}", may_have_happened=True)
        except SlackRefused as error:
            await self._give_up(item, error.code)
        except (HourlinkError, TeamNotInstalled) as error:
            await self._give_up(item, type(error).__name__)
        except Exception:
            log.exception("delivery_failed", kind=item.kind, outbox_id=item.id)
            await self._retry(item, "unexpected, see the log", may_have_happened=True)
        else:
            await self._pool(self._outbox.done, item.id, self._clock())

    async def _retry(
        self,
        item: OutboxItem,
        error: str,
        *,
        wait: timedelta = timedelta(0),
        may_have_happened: bool = False,
    ) -> None:
        if item.attempts + 1 >= ATTEMPTS:
            await self._give_up(item, error)
            return
        backoff = min(timedelta(seconds=2 * 4**item.attempts), LONGEST_WAIT)
        await self._pool(
            self._outbox.retry,
            item.id,
            self._clock() + max(wait, backoff),
            error=error,
            may_have_happened=may_have_happened or item.may_have_happened,
        )

    async def _give_up(self, item: OutboxItem, error: str) -> None:
        log.warning("delivery_given_up", kind=item.kind, outbox_id=item.id, error=error)
        await self._pool(self._outbox.give_up, item.id, self._clock(), error=error)
