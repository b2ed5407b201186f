"""Two workers at once on one PostgreSQL, killed in turns: ``python -m tests.torture.workers``.

Each is a real ``hourlink worker``, in a process that is forked where everything is loaded, so that
it works at once. People track time beside them, as the web processes would have them do.
"""

import asyncio
import importlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update
from sqlmodel import col

from bot.domain.clock import Clock
from bot.domain.ids import TaskId
from bot.domain.states import OutboxState
from bot.domain.writing.worklogs import WorklogState
from bot.jobs.deliveries.worklogs import PATIENCE
from bot.jobs.outbox import TIME_LIMIT
from bot.processes import worker
from storage.outbox import OutboxRow
from storage.tasks.tasks import TaskRow
from storage.writing import worklog_again
from storage.writing.worklogs import WorklogRow
from tests.http_server import Say, Seen, serving
from tests.torture.field import Field
from tests.torture.people import Crowd
from tests.torture.torturer import BEGAN, Plan

SPEED = 5
"""A second here is five there. Faster, and a delivery would take longer than what it does is held
for, which never happens outside."""

LIMITS = {
    "bot.jobs.outbox.TIME_LIMIT": TIME_LIMIT / SPEED,
    "bot.jobs.deliveries.worklogs.PATIENCE": PATIENCE / SPEED,
}
"""A delivery ends before what it holds is free again, as outside."""

WORKERS = 2
_WORKS = "Hourlink works in the background"
_LIMIT = 600.0
"""Seconds in which everything has to be settled."""


class Pair:
    """Two workers, one of which is killed now and then."""

    def __init__(self, field: Field, plan: Plan, environment: Mapping[str, str], log: Path) -> None:
        self._field = field
        self._plan = plan
        self._environment = environment
        self._log = log
        self._rolls = random.Random(plan.seed)  # noqa: S311 - moments, not secrets
        self._at = time.time()
        self._lives: list[int] = []
        with field.world.uow.read() as tx:
            query = select(col(TaskRow.id), col(TaskRow.key)).order_by(col(TaskRow.id))
            tasks = [(TaskId(row[0] or 0), str(row[1])) for row in tx.execute(query)]
        self._crowd = Crowd(field.world.uow, field.people, tasks, self._rolls)

    def clock(self) -> datetime:
        """The moment in their world."""
        return (BEGAN + timedelta(seconds=(time.time() - self._at) * SPEED)).astimezone(UTC)

    def run(self, pinned: Mapping[str, object], settles: Callable[[], None]) -> int:
        """Kills until there were kills and entries enough, then lets it settle; how many kills."""
        kills = 0
        with _telling(self.clock) as url, _nursery(self._log) as nursery:
            told = {"HOURLINK_CLOCK_URL": url, **self._environment}
            begin = json.dumps({"environment": told, "pinned": {**pinned, **LIMITS}})
            for _ in range(WORKERS):
                self._lives.append(_begun(nursery, begin))
            while kills < self._plan.kills or self._field.made() < self._plan.entries:
                for _ in range(self._rolls.randrange(1, self._plan.longest)):
                    self._crowd.act(self.clock())
                    time.sleep(self._rolls.uniform(0, 0.1))
                number = self._rolls.randrange(WORKERS)
                os.kill(self._lives[number], signal.SIGKILL)
                kills += 1
                self._lives[number] = _begun(nursery, begin)
            settles()
            self._settle()
            for life in self._lives:
                os.kill(life, signal.SIGTERM)
        return kills

    def _settle(self) -> None:
        site, until = self._field.board, time.monotonic() + _LIMIT
        with self._field.world.uow.begin() as tx:
            team = self._field.world.team_id
            call = f"{self._rolls.getrandbits(96):024x}"
            worklog_again.every_failed(tx, team, site, call=call, now=self.clock())
        while self._owed():
            if time.monotonic() > until:
                raise AssertionError(f"it did not settle: {self._field.states()}")
            waiting = col(OutboxRow.state) == OutboxState.PENDING
            with self._field.world.uow.begin() as tx:
                tx.execute(update(OutboxRow).where(waiting).values(due_at=self.clock()))
            time.sleep(0.5)

    def _owed(self) -> int:
        query = select(func.count(col(WorklogRow.id))).where(
            col(WorklogRow.state) == WorklogState.PENDING
        )
        with self._field.world.uow.read() as tx:
            return int(tx.execute(query).scalar_one())


@contextmanager
def _telling(clock: Clock) -> Iterator[str]:
    """Tells the moment over HTTP until the block ends; where."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    found: list[str] = []

    async def tells() -> None:
        def said(_: Seen) -> Say:
            return Say(body={"now": clock().timestamp(), "frozen": False})

        async with serving(said) as server:
            found.append(server.url)
            ready.set()
            await over.wait()

    over = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(tells()))
    thread.start()
    ready.wait()
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


@contextmanager
def _nursery(log: Path) -> Iterator["subprocess.Popen[str]"]:
    with (
        log.open("w", encoding="utf-8") as said,
        subprocess.Popen(
            [sys.executable, "-m", "tests.torture.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        ) as nursery,
    ):
        try:
            yield nursery
        finally:
            os.killpg(nursery.pid, signal.SIGKILL)


def _begun(nursery: "subprocess.Popen[str]", told: str) -> int:
    """A worker that works; the other one goes on meanwhile."""
    if nursery.stdin is None or nursery.stdout is None:
        raise AssertionError("nobody listens")
    nursery.stdin.write(f"{told}\n")
    nursery.stdin.flush()
    life = 0
    for line in nursery.stdout:
        if line.startswith("life "):
            life = int(line.removeprefix("life "))
        elif line.startswith(_WORKS):
            return life
        else:
            sys.stderr.write(line)
    raise AssertionError("the nursery is gone")


def nursery() -> None:
    """Begins a worker for each description that comes in."""
    importlib.import_module("bot.app")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    for line in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            told = json.loads(line)
            os.environ.update(told["environment"])
            for name, value in told["pinned"].items():
                module, _, attribute = name.rpartition(".")
                setattr(importlib.import_module(module), attribute, value)
            worker()
            os._exit(0)
        os.write(1, f"life {child}\n".encode())


if __name__ == "__main__":
    nursery()
