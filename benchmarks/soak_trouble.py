"""What befalls the processes of the soak, and how soon their work goes on elsewhere."""

import contextlib
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from benchmarks.soak_fleet import Fleet

OTHERS = 3.0
"""Seconds after a kill: what is not finished by then was the dead process's."""

_SENDING = "SELECT id, attempts FROM outbox WHERE state = 'sending'"
_STILL = "SELECT id, attempts FROM outbox WHERE state = 'sending' AND id IN ({})"
_DOING = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'hourlink.sync'"
_STILL_DOING = "SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND id IN ({})"


@dataclass(slots=True)
class TakenUp:
    """Seconds until what a killed process had in hand was in other hands."""

    deliveries: list[float] = field(default_factory=list)
    syncs: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Orphan:
    killed_at: float
    mark: int


class Watch:
    """Looks once a second: at memory, and at the work of the dead."""

    def __init__(self, fleet: Fleet, engine: Engine) -> None:
        self._fleet = fleet
        self._engine = engine
        self._deliveries: dict[int, _Orphan] = {}
        self._syncs: dict[int, _Orphan] = {}
        self.taken_up = TakenUp()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Looks no more."""
        self._over.set()
        self._thread.join(30)

    def killed(self) -> None:
        """A worker has just been killed: what is in hand now may be orphaned."""
        with contextlib.suppress(DBAPIError), self._lock, self._engine.connect() as connection:
            at = time.monotonic()
            for row in connection.execute(text(_SENDING)):
                self._deliveries.setdefault(row[0], _Orphan(at, row[1]))
            if self._engine.dialect.name != "sqlite":
                for row in connection.execute(text(_DOING)):
                    self._syncs.setdefault(row[0], _Orphan(at, 0))

    def _run(self) -> None:
        while not self._over.wait(1.0):
            self._fleet.look()
            with contextlib.suppress(DBAPIError), self._lock, self._engine.connect() as connection:
                self._look(connection)

    def _look(self, connection: Connection) -> None:
        if self._deliveries:
            query = _STILL.format(", ".join(map(str, self._deliveries)))
            still = {row[0]: row[1] for row in connection.execute(text(query))}
            done = [
                number
                for number, orphan in self._deliveries.items()
                if still.get(number) != orphan.mark
            ]
            _settle(self._deliveries, done, self.taken_up.deliveries)
        if self._syncs:
            query = _STILL_DOING.format(", ".join(map(str, self._syncs)))
            open_ = {row[0] for row in connection.execute(text(query))}
            gone = [number for number in self._syncs if number not in open_]
            _settle(self._syncs, gone, self.taken_up.syncs)


def _settle(waiting: dict[int, _Orphan], done: list[int], into: list[float]) -> None:
    for number in done:
        took = time.monotonic() - waiting.pop(number).killed_at
        if took > OTHERS:
            into.append(took)


@dataclass(slots=True)
class Troubles:
    """What is done to them."""

    fleet: Fleet
    watch: Watch
    rolls: random.Random
    every: float
    """Seconds between two kills."""
    restarts: list[tuple[float, Callable[[], None]]]
    """When the database is restarted, and how."""
    grow: Callable[[], object]
    """Has a project appear in some tool."""
    kills: int = 0
    spare_until: float = 0.0
    """Until then the first of several is left alone, so that its memory can be watched."""

    def befall(self, seconds: float) -> None:
        """Goes on for so long."""
        began = time.monotonic()
        due = self.every / 2
        while (passed := time.monotonic() - began) < seconds:
            if self.restarts and passed >= self.restarts[0][0]:
                self.restarts.pop(0)[1]()
            elif passed >= due:
                due += self.every
                self._kills(is_early=passed < self.spare_until)
                self.grow()
            time.sleep(0.1)

    def _kills(self, *, is_early: bool) -> None:
        """A worker, and within a second a web process; both are started again at once."""
        for group in (self.fleet.workers, self.fleet.web):
            mortal = group[1:] if is_early and len(group) > 1 else group
            # One that has not even started is no loss; a busy machine takes its time for that.
            up = [name for name in mortal if self.fleet.is_up(name)]
            if not up:
                continue
            name = self.rolls.choice(up)
            time.sleep(self.rolls.uniform(0, 1))
            self.fleet.kill(name)
            self.watch.killed()
            self.fleet.launch(name)
            self.kills += 1
