"""Both runners do the same work: one suite for the two, and what only sharing brings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TypeAlias

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from psycopg import OperationalError
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from bot.domain.errors import DatabaseAway
from bot.domain.ids import IntegrationId
from bot.jobs import distributed as module
from bot.jobs.clock import IntervalClock
from bot.jobs.distributed import DistributedRunner, Doorbell
from bot.jobs.embedded import EmbeddedRunner
from bot.jobs.runner import AT_ONCE, Duties, Guarded, Pace, Runner
from storage.engine import driver_arguments
from tests.jobs.waiting import until

QUICK = Pace(look=0.2, remind=1, rest=1, heartbeat=0.5, dead_after=120, bury=1)
"""Everything often, so that no test waits long; a process that only stood still is not dead."""

NEVER = 3600
"""Seconds."""

SELDOM = Pace(look=NEVER)
"""Nothing happens unless somebody wakes."""

Build: TypeAlias = Callable[[Duties, Pace], Runner]


class Work:
    """Duties that note what was done, and go as a test wants them to."""

    def __init__(self) -> None:
        self.due: set[int] = set()
        self.crashing: set[str] = set()
        self.hanging: set[int] = set()
        self.done: list[str] = []
        self.under_way: list[int] = []
        self.most_at_once = 0

    def duties(self) -> Duties:
        """Hand them to a runner."""
        return Duties(
            deliver=lambda: self._do("deliver"),
            syncs_due=self._syncs_due,
            sync=self._sync,
            remind=lambda: self._do("remind"),
            tidy=lambda: self._do("tidy"),
        )

    async def _do(self, what: str) -> None:
        self.done.append(what)
        if what in self.crashing:
            raise ZeroDivisionError(what)

    async def _syncs_due(self) -> list[IntegrationId]:
        await self._do("look")
        return [IntegrationId(found) for found in sorted(self.due)]

    async def _sync(self, integration_id: IntegrationId) -> None:
        self.under_way.append(integration_id)
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        try:
            if integration_id in self.hanging:
                await asyncio.Event().wait()
            await self._do(f"sync {integration_id}")
            self.due.discard(integration_id)
        finally:
            self.under_way.remove(integration_id)


@pytest.fixture(params=["embedded", "distributed"])
def build(request: pytest.FixtureRequest) -> Build:
    """Give a maker of runners, once per kind."""
    if request.param == "embedded":
        return lambda duties, pace: EmbeddedRunner(duties, IntervalClock(), pace)
    url = request.getfixturevalue("postgresql_url")
    return lambda duties, pace: distributed(url, duties, pace)


def distributed(
    url: str, duties: Duties, pace: Pace = QUICK, *, syncs_at_once: int = AT_ONCE
) -> DistributedRunner:
    """Make a worker of this process."""
    return DistributedRunner(
        driver_arguments(url),
        duties,
        IntervalClock(),
        asyncio.sleep,
        pace,
        syncs_at_once=syncs_at_once,
    )


@asynccontextmanager
async def running(*runners: Runner) -> AsyncIterator[None]:
    """Run them as long as the block lasts."""
    for runner in runners:
        await runner.start()
    try:
        yield
    finally:
        await asyncio.wait_for(asyncio.gather(*(runner.stop() for runner in runners)), 60)


async def hears(url: str) -> None:
    """Wait until both queues of a worker listen for notifications."""
    engine = create_engine(url)
    listening = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state = 'idle' AND query LIKE 'LISTEN%'"
    )

    def both() -> bool:
        with engine.connect() as connection:
            return int(connection.execute(listening).scalar_one()) >= 2

    await until(both)
    engine.dispose()


@pytest.fixture
def work() -> Work:
    """Give duties to do."""
    return Work()


async def test_what_was_left_is_taken_up_at_the_start(build: Build, work: Work) -> None:
    """A restart goes on with what the process before it left undone."""
    work.due = {1, 2}
    async with running(build(work.duties(), SELDOM)):
        await until(lambda: {"deliver", "sync 1", "sync 2"} <= set(work.done))


async def test_woken_it_looks_at_once(
    request: pytest.FixtureRequest, build: Build, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for a refresh sees it begin now, not at the next tick."""
    monkeypatch.setattr(module, "POLL", NEVER)
    runner = build(work.duties(), SELDOM)
    async with running(runner):
        await until(lambda: "look" in work.done)
        if isinstance(runner, DistributedRunner):
            await hears(request.getfixturevalue("postgresql_url"))
        work.done.clear()
        work.due = {7}
        runner.wake()
        await until(lambda: "deliver" in work.done)
        await until(lambda: "sync 7" in work.done)


async def test_what_time_alone_brings_is_done(build: Build, work: Work) -> None:
    """Nobody has to be there for the next sync, the next try, the next reminder."""
    async with running(build(work.duties(), QUICK)):
        await until(lambda: {"deliver", "look", "tidy"} <= set(work.done))
        work.done.clear()
        work.due = {3}
        await until(lambda: {"deliver", "sync 3", "remind"} <= set(work.done))


async def test_what_a_sync_found_goes_out_at_once(build: Build, work: Work) -> None:
    """New projects are announced when the sync that found them ends."""
    runner = build(work.duties(), SELDOM)
    work.due = {1}
    async with running(runner):
        await until(lambda: "deliver" in work.done[_after(work, "sync 1") :])


async def test_a_crash_in_one_duty_stops_no_other(build: Build, work: Work) -> None:
    """Reminders that fail keep nobody from syncing, and the log says so once, not every second."""
    work.crashing = {"deliver", "remind", "tidy"}
    with capture_logs() as logs:
        async with running(build(work.duties(), QUICK)):
            await until(lambda: work.done.count("remind") >= 2 and work.done.count("deliver") >= 3)
            work.due = {4}
            await until(lambda: "sync 4" in work.done)
            work.crashing = set()
            work.done.clear()
            await until(lambda: {"deliver", "remind"} <= set(work.done))
            await asyncio.sleep(0.05)
    events = [(line["event"], line.get("work")) for line in logs]
    assert events.count(("background_work_failed", "deliver")) == 1
    assert events.count(("background_work_failed", "remind")) == 1
    assert events.count(("background_work_recovered", "deliver")) == 1


async def test_one_integration_delays_no_other(build: Build, work: Work) -> None:
    """A provider that hangs or breaks us is its own trouble."""
    work.due, work.hanging, work.crashing = {1, 2, 3}, {1}, {"sync 2"}
    async with running(build(work.duties(), QUICK)):
        await until(lambda: {"sync 2", "sync 3"} <= set(work.done))
        work.done.clear()
        work.due.add(5)
        await until(lambda: "sync 5" in work.done)


async def test_an_integration_that_broke_us_rests(build: Build, work: Work) -> None:
    """A bug of ours in one sync does not spin."""
    work.due, work.crashing = {2}, {"sync 2"}
    async with running(build(work.duties(), replace(QUICK, rest=NEVER))):
        await until(lambda: "sync 2" in work.done)
        looks = work.done.count("look")
        await until(lambda: work.done.count("look") >= looks + 3)
        assert work.done.count("sync 2") == 1


async def test_an_integration_that_broke_us_is_tried_again(build: Build, work: Work) -> None:
    """Such a bug does not end its refreshes for good."""
    work.due, work.crashing = {2}, {"sync 2"}
    async with running(build(work.duties(), QUICK)):
        await until(lambda: "sync 2" in work.done)
        work.crashing = set()
        await until(lambda: not work.due)


async def test_an_integration_is_synced_once_at_a_time(build: Build, work: Work) -> None:
    """A run under way is named as due as well, because its worker might be dead."""
    work.due, work.hanging = {1}, {1}
    runner = build(work.duties(), QUICK)
    async with running(runner):
        await until(lambda: work.under_way == [1])
        for _ in range(5):
            runner.wake()
            await asyncio.sleep(0.1)
        assert work.under_way == [1]


async def test_only_so_many_syncs_at_once(build: Build, work: Work) -> None:
    """Forty integrations due together do not open forty readers."""
    work.due = set(range(1, 41))
    async with running(build(work.duties(), QUICK)):
        await until(lambda: not work.due)
    assert work.most_at_once <= AT_ONCE


async def test_many_wakes_are_one(build: Build, work: Work) -> None:
    """A burst of commands does not become a burst of questions to the database."""
    runner = build(work.duties(), SELDOM)
    async with running(runner):
        await until(lambda: "look" in work.done)
        await asyncio.sleep(0.2)
        work.done.clear()
        for _ in range(500):
            runner.wake()
        await until(lambda: "look" in work.done)
        await asyncio.sleep(0.3)
        assert work.done.count("look") <= 3


async def test_a_stop_is_clean(build: Build, work: Work) -> None:
    """It ends soon, whatever hangs, and nothing of it goes on or is left behind."""
    before = asyncio.all_tasks()
    work.due, work.hanging = {1}, {1}
    runner = build(work.duties(), QUICK)
    await runner.start()
    await until(lambda: work.under_way == [1])
    await asyncio.wait_for(runner.stop(), 60)
    assert work.under_way == []
    work.done.clear()
    await asyncio.sleep(0.5)
    assert work.done == []
    assert asyncio.all_tasks() == before


# Only where the work is shared


async def test_another_process_wakes_the_workers(
    postgresql_url: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a click in a web process caused is on its way in a moment, done by a worker."""
    monkeypatch.setattr(module, "POLL", NEVER)
    door = Doorbell(driver_arguments(postgresql_url))
    async with running(distributed(postgresql_url, work.duties(), SELDOM)):
        await until(lambda: "look" in work.done)
        await hears(postgresql_url)
        work.done.clear()
        async with running(door):
            await until(lambda: "look" in work.done)  # it rings when it starts
            work.done.clear()
            work.due = {9}
            door.wake()
            await until(lambda: {"deliver", "sync 9"} <= set(work.done))


class UnreachableQueue:
    """Takes no job, and counts who tries."""

    def __init__(self, cause: Exception | None = None) -> None:
        self._cause = cause
        self._tries = 0

    async def defer(self, *_: object, **__: object) -> None:
        """As Procrastinate's own, when its connections find nobody."""
        self._tries += 1
        raise ConnectorException from self._cause

    def was_tried(self, times: int) -> bool:
        """Whether so often at least."""
        return self._tries >= times


async def test_a_wake_that_fails_is_harmless_and_said_once(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the queue cannot be reached Slack is answered as ever, and the log stays readable."""
    queue = UnreachableQueue()
    door = Doorbell(driver_arguments(postgresql_url))
    with capture_logs() as logs:
        async with running(door):
            with monkeypatch.context() as broken:
                broken.setattr(JobManager, "batch_defer_jobs_async", queue.defer)
                for times in (1, 2, 3):
                    door.wake()
                    await until(partial(queue.was_tried, times))
            door.wake()
            await until(lambda: logs[-1]["event"] == "background_work_recovered")
    assert [line["event"] for line in logs] == [
        "background_work_failed",
        "background_work_recovered",
    ]


async def test_a_database_that_is_away_is_no_fault_of_any_work(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever finds it out logs it once for all; no work adds a traceback of its own."""
    queue = UnreachableQueue(OperationalError("server closed the connection"))
    door = Doorbell(driver_arguments(postgresql_url))
    with capture_logs() as logs:
        async with running(door):
            monkeypatch.setattr(JobManager, "batch_defer_jobs_async", queue.defer)
            door.wake()
            await until(partial(queue.was_tried, 1))
            assert not await Guarded("tidy", _lose_database)()
    assert logs == []


async def _lose_database() -> None:
    raise DatabaseAway


async def test_workers_share_what_is_due(postgresql_url: str, work: Work) -> None:
    """Two workers double the hands, and no integration is in both."""
    other = Work()
    other.due = work.due = set(range(1, 9))
    other.hanging = work.hanging = set(range(1, 9))
    async with running(
        distributed(postgresql_url, work.duties()), distributed(postgresql_url, other.duties())
    ):
        await until(lambda: len(work.under_way) + len(other.under_way) == 2 * AT_ONCE)
        assert sorted(work.under_way + other.under_way) == list(range(1, 9))


async def test_a_worker_reads_as_many_tools_as_it_is_told(postgresql_url: str, work: Work) -> None:
    """An operator with many teams needs fewer workers, because they mostly wait."""
    work.due = work.hanging = set(range(1, 9))
    async with running(distributed(postgresql_url, work.duties(), syncs_at_once=7)):
        await until(lambda: len(work.under_way) == 7)


async def test_what_a_stopped_worker_had_in_hand_goes_to_another(
    postgresql_url: str, work: Work
) -> None:
    """A deploy moves running syncs to the other workers at once."""
    other = Work()
    other.due = work.due = {1}
    work.hanging = {1}
    leaving = distributed(postgresql_url, work.duties())
    await leaving.start()
    await until(lambda: work.under_way == [1])
    async with running(distributed(postgresql_url, other.duties())):
        await leaving.stop()
        await until(lambda: "sync 1" in other.done)


async def test_finished_jobs_are_deleted(postgresql_url: str, work: Work) -> None:
    """The queue's tables stay small: history is in our own."""
    work.due = {1, 2, 3}
    async with running(distributed(postgresql_url, work.duties())):
        await until(lambda: not work.due and work.done.count("remind") >= 3)
    engine = create_engine(postgresql_url)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT task_name FROM procrastinate_jobs")).scalars().all()
        workers = connection.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar()
    engine.dispose()
    assert len(names) == len(set(names))  # at most the next of each, which nobody began
    assert "hourlink.sync" not in names
    assert workers == 0


async def test_a_database_that_restarts_is_waited_for(postgresql_url: str, work: Work) -> None:
    """Connections that break under a worker are made again; nobody has to restart it."""
    engine = create_engine(postgresql_url)
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    door = Doorbell(driver_arguments(postgresql_url))
    async with running(distributed(postgresql_url, work.duties(), SELDOM), door):
        await until(lambda: "look" in work.done)
        await asyncio.sleep(0.3)
        with engine.connect() as connection:
            connection.execute(cut)
        for number in count(1):
            work.due = {number}
            door.wake()
            await asyncio.sleep(0.5)
            if not work.due:
                break
            assert number < 200
    engine.dispose()


def _after(work: Work, what: str) -> int:
    return work.done.index(what) + 1 if what in work.done else len(work.done)
