"""The embedded runner: all background work inside the one process that a SQLite file allows."""

import asyncio

import structlog

from bot.domain.ids import IntegrationId
from bot.jobs.clock import IntervalClock
from bot.jobs.runner import AT_ONCE, Bell, Duties, Guarded, Hands, Pace

log = structlog.get_logger(__name__)


class EmbeddedRunner:
    """Works off the outbox and the syncs that are due; woken by whoever adds work."""

    def __init__(self, duties: Duties, clock: IntervalClock, pace: Pace | None = None) -> None:
        self._duties = duties
        self._clock = clock
        self._pace = pace or Pace()
        self._deliver = Guarded("deliver", duties.deliver)
        self._begin_syncs = Guarded("look for syncs", self._look_for_syncs)
        self._remind = Guarded("remind", duties.remind)
        self._renew = Guarded("renew tokens", duties.renew)
        self._tidy = Guarded("tidy", duties.tidy)
        self._bell = Bell(self._pace.pause)
        self._hands = Hands()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._syncing: set[IntegrationId] = set()

    def wake(self) -> None:
        """There may be new work."""
        self._bell.ring()

    async def start(self) -> None:
        """Begins; what an earlier process left undone is taken up at once."""
        self._hands.begin(self._bell.answer(self._look))
        self._hands.begin(self._remind())
        self._hands.begin(self._renew())
        self._hands.begin(self._tidy())
        self._clock.every(self._pace.look, self._tick)
        self._clock.every(self._pace.remind, self._remind)
        self._clock.every(self._pace.remind, self._renew)
        self._clock.every(self._pace.tidy, self._tidy)
        self._clock.start()
        self.wake()

    async def stop(self) -> None:
        """Ends; a sync that is cut off goes on from its bookmark after the next start."""
        self._clock.stop()
        await self._hands.stop()

    async def _tick(self) -> None:
        self.wake()

    async def _look(self) -> None:
        self._hands.begin(self._deliver())
        await self._begin_syncs()

    async def _look_for_syncs(self) -> None:
        for integration_id in await self._duties.syncs_due():
            if integration_id not in self._syncing:
                self._syncing.add(integration_id)
                self._hands.begin(self._sync(integration_id))

    async def _sync(self, integration_id: IntegrationId) -> None:
        try:
            async with self._places:
                await self._duties.sync(integration_id)
        except Exception:
            log.exception("sync_crashed", integration_id=integration_id)
            rest = self._pace.rest
            asyncio.get_running_loop().call_later(rest, self._syncing.discard, integration_id)
        else:
            self._syncing.discard(integration_id)
            self.wake()  # it may have found something to tell, and may be wished for again
