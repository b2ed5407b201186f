"""What only the distributed runner brings: processes that share the work, wake one another, die."""

import asyncio
from functools import partial
from itertools import count

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from psycopg import OperationalError
from sqlalchemy import create_engine, text
from structlog.testing import capture_logs

from bot.domain.errors import DatabaseAway
from bot.jobs import distributed as module
from bot.jobs.distributed import Doorbell
from bot.jobs.runner import AT_ONCE, Guarded
from storage.engine import driver_arguments
from tests.jobs.runner_work import NEVER, SELDOM, Work, distributed, hears, running
from tests.jobs.waiting import until


@pytest.fixture
def work() -> Work:
    """Give duties to do."""
    return Work()


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
