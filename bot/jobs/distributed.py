"""The distributed runner: any number of processes share the work through PostgreSQL.

Procrastinate keeps the queue: it wakes a worker when another process has added work, gives every
integration's sync to one worker at a time, and knows by heartbeats which worker lives. What is due
stays in our own tables, so a lost job loses nothing: the next look finds it again.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from bot.domain.clock import Sleep
from bot.domain.errors import DatabaseAway
from bot.domain.ids import IntegrationId
from bot.jobs.clock import IntervalClock
from bot.jobs.runner import AT_ONCE, Bell, Duties, Guarded, Hands, Pace, Work

log = structlog.get_logger(__name__)

LOOK, SYNC, REMIND, RENEW, TIDY, BURY = (
    f"hourlink.{name}" for name in ("look", "sync", "remind", "renew", "tidy", "bury")
)
"""Names of the jobs, as they stand in the queue: a renamed one is unknown to older workers."""

QUICK, SLOW = "quick", "slow"
"""Two queues, so that long syncs never keep the short jobs waiting."""

GRACE = 3.0
"""Seconds that jobs under way get to end in when a worker stops."""

LET_GO = 6.0
"""Seconds after which a worker that stops no longer waits for the queue to hear of it."""

POLL = 2.0
"""Seconds between two looks into the queue, should a notification be lost."""

RESTART = 2.0
"""Seconds between two tries to work when the database is away."""


class Doorbell:
    """The runner of a process that only serves: it works nothing off, but can wake who does.

    Waking takes nothing from the answer to Slack: it happens beside it, and many wakes are one.
    One that fails costs a second at most, because every worker looks for itself as well.
    """

    def __init__(self, connection: Mapping[str, Any]) -> None:
        self._queue = _queue(connection)
        self._ring = Guarded("wake the workers", _reaching(self._defer))
        self._bell = Bell(Pace().pause)
        self._hands = Hands()

    def wake(self) -> None:
        """There may be new work."""
        self._bell.ring()

    async def start(self) -> None:
        """Opens the connection, and wakes the workers for whatever is due."""
        await self._queue.open_async()
        self._hands.begin(self._bell.answer(self._ring))
        self.wake()

    async def stop(self) -> None:
        """Closes the connection."""
        await self._hands.stop()
        await self._queue.close_async()

    async def _defer(self) -> None:
        await _put(self._queue, LOOK, QUICK)


class DistributedRunner:
    """One of the processes that share the work."""

    def __init__(
        self,
        connection: Mapping[str, Any],
        duties: Duties,
        clock: IntervalClock,
        sleep: Sleep,
        pace: Pace | None = None,
        *,
        syncs_at_once: int = AT_ONCE,
    ) -> None:
        self._duties = duties
        self._at_once = {QUICK: AT_ONCE, SLOW: syncs_at_once}
        self._clock = clock
        self._sleep = sleep
        self._pace = pace or Pace()
        self._queue = _queue(connection)
        self._deliver = Guarded("deliver", duties.deliver)
        self._share_syncs = Guarded("look for syncs", _reaching(self._look_for_syncs))
        self._remind = Guarded("remind", duties.remind)
        self._renew = Guarded("renew tokens", duties.renew)
        self._tidy = Guarded("tidy", duties.tidy)
        self._bury = Guarded("look for dead workers", _reaching(self._take_from_the_dead))
        self._bell = Bell(self._pace.pause)
        self._hands = Hands()
        self._is_ending = False
        self._name_jobs()

    def wake(self) -> None:
        """There may be new work; this process looks, the others do so within a second."""
        self._bell.ring()

    async def start(self) -> None:
        """Begins to share the work."""
        await self._queue.open_async()
        self._hands.begin(self._bell.answer(self._look))
        self._hands.begin(self._work(QUICK))
        self._hands.begin(self._work(SLOW))
        self._clock.every(self._pace.look, self._tick)
        self._clock.start()
        self.wake()

    async def stop(self) -> None:
        """Ends; a sync that is cut off goes on from its bookmark elsewhere."""
        self._is_ending = True
        self._clock.stop()
        await self._hands.stop(LET_GO)
        await self._queue.close_async()

    async def _tick(self) -> None:
        self.wake()

    async def _look(self) -> None:
        self._hands.begin(self._deliver())
        await self._share_syncs()

    async def _look_for_syncs(self) -> None:
        """Queues what is due, unless it is queued or under way; its lock is held then."""
        due = await self._duties.syncs_due()
        if not due:
            return
        jobs = await self._queue.job_manager.list_jobs_async(task=SYNC)
        queued = {job.lock for job in jobs}
        for integration_id in due:
            lock = f"integration:{integration_id}"
            if lock not in queued:
                await _put(self._queue, SYNC, SLOW, lock=lock, integration_id=integration_id)

    async def _work(self, queue: str) -> None:
        """Takes jobs out of one queue for ever; a database that goes away is waited for."""
        reach = Guarded("reach the queue", _reaching(self._queue.check_connection_async))
        # A worker that is cancelled takes leave of the queue; where that fails, the failure is all
        # that is left of the cancellation.
        while not self._is_ending:
            if await reach():
                try:
                    await self._queue.run_worker_async(
                        queues=[queue],
                        name=f"hourlink-{queue}",
                        concurrency=self._at_once[queue],
                        install_signal_handlers=False,
                        delete_jobs="always",
                        fetch_job_polling_interval=POLL,
                        shutdown_graceful_timeout=GRACE,
                        update_heartbeat_interval=self._pace.heartbeat,
                        stalled_worker_timeout=self._pace.dead_after,
                    )
                except ConnectorException as error:
                    log.warning("queue_lost", queue=queue, error=str(error))
                except Exception:
                    log.exception("queue_worker_crashed", queue=queue)
            await self._sleep(RESTART)

    def _name_jobs(self) -> None:
        queue, pace = self._queue, self._pace

        @queue.task(name=LOOK, queue=QUICK)
        async def look() -> None:
            self.wake()

        @queue.task(
            name=SYNC,
            queue=SLOW,
            retry=procrastinate.RetryStrategy(wait=pace.rest, retry_exceptions=(Exception,)),
        )
        async def sync(integration_id: int) -> None:
            try:
                await self._duties.sync(IntegrationId(integration_id))
            except DatabaseAway:
                raise
            except Exception:
                log.exception("sync_crashed", integration_id=integration_id)
                raise
            self.wake()  # it may have found something to tell

        @queue.periodic(cron=f"* * * * * */{pace.remind}")
        @queue.task(name=REMIND, queue=QUICK, lock=REMIND, queueing_lock=REMIND)
        async def remind(timestamp: int) -> None:
            del timestamp
            await self._remind()

        @queue.periodic(cron=f"* * * * * */{pace.remind}")
        @queue.task(name=RENEW, queue=QUICK, lock=RENEW, queueing_lock=RENEW)
        async def renew(timestamp: int) -> None:
            del timestamp
            await self._renew()

        @queue.periodic(cron="0 * * * *")
        @queue.task(name=TIDY, queue=QUICK, lock=TIDY, queueing_lock=TIDY)
        async def tidy(timestamp: int) -> None:
            del timestamp
            await self._tidy()

        # Without a lock: one held by a process that died would keep everybody from burying it.
        @queue.periodic(cron=f"* * * * * */{pace.bury}")
        @queue.task(name=BURY, queue=QUICK, queueing_lock=BURY)
        async def bury(timestamp: int) -> None:
            del timestamp
            await self._bury()

    async def _take_from_the_dead(self) -> None:
        """Frees what processes without a heartbeat hold; what of it is due is queued anew."""
        manager, dead_after = self._queue.job_manager, self._pace.dead_after
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=dead_after):
            try:
                await manager.finish_job(job, Status.ABORTED, delete_job=True)
            except ConnectorException as error:  # it ended after all, or somebody else was faster
                log.info("job_not_freed", job=job.task_name, lock=job.lock, error=str(error))
            else:
                log.warning("worker_died", job=job.task_name, lock=job.lock)
        await manager.prune_stalled_workers(dead_after)


def _reaching(work: Callable[[], Awaitable[object]]) -> Work:
    """The same work, told in our words where the queue's own connection was lost."""

    async def reaching() -> None:
        try:
            await work()
        except ConnectorException as error:
            if isinstance(error.__cause__, psycopg.OperationalError):
                raise DatabaseAway from error
            raise

    return reaching


def _queue(connection: Mapping[str, Any]) -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(
        kwargs=dict(connection), min_size=1, max_size=4, timeout=5.0, name="hourlink-queue"
    )
    # When the first worker of an hour starts, the hour's tidying up is not too late for it.
    return procrastinate.App(connector=connector, periodic_defaults={"max_delay": 3600})


async def _put(
    queue: procrastinate.App, name: str, line: str, lock: str | None = None, **arguments: int
) -> None:
    """Puts a job into a queue, unless one like it waits there already."""
    job = queue.configure_task(name, queue=line, lock=lock, queueing_lock=lock or name)
    try:
        await job.defer_async(**arguments)
    except AlreadyEnqueued:
        log.debug("already_queued", job=name, lock=lock)
