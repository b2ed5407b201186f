"""A worker that is killed in the middle of its work: another one takes it up."""

import asyncio
import sys
import time

from sqlalchemy import create_engine, text

from bot.jobs.clock import IntervalClock
from bot.jobs.distributed import DistributedRunner
from bot.jobs.runner import Pace
from storage import outbox
from storage.engine import driver_arguments
from tests.jobs.worker_process import PACE, Chores


async def test_what_a_killed_worker_had_in_hand_is_done_by_another(postgresql_url: str) -> None:
    """SIGKILL in the middle of a sync; by default the queue would wait for that worker for ever."""
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE chore (id int PRIMARY KEY, done_by text)"))
        connection.execute(text("INSERT INTO chore VALUES (1), (2)"))
    doomed = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.jobs.worker_process",
        postgresql_url,
        stdout=asyncio.subprocess.PIPE,
    )
    assert doomed.stdout is not None
    took = {await asyncio.wait_for(doomed.stdout.readline(), 120) for _ in range(2)}
    assert took == {b"took 1\n", b"took 2\n"}
    doomed.kill()
    await doomed.wait()
    killed = time.monotonic()

    chores = Chores(postgresql_url, finishes=True).duties()
    connection_to = driver_arguments(postgresql_url)
    other = DistributedRunner(connection_to, chores, IntervalClock(), asyncio.sleep, PACE)
    await other.start()
    try:
        while await chores.syncs_due():
            await asyncio.sleep(0.1)
            assert time.monotonic() - killed < 120
    finally:
        await other.stop()
    engine.dispose()


def test_a_killed_workers_work_is_taken_up_within_a_minute() -> None:
    """The real pace: the last heartbeat, somebody's next look for the dead, everybody's next look.

    A periodic job comes at most half a second late.
    """
    pace = Pace()
    assert pace.heartbeat * 3 < pace.dead_after
    assert pace.dead_after + pace.bury + 0.5 + pace.look < 60
    assert outbox.LEASE.total_seconds() + pace.look < 60
