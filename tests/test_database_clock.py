"""The clock that the processes of several machines have in common."""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import wiring
from bot.database_clock import going_by_database
from bot.domain.clock import Clock
from storage.server_clock import server_time
from tests.api.whole_app import settings_for
from tests.wire import Wire

NEAR = timedelta(seconds=30)
"""A busy machine may take its time to ask."""


class Machine:
    """One whose clock somebody set wrong."""

    def __init__(self, off: timedelta) -> None:
        self.off = off
        self._looked, self._turn = asyncio.Event(), asyncio.Event()

    def clock(self) -> datetime:
        """What it takes for the time."""
        return datetime.now(UTC) + self.off

    async def sleep(self, _seconds: float) -> None:
        """Until the test has it look; what it heard before has been taken in by now."""
        self._looked.set()
        await self._turn.wait()
        self._turn.clear()

    async def looks(self) -> None:
        """It looks once more."""
        await self._looked.wait()
        self._looked.clear()
        self._turn.set()
        await self._looked.wait()


@pytest.fixture
def wire(postgresql_url: str) -> Iterator[Wire]:
    """Give a way to a database."""
    made = Wire(postgresql_url)
    yield made
    made.close()


def goes_by(url: str, machine: Machine) -> AbstractAsyncContextManager[Clock]:
    """A process on that machine."""
    return going_by_database(partial(server_time, url), machine.clock, machine.sleep)


def is_right(clock: Clock) -> bool:
    """Whether it tells the server's time, which is this machine's."""
    return abs(clock() - datetime.now(UTC)) < NEAR


async def test_machines_whose_clocks_differ_agree(postgresql_url: str) -> None:
    """None takes for over what another one has just begun to hold for some seconds."""
    slow, fast = Machine(timedelta(minutes=-3)), Machine(timedelta(days=1))
    async with (
        goes_by(postgresql_url, slow) as one,
        goes_by(postgresql_url, fast) as other,
    ):
        assert is_right(one)
        assert is_right(other)


async def test_a_clock_that_is_off_is_logged_once_and_so_is_its_mending(
    postgresql_url: str,
) -> None:
    """Whoever looks after the machine learns of it; the log is not full of it."""
    machine = Machine(timedelta(minutes=3))
    with capture_logs() as logged:
        async with goes_by(postgresql_url, machine) as clock:
            await machine.looks()
            machine.off = timedelta(0)
            await machine.looks()
            await machine.looks()
            assert is_right(clock)
    assert [one["event"] for one in logged] == ["clock_off", "clock_right"]
    assert abs(logged[0]["seconds"] - 180) < NEAR.total_seconds()


async def test_time_goes_on_without_the_server(wire: Wire) -> None:
    """From what it said last; whether it is there is told by those who need more of it."""
    machine = Machine(timedelta(minutes=3))
    with capture_logs() as logged:
        async with goes_by(wire.url, machine) as clock:
            wire.cut()
            await machine.looks()
            assert is_right(clock)
    assert [one["event"] for one in logged] == ["clock_off"]


async def test_who_starts_without_the_server_has_a_clock(wire: Wire) -> None:
    """The machine's own, until the server is asked."""
    machine = Machine(timedelta(0))
    wire.cut()
    async with goes_by(wire.url, machine) as clock:
        assert is_right(clock)


@pytest.mark.parametrize("shares", [True, False])
async def test_processes_that_share_work_go_by_it(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, shares: bool
) -> None:
    """An operator's command, which shares nothing, is about this machine."""
    off = Machine(timedelta(minutes=3))
    made = replace(wiring.system_makers(), clock=off.clock)
    monkeypatch.setattr(wiring, "system_makers", lambda: made)
    settings = settings_for(postgresql_url, tmp_path)
    async with wiring.build_makers(settings, shares=shares) as makers:
        assert is_right(makers.clock) is shares


async def test_one_process_alone_goes_by_its_machine(sqlite_url: str, tmp_path: Path) -> None:
    """SQLite has no clock but that."""
    async with wiring.build_makers(settings_for(sqlite_url, tmp_path), shares=True) as makers:
        assert is_right(makers.clock)
