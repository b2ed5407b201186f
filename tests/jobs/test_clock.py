"""The clock of the background, on a machine whose own clock is set."""

import asyncio
import time
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from bot.jobs.clock import IntervalClock


class Machine:
    """Its clock, as everything here reads it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.by = timedelta(0)
        real, machine = time.time, self

        class Told(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return datetime.fromtimestamp(real(), tz or UTC) + machine.by

        for module in ("schedulers.base", "schedulers.asyncio", "triggers.interval"):
            monkeypatch.setattr(f"apscheduler.{module}.datetime", Told, raising=False)
        monkeypatch.setattr(time, "time", lambda: real() + self.by.total_seconds())


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Give one that looks at its clock often."""
    monkeypatch.setattr("bot.jobs.clock.LOOK", 0.02)
    return Machine(monkeypatch)


@pytest.mark.parametrize("hours", [-3, 3])
async def test_it_ticks_on_when_the_machines_clock_is_set(machine: Machine, hours: int) -> None:
    """Back, as after a start with a wrong one; nothing would be sent and nothing synced for hours.

    Or ahead, as after a night in which it slept.
    """
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    clock = IntervalClock()
    clock.every(0.05, tick)
    clock.start()
    try:
        async with asyncio.timeout(20):
            await ticked.wait()
            machine.by = timedelta(hours=hours)
            for _ in range(3):  # one may be on its way already
                ticked.clear()
                await ticked.wait()
    finally:
        clock.stop()
